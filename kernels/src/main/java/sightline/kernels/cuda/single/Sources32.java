package sightline.kernels.cuda.single;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import sightline.kernels.cuda.pattern.Weights32;
import sightline.kernels.cuda.program.Array32;
import sightline.kernels.cuda.program.Emitter;
import sightline.kernels.cuda.program.HostArrays;
import sightline.kernels.cuda.program.Slot;
import sightline.kernels.graph.Source;
import sightline.kernels.graph.TensorType;
import sightline.kernels.tensor.Tensor;

/** Inputs, parameters and literals. Parameters and literals become constants of the session. */
final class Sources32 {
    private final Emitter emitter;
    private final Elements32 elements;
    private final Weights32 weights;
    private final Map<String, Array32> inputs = new LinkedHashMap<>();

    Sources32(Emitter emitter, Elements32 elements, Weights32 weights) {
        this.emitter = emitter;
        this.elements = elements;
        this.weights = weights;
    }

    Map<String, Array32> inputs() {
        return inputs;
    }

    Array32 lower(Source source) {
        return switch (source) {
            case Source.Input input -> input(input);
            case Source.Parameter parameter -> constant(weights.tensor(parameter.name()), parameter.type());
            case Source.Constant constant -> constant(constant.value(), constant.type());
            case Source.Fill fill -> {
                boolean whole = HostArrays.whole(fill.type().dtype());
                int bits = whole ? (int) fill.value() : Float.floatToRawIntBits((float) fill.value());
                yield emitter.once(() -> elements.filled(bits, whole, shape(fill.type())));
            }
            case Source.Range range -> range(range);
        };
    }

    private Array32 input(Source.Input input) {
        int[] shape = shape(input.type());
        Slot slot = emitter.slot(Slot.Kind.INPUT, 4 * input.type().shape().elements());
        Array32 array = new Array32(slot, shape, HostArrays.whole(input.type().dtype()));
        inputs.put(input.name(), array);
        return array;
    }

    private Array32 constant(Tensor tensor, TensorType type) {
        MemorySegment bytes = tensor.data();
        if (tensor.dtype() != sightline.kernels.tensor.DType.F32) {
            bytes = Arena.ofAuto().allocate(4 * Math.max(1, tensor.size()), 64);
            HostArrays.store(tensor, bytes);
        }
        return new Array32(emitter.constant(bytes), shape(type), HostArrays.whole(type.dtype()));
    }

    private Array32 range(Source.Range range) {
        int length = Math.toIntExact(range.length().length());
        if (HostArrays.whole(range.dtype())) {
            int[] values = new int[length];
            java.util.Arrays.setAll(values, i -> i);
            return emitter.constant(values, length);
        }
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = i;
        }
        return emitter.constant(values, length);
    }

    private static int[] shape(TensorType type) {
        long[] lengths = type.shape().toArray();
        int[] shape = new int[lengths.length];
        java.util.Arrays.setAll(shape, i -> Math.toIntExact(lengths[i]));
        return shape;
    }
}
