package sightline.kernels.graph;

import java.util.Arrays;
import java.util.List;
import sightline.kernels.graph.Elementwise.Arithmetic;
import sightline.kernels.graph.Elementwise.Function;
import sightline.kernels.graph.Elementwise.Relation;
import sightline.kernels.tensor.DType;

/** Element-wise operations, reductions and products. Operands broadcast; plain numbers take the other's type. */
public interface Arithmetics extends Writer {
    default Value unary(Function function, Value x) {
        return single(new Elementwise.Unary(function), x);
    }

    default Value binary(Elementwise.Arithmetic arithmetic, Value a, Value b) {
        return single(new Elementwise.Binary(arithmetic), a, b);
    }

    /** A scalar of the given type. */
    default Value scalar(double value, DType dtype) {
        return fill(value, dtype, Shape.SCALAR);
    }

    default Value fill(double value, DType dtype, Shape shape) {
        return single(new Source.Fill(value, new TensorType(dtype, shape)));
    }

    default Value add(Value a, Value b) {
        return binary(Arithmetic.ADD, a, b);
    }

    default Value add(Value a, double b) {
        return add(a, scalar(b, a.dtype()));
    }

    default Value sub(Value a, Value b) {
        return binary(Arithmetic.SUB, a, b);
    }

    default Value mul(Value a, Value b) {
        return binary(Arithmetic.MUL, a, b);
    }

    default Value mul(Value a, double b) {
        return mul(a, scalar(b, a.dtype()));
    }

    default Value div(Value a, Value b) {
        return binary(Arithmetic.DIV, a, b);
    }

    default Value pow(Value a, Value b) {
        return binary(Arithmetic.POW, a, b);
    }

    default Value pow(Value a, double b) {
        return pow(a, scalar(b, a.dtype()));
    }

    default Value max(Value a, Value b) {
        return binary(Arithmetic.MAX, a, b);
    }

    default Value min(Value a, Value b) {
        return binary(Arithmetic.MIN, a, b);
    }

    default Value neg(Value x) {
        return unary(Function.NEG, x);
    }

    default Value abs(Value x) {
        return unary(Function.ABS, x);
    }

    default Value square(Value x) {
        return unary(Function.SQUARE, x);
    }

    default Value sqrt(Value x) {
        return unary(Function.SQRT, x);
    }

    default Value reciprocal(Value x) {
        return unary(Function.RECIPROCAL, x);
    }

    default Value exp(Value x) {
        return unary(Function.EXP, x);
    }

    default Value log(Value x) {
        return unary(Function.LOG, x);
    }

    default Value sin(Value x) {
        return unary(Function.SIN, x);
    }

    default Value cos(Value x) {
        return unary(Function.COS, x);
    }

    default Value round(Value x) {
        return unary(Function.ROUND, x);
    }

    default Value sigmoid(Value x) {
        return unary(Function.SIGMOID, x);
    }

    default Value tanh(Value x) {
        return unary(Function.TANH, x);
    }

    default Value relu(Value x) {
        return unary(Function.RELU, x);
    }

    default Value relu6(Value x) {
        return unary(Function.RELU6, x);
    }

    default Value hardSwish(Value x) {
        return unary(Function.HARD_SWISH, x);
    }

    default Value silu(Value x) {
        return unary(Function.SILU, x);
    }

    default Value geluTanh(Value x) {
        return unary(Function.GELU_TANH, x);
    }

    default Value geluErf(Value x) {
        return unary(Function.GELU_ERF, x);
    }

    default Value clamp(Value x, double low, double high) {
        return single(new Elementwise.Clamp(low, high), x);
    }

    default Value cast(Value x, DType dtype) {
        return x.dtype() == dtype ? x : single(new Elementwise.Cast(dtype), x);
    }

    default Value compare(Relation relation, Value a, Value b) {
        return single(new Elementwise.Compare(relation), a, b);
    }

    default Value where(Value condition, Value yes, Value no) {
        return single(new Elementwise.Where(), condition, yes, no);
    }

    default Value reduce(Reduction.Kind kind, Value x, boolean keep, int... axes) {
        return single(new Reduction.Reduce(kind, Arrays.stream(axes).boxed().toList(), keep), x);
    }

    /** Sum over axes, which stay with length 1. */
    default Value sum(Value x, int... axes) {
        return reduce(Reduction.Kind.SUM, x, true, axes);
    }

    /** Mean over axes, which stay with length 1. */
    default Value mean(Value x, int... axes) {
        return reduce(Reduction.Kind.MEAN, x, true, axes);
    }

    /** Index of the largest element along an axis, which disappears. */
    default Value argMax(Value x, int axis) {
        return single(new Reduction.ArgReduce(Reduction.End.MAX, axis, false), x);
    }

    default Value argMin(Value x, int axis) {
        return single(new Reduction.ArgReduce(Reduction.End.MIN, axis, false), x);
    }

    default Value matmul(Value a, Value b) {
        return single(new Linear.MatMul(false, false), a, b);
    }

    default Value matmul(Value a, boolean transposeA, Value b, boolean transposeB) {
        return single(new Linear.MatMul(transposeA, transposeB), a, b);
    }

    default Value softmax(Value x, int axis) {
        return single(new Linear.Softmax(axis), x);
    }

    /** Softmax in which false positions of the mask get 0. */
    default Value softmax(Value x, Value mask, int axis) {
        return single(new Linear.Softmax(axis), x, mask);
    }

    /** {@link Attention.Softmax} to rows that the mask leaves. */
    default Value attention(Value q, Value kv, Value mask, int heads) {
        return single(new Attention.Softmax(heads), q, kv, mask);
    }

    /** {@link Attention.Relu} of q, k and v as one linear layer makes them. */
    default Value linearAttention(Value qkv, int heads, double epsilon) {
        return single(new Attention.Relu(heads, epsilon), qkv);
    }

    /** Values and indices of the largest elements. */
    default List<Value> topK(Value x, int axis, int count) {
        return apply(new Indexing.TopK(axis, count), List.of(x));
    }

    /** What is found in the maps. */
    default Value find(Finding op, List<Value> maps) {
        return apply(op, maps).getFirst();
    }

    default Value gather(Value data, Value indices, int axis) {
        return single(new Indexing.Gather(axis), data, indices);
    }

    /** Random numbers from {@code [key, offset]}. */
    default Value philox(Stateful.Distribution distribution, Shape shape, Value keyAndOffset) {
        return single(new Stateful.Philox(distribution, shape), keyAndOffset);
    }

    default Value readState(String name, DType dtype, Shape shape) {
        return single(new Stateful.ReadState(name, new TensorType(dtype, shape)));
    }

    default Value writeState(String name, Value value) {
        return single(new Stateful.WriteState(name), value);
    }
}
