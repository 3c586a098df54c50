// The largest magnitude of some values, of which a scale is made.
#pragma once
#include "tensor_core.cuh"

// NaN stays NaN.
__device__ __forceinline__ float larger(float most, float x) {
    float a = fabsf(x);
    return most > a || most != most ? most : a;
}
// That of a block of so many warps, told to each thread.
template <int WARPS_MEETING>
__device__ __forceinline__ float largest_of_block(float most) {
    __shared__ float scratch[WARPS_MEETING];
    for (int mask = 16; mask > 0; mask >>= 1) most = larger(most, __shfl_xor_sync(0xffffffffu, most, mask));
    if (threadIdx.x % 32 == 0) scratch[threadIdx.x / 32] = most;
    __syncthreads();
    for (int warp = 0; warp < WARPS_MEETING; warp++) most = larger(most, scratch[warp]);
    return most;
}
// The same of what a block stores, rounded as that is, told to memory.
template <int WARPS_MEETING>
__device__ __forceinline__ void tell_largest(float most, float* to) {
    most = largest_of_block<WARPS_MEETING>(most);
    if (threadIdx.x == 0) *to = __int_as_float(int(packed_bfloat16(0.f, most)));
}
