// What the special units give: right to two units in the last place (tanh to some 11 bits); what is below the normal numbers
// counts as zero.
#pragma once
#include "kernel.cuh"

#ifdef SIGHTLINE_EMULATED
__device__ __forceinline__ float quick_log2(float x) { return log2f(x); }
__device__ __forceinline__ float quick_exp2(float x) { return exp2f(x); }
__device__ __forceinline__ float quick_root(float x) { return sqrtf(x); }
__device__ __forceinline__ float quick_reciprocal(float x) { return 1.f / x; }
__device__ __forceinline__ float quick_tanh(float x) { return tanhf(x); }
#else
#define QUICK(name, instruction)                             \
    __device__ __forceinline__ float quick_##name(float x) { \
        float y;                                             \
        asm(instruction " %0, %1;" : "=f"(y) : "f"(x));      \
        return y;                                            \
    }
QUICK(log2, "lg2.approx.ftz.f32")
QUICK(exp2, "ex2.approx.ftz.f32")
QUICK(root, "sqrt.approx.ftz.f32")
QUICK(reciprocal, "rcp.approx.ftz.f32")
QUICK(tanh, "tanh.approx.f32")
#undef QUICK
#endif
