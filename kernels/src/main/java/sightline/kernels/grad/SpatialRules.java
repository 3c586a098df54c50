package sightline.kernels.grad;

import sightline.kernels.graph.Adjoint;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Spatial;
import sightline.kernels.graph.Value;

/** Gradients of resizing, shuffling and pooling. */
final class SpatialRules {
    private SpatialRules() {}

    static void pull(Rules r, Spatial op, Value dy) {
        GraphBuilder g = r.g;
        Shape x = r.input(0).shape();
        switch (op) {
            case Spatial.Resize resize -> r.give(0, resize(g, resize, x, dy));
            case Spatial.PixelShuffle shuffle -> r.give(0, g.pixelUnshuffle(dy, shuffle.factor()));
            case Spatial.PixelUnshuffle unshuffle -> r.give(0, g.pixelShuffle(dy, unshuffle.factor()));
            case Spatial.MaxPool pool ->
                r.give(
                        0,
                        g.single(
                                new Adjoint.MaxPoolInput(pool.kernelY(), pool.kernelX(), pool.window()),
                                r.input(0),
                                dy));
            case Spatial.AvgPool pool -> r.give(0, g.single(new Adjoint.AvgPoolInput(pool, x.dim(2), x.dim(3)), dy));
        }
    }

    private static Value resize(GraphBuilder g, Spatial.Resize resize, Shape x, Value dy) {
        long h = x.size(2);
        long w = x.size(3);
        boolean whole = dy.size(2) % h == 0 && dy.size(3) % w == 0;
        if (resize.mode() == Spatial.Mode.NEAREST && whole) {
            Value blocks = g.reshape(dy, x.size(0) * x.size(1), h, dy.size(2) / h, w, dy.size(3) / w);
            return g.reshape(g.sum(blocks, 2, 4), x);
        }
        return g.single(new Adjoint.ResizeInput(resize.mode(), resize.grid(), x.dim(2), x.dim(3)), dy);
    }
}
