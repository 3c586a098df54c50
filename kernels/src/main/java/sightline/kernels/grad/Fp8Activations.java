package sightline.kernels.grad;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import sightline.kernels.graph.Adjoint;
import sightline.kernels.graph.Convolution;
import sightline.kernels.graph.Elementwise;
import sightline.kernels.graph.Elementwise.Arithmetic;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Layout;
import sightline.kernels.graph.Linear;
import sightline.kernels.graph.Node;
import sightline.kernels.graph.Norm;
import sightline.kernels.graph.Reduction;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Source;
import sightline.kernels.graph.Value;
import sightline.kernels.tensor.DType;

/**
 * COAT's mixed-granularity activations (Xi et al. 2024, section 5) as a rewrite of a gradient graph: what the backward
 * half needs of the forward half is kept as E4M3 with bfloat16 scales, and the backward half sees what was kept.
 *
 * <p>A value that only linear operations read (convolutions, matrix products) gets one scale. Any other gets one for each
 * run of 16 neighbours in memory, or one in all where its size is no multiple of 16. A scale is the largest magnitude
 * plus 1e-10 over 448; the division is by the exact scale, the way back by the stored one. Parameters, constants, truth
 * values and whatever has at most {@link #SMALL} elements (a channel's statistics) are kept as they are. So are divisors:
 * eight bits would round the small ones among them to nothing, as the sums by which linear attention divides.
 *
 * <p>{@link Extent#LEAST} keeps less: what layout, elementwise operations and layer norms make again from other kept values
 * is not kept itself, and what the gradients' own rules make of the forward half's values is made of the kept ones.
 *
 * <p>A value is packed right behind its making and unpacked where the backward half first wants it, so that in between,
 * in the order in which the graph is written, only the packed form lives.
 */
public final class Fp8Activations {
    /** Values up to this size are kept exactly. */
    public static final long SMALL = 1024;

    /** Neighbours that share a scale. */
    public static final long GROUP = 16;

    /** How much is kept. */
    public enum Extent {
        /** Everything that the backward half reads. */
        ALL,
        /** Only what cannot be made again at the cost of reading and writing it. */
        LEAST
    }

    static final String SCOPE = "kept";
    private static final String AGAIN = "again";
    /** Values up to this size are kept exactly in {@link Extent#LEAST}: rows of a table a batch, no images. */
    private static final long LEAST_SMALL = 65_536;

    private static final double LARGEST = 448;
    private static final double EPSILON = 1e-10;

    private final Graph joint;
    private final Extent extent;
    private final GraphBuilder out;
    private final Set<Node> dependent = new HashSet<>();
    private final Map<Value, Boolean> remakable = new HashMap<>();
    private final Set<Node> later = new HashSet<>();
    private final Set<Value> nonlinear = new HashSet<>();
    private final Set<Value> divisors = new HashSet<>();
    private final Set<Value> wanted = new HashSet<>();
    private final Set<Value> remade = new HashSet<>();
    private final Map<Value, Value> exact = new HashMap<>();
    private final Map<Value, Packed> packed = new HashMap<>();
    private final Map<Value, Value> kept = new HashMap<>();

    private record Packed(Value codes, Value scales) {}

    private Fp8Activations(Graph joint, Extent extent) {
        this.joint = joint;
        this.extent = extent;
        this.out = GraphBuilder.named(joint.name());
    }

    /** Rewrites what {@link Gradients} wrote; inputs and outputs stay the same. */
    public static Graph of(Graph joint) {
        return of(joint, Extent.ALL);
    }

    /** The same, keeping as much as is said. */
    public static Graph of(Graph joint, Extent extent) {
        return new Fp8Activations(joint, extent).write();
    }

    private Graph write() {
        boolean seeded = false;
        for (Node node : joint.nodes()) {
            boolean seed =
                    node.op() instanceof Source.Input input && input.name().startsWith(Gradients.COTANGENT);
            seeded |= seed;
            boolean depends = seed || node.inputs().stream().anyMatch(v -> dependent.contains(v.node()));
            if (depends) {
                dependent.add(node);
            }
            if (depends || extent == Extent.LEAST && seeded && !(node.op() instanceof Source)) {
                later.add(node);
                if (!isLinear(node)) {
                    node.inputs().forEach(v -> nonlinear.add(base(v)));
                }
                if (node.op() instanceof Elementwise.Binary binary && binary.arithmetic() == Arithmetic.DIV) {
                    divisors.add(base(node.input(1)));
                }
            }
        }
        for (Node node : later) {
            node.inputs().stream()
                    .filter(v -> !later.contains(v.node()) && isKept(v))
                    .forEach(v -> wanted.add(base(v)));
        }
        if (extent == Extent.LEAST) {
            wanted.stream().filter(this::isRemakable).forEach(this::remake);
        }
        Map<Value, Value> image = out.absorb(joint, (node, operands, g) -> {
            boolean repeats = later.contains(node) && !dependent.contains(node);
            var made = (repeats ? out.in(AGAIN) : g)
                    .apply(
                            node.op(),
                            later.contains(node)
                                    ? node.inputs().stream().map(this::seen).toList()
                                    : operands);
            for (int i = 0; i < made.size(); i++) {
                Value value = node.outputs().get(i);
                exact.put(value, made.get(i));
                if (wanted.contains(value) && !remade.contains(value)) {
                    packed.put(value, pack(made.get(i), !nonlinear.contains(value)));
                }
            }
            return made;
        });
        joint.outputs().forEach((name, value) -> out.output(name, image.get(value)));
        return out.build();
    }

    private static boolean isLinear(Node node) {
        return node.op() instanceof Convolution
                || node.op() instanceof Linear
                || node.op() instanceof Adjoint && !acts(node)
                || node.op() instanceof Layout.Reshape;
    }

    /** Adjoints of what is no linear operation. */
    private static boolean acts(Node node) {
        return node.op() instanceof Adjoint.ActivationInput
                || node.op() instanceof Adjoint.BatchNormInput
                || node.op() instanceof Adjoint.AttentionInputs;
    }

    /** The value of which another is a mere reshaping. */
    private static Value base(Value value) {
        return value.node().op() instanceof Layout.Reshape ? base(value.node().input(0)) : value;
    }

    /** The value as the backward half sees it. */
    private Value seen(Value value) {
        if (later.contains(value.node()) || !isKept(value)) {
            return exact.get(value);
        }
        Value known = kept.get(value);
        if (known == null) {
            known = value.node().op() instanceof Layout.Reshape || isRemakable(value)
                    ? again(value)
                    : unpack(packed.get(value), value.shape());
            kept.put(value, known);
        }
        return known;
    }

    private void remake(Value value) {
        remade.add(value);
        for (Value input : value.node().inputs()) {
            if (!(value.node().op() instanceof Layout)) {
                nonlinear.add(base(input));
            }
            if (isRemakable(base(input))) {
                remake(base(input));
            }
        }
    }

    private Value again(Value value) {
        List<Value> operands = value.node().inputs().stream().map(this::seen).toList();
        return out.in(AGAIN).apply(value.node().op(), operands).getFirst();
    }

    /** Whether a cheap operation makes a value again from what the backward half has anyway. */
    private boolean isRemakable(Value value) {
        Boolean known = remakable.get(value);
        if (known == null) {
            Node node = value.node();
            known = extent == Extent.LEAST
                    && !later.contains(node)
                    && isCheap(node, value)
                    && node.inputs().stream().allMatch(this::isAtHand);
            remakable.put(value, known);
        }
        return known;
    }

    private boolean isAtHand(Value value) {
        Value base = base(value);
        return base.node().op() instanceof Source
                || base.dtype() == DType.F32
                        && (base.shape().elements() <= LEAST_SMALL
                                || divisors.contains(base)
                                || wanted.contains(base)
                                || isRemakable(base));
    }

    /** A sum of two large values does not count: residual paths would be made again from their very beginning. */
    private static boolean isCheap(Node node, Value value) {
        return switch (node.op()) {
            case Layout op -> true;
            case Elementwise.Unary op -> true;
            case Elementwise.Clamp op -> true;
            case Elementwise.Binary op ->
                op.arithmetic() == Arithmetic.MUL
                        || op.arithmetic() == Arithmetic.DIV
                        || node.inputs().stream()
                                        .filter(v -> v.shape().elements()
                                                == value.shape().elements())
                                        .count()
                                < 2;
            case Norm.LayerNorm op -> true;
            case Norm.RmsNorm op -> true;
            default -> false;
        };
    }

    private boolean isKept(Value value) {
        return !(base(value).node().op() instanceof Source)
                && !divisors.contains(base(value))
                && value.dtype() == DType.F32
                && value.shape().elements() > (extent == Extent.LEAST ? LEAST_SMALL : SMALL);
    }

    private Packed pack(Value x, boolean whole) {
        GraphBuilder g = out.in(SCOPE);
        long size = x.shape().elements();
        long group = whole || size % GROUP != 0 ? size : GROUP;
        Value rows = g.reshape(x, size / group, group);
        Value largest = g.reduce(Reduction.Kind.MAX, g.abs(rows), true, 1);
        Value scale = g.mul(g.add(largest, g.scalar(EPSILON, DType.F32)), g.scalar(1 / LARGEST, DType.F32));
        return new Packed(g.cast(g.div(rows, scale), DType.F8E4M3), g.cast(scale, DType.BF16));
    }

    private Value unpack(Packed eight, Shape shape) {
        GraphBuilder g = out.in(SCOPE);
        return g.reshape(g.mul(g.cast(eight.codes, DType.F32), g.cast(eight.scales, DType.F32)), shape);
    }

    /** Whether a node can be repeated where it is needed rather than carried there. */
    static boolean repeats(Node node) {
        return node.scope().equals(AGAIN) || unpacks(node);
    }

    private static boolean unpacks(Node node) {
        return node.scope().endsWith(SCOPE)
                && node.output().dtype() == DType.F32
                && node.inputs().stream()
                        .allMatch(v -> v.dtype() == DType.F8E4M3 || v.dtype() == DType.BF16 || unpacks(v.node()));
    }
}
