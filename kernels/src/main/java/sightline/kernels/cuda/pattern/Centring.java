package sightline.kernels.cuda.pattern;

import java.util.HashSet;
import java.util.Set;
import sightline.kernels.graph.Elementwise;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.Node;
import sightline.kernels.graph.Spatial;
import sightline.kernels.graph.Value;

/**
 * Which images are stored less the mean of each channel. What is rounded to eleven bits then is what carries information: a
 * channel far from zero that hardly varies loses all of it otherwise. The arithmetic stays exact where whoever makes the image
 * adds a constant at no cost (a convolution's bias; a depthwise convolution after its activation) and all who read it make up
 * for it by theirs: 1x1 convolutions, depthwise ones that know what to read outside the image, sums at a convolution's end,
 * resizes that pass it on.
 */
public final class Centring {
    /** Channels that such a depthwise kernel takes at a time. */
    private static final int BAND = 16;

    private final Folding folding;
    private final ChannelMeans means;
    private final Set<Value> free = new HashSet<>();
    private final Set<Value> passing = new HashSet<>();

    private Centring(Folding folding, ChannelMeans means) {
        this.folding = folding;
        this.means = means;
    }

    /** Goes through a bound graph. */
    public static Centring of(Graph graph, Folding folding, ChannelMeans means) {
        Centring centring = new Centring(folding, means);
        for (Node node : graph.nodes().reversed()) {
            boolean image = node.outputs().size() == 1 && node.output().shape().rank() == 4;
            if (image && !folding.isOutput(node.output())) {
                centring.look(node.output());
            }
        }
        return centring;
    }

    /** What an image is stored less, if its maker has the choice: halves, so that what lies outside is exact; null for nothing. */
    public float[] of(Value image) {
        double[] mean = free.contains(image) ? means.of(image) : null;
        if (mean == null) {
            return null;
        }
        float[] centre = new float[mean.length];
        for (int c = 0; c < centre.length; c++) {
            centre[c] = Float.float16ToFloat(Float.floatToFloat16((float) mean[c]));
        }
        return centre;
    }

    /** Whether a resize or a sum may leave its result less what its operands are stored less. */
    public boolean passes(Value image) {
        return passing.contains(image);
    }

    /** Whether a node is a depthwise convolution whose kernels can be told what to read outside the image. */
    public boolean bears(Node node) {
        return folding.depthwise(node) && node.output().size(1) % BAND == 0;
    }

    private void look(Value image) {
        boolean borne =
                !folding.uses(image).isEmpty() && folding.uses(image).stream().allMatch(user -> bears(user, image));
        if (!borne) {
            return;
        }
        Node node = image.node();
        if (product(image) != null || endsConvolution(node) || depthwise(image)) {
            free.add(image);
        }
        if (node.op() instanceof Spatial.Resize || isSum(node)) {
            passing.add(image);
        }
    }

    /** Whether a reader makes up for what an image is stored less. */
    private boolean bears(Node user, Value image) {
        if (folding.pointwise(user) || bears(user)) {
            return user.input(0) == image;
        }
        boolean passes = user.op() instanceof Spatial.Resize || isSum(user);
        return passes && passing.contains(user.output()) || endsConvolution(user);
    }

    /** The dense convolution of which an image is the result, its norm included; or null. */
    private Node product(Value image) {
        Node node = image.node();
        Node made = folding.affine(node) == null ? node : node.input(0).node();
        return folding.dense(made) && (made == node || folding.onlyUse(made.output()) == node) ? made : null;
    }

    private static boolean isSum(Node node) {
        return node.inputs().size() == 2 && Folding.otherAddend(node, node.input(0)) != null;
    }

    /** Whether a sum is made by a convolution before it stores. */
    private boolean endsConvolution(Node node) {
        return isSum(node) && (adds(node, node.input(0), node.input(1)) || adds(node, node.input(1), node.input(0)));
    }

    /** Whether one addend is a convolution's result when the other is there. */
    private boolean adds(Node sum, Value one, Value other) {
        Node last = product(one);
        Node first = product(other) == null ? other.node() : product(other);
        return last != null && folding.onlyUse(one) == sum && first.id() < last.id();
    }

    /** What a depthwise convolution stores, after its norm and activation. */
    private boolean depthwise(Value image) {
        Node node = image.node();
        if (node.op() instanceof Elementwise.Unary && Folding.activation(node) > 0) {
            node = node.input(0).node();
        }
        if (folding.affine(node) != null) {
            node = node.input(0).node();
        }
        return folding.depthwise(node);
    }
}
