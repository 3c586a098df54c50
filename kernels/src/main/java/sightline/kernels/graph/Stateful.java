package sightline.kernels.graph;

import java.util.List;
import java.util.Map;
import sightline.kernels.tensor.DType;

/** Operations whose result depends on more than their inputs: session state, random numbers, other ranks. */
public sealed interface Stateful extends Op {

    /** What the random bits become. */
    enum Distribution {
        /** All 32 bits, as int32. */
        BITS,
        /** float32 in [0, 1), a multiple of 2^-24. */
        UNIFORM,
        /** float32, standard normal. */
        NORMAL
    }

    /** How ranks combine. */
    enum Combine {
        SUM,
        MEAN,
        MAX
    }

    /** The value of a named tensor of the session as it stood before this run; zeros at first. */
    record ReadState(String name, TensorType type) implements Stateful {
        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Infer.arity(this, inputs, 0, 0);
            return List.of(type);
        }

        @Override
        public Op bind(Map<String, Long> lengths) {
            return new ReadState(name, type.bind(lengths));
        }
    }

    /** Stores the input under a name when the run ends; passes it on. */
    record WriteState(String name) implements Stateful {
        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Infer.arity(this, inputs, 1, 1);
            return inputs;
        }
    }

    /**
     * Counter-based random numbers (Philox4x32-10). Input: int64 [2], key and offset; element i takes word {@code i mod 4}
     * of counter {@code offset + i div 4}. The same on every engine to the last bit, NORMAL included.
     */
    record Philox(Distribution distribution, Shape shape) implements Stateful {
        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Infer.arity(this, inputs, 1, 1);
            Infer.dtype(this, inputs.getFirst(), DType.I64);
            GraphException.require(
                    inputs.getFirst().shape().equals(Shape.of(2)), "%s takes [key, offset], not %s", this, inputs);
            return List.of(new TensorType(distribution == Distribution.BITS ? DType.I32 : DType.F32, shape));
        }

        @Override
        public Op bind(Map<String, Long> lengths) {
            return new Philox(distribution, shape.bind(lengths));
        }
    }

    /** Every rank's tensor, concatenated along an axis in the order of ranks. */
    record AllGather(int axis, int ranks) implements Stateful {
        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Infer.arity(this, inputs, 1, 1);
            Shape x = inputs.getFirst().shape();
            return List.of(inputs.getFirst().with(x.with(axis, x.dim(axis).times(ranks))));
        }
    }

    /** Every rank's tensor combined element by element, in the order of ranks. */
    record AllReduce(Combine combine, int ranks) implements Stateful {
        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Infer.arity(this, inputs, 1, 1);
            return inputs;
        }
    }

    /**
     * The tensor with {@code width} slices of the previous rank before it and of the next rank after it along an axis;
     * zeros beyond the first and last rank.
     */
    record Halo(int axis, int width, int ranks) implements Stateful {
        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Infer.arity(this, inputs, 1, 1);
            Shape x = inputs.getFirst().shape();
            return List.of(inputs.getFirst().with(x.with(axis, x.dim(axis).plus(2L * width))));
        }
    }
}
