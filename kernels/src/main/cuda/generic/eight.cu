// COAT's kept activations: float32 to E4M3 bytes with bfloat16 scales and back. A scale stands for 16 neighbours or for a
// whole tensor, whose largest magnitude is sought by many blocks in two rounds. Memory-bound: packing groups reads 4 bytes a
// value and writes 1.125, a whole tensor is read twice, in 4 bytes a value or in bfloat16; unpacking reads what was written and
// writes 4.
#include "e4m3.cuh"
#include "either.cuh"
#include "largest.cuh"

constexpr int GROUP = 16;

struct EightParams {
    float* x;
    unsigned char* codes;
    __nv_bfloat16* scales;
    float* partial;  // whole tensors only: the largest of each piece
    int n, pieces;
    int whole;  // one scale in all
    const uint16_t* narrow;  // of a whole tensor: read in bfloat16 instead of x where it is not null
};

KERNEL(eight_groups, EightParams) {
    int i = GLOBAL_INDEX;
    if (i >= p.n / GROUP) return;
    const float4* from = reinterpret_cast<const float4*>(p.x) + i * 4;
    float4 v[4];
    float most = 0;
    for (int k = 0; k < 4; k++) {
        v[k] = from[k];
        most = larger(larger(larger(larger(most, v[k].x), v[k].y), v[k].z), v[k].w);
    }
    float scale = scale_of(most);
    reinterpret_cast<uint4*>(p.codes)[i] = make_uint4(
        encoded_over(v[0], scale), encoded_over(v[1], scale), encoded_over(v[2], scale), encoded_over(v[3], scale));
    p.scales[i] = __float2bfloat16(scale);
}

constexpr int EIGHT = 8;

struct EightValues {
    float v[EIGHT];
    __device__ __forceinline__ EightValues(const EightParams& p, int i) {
        take(p.x, p.narrow, (long long)i * EIGHT, v);
    }
};
__device__ __forceinline__ float single(const EightParams& p, int i) {
    return p.narrow ? one_of(p.narrow[i]) : p.x[i];
}

KERNEL_MEETING(eight_largest, EightParams, 256) {
    float most = 0;
    int step = p.pieces * 256, eights = p.n / EIGHT;
#pragma unroll 4
    for (int i = blockIdx.x * 256 + threadIdx.x; i < eights; i += step) {
        EightValues eight(p, i);
#pragma unroll
        for (int k = 0; k < EIGHT; k++) most = larger(most, eight.v[k]);
    }
    if (blockIdx.x == 0 && int(threadIdx.x) < p.n % EIGHT) most = larger(most, single(p, eights * EIGHT + threadIdx.x));
    most = largest_of_block<8>(most);
    if (threadIdx.x == 0) p.partial[blockIdx.x] = most;
}

// Divides by one number, rounded as a division is: a product with the reciprocal, set right by what it leaves (Markstein 1990).
struct Divider {
    float divisor, reciprocal;
    bool plain;  // where that would not do: an infinite divisor, or one whose significand is all ones
    __device__ __forceinline__ explicit Divider(float by)
        : divisor(by),
          reciprocal(1.f / by),
          plain(!(by < INFINITY) || (__float_as_int(by) & 0x7fffff) == 0x7fffff) {}
    __device__ __forceinline__ float operator()(float x) const {
        if (plain) return x / divisor;
        float q = x * reciprocal;
        return q == 0 ? q : fmaf(fmaf(-q, divisor, x), reciprocal, q);  // zeros keep their sign
    }
};

KERNEL_MEETING(eight_whole, EightParams, 256) {
    float most = 0;
    for (int i = threadIdx.x; i < p.pieces; i += 256) most = larger(most, p.partial[i]);
    float scale = scale_of(largest_of_block<8>(most));
    Divider over(scale);
    int i = blockIdx.x * 256 + threadIdx.x, step = gridDim.x * 256, eights = p.n / EIGHT;
    if (i == 0) p.scales[0] = __float2bfloat16(scale);
    if (i < p.n % EIGHT) p.codes[eights * EIGHT + i] = (unsigned char)encoded(over(single(p, eights * EIGHT + i)));
#pragma unroll 4
    for (; i < eights; i += step) {
        EightValues eight(p, i);
        float v[EIGHT];
#pragma unroll
        for (int k = 0; k < EIGHT; k++) v[k] = over(eight.v[k]);
        reinterpret_cast<uint2*>(p.codes)[i] = uint2{
            encoded_four(v[0], v[1], v[2], v[3]), encoded_four(v[4], v[5], v[6], v[7])};
    }
}

KERNEL(eight_unpack, EightParams) {
    int i = GLOBAL_INDEX;
    if (i < p.n % 4) {
        int last = p.n / 4 * 4 + i;
        p.x[last] = decoded(p.codes[last]) * __bfloat162float(p.scales[0]);
    }
    if (i >= p.n / 4) return;
    float scale = __bfloat162float(p.scales[p.whole ? 0 : i / (GROUP / 4)]);
    unsigned four = reinterpret_cast<const unsigned*>(p.codes)[i];
    reinterpret_cast<float4*>(p.x)[i] = make_float4(
        decoded(four & 255u) * scale, decoded(four >> 8 & 255u) * scale, decoded(four >> 16 & 255u) * scale,
        decoded(four >> 24) * scale);
}
