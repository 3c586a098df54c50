// Stacks of maps that something is found in, and the order of what is found.
#pragma once
#include "kernel.cuh"

// Float16 or float32, by its strides in elements.
struct Maps {
    const void* data;
    int half, image, channel, cell;
    __device__ __forceinline__ float at(int i, int c, int k) const {
        long at = long(i) * image + c * channel + long(k) * cell;
        return half ? __half2float(static_cast<const ::half*>(data)[at]) : static_cast<const float*>(data)[at];
    }
};

// The larger key has the larger value, of equal ones the smaller place.
__device__ __forceinline__ uint64_t key_of(float value, int place) {
    uint32_t bits = uint32_t(__float_as_int(value));
    bits ^= bits >> 31 ? 0xffffffffu : 0x80000000u;
    return uint64_t(bits) << 32 | uint32_t(~place);
}
__device__ __forceinline__ float value_of(uint64_t key) {
    uint32_t bits = uint32_t(key >> 32);
    return __int_as_float(int(bits ^ (bits >> 31 ? 0x80000000u : 0xffffffffu)));
}
