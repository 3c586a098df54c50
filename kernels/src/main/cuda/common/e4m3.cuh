// Eight-bit floating point with four exponent and three mantissa bits, without infinities.
#pragma once
#include "kernel.cuh"

// The nearest E4M3, ties to even; what is too large becomes the largest.
__device__ __forceinline__ unsigned encoded(float y) {
    unsigned sign = unsigned(__float_as_int(y)) >> 24 & 0x80u;
    float a = fabsf(y);
    if (a != a) return sign | 0x7fu;
    int code;
    if (a < 0.015625f) {
        // Below the smallest normal all steps are 2^-9, as wide as those of float32 from 2^14 on.
        code = __float_as_int(a + 16384.f) - __float_as_int(16384.f);
    } else {
        int bits = __float_as_int(a);
        code = min(((bits + 0x7ffff + (bits >> 20 & 1)) >> 20) - (120 << 3), 0x7e);
    }
    return sign | unsigned(code);
}
__device__ __forceinline__ float decoded(unsigned code) {
    if ((code & 0x7fu) == 0x7fu) return __int_as_float(0x7fc00000);
    float magnitude = __int_as_float(int((code & 0x7fu) << 20)) * 1.329227995784916e36f;  // 2^120
    return code & 0x80u ? -magnitude : magnitude;
}

// By the device's own conversions where it has them (sm_89 and later). Two codes, the first lowest.
__device__ __forceinline__ unsigned encoded_pair(float first, float second) {
#if !defined(SIGHTLINE_EMULATED) && __CUDA_ARCH__ >= 890
    uint16_t pair;
    asm("cvt.rn.satfinite.e4m3x2.f32 %0, %1, %2;" : "=h"(pair) : "f"(second), "f"(first));
    return pair;
#else
    return encoded(first) | encoded(second) << 8;
#endif
}
__device__ __forceinline__ unsigned encoded_four(float a, float b, float c, float d) {
    return encoded_pair(a, b) | encoded_pair(c, d) << 16;
}
__device__ __forceinline__ void decoded_four(float* v, unsigned codes) {
#if !defined(SIGHTLINE_EMULATED) && __CUDA_ARCH__ >= 890
#pragma unroll
    for (int i = 0; i < 2; i++) {
        uint32_t halves;
        asm("cvt.rn.f16x2.e4m3x2 %0, %1;" : "=r"(halves) : "h"(uint16_t(codes >> 16 * i)));
        half2 pair;
        memcpy(&pair, &halves, 4);
        float2 both = __half22float2(pair);
        v[2 * i] = both.x, v[2 * i + 1] = both.y;
    }
#else
#pragma unroll
    for (int i = 0; i < 4; i++) v[i] = decoded(codes >> 8 * i & 255u);
#endif
}

// Of values whose largest magnitude that is.
__device__ __forceinline__ float scale_of(float largest) { return (largest + 1e-10f) * float(1. / 448.); }
// Divided rather than multiplied by a reciprocal, as the reference engine does.
__device__ __forceinline__ unsigned encoded_over(const float4& v, float scale) {
    return encoded(v.x / scale) | encoded(v.y / scale) << 8 | encoded(v.z / scale) << 16 | encoded(v.w / scale) << 24;
}
