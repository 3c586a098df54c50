package sightline.kernels.graph;

import java.util.List;
import sightline.kernels.tensor.DType;

/** Operations on one element at a time, with broadcasting where there are several inputs. */
public sealed interface Elementwise extends Op {

    /** Functions of one number. */
    enum Function {
        NEG,
        ABS,
        SIGN,
        SQUARE,
        SQRT,
        RECIPROCAL,
        EXP,
        LOG,
        SIN,
        COS,
        ERF,
        FLOOR,
        CEIL,
        /** To the nearest integer, ties to the even one. */
        ROUND,
        SIGMOID,
        TANH,
        SOFTPLUS,
        RELU,
        RELU6,
        /** {@code min(max(x + 3, 0), 6) / 6}. */
        HARD_SIGMOID,
        /** {@code x · hardSigmoid(x)}. */
        HARD_SWISH,
        SILU,
        /** {@code x/2 (1 + tanh(√(2/π)(x + 0.044715 x³)))}. */
        GELU_TANH,
        /** {@code x Φ(x)}. */
        GELU_ERF
    }

    /** Functions of two numbers of one type. */
    enum Arithmetic {
        ADD,
        SUB,
        MUL,
        /** Integers truncate towards zero. */
        DIV,
        POW,
        MAX,
        MIN
    }

    /** Comparisons; the result is BOOL. */
    enum Relation {
        EQ,
        NE,
        LT,
        LE,
        GT,
        GE
    }

    /** Functions of truth values. */
    enum Logic {
        AND,
        OR,
        XOR
    }

    record Unary(Function function) implements Elementwise {
        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Infer.arity(this, inputs, 1, 1);
            TensorType x = inputs.getFirst();
            switch (function) {
                case NEG, ABS, SIGN, SQUARE, RELU ->
                    GraphException.require(x.dtype() != DType.BOOL, "%s needs numbers, not %s", this, x);
                default -> Infer.real(this, x);
            }
            return List.of(x);
        }
    }

    record Binary(Arithmetic arithmetic) implements Elementwise {
        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            TensorType type = broadcast(this, inputs);
            GraphException.require(type.dtype() != DType.BOOL, "%s needs numbers, not %s", this, type);
            return List.of(type);
        }
    }

    record Compare(Relation relation) implements Elementwise {
        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            return List.of(broadcast(this, inputs).with(DType.BOOL));
        }
    }

    record Logical(Logic logic) implements Elementwise {
        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            TensorType type = broadcast(this, inputs);
            Infer.dtype(this, type, DType.BOOL);
            return List.of(type);
        }
    }

    /** Truth negated. */
    record Not() implements Elementwise {
        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Infer.arity(this, inputs, 1, 1);
            Infer.dtype(this, inputs.getFirst(), DType.BOOL);
            return inputs;
        }
    }

    /** Limited to {@code low..high}; either may be infinite. */
    record Clamp(double low, double high) implements Elementwise {
        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Infer.arity(this, inputs, 1, 1);
            return inputs;
        }
    }

    /** Another element type: floats to integers truncate, to narrower floats round to even (8-bit ones saturate). */
    record Cast(DType dtype) implements Elementwise {
        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Infer.arity(this, inputs, 1, 1);
            return List.of(inputs.getFirst().with(dtype));
        }
    }

    /** Inputs: BOOL condition, value where true, value where false. */
    record Where() implements Elementwise {
        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Infer.arity(this, inputs, 3, 3);
            Infer.dtype(this, inputs.get(0), DType.BOOL);
            TensorType values = broadcast(this, inputs.subList(1, 3));
            return List.of(values.with(Shape.broadcast(inputs.get(0).shape(), values.shape())));
        }
    }

    private static TensorType broadcast(Op op, List<TensorType> inputs) {
        Infer.arity(op, inputs, 2, 2);
        Infer.same(op, inputs.get(0), inputs.get(1));
        return inputs.get(0)
                .with(Shape.broadcast(inputs.get(0).shape(), inputs.get(1).shape()));
    }
}
