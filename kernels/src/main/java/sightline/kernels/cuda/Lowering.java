package sightline.kernels.cuda;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import sightline.kernels.cuda.half.Chooser;
import sightline.kernels.cuda.half.HalfLowering;
import sightline.kernels.cuda.pattern.EightBits;
import sightline.kernels.cuda.pattern.TrainingFusion;
import sightline.kernels.cuda.pattern.Weights32;
import sightline.kernels.cuda.pattern.WrittenNorms;
import sightline.kernels.cuda.program.Array32;
import sightline.kernels.cuda.program.Emitter;
import sightline.kernels.cuda.program.Program;
import sightline.kernels.cuda.program.Slot;
import sightline.kernels.cuda.single.Attention16;
import sightline.kernels.cuda.single.CoatUpdates;
import sightline.kernels.cuda.single.Elements32;
import sightline.kernels.cuda.single.Lowering32;
import sightline.kernels.engine.EngineException;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.Node;
import sightline.kernels.graph.Source;
import sightline.kernels.graph.Value;
import sightline.kernels.lowering.Attentions;

/** Turns a bound graph and its weights into a program. Pure: no device is needed but by a chooser that has one. */
final class Lowering {
    private Lowering() {}

    /** @param chooser picks the kernels of layers in half precision */
    static Program program(Graph graph, Weights32 weights, Storage storage, Chooser chooser) {
        return program(graph, weights, storage, chooser, new Emitter(), null);
    }

    /** A training step that moves its parameters itself: see {@link CoatUpdates}. */
    static Program training(Graph joint, Storage storage, Set<String> decayed) {
        Emitter emitter = new Emitter();
        Weights32 none = name -> {
            throw new EngineException("There is no parameter " + name);
        };
        return program(joint, none, storage, Chooser.FIRST, emitter, new CoatUpdates(emitter, decayed));
    }

    private static Program program(
            Graph given, Weights32 weights, Storage storage, Chooser chooser, Emitter emitter, CoatUpdates updates) {
        Graph plain = Attentions.written(given, node -> storage != Storage.MIXED || !Attention16.takes(node));
        Graph graph = storage == Storage.FLOAT16 ? plain : WrittenNorms.of(plain);
        // Half-precision lowering has fusions of its own, and does not train.
        TrainingFusion fusion = storage == Storage.FLOAT16 ? TrainingFusion.none(graph) : TrainingFusion.of(graph);
        EightBits eight = storage == Storage.FLOAT16 ? EightBits.none(graph) : EightBits.of(graph);
        Lowering32 exact = new Lowering32(emitter, weights, fusion, eight, duty(storage), graph);
        HalfLowering fast =
                storage == Storage.FLOAT16 ? new HalfLowering(graph, emitter, exact, weights, chooser) : null;
        Map<Value, ?> uses = graph.uses();
        for (Node node : graph.nodes()) {
            boolean unused = node.op() instanceof Source.Parameter
                    && !uses.containsKey(node.output())
                    && !graph.outputs().containsValue(node.output());
            if (unused) {
                continue;
            }
            emitter.label(Emitter.layer(node));
            Array32 kept = updates == null ? null : updates.parameter(node);
            if (kept != null) {
                exact.define(node.output(), kept);
                continue;
            }
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
            if (updates != null && updates.takes(name, array)) {
                return;
            }
            array.slot().need();
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
        Map<String, Program.Port> states = new LinkedHashMap<>(exact.states());
        if (updates != null) {
            updates.finish(inputs, states);
        }
        return emitter.program(inputs, outputs, states);
    }

    private static Lowering32.Duty duty(Storage storage) {
        return switch (storage) {
            case FLOAT32 -> Lowering32.Duty.EXACT;
            case MIXED -> Lowering32.Duty.MIXED;
            case FLOAT16 -> Lowering32.Duty.BESIDE;
        };
    }
}
