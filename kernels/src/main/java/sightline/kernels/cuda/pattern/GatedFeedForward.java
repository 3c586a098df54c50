package sightline.kernels.cuda.pattern;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import sightline.kernels.grad.Fp8Activations;
import sightline.kernels.graph.Adjoint;
import sightline.kernels.graph.Convolution;
import sightline.kernels.graph.Elementwise;
import sightline.kernels.graph.Elementwise.Arithmetic;
import sightline.kernels.graph.Elementwise.Function;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.Layout;
import sightline.kernels.graph.Node;
import sightline.kernels.graph.Op;
import sightline.kernels.graph.Reduction;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Value;

/**
 * Where a training graph has a gated feed-forward between two pointwise products (Sana's Mix-FFN, Xie et al. 2024): silu, a
 * depthwise 3 x 3, the gate h1 silu(h2) of its halves, and all of their activations packed as {@link EightBits} finds them;
 * and where its gradients are. Pure: looks at the graph alone; what is not exactly so is left to single kernels.
 */
public final class GatedFeedForward {
    /** Height and width of the planes that the kernels were built for. */
    static final long SIDE = 32;

    /**
     * The way there.
     *
     * @param x what silu is applied to
     * @param gate the product of the first half and silu of the second
     * @param packed the nodes whose codes stand for x, the first and the second half
     */
    public record Forward(Node convolution, Value x, Node gate, List<Node> packed) {}

    /**
     * The way back.
     *
     * @param weights the node of the gradient for the filters
     * @param gate the gradient for the gate
     * @param again the gate, made again for what multiplies it on the way back, or null
     * @param filters of the convolution
     * @param x the node of the gradient for x
     * @param packed as for the way there
     * @param bias the gradient for the convolution's bias, or null where it has none
     * @param sum likewise x's gradient summed over all but its channels
     */
    public record Backward(
            Node weights, Value gate, Node again, Value filters, Node x, List<Node> packed, Value bias, Value sum) {}

    private final Graph graph;
    private final EightBits eight;
    private final Map<Value, List<Node>> uses;
    private final Map<Value, Node> codes = new HashMap<>();
    private final Map<Node, Forward> forward = new HashMap<>();
    private final Map<Node, Backward> backward = new HashMap<>();
    private final Set<Node> covered = new HashSet<>();

    private GatedFeedForward(Graph graph, EightBits eight) {
        this.graph = graph;
        this.eight = eight;
        this.uses = graph.uses();
    }

    /** Those of a graph, and what it keeps of them in eight bits. */
    public static GatedFeedForward of(Graph graph, EightBits eight) {
        GatedFeedForward found = new GatedFeedForward(graph, eight);
        for (Node node : graph.nodes()) {
            Value rows = eight.packedBy(node);
            if (rows != null
                    && rows.size(1) == Fp8Activations.GROUP
                    && rows.node().op() instanceof Layout.Reshape) {
                found.codes.put(rows.node().input(0), node);
            }
        }
        graph.nodes().forEach(found::thither);
        graph.nodes().forEach(found::back);
        return found;
    }

    /** Every node on its own. */
    public static GatedFeedForward none(Graph graph) {
        return new GatedFeedForward(graph, EightBits.none(graph));
    }

    /** Whether another node's kernel makes what this one would. */
    public boolean covers(Node node) {
        return covered.contains(node);
    }

    /** What begins with a convolution, or null. */
    public Forward forward(Node convolution) {
        return forward.get(convolution);
    }

    /** What is made all at once where a node stands, or null. */
    public Backward backward(Node node) {
        return backward.get(node);
    }

    private void thither(Node node) {
        if (!depthwise(node) || !does(node.input(0), Function.SILU)) {
            return;
        }
        Value x = node.input(0).node().input(0);
        long half = x.size(1) / 2;
        List<Node> halves = users(node.output());
        if (halves.size() != 2 || !slices(halves.get(0), 0, half) || !slices(halves.get(1), half, half)) {
            return;
        }
        Value first = halves.get(0).output();
        Value second = halves.get(1).output();
        Node gate = other(first, codes.get(first));
        Node silu = other(second, codes.get(second));
        boolean gated = codes.containsKey(x)
                && gate != null
                && silu != null
                && does(silu.output(), Function.SILU)
                && List.of(gate).equals(users(silu.output()))
                && does(gate.output(), Arithmetic.MUL)
                && gate.inputs().equals(List.of(first, silu.output()));
        if (gated) {
            List<Node> packed = List.of(codes.get(x), codes.get(first), codes.get(second));
            forward.put(node, new Forward(node, x, gate, packed));
            covered.addAll(packed);
            packed.stream().skip(1).forEach(p -> covered.add(eight.packedBy(p).node()));
            covered.addAll(List.of(halves.get(0), halves.get(1), silu, gate));
        }
    }

    /** The one reader of a value that is kept packed besides, or null. */
    private Node other(Value value, Node packs) {
        List<Node> users = users(value);
        if (packs == null || users.size() != 2) {
            return null;
        }
        Node rows = eight.packedBy(packs).node();
        return users.get(0) == rows ? users.get(1) : users.get(1) == rows ? users.get(0) : null;
    }

    private void back(Node node) {
        if (!(node.op() instanceof Adjoint.ConvWeight op)
                || op.kernelX() != 3
                || op.kernelY() != 3
                || !depthwise(op.window(), op.groups(), node.input(0))
                || !does(node.input(0), Function.SILU)
                || users(node.input(0)).size() != 1) {
            return;
        }
        Value x = node.input(0).node().input(0);
        Value dy = node.input(1);
        Gradients parts = Gradients.of(dy);
        boolean alone = parts != null
                && parts.inner().stream().allMatch(value -> users(value).size() == 1);
        Readers readers = alone ? readers(dy, node) : null;
        Value filters = readers == null ? null : turned(readers.convolution.input(1));
        Node input = filters == null ? null : through(readers.convolution, x);
        if (input == null) {
            return;
        }
        List<Node> packed = new ArrayList<>();
        for (Value value : List.of(x, parts.first, parts.second)) {
            packed.add(unpacked(value));
        }
        if (packed.stream().anyMatch(Objects::isNull)) {
            return;
        }
        Node inputSums =
                users(input.output()).stream().filter(this::pixels).findFirst().orElse(null);
        Node again = again(parts);
        Value bias = summed(readers.sums);
        Value sum = summed(inputSums);
        backward.put(
                again == null ? node : again,
                new Backward(node, parts.gate, again, filters, input, List.copyOf(packed), bias, sum));
        if (again != null) {
            covered.add(node);
        }
        parts.inner().forEach(value -> covered.add(value.node()));
        covered.addAll(List.of(dy.node(), readers.convolution, input));
        for (Node pixels : Arrays.asList(readers.sums, inputSums)) {
            if (pixels != null) {
                covered.addAll(List.of(pixels, summed(pixels).node()));
            }
        }
    }

    /** What reads the convolution's gradient besides that for its weights: {@code sums}, over pixels, may be null. */
    private record Readers(Node convolution, Node sums) {}

    /** Null where there is no convolution, or something else. */
    private Readers readers(Value dy, Node weights) {
        Node convolution = null;
        Node sums = null;
        for (Node user : users(dy)) {
            if (depthwise(user) && user.inputs().size() == 2 && convolution == null) {
                convolution = user;
            } else if (pixels(user) && sums == null) {
                sums = user;
            } else if (user != weights) {
                return null;
            }
        }
        return convolution == null ? null : new Readers(convolution, sums);
    }

    /** The gradient through silu at x that alone reads a convolution; null where it is not so. */
    private Node through(Node convolution, Value x) {
        List<Node> after = users(convolution.output());
        boolean slope = after.size() == 1
                && after.getFirst() != null
                && slope(after.getFirst().output())
                && after.getFirst().input(1) == x;
        return slope ? after.getFirst() : null;
    }

    /**
     * The gradients of both halves: the gate's times silu(h2), and the gate's times h1 through silu at h2.
     *
     * @param inner what nothing else reads
     */
    private record Gradients(Value gate, Value first, Value second, List<Value> inner) {
        static Gradients of(Value dy) {
            if (!(dy.node().op() instanceof Layout.Concat) || dy.node().inputs().size() != 2) {
                return null;
            }
            Value ofFirst = dy.node().input(0);
            Value ofSecond = dy.node().input(1);
            if (!does(ofFirst, Arithmetic.MUL)
                    || !does(ofFirst.node().input(1), Function.SILU)
                    || !slope(ofSecond)
                    || !does(ofSecond.node().input(0), Arithmetic.MUL)
                    || ofFirst.size(1) != ofSecond.size(1)
                    || dy.size(1) != 2 * ofFirst.size(1)) {
                return null;
            }
            Value product = ofSecond.node().input(0);
            Value gate = ofFirst.node().input(0);
            Value second = ofSecond.node().input(1);
            boolean same = product.node().input(0) == gate
                    && ofFirst.node().input(1).node().input(0) == second
                    && gate.shape().equals(second.shape());
            return same
                    ? new Gradients(gate, product.node().input(1), second, List.of(ofFirst, ofSecond, product))
                    : null;
        }
    }

    /** The node that makes the gate again, where the gate's gradient is there before; or null. */
    private Node again(Gradients parts) {
        Value silu = parts.inner().getFirst().node().input(1);
        return users(silu).stream()
                .filter(user -> user != null
                        && does(user.output(), Arithmetic.MUL)
                        && user.inputs().equals(List.of(parts.first, silu))
                        && user.id() > parts.gate.node().id())
                .findFirst()
                .orElse(null);
    }

    /** The codes that a value was unpacked from, in groups; or null. */
    private Node unpacked(Value value) {
        Node product = value.node().op() instanceof Layout.Reshape
                ? value.node().input(0).node()
                : value.node();
        Node from = eight.unpackedBy(product);
        return from != null && eight.packedBy(from).size(1) == Fp8Activations.GROUP ? from : null;
    }

    /** What a filter is that lies here mirrored along both axes, or null. */
    private static Value turned(Value filters) {
        Node columns = filters.node();
        Node rows = mirrors(columns, 3) ? columns.input(0).node() : null;
        return rows != null && mirrors(rows, 2) ? rows.input(0) : null;
    }

    private static boolean mirrors(Node node, int axis) {
        return node.op() instanceof Layout.Slice op
                && node.output().shape().axis(op.axis()) == axis
                && op.step() == -1
                && node.output().shape().equals(node.input(0).shape());
    }

    private boolean slices(Node node, long start, long length) {
        return node.op() instanceof Layout.Slice op
                && node.output().shape().axis(op.axis()) == 1
                && op.step() == 1
                && op.start().isKnown()
                && op.start().length() == start
                && node.output().size(1) == length;
    }

    /** Whether a node sums over pixels what one more node alone sums over images. */
    private boolean pixels(Node node) {
        return sums(node, List.of(2, 3))
                && users(node.output()).size() == 1
                && sums(users(node.output()).getFirst(), List.of(0));
    }

    private Value summed(Node pixels) {
        return pixels == null ? null : users(pixels.output()).getFirst().output();
    }

    private static boolean sums(Node node, List<Integer> axes) {
        return node != null
                && node.op() instanceof Reduction.Reduce op
                && op.kind() == Reduction.Kind.SUM
                && op.axes().equals(axes);
    }

    private static boolean depthwise(Node node) {
        return node != null
                && node.op() instanceof Convolution.Conv2d op
                && node.input(1).shape().equals(Shape.of(op.groups(), 1, 3, 3))
                && depthwise(op.window(), op.groups(), node.input(0));
    }

    private static boolean depthwise(Convolution.Window window, int groups, Value x) {
        return window.equals(Convolution.Window.of(1, 1))
                && x.size(1) == groups
                && groups % 2 == 0
                && x.size(2) == SIDE
                && x.size(3) == SIDE;
    }

    private static boolean does(Value value, Function function) {
        return value.node().op() instanceof Elementwise.Unary unary && unary.function() == function;
    }

    private static boolean does(Value value, Arithmetic arithmetic) {
        return value.node().op() instanceof Elementwise.Binary binary && binary.arithmetic() == arithmetic;
    }

    private static boolean slope(Value value) {
        Op op = value.node().op();
        return op instanceof Adjoint.ActivationInput gradient && gradient.function() == Function.SILU;
    }

    /** Who reads a value; null among them stands for the world outside. */
    private List<Node> users(Value value) {
        List<Node> users = new ArrayList<>(uses.getOrDefault(value, List.of()));
        if (graph.outputs().containsValue(value)) {
            users.add(null);
        }
        return users;
    }
}
