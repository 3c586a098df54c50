package sightline.operators.efficientvit;

import sightline.kernels.graph.Conv;
import sightline.kernels.graph.Elementwise.Function;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Value;

/**
 * What a family of layers has in common.
 *
 * @param activation after a layer that has one
 * @param epsilon of its batch norms
 */
record Style(Function activation, double epsilon) {
    static Style of(Variant variant) {
        return new Style(
                variant.series() == Variant.Series.B ? Function.HARD_SWISH : Function.GELU_TANH, variant.epsilon());
    }

    /** {@code ConvLayer} with norm and activation. */
    Value active(GraphBuilder g, Value x, Conv conv) {
        return g.unary(activation, normed(g, x, conv));
    }

    /** {@code ConvLayer} with norm and without activation. */
    Value normed(GraphBuilder g, Value x, Conv conv) {
        return g.in("norm").batchNorm(g.in("conv").conv2d(x, conv), epsilon);
    }

    /** {@code ConvLayer} with a bias in the place of the norm, and an activation: what "fewer norm" means. */
    Value biased(GraphBuilder g, Value x, Conv conv) {
        return g.unary(activation, g.in("conv").conv2d(x, conv.biased()));
    }

    /** An inner layer of a block: normed, or biased where the block has fewer norms. */
    Value inner(GraphBuilder g, Value x, Conv conv, boolean fewerNorms) {
        return fewerNorms ? biased(g, x, conv) : active(g, x, conv);
    }
}
