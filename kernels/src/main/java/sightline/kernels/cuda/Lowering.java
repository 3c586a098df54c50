package sightline.kernels.cuda;

import java.util.LinkedHashMap;
import java.util.Map;
import sightline.kernels.engine.EngineException;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.Node;
import sightline.kernels.graph.Source;
import sightline.kernels.graph.Value;

/** Turns a bound graph and its weights into a program. Pure: no device is needed. */
final class Lowering {
    private Lowering() {}

    static Program program(Graph graph, Weights32 weights, Storage storage) {
        Emitter emitter = new Emitter();
        // Half-precision lowering has fusions of its own, and does not train.
        TrainingFusion fusion = storage == Storage.FLOAT32 ? TrainingFusion.of(graph) : TrainingFusion.none(graph);
        EightBits eight = storage == Storage.FLOAT32 ? EightBits.of(graph) : EightBits.none(graph);
        Lowering32 exact = new Lowering32(emitter, weights, fusion, eight);
        HalfLowering fast = storage == Storage.FLOAT16 ? new HalfLowering(graph, emitter, exact, weights) : null;
        Map<Value, ?> uses = graph.uses();
        for (Node node : graph.nodes()) {
            boolean unused = node.op() instanceof Source.Parameter
                    && !uses.containsKey(node.output())
                    && !graph.outputs().containsValue(node.output());
            if (unused) {
                continue;
            }
            emitter.label(label(node));
            try {
                if (fast != null && fast.take(node)) {
                    continue;
                }
                if (fast != null) {
                    node.inputs().forEach(fast::restore);
                }
                exact.lower(node);
            } catch (UnsupportedOperationException unsupported) {
                throw new EngineException("cuda cannot run " + node + ": " + unsupported.getMessage(), unsupported);
            }
        }
        Map<String, Program.Port> outputs = new LinkedHashMap<>();
        Elements32 elements = new Elements32(emitter);
        graph.outputs().forEach((name, value) -> {
            emitter.label("output " + name);
            if (fast != null) {
                fast.restore(value);
            }
            Array32 array = exact.array(value);
            // What comes in or stays cannot go out in place.
            if (array.slot().kind() != Slot.Kind.ACTIVATION && array.slot().kind() != Slot.Kind.OUTPUT) {
                array = elements.rearranged(array, 0, array.strides(), array.shape());
            }
            array.slot().becomeOutput();
            outputs.put(name, new Program.Port(array, value.type()));
        });
        emitter.label("state");
        exact.finish();
        Map<String, Program.Port> inputs = new LinkedHashMap<>();
        exact.inputs()
                .forEach((name, array) -> inputs.put(
                        name, new Program.Port(array, graph.inputs().get(name).type())));
        return emitter.program(inputs, outputs, exact.states());
    }

    private static String label(Node node) {
        String op = node.op().getClass().getSimpleName();
        return node.scope().isEmpty() ? op + " " + node.output().label() : node.scope() + " " + op;
    }
}
