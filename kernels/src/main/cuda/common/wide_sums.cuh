// Sums of large products on their way from a warpgroup's registers to memory, Hopper alone.
#pragma once
#include "wide.cuh"

// The same value of the thread that differs in these bits, as floats, since sums that are integers in between are spilt.
__device__ __forceinline__ float exchanged(float value, int bits) {
    float other;
    asm volatile("shfl.sync.bfly.b32 %0, %1, %2, 0x1f, 0xffffffff;" : "=f"(other) : "f"(value), "r"(bits));
    return other;
}

// The sums of a warpgroup as its registers hold them: of 64 rows by eight columns each thread has two neighbours, eight rows
// apart. An instruction sums WIDTH columns. Rows of y begin at multiples of 16 bytes.
template <int BLOCKS, int COLUMNS, int WIDTH>
struct WideSums {
    float of[BLOCKS][COLUMNS / WIDTH][WIDTH / 2];
    __device__ __forceinline__ float at(int block, int column, int h, int e) const {
        return of[block][column / WIDTH][column % WIDTH / 2 + h * 2 + e];
    }
    // What instructions still running write must not be read before they are waited for.
    __device__ __forceinline__ void settle() {
#pragma unroll
        for (int i = 0; i < BLOCKS; i++)
#pragma unroll
            for (int e = 0; e < COLUMNS / 2; e++) asm volatile("" : "+f"(of[i][e / (WIDTH / 2)][e % (WIDTH / 2)])::"memory");
    }
    // A piece as it lies in registers, side by side over the threads; see product_wide_join.
    __device__ __forceinline__ void part(float* to, int threads) const {
        float4* mine = reinterpret_cast<float4*>(to) + threadIdx.x - 128;
#pragma unroll
        for (int i = 0; i < BLOCKS; i++)
#pragma unroll
            for (int c = 0; c < COLUMNS; c += 8)
                mine[(i * (COLUMNS / 8) + c / 8) * threads] =
                    make_float4(at(i, c, 0, 0), at(i, c, 0, 1), at(i, c, 1, 0), at(i, c, 1, 1));
    }
    __device__ __forceinline__ void store(const ProductWideParams& p, const WideTile& t, int own) const {
        int quarter = threadIdx.x % 4, row = t.m0 + own * 64 + threadIdx.x % 128 / 32 * 16 + threadIdx.x % 32 / 4;
        bool odd = quarter & 1, high = quarter & 2;
        float bias[BLOCKS][2] = {};
        if (p.rowBias)
#pragma unroll
            for (int i = 0; i < BLOCKS; i++)
#pragma unroll
                for (int h = 0; h < 2; h++)
                    if (row + i * 64 + h * 8 < p.m) bias[i][h] = p.rowBias[t.a * p.m + row + i * 64 + h * 8];
        long long line = ((long long)t.y * p.m + row) * p.n + t.n0;
        int left = p.n - t.n0;
        if (p.rounded) {
            // Four threads exchange their pairs of 32 columns for eight neighbours each.
#pragma unroll
            for (int c = 0; c < COLUMNS; c += 32) {
                float2 also[4] = {};
                if (p.columnBias)
#pragma unroll
                    for (int j = 0; j < 4; j++) also[j] = column_bias(p, t, c + j * 8 + quarter * 2);
#pragma unroll
                for (int i = 0; i < BLOCKS; i++)
#pragma unroll
                    for (int h = 0; h < 2; h++) {
                        uint32_t w[4];
#pragma unroll
                        for (int j = 0; j < 4; j++)
                            w[j] = packed_bfloat16(at(i, c + j * 8, h, 0) + bias[i][h] + also[j].x,
                                at(i, c + j * 8, h, 1) + bias[i][h] + also[j].y);
                        uint32_t x = __shfl_xor_sync(0xffffffffu, odd ? w[0] : w[1], 1);
                        uint32_t y = __shfl_xor_sync(0xffffffffu, odd ? w[2] : w[3], 1);
                        uint32_t u[4] = {odd ? x : w[0], odd ? w[1] : x, odd ? y : w[2], odd ? w[3] : y};
                        x = __shfl_xor_sync(0xffffffffu, high ? u[0] : u[2], 2);
                        y = __shfl_xor_sync(0xffffffffu, high ? u[1] : u[3], 2);
                        if (row + i * 64 + h * 8 < p.m && c + quarter * 8 < left)
                            *reinterpret_cast<uint4*>(p.rounded + line + (i * 64 + h * 8LL) * p.n + c + quarter * 8) =
                                high ? make_uint4(x, y, u[2], u[3]) : make_uint4(u[0], u[1], x, y);
                    }
            }
            return;
        }
        // Two threads exchange their pairs of 16 columns for four neighbours each.
        int mine = odd * 8 + high * 4;
#pragma unroll
        for (int c = 0; c < COLUMNS; c += 16) {
            float2 also[2] = {};
            if (p.columnBias) also[0] = column_bias(p, t, c + quarter * 2), also[1] = column_bias(p, t, c + 8 + quarter * 2);
#pragma unroll
            for (int i = 0; i < BLOCKS; i++)
#pragma unroll
                for (int h = 0; h < 2; h++) {
                    float a0 = at(i, c, h, 0) + bias[i][h] + also[0].x, a1 = at(i, c, h, 1) + bias[i][h] + also[0].y;
                    float b0 = at(i, c + 8, h, 0) + bias[i][h] + also[1].x, b1 = at(i, c + 8, h, 1) + bias[i][h] + also[1].y;
                    float x = exchanged(odd ? a0 : b0, 1), y = exchanged(odd ? a1 : b1, 1);
                    if (row + i * 64 + h * 8 < p.m && c + mine < left)
                        *reinterpret_cast<float4*>(p.y + line + (i * 64 + h * 8LL) * p.n + c + mine) =
                            odd ? make_float4(x, y, b0, b1) : make_float4(a0, a1, x, y);
                }
        }
    }
    static __device__ __forceinline__ float2 column_bias(const ProductWideParams& p, const WideTile& t, int n) {
        return t.n0 + n < p.n ? *reinterpret_cast<const float2*>(p.columnBias + t.n0 + n) : make_float2(0.f, 0.f);
    }
};
