package sightline.kernels.cuda.single;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import sightline.kernels.cuda.program.Array32;
import sightline.kernels.cuda.program.Emitter;
import sightline.kernels.cuda.program.Launch.Grid;
import sightline.kernels.cuda.program.Params;
import sightline.kernels.cuda.program.Program;
import sightline.kernels.cuda.program.Slot;
import sightline.kernels.cuda.program.Step;
import sightline.kernels.grad.Gradients;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.Node;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Source;
import sightline.kernels.graph.TensorType;
import sightline.kernels.tensor.DType;
import sightline.kernels.train.CoatAdamW;
import sightline.kernels.train.TrainableNetwork;

/**
 * COAT's optimiser as part of a training graph: parameters and their moments stay on the device, and each parameter is
 * moved as soon as its gradient is there and nothing reads it any more, so that gradients live no longer than they must.
 */
public final class CoatUpdates {
    /** The input that says what changes from step to step: the fields of the kernel's CoatStep, then nothing. */
    public static final String SCHEDULE = "optimizer/step";

    static final int SCHEDULE_LENGTH = 8;

    private static final String GRADIENT = Gradients.GRADIENT + TrainableNetwork.PARAMETER;
    /** A scale, an exponent and a mean. */
    public static final int GROUP_FLOATS = 3;

    /** The two moments, as states are named: codes four a word under these names, groups behind {@link #GROUPS}. */
    public static final List<String> MOMENTS = List.of("m/", "v/");

    /** Behind the name of a moment: the name of its groups. */
    public static final String GROUPS = "/groups";

    /** As many parameters as a launch can be told of. */
    private static final int TOGETHER = 13;

    /** Eight-byte words of one of the kernel's CoatParams. */
    private static final int PARAMS_LONGS = 9;

    private static final int BLOCK = 128;
    /** Threads that share a group. */
    private static final int LANES = 8;

    private final Emitter emitter;
    private final Set<String> decayed;
    private final Map<String, Program.Port> parameters = new LinkedHashMap<>();
    private final Map<String, Program.Port> moments = new LinkedHashMap<>();
    private final List<Update> updates = new ArrayList<>();
    private Program.Port schedule;

    /**
     * @param decayed names of the parameters that weight decay applies to
     */
    public CoatUpdates(Emitter emitter, Set<String> decayed) {
        this.emitter = emitter;
        this.decayed = decayed;
    }

    /** The parameter that an input of the graph stands for, or null. */
    public Array32 parameter(Node node) {
        if (!(node.op() instanceof Source.Input input) || !input.name().startsWith(TrainableNetwork.PARAMETER)) {
            return null;
        }
        Slot slot = emitter.slot(Slot.Kind.STATE, 4 * input.type().shape().elements());
        Array32 array = new Array32(slot, Lowering32.shape(node.output()), false);
        emitter.updates(slot);
        String name = input.name().substring(TrainableNetwork.PARAMETER.length());
        parameters.put(name, new Program.Port(array, input.type()));
        return array;
    }

    /** Whether an output is a gradient that is used up here. */
    public boolean takes(String output, Array32 gradient) {
        if (!output.startsWith(GRADIENT)) {
            return false;
        }
        String name = output.substring(GRADIENT.length());
        Array32 weights = parameters.get(name).array();
        int groups = groups(weights.size());
        List<Slot> moments = new ArrayList<>();
        MOMENTS.forEach(moment -> moments.add(kept(moment + name, DType.I32, (weights.size() + 3) / 4)));
        MOMENTS.forEach(moment -> moments.add(kept(moment + name + GROUPS, DType.F32, GROUP_FLOATS * groups)));
        Slot rounded = emitter.rounded(weights.slot());
        updates.add(new Update(name, weights, gradient.slot(), moments, rounded, decayed.contains(name)));
        return true;
    }

    /** What moves one parameter: a CoatParams of the kernel. */
    private record Update(
            String name, Array32 weights, Slot gradient, List<Slot> moments, Slot rounded, boolean decays) {
        void tell(Params params, Slot schedule) {
            params.slot(weights.slot()).slot(gradient);
            moments.forEach(params::slot);
            params.slot(schedule).slot(rounded).int32(weights.size(), decays ? 1 : 0);
        }

        int groups() {
            return CoatUpdates.groups(weights.size());
        }

        double bytes() {
            return (rounded == null ? 16.0 : 18.0) * weights.size() + 4.0 * groups() * GROUP_FLOATS * Float.BYTES;
        }
    }

    private static int groups(int values) {
        return (values + CoatAdamW.GROUP - 1) / CoatAdamW.GROUP;
    }

    /** One launch for neighbours, whose gradients wait for the last of them: small ones are over before a launch of their own. */
    private Step step(List<Update> some) {
        Params params = new Params();
        int[] blocks = new int[TOGETHER];
        int all = 0;
        for (int i = 0; i < some.size(); i++) {
            some.get(i).tell(params, schedule().array().slot());
            all += Grid.covering((long) some.get(i).groups() * LANES, BLOCK).x();
            blocks[i] = all;
        }
        params.int64Array(new long[0], PARAMS_LONGS * (TOGETHER - some.size()))
                .int32Array(blocks, TOGETHER)
                .int32(some.size());
        double bytes = some.stream().mapToDouble(Update::bytes).sum();
        double flops = 30.0 * some.stream().mapToLong(u -> u.weights.size()).sum();
        String label =
                "update " + some.getFirst().name + (some.size() == 1 ? "" : " and " + (some.size() - 1) + " more");
        return new Step("coat", "coat_adamw", Grid.of(all), BLOCK, 0, params, label, flops, bytes);
    }

    private List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        for (int from = 0; from < updates.size(); from += TOGETHER) {
            steps.add(step(updates.subList(from, Math.min(updates.size(), from + TOGETHER))));
        }
        return steps;
    }

    private Slot kept(String state, DType dtype, int length) {
        Slot slot = emitter.slot(Slot.Kind.STATE, 4L * length);
        Array32 array = new Array32(slot, new int[] {length}, dtype == DType.I32);
        moments.put(state, new Program.Port(array, new TensorType(dtype, Shape.of(length))));
        return slot;
    }

    private Program.Port schedule() {
        if (schedule == null) {
            TensorType type = new TensorType(DType.F32, Shape.of(SCHEDULE_LENGTH));
            Slot slot = emitter.slot(Slot.Kind.INPUT, 4L * SCHEDULE_LENGTH);
            schedule = new Program.Port(new Array32(slot, new int[] {SCHEDULE_LENGTH}, false), type);
        }
        return schedule;
    }

    /** Puts the updates in their places; tells of the input and the states that they need. */
    public void finish(Map<String, Program.Port> inputs, Map<String, Program.Port> states) {
        emitter.addBehindLastUses(steps());
        inputs.put(SCHEDULE, schedule());
        states.putAll(parameters);
        states.putAll(moments);
    }

    /** Names of those parameters of a joint graph that have more than one axis, which decay applies to. */
    public static Set<String> matrices(Graph joint) {
        return joint.inputs().entrySet().stream()
                .filter(e -> e.getKey().startsWith(TrainableNetwork.PARAMETER)
                        && e.getValue().shape().rank() > 1)
                .map(e -> e.getKey().substring(TrainableNetwork.PARAMETER.length()))
                .collect(Collectors.toUnmodifiableSet());
    }
}
