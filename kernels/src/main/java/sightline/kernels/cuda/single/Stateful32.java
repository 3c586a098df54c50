package sightline.kernels.cuda.single;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sightline.kernels.cuda.program.Array32;
import sightline.kernels.cuda.program.Emitter;
import sightline.kernels.cuda.program.HostArrays;
import sightline.kernels.cuda.program.Params;
import sightline.kernels.cuda.program.Program;
import sightline.kernels.cuda.program.Slot;
import sightline.kernels.graph.Node;
import sightline.kernels.graph.Stateful;
import sightline.kernels.graph.TensorType;

/**
 * Session state and random numbers. A run reads the state as the last run left it: stores are emitted after everything
 * else. Collectives of one rank are copies; more ranks need more devices than one session has.
 */
final class Stateful32 {
    private record Store(Array32 value, Array32 state) {}

    private final Emitter emitter;
    private final Elements32 elements;
    private final Map<String, Program.Port> states = new LinkedHashMap<>();

    private record Pending(String name, Array32 value, TensorType type) {}

    private final List<Pending> stores = new ArrayList<>();

    Stateful32(Emitter emitter, Elements32 elements) {
        this.emitter = emitter;
        this.elements = elements;
    }

    Array32 lower(Stateful op, List<Array32> in, Node node) {
        int[] shape = Lowering32.shape(node.output());
        boolean whole = HostArrays.whole(node.output().dtype());
        return switch (op) {
            case Stateful.ReadState read -> state(read.name(), node.output().type(), shape);
            case Stateful.WriteState write -> {
                stores.add(
                        new Pending(write.name(), in.getFirst(), node.output().type()));
                yield in.getFirst();
            }
            case Stateful.Philox philox -> random(philox, in.getFirst(), shape, whole);
            case Stateful.AllGather gather -> alone(gather.ranks(), in.getFirst(), op);
            case Stateful.AllReduce reduce -> alone(reduce.ranks(), in.getFirst(), op);
            case Stateful.Halo halo -> {
                alone(halo.ranks(), in.getFirst(), op);
                int axis = node.output().shape().axis(halo.axis());
                Array32 out = emitter.array(whole, shape);
                Array32 x = in.getFirst();
                Array32 zeros = elements.filled(0, whole, shape);
                elements.copy(zeros, 0, zeros.strides(), out, 0, out.strides(), shape);
                int base = halo.width() * out.strides()[axis];
                elements.copy(x, 0, x.strides(), out, base, out.strides(), x.shape());
                yield out;
            }
        };
    }

    private static Array32 alone(int ranks, Array32 x, Stateful op) {
        if (ranks != 1) {
            throw new UnsupportedOperationException(op + " needs " + ranks + " ranks; a CUDA session is one device.");
        }
        return x;
    }

    Map<String, Program.Port> states() {
        return states;
    }

    private Array32 state(String name, TensorType type, int[] shape) {
        Program.Port known = states.get(name);
        if (known == null) {
            boolean whole = HostArrays.whole(type.dtype());
            Slot slot = emitter.slot(Slot.Kind.STATE, 4 * type.shape().elements());
            known = new Program.Port(new Array32(slot, shape, whole), type);
            states.put(name, known);
        }
        return known.array();
    }

    private Array32 random(Stateful.Philox op, Array32 seed, int[] shape, boolean whole) {
        Array32 out = emitter.array(whole, shape);
        Params params = new Params().slot(seed.slot()).slot(out.slot()).int32(out.size(), Codes.of(op.distribution()));
        emitter.each("random", "philox", (out.size() + 3) / 4, params, 10.0 * out.size(), 4.0 * out.size());
        return out;
    }

    void storeAll() {
        List<Store> ready = new ArrayList<>();
        for (Pending pending : stores) {
            Array32 value = pending.value;
            Array32 state = state(pending.name, pending.type, value.shape());
            // A value that is itself another state must be read before that one is overwritten.
            Array32 safe = value.slot().kind() == Slot.Kind.STATE
                    ? elements.rearranged(value, 0, value.strides(), value.shape())
                    : value;
            ready.add(new Store(safe, state));
        }
        for (Store store : ready) {
            elements.store(store.value, store.state);
        }
    }
}
