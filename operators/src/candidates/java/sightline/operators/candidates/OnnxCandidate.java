package sightline.operators.candidates;

import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.Engine;
import sightline.kernels.engine.Session;
import sightline.kernels.grad.Gradients;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Value;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.train.Arrays32;
import sightline.kernels.weights.Weights;

/** The gradient graph on an engine: ONNX Runtime is the candidate, the reference engine tells what is right. */
record OnnxCandidate(String name, Engine engine, CompileOptions options) implements Candidate {
    private static final String X = "x";
    private static final String W = "w";
    private static final String Y = "y";
    private static final String DY = Gradients.COTANGENT + Y;

    @Override
    public Passes prepare(Layer layer, Operands operands, Collection<Pass> passes) {
        Map<String, Tensor> inputs = Map.of(
                X, tensor(operands.x(), layer.xShape()),
                W, tensor(operands.w(), layer.wShape()),
                DY, tensor(operands.dy(), layer.yShape()));
        Map<Pass, Session> sessions = new EnumMap<>(Pass.class);
        for (Pass pass : passes) {
            sessions.put(pass, engine.compile(graph(layer, pass), Weights.none(), options));
        }
        return new Sessions(inputs, sessions);
    }

    /** The forward graph, or what is left of the gradient graph when only this gradient is asked for. */
    private static Graph graph(Layer layer, Pass pass) {
        GraphBuilder g = GraphBuilder.named("convolution");
        Value x = g.input(X, Shape.of(layer.xShape()));
        Value w = g.input(W, Shape.of(layer.wShape()));
        g.output(Y, g.conv2d(x, w, layer.window(), layer.groups()));
        Graph forward = g.build();
        if (pass == Pass.FORWARD) {
            return forward;
        }
        String name = Gradients.GRADIENT + (pass == Pass.INPUT ? X : W);
        Graph joint = Gradients.of(forward, List.of(Y), List.of(X, W));
        GraphBuilder out = GraphBuilder.named("gradient");
        Map<Value, Value> image = out.absorb(joint, (node, in, to) -> to.apply(node.op(), in));
        out.output(name, image.get(joint.output(name)));
        return out.build();
    }

    private static Tensor tensor(float[] values, long[] shape) {
        Tensor tensor = Tensor.allocate(DType.F32, shape);
        Arrays32.put(values, tensor);
        return tensor;
    }

    private record Sessions(Map<String, Tensor> inputs, Map<Pass, Session> sessions) implements Passes {
        @Override
        public void run(Pass pass) {
            Session session = sessions.get(pass);
            Map<String, Tensor> taken = new HashMap<>(inputs);
            taken.keySet().retainAll(session.graph().inputs().keySet());
            session.run(taken);
        }

        @Override
        public float[] result(Pass pass) {
            Session session = sessions.get(pass);
            Map<String, Tensor> taken = new HashMap<>(inputs);
            taken.keySet().retainAll(session.graph().inputs().keySet());
            return session.run(taken).values().iterator().next().toFloats();
        }

        @Override
        public void close() {
            sessions.values().forEach(Session::close);
        }
    }
}
