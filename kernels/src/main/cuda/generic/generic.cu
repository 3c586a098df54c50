// Operations that any graph may hold, over dense 4-byte elements (float32, or int32 for integers and truth values):
// elementwise by operation code, strided copies, reductions, gathers. All memory-bound: the floor is bytes read plus
// bytes written over the memory's bandwidth; one thread an element, neighbours on neighbours, reaches most of it when
// the innermost strides are 1.
#include "kernel.cuh"

struct UnaryParams {
    const void* in;
    void* out;
    int n, op;
    float a, b;
};

__device__ __forceinline__ float error_function(float x) { return erff(x); }
__device__ __forceinline__ float sigmoid(float x) { return 1.f / (1.f + expf(-x)); }
__device__ __forceinline__ float tanh_gelu(float x) {
    return 0.5f * x * (1.f + tanhf(0.7978845608f * (x + 0.044715f * x * x * x)));
}

enum Unary {
    COPY, NEGATE, ABS, EXP, LOG, SQRT, RSQRT, RECIPROCAL, SIN, COS, TANH, SIGMOID, RELU, RELU6, HARDSWISH, SILU,
    GELU_TANH, GELU_ERF, SOFTPLUS, ERF, FLOOR, CEIL, ROUND, SIGN, SQUARE, CLIP, SCALE_SHIFT, LEAKY_RELU, HARDSIGMOID,
    LOG1P, EXPM1, POWER, INT_TO_FLOAT, FLOAT_TO_INT, LOGICAL_NOT, TRUTH, INT_NEGATE, INT_ABS, INT_SCALE_SHIFT, INT_SIGN,
    ROUND_F16, ROUND_BF16
};

__device__ float unary_of(int op, float x, float a, float b) {
    switch (op) {
        case NEGATE: return -x;
        case ABS: return fabsf(x);
        case EXP: return expf(x);
        case LOG: return logf(x);
        case SQRT: return sqrtf(x);
        case RSQRT: return 1.f / sqrtf(x);
        case RECIPROCAL: return 1.f / x;
        case SIN: return sinf(x);
        case COS: return cosf(x);
        case TANH: return tanhf(x);
        case SIGMOID: return sigmoid(x);
        case RELU: return x > 0.f ? x : (x == x ? 0.f : x);
        case RELU6: return x == x ? fminf(fmaxf(x, 0.f), 6.f) : x;
        case HARDSWISH: return x * fminf(fmaxf(x / 6.f + 0.5f, 0.f), 1.f);
        case SILU: return x * sigmoid(x);
        case GELU_TANH: return tanh_gelu(x);
        case GELU_ERF: return 0.5f * x * (1.f + error_function(x * 0.7071067812f));
        case SOFTPLUS: return x > 20.f ? x : log1pf(expf(x));
        case ERF: return error_function(x);
        case FLOOR: return floorf(x);
        case CEIL: return ceilf(x);
        case ROUND: return rintf(x);
        case SIGN: return x > 0.f ? 1.f : x < 0.f ? -1.f : x;
        case SQUARE: return x * x;
        case CLIP: return x == x ? fminf(fmaxf(x, a), b) : x;
        case SCALE_SHIFT: return x * a + b;
        case LEAKY_RELU: return x > 0.f ? x : a * x;
        case HARDSIGMOID: return fminf(fmaxf(x / 6.f + 0.5f, 0.f), 1.f);
        case LOG1P: return log1pf(x);
        case EXPM1: return expm1f(x);
        case POWER: return powf(x, a);
        case ROUND_F16: return __half2float(__float2half_rn(x));
        case ROUND_BF16: return __bfloat162float(__float2bfloat16(x));
        default: return x;
    }
}

KERNEL(unary, UnaryParams) {
    int i = GLOBAL_INDEX;
    if (i >= p.n) return;
    const float* in = static_cast<const float*>(p.in);
    const int* bits = static_cast<const int*>(p.in);
    float* out = static_cast<float*>(p.out);
    int* whole = static_cast<int*>(p.out);
    switch (p.op) {
        case COPY: whole[i] = bits[i]; break;
        case INT_TO_FLOAT: out[i] = float(bits[i]); break;
        case FLOAT_TO_INT: whole[i] = int(in[i]); break;
        case LOGICAL_NOT: whole[i] = bits[i] == 0; break;
        case TRUTH: whole[i] = bits[i] != 0 && in[i] != 0.f ? 1 : 0; break;
        case INT_NEGATE: whole[i] = -bits[i]; break;
        case INT_ABS: whole[i] = bits[i] < 0 ? -bits[i] : bits[i]; break;
        case INT_SIGN: whole[i] = (bits[i] > 0) - (bits[i] < 0); break;
        case INT_SCALE_SHIFT: whole[i] = bits[i] * int(p.a) + int(p.b); break;
        default: out[i] = unary_of(p.op, in[i], p.a, p.b);
    }
}

struct BinaryParams {
    const void* a;
    const void* b;
    void* out;
    int n, op, dense;  // dense: both operands have the output's shape
    Walk shape;
    int strides[2][RANK];
};

enum Binary {
    ADD, SUBTRACT, MULTIPLY, DIVIDE, MAXIMUM, MINIMUM, POW, LESS, LESS_EQUAL, EQUAL, GREATER, GREATER_EQUAL, NOT_EQUAL,
    AND, OR, XOR, INT_ADD, INT_SUBTRACT, INT_MULTIPLY, INT_DIVIDE, INT_MAXIMUM, INT_MINIMUM, INT_LESS, INT_LESS_EQUAL,
    INT_EQUAL, INT_GREATER, INT_GREATER_EQUAL, INT_NOT_EQUAL, MODULO, INT_MODULO, UNARY_GRADIENT = 100
};

// d unary(x) / dx, for the operations that have one; b is the incoming gradient.
__device__ float unary_gradient(int op, float x) {
    switch (op) {
        case RELU: return x > 0.f ? 1.f : 0.f;
        case RELU6: return x > 0.f && x < 6.f ? 1.f : 0.f;
        case HARDSWISH: return x <= -3.f ? 0.f : x >= 3.f ? 1.f : x / 3.f + 0.5f;
        case HARDSIGMOID: return x > -3.f && x < 3.f ? 1.f / 6.f : 0.f;
        case SIGMOID: {
            float s = sigmoid(x);
            return s * (1.f - s);
        }
        case SILU: {
            float s = sigmoid(x);
            return s * (1.f + x * (1.f - s));
        }
        case TANH: {
            float t = tanhf(x);
            return 1.f - t * t;
        }
        case GELU_TANH: {
            float c = 0.7978845608f, u = c * (x + 0.044715f * x * x * x), t = tanhf(u);
            return 0.5f * (1.f + t) + 0.5f * x * (1.f - t * t) * c * (1.f + 3.f * 0.044715f * x * x);
        }
        case GELU_ERF:
            return 0.5f * (1.f + error_function(x * 0.7071067812f)) + x * 0.3989422804f * expf(-0.5f * x * x);
        case SOFTPLUS: return sigmoid(x);
        case ERF: return 1.1283791671f * expf(-x * x);
        default: return NAN;
    }
}

__device__ int binary_int(int op, int a, int b) {
    switch (op) {
        case AND: return a && b;
        case OR: return a || b;
        case XOR: return !a != !b;
        case INT_ADD: return a + b;
        case INT_SUBTRACT: return a - b;
        case INT_MULTIPLY: return a * b;
        case INT_DIVIDE: return b ? a / b : 0;
        case INT_MODULO: return b ? a % b : 0;
        case INT_MAXIMUM: return a > b ? a : b;
        case INT_MINIMUM: return a < b ? a : b;
        case INT_LESS: return a < b;
        case INT_LESS_EQUAL: return a <= b;
        case INT_EQUAL: return a == b;
        case INT_GREATER: return a > b;
        case INT_GREATER_EQUAL: return a >= b;
        default: return a != b;
    }
}

KERNEL(binary, BinaryParams) {
    int i = GLOBAL_INDEX;
    if (i >= p.n) return;
    int ia = i, ib = i;
    if (!p.dense) {
        Offsets<2> o = walk<2>(p.shape, p.strides, i);
        ia = o.at[0];
        ib = o.at[1];
    }
    int op = p.op;
    if (op >= AND && op <= INT_NOT_EQUAL || op == INT_MODULO) {
        static_cast<int*>(p.out)[i] = binary_int(op, static_cast<const int*>(p.a)[ia], static_cast<const int*>(p.b)[ib]);
        return;
    }
    float a = static_cast<const float*>(p.a)[ia], b = static_cast<const float*>(p.b)[ib];
    if (op >= LESS && op <= NOT_EQUAL) {
        static_cast<int*>(p.out)[i] = op == LESS ? a < b
            : op == LESS_EQUAL ? a <= b
            : op == EQUAL ? a == b
            : op == GREATER ? a > b
            : op == GREATER_EQUAL ? a >= b
            : a != b;
        return;
    }
    float r;
    switch (op) {
        case ADD: r = a + b; break;
        case SUBTRACT: r = a - b; break;
        case MULTIPLY: r = a * b; break;
        case DIVIDE: r = a / b; break;
        case MAXIMUM: r = a > b || a != a ? a : b; break;
        case MINIMUM: r = a < b || a != a ? a : b; break;
        case POW: r = powf(a, b); break;
        case MODULO: r = fmodf(a, b); break;
        default: r = b * unary_gradient(op - UNARY_GRADIENT, a);
    }
    static_cast<float*>(p.out)[i] = r;
}

struct SelectParams {
    const int* condition;
    const int* yes;
    const int* no;
    int* out;
    int n;
    Walk shape;
    int strides[3][RANK];
};
KERNEL(select, SelectParams) {
    int i = GLOBAL_INDEX;
    if (i >= p.n) return;
    Offsets<3> o = walk<3>(p.shape, p.strides, i);
    p.out[i] = p.condition[o.at[0]] ? p.yes[o.at[1]] : p.no[o.at[2]];
}

// out[outBase + walk] = in[inBase + walk]: transpose, slice, broadcast, concatenation, padding, each with its strides.
struct CopyParams {
    const int* in;
    int* out;
    int n, inBase, outBase;
    Walk shape;
    int strides[2][RANK];
};
KERNEL(strided_copy, CopyParams) {
    int i = GLOBAL_INDEX;
    if (i >= p.n) return;
    Offsets<2> o = walk<2>(p.shape, p.strides, i);
    p.out[p.outBase + o.at[1]] = p.in[p.inBase + o.at[0]];
}

struct FillParams {
    int* out;
    int n, bits;
};
KERNEL(fill, FillParams) {
    int i = GLOBAL_INDEX;
    if (i < p.n) p.out[i] = p.bits;
}

enum Reduction { SUM, MEAN, MAX, MIN, PRODUCT, SUM_OF_SQUARES, ARG_MAX, ARG_MIN, INT_SUM, INT_MAX, INT_MIN };

struct ReduceParams {
    const void* in;
    void* out;
    int outputs, count, op;
    Walk kept;
    int keptStrides[1][RANK];
    Walk reduced;
    int reducedStrides[1][RANK];
};

__device__ __forceinline__ float start_of(int op) {
    return op == MAX || op == ARG_MAX ? -INFINITY : op == MIN || op == ARG_MIN ? INFINITY : op == PRODUCT ? 1.f : 0.f;
}
__device__ __forceinline__ float joined(int op, float a, float b) {
    switch (op) {
        case MAX: return a > b || a != a ? a : b;
        case MIN: return a < b || a != a ? a : b;
        case PRODUCT: return a * b;
        default: return a + b;
    }
}

// One thread an output: for few elements a sum, or many outputs.
KERNEL(reduce_thread, ReduceParams) {
    int i = GLOBAL_INDEX;
    if (i >= p.outputs) return;
    int base = walk<1>(p.kept, p.keptStrides, i).at[0];
    if (p.op >= INT_SUM) {
        const int* in = static_cast<const int*>(p.in) + base;
        int total = p.op == INT_SUM ? 0 : in[0];
        for (int k = 0; k < p.count; k++) {
            int v = in[walk<1>(p.reduced, p.reducedStrides, k).at[0]];
            total = p.op == INT_SUM ? total + v : p.op == INT_MAX ? max(total, v) : min(total, v);
        }
        static_cast<int*>(p.out)[i] = total;
        return;
    }
    const float* in = static_cast<const float*>(p.in) + base;
    float total = start_of(p.op), lost = 0;
    int where = 0;
    for (int k = 0; k < p.count; k++) {
        float v = in[walk<1>(p.reduced, p.reducedStrides, k).at[0]];
        if (p.op == ARG_MAX || p.op == ARG_MIN) {
            if (k == 0 || (p.op == ARG_MAX ? v > total : v < total)) {
                total = v;
                where = k;
            }
        } else if (p.op == SUM || p.op == MEAN || p.op == SUM_OF_SQUARES) {
            // Compensated: a long sum by one thread loses no more than a tree would.
            float y = (p.op == SUM_OF_SQUARES ? v * v : v) - lost, t = total + y;
            lost = t - total - y;
            total = t;
        } else {
            total = joined(p.op, total, v);
        }
    }
    if (p.op == ARG_MAX || p.op == ARG_MIN)
        static_cast<int*>(p.out)[i] = where;
    else
        static_cast<float*>(p.out)[i] = p.op == MEAN ? total / p.count : total;
}

// One block an output: for long sums.
KERNEL_MEETING(reduce_block, ReduceParams, 256) {
    __shared__ float partial[256];
    int base = walk<1>(p.kept, p.keptStrides, blockIdx.x).at[0];
    const float* in = static_cast<const float*>(p.in) + base;
    float total = start_of(p.op);
    for (int k = threadIdx.x; k < p.count; k += blockDim.x) {
        float v = in[walk<1>(p.reduced, p.reducedStrides, k).at[0]];
        total = joined(p.op, total, p.op == SUM_OF_SQUARES ? v * v : v);
    }
    partial[threadIdx.x] = total;
    for (int half = 128; half > 0; half /= 2) {
        __syncthreads();
        if (int(threadIdx.x) < half) partial[threadIdx.x] = joined(p.op, partial[threadIdx.x], partial[threadIdx.x + half]);
    }
    if (threadIdx.x == 0)
        static_cast<float*>(p.out)[blockIdx.x] = p.op == MEAN ? partial[0] / p.count : partial[0];
}

// out[o, j, i] = data[o, index[j], i]; an index outside counts from the end when negative, else reads as zero.
struct GatherParams {
    const int* data;
    const int* index;
    int* out;
    int outer, axis, inner, picks;
};
KERNEL(gather, GatherParams) {
    int i = GLOBAL_INDEX;
    if (i >= p.outer * p.picks * p.inner) return;
    int inner = i % p.inner, pick = i / p.inner % p.picks, outer = i / p.inner / p.picks;
    int at = p.index[pick];
    at = at < 0 ? at + p.axis : at;
    p.out[i] = unsigned(at) < unsigned(p.axis) ? p.data[(outer * p.axis + at) * p.inner + inner] : 0;
}

// The gradient of gather: each element of the axis sums the picks that chose it, in order, so it is repeatable.
KERNEL(gather_gradient, GatherParams) {
    int i = GLOBAL_INDEX;
    if (i >= p.outer * p.axis * p.inner) return;
    int inner = i % p.inner, at = i / p.inner % p.axis, outer = i / p.inner / p.axis;
    const float* dy = reinterpret_cast<const float*>(p.data);
    float sum = 0;
    for (int pick = 0; pick < p.picks; pick++) {
        int chosen = p.index[pick];
        if ((chosen < 0 ? chosen + p.axis : chosen) == at) sum += dy[(outer * p.picks + pick) * p.inner + inner];
    }
    reinterpret_cast<float*>(p.out)[i] = sum;
}
