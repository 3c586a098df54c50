package sightline.operators.perception;

import sightline.config.domain.Pixels;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.Engine;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Value;
import sightline.kernels.vision.Placement;
import sightline.kernels.weights.Weights;

/** A network that multiplies what it sees with itself, in eight by eight. */
final class Squares {
    private Squares() {}

    static Graph graph(Shape shape) {
        GraphBuilder g = GraphBuilder.named("squares");
        Value x = g.input("x", shape);
        g.output("y", g.mul(x, x));
        return g.build();
    }

    static Placement place(Pixels pixels) {
        return Placement.fit(pixels.width(), pixels.height(), 8, 8);
    }

    static Networks on(Engine engine) {
        return new Networks(engine, Squares::graph, Weights.none(), CompileOptions.DEFAULT, Networks.Recipe.DEFAULT);
    }
}
