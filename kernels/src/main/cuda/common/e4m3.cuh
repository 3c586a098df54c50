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
