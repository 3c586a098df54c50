package sightline.kernels.reference;

import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.Engine;
import sightline.kernels.engine.Session;
import sightline.kernels.graph.Graph;
import sightline.kernels.weights.WeightCheck;
import sightline.kernels.weights.Weights;

/** The oracle. Slow, single-threaded, in float32 or float64. */
public final class ReferenceEngine implements Engine {
    @Override
    public String name() {
        return "reference";
    }

    @Override
    public Session compile(Graph graph, Weights weights, CompileOptions options) {
        Graph bound = graph.isBound() ? graph : graph.bind(options.lengths());
        WeightCheck.verify(bound, weights, options.strict(), options.checkFinite());
        return new ReferenceSession(bound, weights, options);
    }
}
