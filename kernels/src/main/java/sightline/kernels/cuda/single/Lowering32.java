package sightline.kernels.cuda.single;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sightline.kernels.cuda.pattern.EightBits;
import sightline.kernels.cuda.pattern.Folding;
import sightline.kernels.cuda.pattern.GatedFeedForward;
import sightline.kernels.cuda.pattern.TrainingFusion;
import sightline.kernels.cuda.pattern.Weights32;
import sightline.kernels.cuda.program.Array32;
import sightline.kernels.cuda.program.Emitter;
import sightline.kernels.cuda.program.Packed;
import sightline.kernels.cuda.program.Program;
import sightline.kernels.cuda.program.Slot;
import sightline.kernels.graph.Adjoint;
import sightline.kernels.graph.Attention;
import sightline.kernels.graph.Convolution;
import sightline.kernels.graph.Elementwise;
import sightline.kernels.graph.Finding;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.Indexing;
import sightline.kernels.graph.Layout;
import sightline.kernels.graph.Linear;
import sightline.kernels.graph.Node;
import sightline.kernels.graph.Norm;
import sightline.kernels.graph.Reduction;
import sightline.kernels.graph.Source;
import sightline.kernels.graph.Spatial;
import sightline.kernels.graph.Stateful;
import sightline.kernels.graph.Value;

/**
 * Lowers any node to float32 kernels, one operation at a time: the exact, general path. It knows where each value that
 * it made lives; reshapes are views, not work.
 */
public final class Lowering32 {
    private final Map<Value, Array32> arrays = new HashMap<>();
    private final Sources32 sources;
    private final Elementwise32 elementwise;
    private final Layout32 layout;
    /** Null where products are exact. */
    private final Rounded rounded;

    private final Convolution32 convolution;
    /** Null where products are exact: then attention is written out. */
    private final Attention16 attention;

    private final Reduction32 reduction;
    private final Spatial32 spatial;
    private final Indexing32 indexing;
    private final Findings findings;
    private final Stateful32 stateful;
    private final BatchNorm32 batchNorm;
    private final TrainingFusion fusion;
    private final EightBits eight;
    private final EightBits32 packing;
    private final GatedFeedForward gated;
    /** Null where products are exact. */
    private final GatedDepthwise32 gates;

    private final Map<Node, Packed> packed = new HashMap<>();
    /** Null where another lowering works on the same graph and reads arrays at once. */
    private final Deferral deferral;

    /** What one is to do. */
    public enum Duty {
        /** All of a graph, exactly. */
        EXACT,
        /** All of it, with what large products multiply rounded to bfloat16. */
        MIXED,
        /** What another lowering of the same graph leaves, which reads arrays at once. */
        BESIDE
    }

    /**
     * @param fusion what training computes together
     * @param eight what is kept in eight bits
     * @param graph whose nodes {@link #lower} is given, in order
     */
    public Lowering32(
            Emitter emitter, Weights32 weights, TrainingFusion fusion, EightBits eight, Duty duty, Graph graph) {
        Elements32 elements = new Elements32(emitter);
        sources = new Sources32(emitter, elements, weights);
        elementwise = new Elementwise32(elements);
        layout = new Layout32(emitter, elements);
        rounded = duty == Duty.MIXED ? new Rounded(emitter) : null;
        convolution = new Convolution32(emitter, elements, rounded);
        reduction = new Reduction32(emitter);
        spatial = new Spatial32(emitter, elements);
        indexing = new Indexing32(emitter);
        findings = new Findings(emitter);
        stateful = new Stateful32(emitter, elements);
        batchNorm = new BatchNorm32(emitter, rounded);
        packing = new EightBits32(emitter, rounded);
        attention = rounded == null ? null : new Attention16(emitter, rounded, packing);
        this.fusion = fusion;
        this.eight = eight;
        gated = duty == Duty.MIXED ? GatedFeedForward.of(graph, eight) : GatedFeedForward.none(graph);
        gates = rounded == null ? null : new GatedDepthwise32(emitter, rounded, packing);
        this.deferral = duty == Duty.BESIDE
                ? null
                : new Deferral(emitter, elements, batchNorm, packing, rounded, graph, arrays, this::array);
    }

    /** Where a value lives that was lowered. */
    public Array32 array(Value value) {
        Array32 array = arrays.get(value);
        if (array == null) {
            throw new IllegalStateException(value + " was not lowered before its use");
        }
        return array;
    }

    /** Whether a value was lowered. */
    public boolean knows(Value value) {
        return arrays.containsKey(value);
    }

    /** Tells where a value lives that something else made. */
    public void define(Value value, Array32 array) {
        arrays.put(value, array);
    }

    /** Where inputs are copied to. */
    public Map<String, Array32> inputs() {
        return sources.inputs();
    }

    /** What is kept from run to run. */
    public Map<String, Program.Port> states() {
        return stateful.states();
    }

    /** Emits what must come after everything else: stores to the session's state. */
    public void finish() {
        stateful.storeAll();
    }

    /** Emits the kernels of a node, or lets it wait until something reads it. */
    public void lower(Node node) {
        if (fusion.covers(node) || eight.covers(node) || gated.covers(node)) {
            return;
        }
        if (gated.forward(node) != null) {
            gate(gated.forward(node));
            return;
        }
        if (gated.backward(node) != null) {
            gateBack(gated.backward(node));
            return;
        }
        Value rows = eight.packedBy(node);
        if (rows != null) {
            Array32 array = array(rows);
            Packed early = deferral == null ? null : deferral.pack(array, packing);
            packed.put(node, early == null ? packing.pack(array) : early);
            return;
        }
        Node codes = eight.unpackedBy(node);
        if (codes != null && deferral != null) {
            deferral.unpacked(node.output(), packed.get(codes));
            return;
        }
        if (codes != null) {
            arrays.put(node.output(), packing.unpack(packed.get(codes)));
            return;
        }
        boolean fused = fusion.product(node.output()) != null || fusion.biased(node) != null;
        if (deferral != null && !fused && deferral.takes(node)) {
            return;
        }
        boolean gathers = node.op() instanceof Adjoint.BatchNormInput || fused;
        List<Array32> in =
                gathers ? List.of() : node.inputs().stream().map(this::array).toList();
        if (deferral != null && node.op() instanceof Convolution op && deferral.wantsTurned(node.output())) {
            Array32 turned = convolution.turned(op, in, node, bearsRounding(node));
            if (turned != null) {
                deferral.turned(node.output(), turned);
                return;
            }
        }
        List<Array32> out =
                switch (node.op()) {
                    case Source source -> List.of(sources.lower(source));
                    case Elementwise op -> List.of(elementwise(op, in, node));
                    case Layout op -> List.of(layout.lower(op, in, node));
                    case Convolution op -> List.of(convolution(op, in, node));
                    case Linear.MatMul op -> List.of(convolution.matmul(op, in, node, null, bearsRounding(node)));
                    case Linear.Softmax op -> List.of(softmax(op, in, node));
                    case Attention op ->
                        List.of(attention.forward(op, in, node, bearsRounding(node), eight.keepsWhole(node.output())));
                    case Norm op -> norm(op, in, node);
                    case Reduction op -> List.of(reduce(op, in, node));
                    case Spatial op -> List.of(spatial.lower(op, in, node));
                    case Indexing op -> indexing.lower(op, in, node);
                    case Finding op ->
                        List.of(findings.lower(op, node.inputs(), v -> MapStack.of(array(v)), this::array));
                    case Stateful op -> List.of(stateful.lower(op, in, node));
                    case Adjoint.ConvWeight op -> List.of(weightGradient(op, in, node));
                    case Adjoint.ScatterAdd op -> List.of(indexing.scatterAdd(op, in, node));
                    case Adjoint.AttentionInputs op ->
                        attention.backward(op, in, node, this::bearsRounding, deferral.packed(node.input(0)));
                    case Adjoint.ActivationInput op ->
                        List.of(batchNorm.slope(in.get(0), in.get(1), Folding.activation(op.function())));
                    case Adjoint.BatchNormInput op -> batchNormInput(op, node);
                    case Adjoint op -> List.of(spatial.adjoint(op, in, node));
                };
        for (int i = 0; i < out.size(); i++) {
            arrays.put(node.outputs().get(i), out.get(i));
        }
        if (deferral != null) {
            deferral.lowered(node);
        }
    }

    private void gate(GatedFeedForward.Forward f) {
        Node convolution = f.convolution();
        f.packed().forEach(codes -> packed.put(codes, gates.room(eight.packedBy(codes))));
        Slot bias =
                convolution.inputs().size() > 2 ? array(convolution.input(2)).slot() : null;
        Array32 filters = array(convolution.input(1));
        List<Packed> kept = f.packed().stream().map(packed::get).toList();
        int[] shape = shape(f.gate().output());
        double flops = 2.0 * convolution.macs();
        arrays.put(f.gate().output(), gates.forward(array(f.x()), filters, bias, kept, shape, flops));
        deferral.lowered(f.gate());
    }

    private void gateBack(GatedFeedForward.Backward b) {
        List<Packed> kept = b.packed().stream().map(packed::get).toList();
        double flops = 2.0 * b.weights().macs();
        boolean again = b.again() != null;
        GatedDepthwise32.Gradients made = gates.backward(array(b.gate()), again, array(b.filters()), kept, flops);
        if (again) {
            arrays.put(b.again().output(), made.again());
            deferral.lowered(b.again());
        }
        arrays.put(b.weights().output(), made.weights());
        arrays.put(b.x().output(), made.x());
        if (b.bias() != null) {
            arrays.put(b.bias(), made.bias().reshaped(shape(b.bias())));
        }
        if (b.sum() != null) {
            arrays.put(b.sum(), made.sums().reshaped(shape(b.sum())));
        }
        deferral.lowered(b.x());
    }

    private List<Array32> norm(Norm op, List<Array32> in, Node node) {
        return op instanceof Norm.BatchNorm batch && batch.training()
                ? trained(batch, in, node)
                : List.of(reduction.norm(op, in));
    }

    private List<Array32> trained(Norm.BatchNorm op, List<Array32> in, Node node) {
        Node activation = fusion.activation(node);
        boolean rounds = bearsRounding(activation == null ? node : activation);
        List<Array32> made = batchNorm.forward(op, in, Math.max(0, Folding.activation(activation)), rounds);
        if (activation != null) {
            arrays.put(activation.output(), made.getFirst());
        }
        return made;
    }

    private List<Array32> batchNormInput(Adjoint.BatchNormInput op, Node node) {
        Node slope = fusion.slope(node);
        Array32 scale = array(node.input(2));
        Array32 bias = slope == null ? scale : array(node.input(3).node().input(2));
        Array32 dy = array(slope == null ? node.input(1) : slope.input(0));
        int activation = slope == null ? 0 : Folding.activation(((Adjoint.ActivationInput) slope.op()).function());
        List<Array32> vectors = List.of(scale, bias, array(node.input(3)), array(node.input(4)));
        return batchNorm.backward(array(node.input(0)), dy, vectors, op.epsilon(), activation, bearsRounding(node));
    }

    private Array32 elementwise(Elementwise op, List<Array32> in, Node node) {
        Node product = fusion.biased(node);
        if (product == null) {
            return elementwise.lower(op, in, node);
        }
        List<Array32> operands = product.inputs().stream().map(this::array).toList();
        return convolution.matmul(
                (Linear.MatMul) product.op(), operands, product, array(node.input(1)), bearsRounding(node));
    }

    private boolean bearsRounding(Node node) {
        return bearsRounding(node.output());
    }

    private boolean bearsRounding(Value value) {
        return deferral != null && rounded != null && deferral.bearsRounding(value);
    }

    private Array32 convolution(Convolution op, List<Array32> in, Node node) {
        boolean asks = deferral != null && Convolution32.activates(op, in, node);
        Deferral.Activated activated = asks ? deferral.activated(node.input(0)) : null;
        if (activated == null) {
            return convolution.lower(op, in, node, 0, bearsRounding(node));
        }
        List<Array32> operands = new ArrayList<>(in);
        operands.set(0, activated.array());
        return convolution.lower(op, operands, node, activated.activation(), bearsRounding(node));
    }

    private Array32 weightGradient(Adjoint.ConvWeight op, List<Array32> in, Node node) {
        boolean asks = deferral != null && Convolution32.activates(op, in, node);
        Deferral.Activated activated = asks ? deferral.activated(node.input(0)) : null;
        return activated == null
                ? convolution.weightGradient(op, in, node, 0)
                : convolution.weightGradient(op, List.of(activated.array(), in.get(1)), node, activated.activation());
    }

    private Array32 softmax(Linear.Softmax op, List<Array32> in, Node node) {
        Deferral.Scaled scaled = deferral == null ? null : deferral.scaled(node.input(0));
        boolean along = deferral != null && deferral.feedsProduct(node.output());
        if (scaled == null) {
            return reduction.softmax(op, in, 1, rounded, along);
        }
        List<Array32> operands = new ArrayList<>(in);
        operands.set(0, scaled.array());
        return reduction.softmax(op, operands, scaled.factor(), rounded, along);
    }

    private Array32 reduce(Reduction op, List<Array32> in, Node node) {
        Node product = fusion.product(node.output());
        return product == null
                ? reduction.lower(op, in, node)
                : convolution
                        .summedProduct(product, array(product.input(0)), array(product.input(1)))
                        .reshaped(shape(node.output()));
    }

    /** The lengths of a value's axes, each an int. */
    public static int[] shape(Value value) {
        long[] lengths = value.shape().toArray();
        int[] shape = new int[lengths.length];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = Math.toIntExact(lengths[i]);
        }
        return shape;
    }
}
