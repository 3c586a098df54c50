// COAT's kept activations: float32 to E4M3 bytes with bfloat16 scales and back. A scale stands for 16 neighbours or for a
// whole tensor, whose largest magnitude is sought by many blocks in two rounds. Memory-bound: packing groups reads 4 bytes a
// value and writes 1.125, a whole tensor is read twice; unpacking reads what was written and writes 4.
#include "e4m3.cuh"

constexpr int GROUP = 16;

struct EightParams {
    float* x;
    unsigned char* codes;
    __nv_bfloat16* scales;
    float* partial;  // whole tensors only: the largest of each piece
    int n, pieces;
    int whole;  // one scale in all
};

// NaN stays NaN.
__device__ __forceinline__ float larger(float most, float x) {
    float a = fabsf(x);
    return most > a || most != most ? most : a;
}
__device__ __forceinline__ float scale_of(float largest) { return (largest + 1e-10f) * float(1. / 448.); }

__device__ __forceinline__ unsigned encoded4(const float4& v, float scale) {
    return encoded(v.x / scale) | encoded(v.y / scale) << 8 | encoded(v.z / scale) << 16 | encoded(v.w / scale) << 24;
}

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
        encoded4(v[0], scale), encoded4(v[1], scale), encoded4(v[2], scale), encoded4(v[3], scale));
    p.scales[i] = __float2bfloat16(scale);
}

// The largest of the block's values, told to its first thread.
__device__ __forceinline__ float largest_of_block(float most, float* scratch) {
    scratch[threadIdx.x] = most;
    for (int half = 128; half > 0; half /= 2) {
        __syncthreads();
        if (int(threadIdx.x) < half) scratch[threadIdx.x] = larger(scratch[threadIdx.x], scratch[threadIdx.x + half]);
    }
    __syncthreads();
    return scratch[0];
}

KERNEL_MEETING(eight_largest, EightParams, 256) {
    __shared__ float scratch[256];
    float most = 0;
    int step = p.pieces * 256;
    const float4* four = reinterpret_cast<const float4*>(p.x);
    for (int i = blockIdx.x * 256 + threadIdx.x; i < p.n / 4; i += step) {
        float4 v = four[i];
        most = larger(larger(larger(larger(most, v.x), v.y), v.z), v.w);
    }
    if (blockIdx.x == 0 && int(threadIdx.x) < p.n % 4) most = larger(most, p.x[p.n / 4 * 4 + threadIdx.x]);
    most = largest_of_block(most, scratch);
    if (threadIdx.x == 0) p.partial[blockIdx.x] = most;
}

KERNEL_MEETING(eight_whole, EightParams, 256) {
    __shared__ float scratch[256];
    float most = 0;
    for (int i = threadIdx.x; i < p.pieces; i += 256) most = larger(most, p.partial[i]);
    float scale = scale_of(largest_of_block(most, scratch));
    int i = blockIdx.x * 256 + threadIdx.x, step = gridDim.x * 256;
    if (i == 0) p.scales[0] = __float2bfloat16(scale);
    if (i < p.n % 4) {
        int last = p.n / 4 * 4 + i;
        p.codes[last] = (unsigned char)encoded(p.x[last] / scale);
    }
    for (; i < p.n / 4; i += step)
        reinterpret_cast<unsigned*>(p.codes)[i] = encoded4(reinterpret_cast<const float4*>(p.x)[i], scale);
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
