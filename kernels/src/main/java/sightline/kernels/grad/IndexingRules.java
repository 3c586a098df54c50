package sightline.kernels.grad;

import sightline.kernels.graph.Adjoint;
import sightline.kernels.graph.Indexing;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Value;

/** Gradients of look-ups: what was read is where the cotangent is added. */
final class IndexingRules {
    private IndexingRules() {}

    static void pull(Rules r, Indexing op, Value dy) {
        switch (op) {
            case Indexing.Gather gather -> {
                Shape data = r.input(0).shape();
                int at = data.axis(gather.axis());
                Value indices = r.input(1);
                r.give(0, r.g.single(new Adjoint.ScatterAdd(at, indices.shape().rank(), data.dim(at)), indices, dy));
            }
            case Indexing.GatherElements elements -> throw r.none();
            case Indexing.TopK top -> throw r.none();
        }
    }
}
