package sightline.kernels.cuda;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sightline.kernels.cuda.single.CoatUpdates;
import sightline.kernels.grad.Gradients;
import sightline.kernels.graph.Graph;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.train.Arrays32;
import sightline.kernels.train.Betas;
import sightline.kernels.train.CoatAdamW;
import sightline.kernels.train.OptimizerState;
import sightline.kernels.train.Parameter;
import sightline.kernels.train.Parameters;
import sightline.kernels.train.TrainableNetwork;

/**
 * Training steps wholly on one device: parameters and COAT's moments (E4M3 in groups of 128, Xi et al. 2024) stay there, each
 * parameter is moved by its gradient as soon as that is made, and no gradient comes back. The arithmetic is that of {@link
 * sightline.kernels.train.CoatAdamW}.
 *
 * <p>Threading: one thread at a time. Ownership: outputs are the session's, valid until the next call. Failure: {@link
 * CudaFailure}; what was learned since the last {@link #read} and {@link #state} goes with a lost context.
 */
public final class CoatTrainer implements AutoCloseable {
    /** In the order of the kernel's CoatGroup. */
    private static final List<String> FIELDS = List.of("/scale", "/exponent", "/mean");

    private final CudaSession session;
    private final Betas betas;
    /** Values of each parameter, by name. */
    private final Map<String, Integer> sizes;

    private long steps;

    private CoatTrainer(CudaSession session, Betas betas, Parameters parameters) {
        this.session = session;
        this.betas = betas;
        this.sizes = parameters.list().stream()
                .collect(Collectors.toUnmodifiableMap(Parameter::name, p -> p.values().length));
    }

    /** Takes the device's memory and copies the parameters there. */
    public static CoatTrainer open(
            CudaDevice device, Storage storage, TrainableNetwork network, Parameters parameters, Betas betas) {
        Graph joint = network.joint();
        Set<String> decayed = parameters.list().stream()
                .filter(Parameter::decayed)
                .map(Parameter::name)
                .collect(Collectors.toUnmodifiableSet());
        CudaSession session = CudaSession.open(device, joint, Lowering.training(joint, storage, decayed));
        // A training run does not make room in its midst.
        session.rely();
        try {
            CoatTrainer trainer = new CoatTrainer(session, betas, parameters);
            session.setStates(parameters.list().stream()
                    .collect(Collectors.toMap(Parameter::name, p -> MemorySegment.ofArray(p.values()))));
            session.splitAt(Stream.concat(joint.inputs().keySet().stream(), Stream.of(CoatUpdates.SCHEDULE))
                    .filter(name -> name.startsWith(Gradients.COTANGENT) || name.equals(CoatUpdates.SCHEDULE))
                    .collect(Collectors.toUnmodifiableSet()));
            return trainer;
        } catch (RuntimeException failure) {
            session.close();
            throw failure;
        }
    }

    /** The tensor of an input, to be filled in place. */
    public Tensor input(String name) {
        return session.input(name);
    }

    /** The tensor through which the loss speaks of an output. */
    public Tensor cotangent(String output) {
        return input(Gradients.COTANGENT + output);
    }

    /** The outputs for the loss. */
    public Map<String, Tensor> forward() {
        return session.begin();
    }

    /** What the cotangents make of the parameters. */
    public void backward(double learningRate) {
        Betas.Step s = betas.at(++steps, learningRate);
        float[] told = {s.b1(), s.b2(), s.epsilon(), s.decay(), s.rate(), s.correction1(), s.rootCorrection2()};
        MemorySegment schedule = input(CoatUpdates.SCHEDULE).data();
        MemorySegment.copy(told, 0, schedule, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, told.length);
        session.finish();
    }

    /** Copies what was learned into these parameters. */
    public void read(Parameters parameters) {
        for (Parameter p : parameters.list()) {
            Tensor learned = session.state(p.name());
            if (learned.dtype() != DType.F32) {
                throw new IllegalStateException(p.name() + " is " + learned);
            }
            Arrays32.get(learned, p.values());
        }
    }

    /** The moments as {@link CoatAdamW#state} names them, copied; with {@link #read} all that a later life needs. */
    public OptimizerState state() {
        Map<String, float[]> floats = new HashMap<>();
        Map<String, byte[]> bytes = new HashMap<>();
        sizes.forEach((name, size) -> CoatUpdates.MOMENTS.forEach(moment -> {
            String state = moment + name;
            byte[] codes = new byte[size];
            MemorySegment.copy(session.state(state).data(), ValueLayout.JAVA_BYTE, 0, codes, 0, size);
            bytes.put(state, codes);
            float[] groups = Arrays32.get(session.state(state + CoatUpdates.GROUPS));
            for (int field = 0; field < FIELDS.size(); field++) {
                float[] values = new float[groups.length / CoatUpdates.GROUP_FLOATS];
                for (int group = 0; group < values.length; group++) {
                    values[group] = groups[group * CoatUpdates.GROUP_FLOATS + field];
                }
                floats.put(state + FIELDS.get(field), values);
            }
        }));
        return new OptimizerState(CoatAdamW.KIND, steps, floats, bytes);
    }

    /** Takes up a state of the same parameters, from here or from a {@link CoatAdamW}. */
    public void restore(OptimizerState state) {
        state.expect(CoatAdamW.KIND);
        Map<String, MemorySegment> contents = new HashMap<>();
        sizes.forEach((name, size) -> CoatUpdates.MOMENTS.forEach(moment -> {
            String from = moment + name;
            contents.put(from, MemorySegment.ofArray(Arrays.copyOf(state.bytes().get(from), (size + 3) / 4 * 4)));
            int count = state.floats().get(from + FIELDS.getFirst()).length;
            float[] groups = new float[count * CoatUpdates.GROUP_FLOATS];
            for (int field = 0; field < FIELDS.size(); field++) {
                float[] values = state.floats().get(from + FIELDS.get(field));
                for (int group = 0; group < count; group++) {
                    groups[group * CoatUpdates.GROUP_FLOATS + field] = values[group];
                }
            }
            contents.put(from + CoatUpdates.GROUPS, MemorySegment.ofArray(groups));
        }));
        session.setStates(contents);
        steps = state.steps();
    }

    /** Where a step's time goes. Takes some steps, so that what was learned is spoilt afterwards. */
    public NetworkProfile profile() {
        return NetworkProfile.measured(session, 1);
    }

    /** Bytes of device memory: parameters, moments, activations, everything. */
    public long deviceBytes() {
        return session.deviceBytes();
    }

    @Override
    public void close() {
        session.close();
    }
}
