// Arrays that are there in float32 or, where there is a pointer to it, in bfloat16 instead: reading and writing neighbours of
// either form.
#pragma once
#include "tensor_core.cuh"

__device__ __forceinline__ float low_of(uint32_t pair) { return __int_as_float(int(pair << 16)); }
__device__ __forceinline__ float high_of(uint32_t pair) { return __int_as_float(int(pair & 0xffff0000u)); }
__device__ __forceinline__ float one_of(uint16_t narrow) { return low_of(narrow); }
__device__ __forceinline__ float4 four_of(uint2 four) {
    return make_float4(low_of(four.x), high_of(four.x), low_of(four.y), high_of(four.y));
}

// LANES neighbours, 1, 4 or 8.
template <int LANES>
__device__ __forceinline__ void take(const float* from, const uint16_t* narrow, long long at, float (&v)[LANES]) {
    if constexpr (LANES == 1) {
        v[0] = narrow ? one_of(narrow[at]) : from[at];
    } else if (narrow) {
        uint32_t pairs[LANES / 2];
        if constexpr (LANES == 8) {
            uint4 eight = *reinterpret_cast<const uint4*>(narrow + at);
            pairs[0] = eight.x, pairs[1] = eight.y, pairs[2] = eight.z, pairs[3] = eight.w;
        } else {
            uint2 four = *reinterpret_cast<const uint2*>(narrow + at);
            pairs[0] = four.x, pairs[1] = four.y;
        }
#pragma unroll
        for (int i = 0; i < LANES / 2; i++) v[2 * i] = low_of(pairs[i]), v[2 * i + 1] = high_of(pairs[i]);
    } else {
#pragma unroll
        for (int i = 0; i < LANES / 4; i++) {
            float4 f = reinterpret_cast<const float4*>(from + at)[i];
            v[4 * i] = f.x, v[4 * i + 1] = f.y, v[4 * i + 2] = f.z, v[4 * i + 3] = f.w;
        }
    }
}
template <int LANES>
__device__ __forceinline__ void put(float* to, uint16_t* narrow, long long at, const float (&v)[LANES]) {
    if constexpr (LANES == 1) {
        if (narrow)
            narrow[at] = uint16_t(packed_bfloat16(v[0], 0.f));
        else
            to[at] = v[0];
    } else if (narrow) {
        uint32_t pairs[LANES / 2];
#pragma unroll
        for (int i = 0; i < LANES / 2; i++) pairs[i] = packed_bfloat16(v[2 * i], v[2 * i + 1]);
        if constexpr (LANES == 8)
            *reinterpret_cast<uint4*>(narrow + at) = make_uint4(pairs[0], pairs[1], pairs[2], pairs[3]);
        else
            *reinterpret_cast<uint2*>(narrow + at) = uint2{pairs[0], pairs[1]};
    } else {
#pragma unroll
        for (int i = 0; i < LANES / 4; i++)
            reinterpret_cast<float4*>(to + at)[i] = make_float4(v[4 * i], v[4 * i + 1], v[4 * i + 2], v[4 * i + 3]);
    }
}

// Four neighbours from column `x` of a row of `width` on; nothing behind its end.
__device__ __forceinline__ void put_four(float* to, uint16_t* narrow, long long at, int x, int width, const float (&v)[4]) {
    if (width % 4 == 0) {
        put(to, narrow, at, v);
    } else {
#pragma unroll
        for (int i = 0; i < 4; i++) {
            if (x + i >= width) continue;
            float one[1] = {v[i]};
            put(to, narrow, at + i, one);
        }
    }
}
