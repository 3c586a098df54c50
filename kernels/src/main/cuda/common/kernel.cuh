// What every kernel file starts with. A kernel takes exactly one parameter structure by value, so the host packs one
// block of bytes a launch; the same sources compile for a CPU in tests, where emulated.h stands in for the compiler.
#pragma once
#ifdef SIGHTLINE_EMULATED
#include "emulated.h"
#else
#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <stdint.h>
// Waits until all that the kernel before wrote can be read, then lets the one after begin to start: on Hopper launches of a
// graph overlap by what a block does before it needs memory. Every kernel begins with it, whoever launches it.
__device__ __forceinline__ void previous_kernel_done() {
#if __CUDA_ARCH__ >= 900
    asm volatile("griddepcontrol.wait;\ngriddepcontrol.launch_dependents;" ::: "memory");
#endif
}
#define KERNEL_WITH(name, Params, bounds)                                             \
    static __device__ __forceinline__ void name##_body(const Params& p);              \
    extern "C" __global__ void bounds name(const __grid_constant__ Params p) {        \
        previous_kernel_done();                                                       \
        name##_body(p);                                                               \
    }                                                                                 \
    static __device__ __forceinline__ void name##_body(const Params& p)
#define NO_BOUNDS
#define KERNEL(name, Params) KERNEL_WITH(name, Params, NO_BOUNDS)
#define KERNEL_MEETING(name, Params, threads) KERNEL_WITH(name, Params, __launch_bounds__(threads))
#define DYNAMIC_SHARED(name) extern __shared__ __align__(128) unsigned char name[]
#endif

// What Hopper's copy engine is told of a tensor, as the driver encodes it.
struct alignas(64) TileMap {
    uint64_t opaque[16];
};

#define GLOBAL_INDEX int(blockIdx.x * blockDim.x + threadIdx.x)

// The longest shape that a strided kernel walks.
constexpr int RANK = 8;

// A shape with one stride per operand; sizes and strides beyond the rank are not read. Row-major order of `size`.
struct Walk {
    int rank;
    int size[RANK];
};

template <int OPERANDS>
struct Offsets {
    int at[OPERANDS];
};

template <int OPERANDS>
__device__ __forceinline__ Offsets<OPERANDS> walk(const Walk& shape, const int (&strides)[OPERANDS][RANK], int index) {
    Offsets<OPERANDS> offsets = {};
    for (int d = shape.rank - 1; d >= 0; d--) {
        int extent = shape.size[d];
        int quotient = index / extent;
        int coordinate = index - quotient * extent;
        index = quotient;
        for (int o = 0; o < OPERANDS; o++) offsets.at[o] += coordinate * strides[o][d];
    }
    return offsets;
}

// Sum over the block, returned to every thread. `scratch` holds one float a warp.
__device__ __forceinline__ float block_sum(float value, float* scratch) {
    for (int mask = 16; mask > 0; mask >>= 1) value += __shfl_xor_sync(0xffffffffu, value, mask);
    int warps = (blockDim.x + 31) / 32;
    __syncthreads();
    if (threadIdx.x % 32 == 0) scratch[threadIdx.x / 32] = value;
    __syncthreads();
    float total = 0;
    for (int w = 0; w < warps; w++) total += scratch[w];
    return total;
}
