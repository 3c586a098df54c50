package sightline.kernels.lowering;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sightline.kernels.graph.Adjoint;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Layout;
import sightline.kernels.graph.Linear;
import sightline.kernels.graph.Node;
import sightline.kernels.graph.Norm;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Spatial;
import sightline.kernels.graph.Value;

/**
 * Rewrites operations that an engine may lack into ones that every engine has. What is replaced: norms other than
 * inference batch norm and last-axis layer norm, masked softmax, attention, area and uneven nearest resizes, pixel unshuffling, and
 * the adjoints of convolution weights, resizes, average pools, activations, batch norms and attention.
 */
public final class Decompositions {
    private Decompositions() {}

    /** The graph without the operations listed above; the rest is as it was. */
    public static Graph apply(Graph graph) {
        return Attentions.written(graph, node -> true)
                .rewrite((node, in, g) -> of(node, in, g).orElseGet(() -> g.apply(node.op(), in)));
    }

    private static Optional<List<Value>> of(Node node, List<Value> in, GraphBuilder g) {
        return switch (node.op()) {
            case Norm.BatchNorm norm -> norm.training() ? Optional.of(Norms.training(norm, in, g)) : Optional.empty();
            case Norm.LayerNorm norm -> Norms.layer(norm, in, g).map(List::of);
            case Norm.RmsNorm norm -> Optional.of(List.of(Norms.rms(norm, in, g)));
            case Norm.GroupNorm norm -> Optional.of(List.of(Norms.group(norm, in, g)));
            case Linear.Softmax softmax ->
                in.size() == 2 ? Optional.of(List.of(masked(softmax, in, g))) : Optional.empty();
            case Spatial.Resize resize -> Resizes.of(resize, in.getFirst(), g).map(List::of);
            case Spatial.PixelUnshuffle shuffle -> Optional.of(List.of(unshuffle(shuffle.factor(), in.getFirst(), g)));
            case Adjoint.ConvWeight weight -> Optional.of(List.of(ConvWeights.of(weight, in.get(0), in.get(1), g)));
            case Adjoint.ResizeInput resize -> Optional.of(List.of(Resizes.adjoint(resize, in.getFirst(), g)));
            case Adjoint.AvgPoolInput pool -> Optional.of(List.of(Resizes.unpool(pool, in.getFirst(), g)));
            case Adjoint.ActivationInput through -> Optional.of(List.of(Activations.adjoint(through, in, g)));
            case Adjoint.BatchNormInput norm -> Optional.of(Norms.adjoint(norm, in, g));
            default -> Optional.empty();
        };
    }

    private static Value masked(Linear.Softmax softmax, List<Value> in, GraphBuilder g) {
        Value x = in.get(0);
        Value mask = in.get(1);
        Value hidden = g.where(mask, x, g.scalar(Double.NEGATIVE_INFINITY, x.dtype()));
        // A row that is hidden altogether comes out as NaN, which the second choice replaces.
        return g.where(mask, g.softmax(hidden, softmax.axis()), g.scalar(0, x.dtype()));
    }

    private static Value unshuffle(int f, Value x, GraphBuilder g) {
        Shape s = x.shape();
        Value apart = g.reshape(x, s.size(0), s.size(1), s.size(2) / f, f, s.size(3) / f, f);
        Value turned = g.single(new Layout.Permute(new ArrayList<>(List.of(0, 1, 3, 5, 2, 4))), apart);
        return g.reshape(turned, s.size(0), s.size(1) * f * f, s.size(2) / f, s.size(3) / f);
    }
}
