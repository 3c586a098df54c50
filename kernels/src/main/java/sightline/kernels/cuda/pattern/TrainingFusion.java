package sightline.kernels.cuda.pattern;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import sightline.kernels.graph.Adjoint;
import sightline.kernels.graph.Elementwise;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.Linear;
import sightline.kernels.graph.Node;
import sightline.kernels.graph.Norm;
import sightline.kernels.graph.Reduction;
import sightline.kernels.graph.Value;
import sightline.kernels.tensor.DType;

/**
 * What of a training graph one kernel can do together: a batch norm and the activation behind it, their two gradients,
 * a sum over images of products, and a linear layer's bias. Pure: looks at the graph alone.
 */
public final class TrainingFusion {
    private final Graph graph;
    private final Map<Value, List<Node>> uses;
    private final Map<Node, Node> activations = new HashMap<>();
    private final Map<Node, Node> slopes = new HashMap<>();
    private final Map<Node, Node> products = new HashMap<>();
    private final Map<Node, Node> biased = new HashMap<>();
    private final Set<Node> covered = new HashSet<>();

    private TrainingFusion(Graph graph) {
        this.graph = graph;
        this.uses = graph.uses();
    }

    /** All that can be so in a graph. */
    public static TrainingFusion of(Graph graph) {
        TrainingFusion fusion = new TrainingFusion(graph);
        graph.nodes().forEach(fusion::backward);
        graph.nodes().forEach(fusion::forward);
        graph.nodes().forEach(fusion::product);
        graph.nodes().forEach(fusion::bias);
        return fusion;
    }

    /** Every node on its own. */
    public static TrainingFusion none(Graph graph) {
        return new TrainingFusion(graph);
    }

    /** Whether another node's kernel makes what this one would. */
    public boolean covers(Node node) {
        return covered.contains(node);
    }

    /** The activation that a batch norm's kernel applies, or null. */
    public Node activation(Node norm) {
        return activations.get(norm);
    }

    /** The activation's gradient that a batch norm's gradient begins with, or null. */
    public Node slope(Node gradient) {
        return slopes.get(gradient);
    }

    /** The product whose results a reduction adds up over images, or null. */
    public Node product(Value sum) {
        return products.get(sum.node());
    }

    /** The product whose rows a sum adds a bias to, or null. */
    public Node biased(Node sum) {
        return biased.get(sum);
    }

    private boolean alone(Value value) {
        return uses.getOrDefault(value, List.of()).size() == 1
                && !graph.outputs().containsValue(value);
    }

    private static boolean trains(Node node) {
        return node.op() instanceof Norm.BatchNorm norm && norm.training();
    }

    private void backward(Node node) {
        if (!(node.op() instanceof Adjoint.BatchNormInput)) {
            return;
        }
        Value dy = node.input(1);
        Node norm = node.input(3).node();
        boolean own = trains(norm) && norm.input(0) == node.input(0);
        if (own && dy.node().op() instanceof Adjoint.ActivationInput op && alone(dy)) {
            Value of = dy.node().input(1);
            Value before = op.readsOutput()
                            && of.node().op() instanceof Elementwise.Unary unary
                            && unary.function() == op.function()
                    ? of.node().input(0)
                    : of;
            boolean matches = before == norm.outputs().getFirst() && (before == of) != op.readsOutput();
            if (matches) {
                slopes.put(node, dy.node());
                covered.add(dy.node());
            }
        }
    }

    private void forward(Node node) {
        if (!trains(node) || graph.outputs().containsValue(node.output())) {
            return;
        }
        Node activation = null;
        for (Node user : uses.getOrDefault(node.output(), List.of())) {
            boolean acts = user.op() instanceof Elementwise.Unary unary
                    && Adjoint.ActivationInput.FUNCTIONS.contains(unary.function());
            if (acts && activation == null) {
                activation = user;
            } else if (!covered.contains(user)) {
                return;
            }
        }
        if (activation != null) {
            activations.put(node, activation);
            covered.add(activation);
        }
    }

    private void product(Node node) {
        boolean sums = node.op() instanceof Reduction.Reduce reduce
                && reduce.kind() == Reduction.Kind.SUM
                && reduce.axes().equals(List.of(0));
        if (!sums) {
            return;
        }
        Node inner = node.input(0).node();
        boolean pairs = inner.op() instanceof Linear.MatMul product
                && (ofImages(product, inner) || ofRows(product, inner))
                && inner.input(0).size(0) == inner.input(1).size(0)
                && inner.input(0).size(1) == inner.input(1).size(1);
        if (pairs && alone(node.input(0))) {
            products.put(node, inner);
            covered.add(inner);
        }
    }

    private void bias(Node node) {
        boolean adds =
                node.op() instanceof Elementwise.Binary binary && binary.arithmetic() == Elementwise.Arithmetic.ADD;
        if (!adds || !(node.input(0).node().op() instanceof Linear.MatMul)) {
            return;
        }
        Value product = node.input(0);
        Value bias = node.input(1);
        boolean rows = bias.shape().rank() == 1 && bias.size(0) == product.size(-1);
        if (rows && alone(product) && product.dtype() == DType.F32) {
            biased.put(node, product.node());
            covered.add(product.node());
        }
    }

    /** Images x groups x channels x pixels: a gradient for a 1x1 convolution's weights. */
    private static boolean ofImages(Linear.MatMul product, Node node) {
        return !product.transposeA() && product.transposeB() && ranks(node, 4);
    }

    /** Images x rows x features: a gradient for a linear layer's weights. */
    private static boolean ofRows(Linear.MatMul product, Node node) {
        return product.transposeA() && !product.transposeB() && ranks(node, 3);
    }

    private static boolean ranks(Node node, int rank) {
        return node.input(0).shape().rank() == rank && node.input(1).shape().rank() == rank;
    }
}
