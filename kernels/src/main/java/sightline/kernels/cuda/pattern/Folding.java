package sightline.kernels.cuda.pattern;

import java.util.List;
import java.util.Map;
import sightline.kernels.graph.Convolution;
import sightline.kernels.graph.Convolution.Window;
import sightline.kernels.graph.Elementwise;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.Node;
import sightline.kernels.graph.Norm;
import sightline.kernels.graph.Source;
import sightline.kernels.graph.Value;
import sightline.kernels.tensor.Tensor;

/** Finds what may be folded into a convolution: constant scales before it is stored, activations and sums after. */
public final class Folding {
    private final Graph graph;
    private final Map<Value, List<Node>> uses;
    private final Weights32 weights;

    /** Looks at a graph whose parameters are known. */
    public Folding(Graph graph, Weights32 weights) {
        this.graph = graph;
        this.uses = graph.uses();
        this.weights = weights;
    }

    /** The only node that uses a value, or null where there are several, none, or the value is an output. */
    public Node onlyUse(Value value) {
        List<Node> users = uses.get(value);
        boolean alone = users != null && users.size() == 1 && !graph.outputs().containsValue(value);
        return alone ? users.getFirst() : null;
    }

    List<Node> uses(Value value) {
        return uses.getOrDefault(value, List.of());
    }

    boolean isOutput(Value value) {
        return graph.outputs().containsValue(value);
    }

    /** A parameter's or literal's content, null for a computed value. */
    public Tensor known(Value value) {
        return switch (value.node().op()) {
            case Source.Parameter parameter -> weights.tensor(parameter.name());
            case Source.Constant constant -> constant.value();
            default -> null;
        };
    }

    /** A known vector as floats. */
    public float[] vector(Value value) {
        Tensor tensor = known(value);
        return tensor == null ? null : tensor.toFloats();
    }

    /** Scale and shift of an inference batch norm whose four vectors are known. */
    record Affine(float[] scale, float[] shift) {}

    Affine affine(Node node) {
        if (!(node.op() instanceof Norm.BatchNorm norm) || norm.training()) {
            return null;
        }
        float[][] v = new float[4][];
        for (int i = 0; i < 4; i++) {
            v[i] = vector(node.input(i + 1));
            if (v[i] == null) {
                return null;
            }
        }
        float[] scale = new float[v[0].length];
        float[] shift = new float[scale.length];
        for (int c = 0; c < scale.length; c++) {
            double factor = v[0][c] / Math.sqrt(v[3][c] + norm.epsilon());
            scale[c] = (float) factor;
            shift[c] = (float) (v[1][c] - v[2][c] * factor);
        }
        return new Affine(scale, shift);
    }

    /** The kernels' code of an activation, -1 for any other node. */
    public static int activation(Node node) {
        return node != null && node.op() instanceof Elementwise.Unary unary ? activation(unary.function()) : -1;
    }

    /** The code of a function, -1 of one that is none of them. */
    public static int activation(Elementwise.Function function) {
        return switch (function) {
            case RELU -> 1;
            case RELU6 -> 2;
            case HARD_SWISH -> 3;
            case SILU -> 4;
            case GELU_TANH -> 5;
            case GELU_ERF -> 6;
            case SIGMOID -> 7;
            case HARD_SIGMOID -> 8;
            default -> -1;
        };
    }

    /** The other operand of a sum of two equal shapes, or null. */
    public static Value otherAddend(Node node, Value one) {
        boolean sum = node != null
                && node.op() instanceof Elementwise.Binary binary
                && binary.arithmetic() == Elementwise.Arithmetic.ADD
                && node.input(0).shape().equals(node.input(1).shape())
                && node.input(0) != node.input(1);
        if (!sum) {
            return null;
        }
        return node.input(0) == one ? node.input(1) : node.input(0);
    }

    /** Whether a value comes from a convolution that nothing else uses, so that a scale may be folded into it. */
    boolean scalable(Value value, Node user) {
        return value.node().op() instanceof Convolution
                && onlyUse(value) == user
                && known(value.node().input(1)) != null;
    }

    /** A convolution over all channels whose filters are known. */
    public boolean dense(Node node) {
        return node.op() instanceof Convolution.Conv2d conv
                && conv.groups() == 1
                && known(node.input(1)) != null
                && (node.inputs().size() < 3 || known(node.input(2)) != null);
    }

    /** One of them that makes each pixel of the pixel at the same place. */
    public boolean pointwise(Node node) {
        return dense(node)
                && node.input(1).size(2) == 1
                && node.input(1).size(3) == 1
                && node.op() instanceof Convolution.Conv2d conv
                && conv.window().equals(Window.of(1, 0));
    }

    /** A depthwise convolution for which there are half-precision kernels. */
    public boolean depthwise(Node node) {
        if (!(node.op() instanceof Convolution.Conv2d conv)) {
            return false;
        }
        long channels = node.input(0).size(1);
        long k = node.input(1).size(2);
        Window window = conv.window();
        int stride = window.strideY();
        return conv.groups() == channels
                && node.output().size(1) == channels
                && channels > 1
                && known(node.input(1)) != null
                && (node.inputs().size() < 3 || known(node.input(2)) != null)
                && node.input(1).size(3) == k
                && (k == 3 || k == 5 || k == 7)
                && (stride == 1 || stride == 2)
                && window.strideX() == stride
                && window.dilationX() == 1
                && window.dilationY() == 1
                && window.top() == window.left();
    }

    /** {@code a + times · b}, either null for zeros. */
    public static float[] plus(float[] a, float[] b, float times) {
        if (b == null) {
            return a;
        }
        float[] sum = a == null ? new float[b.length] : a.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += times * b[i];
        }
        return sum;
    }
}
