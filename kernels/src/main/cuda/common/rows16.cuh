// Rows of 32 channels in bfloat16 and what they are multiplied by, 16 rows a warp. Where the inner dimension of a product is
// channels, a thread reads eight neighbours of a row at once: products do not care in which order channels come, as long as both
// operands have the same; `Order` is that order.
#pragma once
#include "either.cuh"

constexpr int HEAD = 32;
constexpr int PITCH = HEAD + 8;  // elements a row of shared memory: eight rows meet each bank once

__device__ __forceinline__ uint32_t clamped(uint32_t pair) {
    uint32_t negative = (pair >> 15 & 0x10001u) * 0xffffu;
    return pair & ~negative;
}

// Channels 8 (lane % 4) to 8 (lane % 4) + 7 of rows lane / 4 and lane / 4 + 8 of a tile.
struct Rows16 {
    uint32_t pair[2][4];
    __device__ __forceinline__ void clamp() {
#pragma unroll
        for (int half = 0; half < 2; half++)
#pragma unroll
            for (int i = 0; i < 4; i++) pair[half][i] = clamped(pair[half][i]);
    }
    // As left operand: 16 of the channels, in `Order`.
    __device__ __forceinline__ void left(uint32_t (&a)[4], int step) const {
        a[0] = pair[0][2 * step], a[1] = pair[1][2 * step], a[2] = pair[0][2 * step + 1], a[3] = pair[1][2 * step + 1];
    }
    __device__ __forceinline__ float value(int half, int channel) const {
        uint32_t both = pair[half][channel / 2];
        return channel % 2 ? high_of(both) : low_of(both);
    }
    __device__ __forceinline__ void keep(uint16_t* tile) const {
        int lane = threadIdx.x % 32;
#pragma unroll
        for (int half = 0; half < 2; half++)
            *reinterpret_cast<uint4*>(tile + (lane / 4 + half * 8) * PITCH + lane % 4 * 8) =
                make_uint4(pair[half][0], pair[half][1], pair[half][2], pair[half][3]);
    }
};

// A matrix of 32 by 32 as right operand, rows and columns in the order of `Rows16` and of `store`; PARTS bfloat16 each.
template <int PARTS>
struct Order {
    uint32_t part[PARTS][2][4][2];
    template <typename Value>
    __device__ __forceinline__ void make(Value value) {
        int lane = threadIdx.x % 32, column = lane / 8 * 8 + lane / 4 % 2;
#pragma unroll
        for (int step = 0; step < 2; step++)
#pragma unroll
            for (int tile = 0; tile < 4; tile++)
#pragma unroll
                for (int half = 0; half < 2; half++) {
                    int row = lane % 4 * 8 + step * 4 + half * 2;
                    float first = value(row, column + tile * 2), second = value(row + 1, column + tile * 2);
#pragma unroll
                    for (int i = 0; i < PARTS; i++) {
                        uint32_t pair = packed_bfloat16(first, second);
                        part[i][step][tile][half] = pair;
                        first -= low_of(pair), second -= high_of(pair);
                    }
                }
    }
    __device__ __forceinline__ void applied(float (&sums)[4][4], const Rows16& rows) const {
#pragma unroll
        for (int step = 0; step < 2; step++) {
            uint32_t a[4];
            rows.left(a, step);
#pragma unroll
            for (int i = 0; i < PARTS; i++)
#pragma unroll
                for (int tile = 0; tile < 4; tile++)
                    multiply_bfloat16(sums[tile], a, part[i][step][tile][0], part[i][step][tile][1]);
        }
    }
};

// A vector of 32 likewise, the same in every column.
struct OrderedVector {
    uint32_t part[2][2][2];
    template <typename Value>
    __device__ __forceinline__ void make(Value value) {
        int lane = threadIdx.x % 32;
#pragma unroll
        for (int step = 0; step < 2; step++)
#pragma unroll
            for (int half = 0; half < 2; half++) {
                int row = lane % 4 * 8 + step * 4 + half * 2;
                float first = value(row), second = value(row + 1);
                part[0][step][half] = packed_bfloat16(first, second);
                part[1][step][half] =
                    packed_bfloat16(first - low_of(part[0][step][half]), second - high_of(part[0][step][half]));
            }
    }
    // The product with rows lane / 4 and lane / 4 + 8.
    __device__ __forceinline__ float2 applied(const Rows16& rows) const {
        float sums[4] = {};
#pragma unroll
        for (int step = 0; step < 2; step++) {
            uint32_t a[4];
            rows.left(a, step);
            multiply_bfloat16(sums, a, part[0][step][0], part[0][step][1]);
            multiply_bfloat16(sums, a, part[1][step][0], part[1][step][1]);
        }
        return make_float2(sums[0], sums[2]);
    }
};
