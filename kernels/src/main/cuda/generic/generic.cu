// Elementwise operations by code, strided copies and fills, over dense 4-byte elements: float32 for reals, int32 for
// integers and truth values. All memory-bound: the floor is bytes read plus bytes written over the memory's bandwidth.
#include "elementwise.cuh"

struct UnaryParams {
    const void* in;
    void* out;
    int n, op;
    float a, b;            // CLAMP: low, high; NARROW: the largest finite value, and 1 where beyond it saturates
    int mantissa, lowest;  // NARROW: stored mantissa bits, exponent of the smallest normal
};

// The nearest value that a narrower format can hold, ties to even, subnormals included.
__device__ __forceinline__ float narrowed(float x, int mantissa, int lowest, float largest, bool saturates) {
    if (x != x || fabsf(x) == INFINITY) return saturates && x == x ? copysignf(largest, x) : x;
    int exponent;
    frexpf(x, &exponent);
    int step = max(exponent - 1, lowest) - mantissa;
    float scaled = ldexpf(x, -step);
    float rounded = ldexpf(rintf(scaled), step);
    if (fabsf(rounded) > largest) return copysignf(saturates ? largest : INFINITY, x);
    return rounded;
}

__device__ float unary_of(const UnaryParams& p, float x) {
    switch (p.op) {
        case Unary::CLAMP: return limited(x, p.a, p.b);
        case Unary::NARROW: return narrowed(x, p.mantissa, p.lowest, p.a, p.b != 0.f);
        default: return function_of(p.op, x);
    }
}

KERNEL(unary, UnaryParams) {
    int i = GLOBAL_INDEX;
    if (i >= p.n) return;
    const float* in = static_cast<const float*>(p.in);
    float* out = static_cast<float*>(p.out);
    int* whole = static_cast<int*>(p.out);
    int x = static_cast<const int*>(p.in)[i];
    switch (p.op) {
        case Unary::NOT: whole[i] = x == 0; break;
        case Unary::TO_FLOAT: out[i] = float(x); break;
        case Unary::TO_WHOLE: whole[i] = int(in[i]); break;
        case Unary::TO_TRUTH: whole[i] = x != 0; break;
        case Unary::FLOAT_TO_TRUTH: whole[i] = in[i] != 0.f; break;
        case Unary::WHOLE_NEG: whole[i] = -x; break;
        case Unary::WHOLE_ABS: whole[i] = x < 0 ? -x : x; break;
        case Unary::WHOLE_SIGN: whole[i] = (x > 0) - (x < 0); break;
        case Unary::WHOLE_SQUARE: whole[i] = x * x; break;
        case Unary::WHOLE_RELU: whole[i] = max(x, 0); break;
        case Unary::WRAP_I8: whole[i] = (signed char)x; break;
        case Unary::WRAP_U8: whole[i] = x & 255; break;
        case Unary::WHOLE_CLAMP: {
            double within = fmin(fmax(double(x), double(p.a)), double(p.b));
            whole[i] = int(within);
            break;
        }
        default: out[i] = unary_of(p, in[i]);
    }
}

// Four at a time, floats alone.
KERNEL(unary4, UnaryParams) {
    int i = GLOBAL_INDEX;
    if (i >= p.n / 4) return;
    float4 x = static_cast<const float4*>(p.in)[i];
    static_cast<float4*>(p.out)[i] =
        make_float4(unary_of(p, x.x), unary_of(p, x.y), unary_of(p, x.z), unary_of(p, x.w));
}

struct BinaryParams {
    const void* a;
    const void* b;
    void* out;
    int n, op, dense;  // dense: both operands have the output's shape
    Walk shape;
    int strides[2][RANK];
};

__device__ __forceinline__ int power_of(int base, int exponent) {
    int result = 1;
    for (int i = 0; i < exponent; i++) result *= base;
    return exponent < 0 ? (base == 1 ? 1 : base == -1 ? (exponent & 1 ? -1 : 1) : 0) : result;
}
template <typename T>
__device__ __forceinline__ int related(int op, T a, T b) {
    switch (op) {
        case Binary::EQ: return a == b;
        case Binary::NE: return a != b;
        case Binary::LT: return a < b;
        case Binary::LE: return a <= b;
        case Binary::GT: return a > b;
        default: return a >= b;
    }
}
__device__ int binary_whole(int op, int a, int b) {
    switch (op) {
        case Binary::ADD: return a + b;
        case Binary::SUB: return a - b;
        case Binary::MUL: return a * b;
        case Binary::DIV: return b ? a / b : 0;
        case Binary::POW: return power_of(a, b);
        case Binary::MAX: return max(a, b);
        case Binary::MIN: return min(a, b);
        case Binary::AND: return a && b;
        case Binary::OR: return a || b;
        case Binary::XOR: return !a != !b;
        default: return related(op, a, b);
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
    if (p.op >= Binary::WHOLE) {
        static_cast<int*>(p.out)[i] =
            binary_whole(p.op - Binary::WHOLE, static_cast<const int*>(p.a)[ia], static_cast<const int*>(p.b)[ib]);
        return;
    }
    float a = static_cast<const float*>(p.a)[ia], b = static_cast<const float*>(p.b)[ib];
    if (p.op >= Binary::EQ)
        static_cast<int*>(p.out)[i] = related(p.op, a, b);
    else
        static_cast<float*>(p.out)[i] = binary_of(p.op, a, b);
}

__device__ __forceinline__ float4 four_at(const void* from, int at, int stride) {
    const float* x = static_cast<const float*>(from) + at;
    return stride ? *reinterpret_cast<const float4*>(x) : make_float4(*x, *x, *x, *x);
}

// Four neighbours at a time, float arithmetic alone: along the last axis, a multiple of four long, each operand runs or stays.
KERNEL(binary4, BinaryParams) {
    int i = GLOBAL_INDEX * 4;
    if (i >= p.n) return;
    int ia = i, ib = i, last = p.shape.rank - 1;
    if (!p.dense) {
        Offsets<2> o = walk<2>(p.shape, p.strides, i);
        ia = o.at[0];
        ib = o.at[1];
    }
    float4 a = four_at(p.a, ia, p.strides[0][last]), b = four_at(p.b, ib, p.strides[1][last]);
    static_cast<float4*>(p.out)[i / 4] = make_float4(
        binary_of(p.op, a.x, b.x), binary_of(p.op, a.y, b.y), binary_of(p.op, a.z, b.z), binary_of(p.op, a.w, b.w));
}

struct ChoiceParams {
    const int* condition;
    const int* yes;
    const int* no;
    int* out;
    int n;
    Walk shape;
    int strides[3][RANK];
};
KERNEL(choice, ChoiceParams) {
    int i = GLOBAL_INDEX;
    if (i >= p.n) return;
    Offsets<3> o = walk<3>(p.shape, p.strides, i);
    p.out[i] = p.condition[o.at[0]] ? p.yes[o.at[1]] : p.no[o.at[2]];
}

// out[outBase + walk] = in[inBase + walk]: transpose, slice, broadcast, concatenation, pixel shuffle by their strides.
struct CopyParams {
    const int* in;
    int* out;
    const int* unless;  // may be null; where it points to a 1, the run has failed and nothing is stored
    int n, inBase, outBase;
    Walk shape;
    int strides[2][RANK];
};
KERNEL(strided_copy, CopyParams) {
    int i = GLOBAL_INDEX;
    if (i >= p.n) return;
    if (p.unless && *p.unless) return;
    Offsets<2> o = walk<2>(p.shape, p.strides, i);
    p.out[p.outBase + o.at[1]] = p.in[p.inBase + o.at[0]];
}

// Four neighbours at a time, where they are neighbours in both.
KERNEL(strided_copy4, CopyParams) {
    int i = GLOBAL_INDEX * 4;
    if (i >= p.n) return;
    if (p.unless && *p.unless) return;
    Offsets<2> o = walk<2>(p.shape, p.strides, i);
    *reinterpret_cast<uint4*>(p.out + p.outBase + o.at[1]) = *reinterpret_cast<const uint4*>(p.in + p.inBase + o.at[0]);
}

// Two axes change places: `rows` are neighbours in `in`, `columns` in `out`; the walk is over what is left.
struct TurnParams {
    const int* in;
    int* out;
    int inBase, outBase, rows, columns, inColumn, outRow;  // elements from a column of in, a row of out, to the next
    Walk shape;
    int strides[2][RANK];
};
KERNEL_MEETING(turned_copy, TurnParams, 256) {
    __shared__ int tile[32][33];
    Offsets<2> o = walk<2>(p.shape, p.strides, blockIdx.z);
    const int* in = p.in + p.inBase + o.at[0];
    int* out = p.out + p.outBase + o.at[1];
    int lane = threadIdx.x % 32, line = threadIdx.x / 32, column0 = blockIdx.x * 32, row0 = blockIdx.y * 32;
    for (int i = line; i < 32; i += 8)
        if (column0 + i < p.columns && row0 + lane < p.rows) tile[i][lane] = in[(column0 + i) * p.inColumn + row0 + lane];
    __syncthreads();
    for (int i = line; i < 32; i += 8)
        if (row0 + i < p.rows && column0 + lane < p.columns) out[(row0 + i) * p.outRow + column0 + lane] = tile[lane][i];
}

struct FillParams {
    int* out;
    int n, bits;
};
KERNEL(fill, FillParams) {
    int i = GLOBAL_INDEX;
    if (i < p.n) p.out[i] = p.bits;
}

// Edge: 0 a constant, 1 the nearest element, 2 mirrored about the edge element.
struct PadParams {
    const int* in;
    int* out;
    int n, bits, edge;
    Walk shape;  // of the output
    int before[RANK], extent[RANK], stride[RANK];
};
KERNEL(pad, PadParams) {
    int i = GLOBAL_INDEX;
    if (i >= p.n) return;
    int rest = i, at = 0;
    bool outside = false;
    for (int d = p.shape.rank - 1; d >= 0; d--) {
        int quotient = rest / p.shape.size[d], x = rest - quotient * p.shape.size[d] - p.before[d];
        rest = quotient;
        int last = p.extent[d] - 1;
        if (p.edge == 0) outside |= x < 0 || x > last;
        if (p.edge == 1) x = min(max(x, 0), last);
        if (p.edge == 2) x = x < 0 ? -x : x > last ? 2 * last - x : x;
        at += x * p.stride[d];
    }
    p.out[i] = outside ? p.bits : p.in[at];
}
