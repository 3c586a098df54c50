package sightline.kernels.reference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sightline.kernels.engine.Communicator;
import sightline.kernels.engine.EngineException;
import sightline.kernels.graph.Layout;
import sightline.kernels.graph.Stateful;
import sightline.kernels.graph.TensorType;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;

/** State, random numbers and collectives of one session. */
final class Statefuls {
    private final Communicator communicator;
    private final Map<String, Array> state = new HashMap<>();
    private final Map<String, Array> pending = new HashMap<>();

    Statefuls(Communicator communicator) {
        this.communicator = communicator;
    }

    Array state(String name) {
        return state.get(name);
    }

    /** Writes take effect together, when a run has succeeded. */
    void commit() {
        state.putAll(pending);
        pending.clear();
    }

    void abandon() {
        pending.clear();
    }

    void reset() {
        state.clear();
    }

    Array run(Stateful op, List<Array> in, TensorType type) {
        return switch (op) {
            case Stateful.ReadState readState ->
                state.computeIfAbsent(readState.name(), n -> Array.zeros(readState.type()));
            case Stateful.WriteState writeState -> {
                pending.put(writeState.name(), in.getFirst());
                yield in.getFirst();
            }
            case Stateful.Philox philox -> random(philox.distribution(), in.getFirst().wholes, Array.zeros(type));
            case Stateful.AllGather allGather ->
                concat(gather(in.getFirst(), allGather.ranks()), in.getFirst().axis(allGather.axis()), type);
            case Stateful.AllReduce allReduce ->
                reduce(allReduce.combine(), gather(in.getFirst(), allReduce.ranks()), Array.zeros(type));
            case Stateful.Halo halo ->
                halo(gather(in.getFirst(), halo.ranks()), in.getFirst().axis(halo.axis()), halo.width(), type);
        };
    }

    private static Array random(Stateful.Distribution distribution, long[] seed, Array out) {
        int[] words = {};
        for (int i = 0; i < out.size; i++) {
            int lane = i & 3;
            words = lane == 0 ? Philox.block(seed[0], seed[1] + i / 4) : words;
            switch (distribution) {
                case BITS -> out.wholes[i] = words[lane];
                case UNIFORM -> out.reals[i] = Philox.uniform(words[lane]);
                case NORMAL -> out.reals[i] = Philox.normal(words[lane & 2], words[lane | 1], (lane & 1) == 1);
            }
        }
        return out;
    }

    private List<Array> gather(Array own, int ranks) {
        if (communicator.size() != ranks) {
            throw new EngineException("The graph is for " + ranks + " ranks, the session has " + communicator.size());
        }
        long[] shape = Arrays.stream(own.shape).asLongStream().toArray();
        Tensor sent = Tensor.allocate(own.dtype.isReal() ? DType.F64 : own.dtype, shape);
        own.copyTo(sent);
        List<Array> all = new ArrayList<>();
        communicator
                .allGather(sent)
                .forEach(tensor -> all.add(Array.copyOf(tensor).as(own.dtype)));
        return all;
    }

    private static Array concat(List<Array> parts, int axis, TensorType type) {
        return Layouts.run(new Layout.Concat(axis), parts, Array.zeros(type));
    }

    private static Array reduce(Stateful.Combine combine, List<Array> all, Array out) {
        for (int i = 0; i < out.size; i++) {
            double result = all.getFirst().reals[i];
            for (Array other : all.subList(1, all.size())) {
                result = combine == Stateful.Combine.MAX ? Math.max(result, other.reals[i]) : result + other.reals[i];
            }
            out.reals[i] = combine == Stateful.Combine.MEAN ? result / all.size() : result;
        }
        return out;
    }

    private Array halo(List<Array> all, int axis, int width, TensorType type) {
        int rank = communicator.rank();
        Array own = all.get(rank);
        int[] edge = own.shape.clone();
        edge[axis] = width;
        Array before = rank == 0
                ? Array.zeros(own.dtype, edge)
                : slice(all.get(rank - 1), axis, own.shape[axis] - width, edge);
        Array after = rank == all.size() - 1 ? Array.zeros(own.dtype, edge) : slice(all.get(rank + 1), axis, 0, edge);
        return concat(List.of(before, own, after), axis, type);
    }

    private static Array slice(Array x, int axis, int start, int[] shape) {
        int[] strides = Strides.of(x.shape);
        return x.take(Strides.offsets(shape, strides, start * strides[axis]), 0, shape);
    }
}
