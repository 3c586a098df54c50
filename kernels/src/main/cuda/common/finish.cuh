// What the sums of a warpgroup's product become, 64 rows of them as wgmma leaves them in registers: bias, activation and residual
// before the only rounding to float16, stores of 16 bytes.
#pragma once
#include "tensor_core.cuh"

struct Finish {
    const float* bias;     // may be null
    const half* residual;  // likewise, as y lies
    half* y;
    int stored;  // columns of y, a multiple of 8
    int activation, residualFirst;
};

// Words of four neighbouring lanes, one of each of four pieces, turned so that each lane holds a piece.
__device__ __forceinline__ void turn(uint32_t (&w)[4], int lane) {
    bool odd = lane & 1, upper = lane & 2;
#pragma unroll
    for (int i = 0; i < 4; i += 2) {
        uint32_t other = __shfl_xor_sync(0xffffffffu, odd ? w[i] : w[i + 1], 1);
        (odd ? w[i] : w[i + 1]) = other;
    }
#pragma unroll
    for (int i = 0; i < 2; i++) {
        uint32_t other = __shfl_xor_sync(0xffffffffu, upper ? w[i] : w[i + 2], 2);
        (upper ? w[i] : w[i + 2]) = other;
    }
}

// Sums of COLUMNS columns from n0 on; pixel(row) says which pixel of y one of the 64 rows is, or less than 0 for none.
template <int COLUMNS, typename Pixel>
__device__ __forceinline__ void finish(const float (&sum)[COLUMNS / 2], const Finish& to, int n0, Pixel pixel) {
    constexpr int GROUPS = COLUMNS / 32;  // of four pieces of eight columns
    Activator activate(to.activation);
    int lane = threadIdx.x % 32, piece = n0 + lane % 4 * 8, column = n0 + lane % 4 * 2;
    int at[2];
#pragma unroll
    for (int h = 0; h < 2; h++) at[h] = pixel(threadIdx.x / 32 % 4 * 16 + h * 8 + lane / 4);
    auto place = [&](int h, int n) { return (long long)at[h] * to.stored + n; };
    // The residual of a group is on its way while the group before is computed.
    auto fetch = [&](uint4 (&other)[2], int group) {
        int n = piece + group * 32;
#pragma unroll
        for (int h = 0; h < 2; h++)
            other[h] = at[h] >= 0 && n < to.stored ? *reinterpret_cast<const uint4*>(to.residual + place(h, n)) : uint4{};
    };
    uint4 next[2] = {};
    if (to.residual) fetch(next, 0);
#pragma unroll
    for (int group = 0; group < GROUPS; group++) {
        float v[16];
#pragma unroll
        for (int i = 0; i < 4; i++) {
            int n = column + (group * 4 + i) * 8;
            float2 bias = to.bias && n < to.stored ? *reinterpret_cast<const float2*>(to.bias + n) : float2{0, 0};
#pragma unroll
            for (int h = 0; h < 2; h++) {
                v[h * 8 + i * 2] = sum[(group * 4 + i) * 4 + h * 2] + bias.x;
                v[h * 8 + i * 2 + 1] = sum[(group * 4 + i) * 4 + h * 2 + 1] + bias.y;
            }
        }
        if (!to.residualFirst) activate(v);
        if (to.residual) {
            uint4 mine[2] = {next[0], next[1]};
            if (group + 1 < GROUPS) fetch(next, group + 1);
#pragma unroll
            for (int h = 0; h < 2; h++) {
                uint32_t words[4] = {mine[h].x, mine[h].y, mine[h].z, mine[h].w};
                turn(words, lane);
                float other[8];
                Eight{make_uint4(words[0], words[1], words[2], words[3])}.unpack(other);
#pragma unroll
                for (int e = 0; e < 8; e++) v[h * 8 + e] += other[e];
            }
        }
        if (to.residualFirst) activate(v);
#pragma unroll
        for (int h = 0; h < 2; h++) {
            uint32_t words[4];
#pragma unroll
            for (int i = 0; i < 4; i++) words[i] = Eight::packed(v[h * 8 + i * 2], v[h * 8 + i * 2 + 1]);
            turn(words, lane);
            int n = piece + group * 32;
            if (at[h] >= 0 && n < to.stored)
                Eight{make_uint4(words[0], words[1], words[2], words[3])}.to(to.y + place(h, n));
        }
    }
}
