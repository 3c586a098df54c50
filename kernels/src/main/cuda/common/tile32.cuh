// The float32 matrix tile that the fallback GEMM and convolutions share: 64 x 64 outputs a block of 256 threads, 16 of
// the inner dimension at a time, 4 x 4 outputs a thread in registers. Operands come through two functors, so a
// convolution is the same code with another address computation (implicit GEMM).
//
// Roofline: 2*64*64*16 FLOP per 2*64*16*4 bytes staged = 16 FLOP/B from shared memory or L2, so FFMA-bound where K is
// large; on plain float32 units (67 TFLOP/s on an H100) this simple form should reach a third of that.
#pragma once
#include "kernel.cuh"

constexpr int TILE = 64;
constexpr int TILE_K = 16;

template <typename LoadA, typename LoadB, typename Store>
__device__ __forceinline__ void tile32(int m0, int n0, int k0, int k1, bool aAlongM, bool bAlongK, LoadA loadA,
    LoadB loadB, Store store, float (*a)[TILE + 4], float (*b)[TILE + 4]) {
    int thread = threadIdx.x;
    int row = thread / 16 * 4, column = thread % 16 * 4;
    float sum[4][4] = {};
    for (int k = k0; k < k1; k += TILE_K) {
        for (int i = 0; i < 4; i++) {
            int e = thread + i * 256;
            int am = aAlongM ? e % TILE : e / TILE_K, ak = aAlongM ? e / TILE : e % TILE_K;
            a[ak][am] = k + ak < k1 ? loadA(m0 + am, k + ak) : 0.f;
            int bn = bAlongK ? e / TILE_K : e % TILE, bk = bAlongK ? e % TILE_K : e / TILE;
            b[bk][bn] = k + bk < k1 ? loadB(k + bk, n0 + bn) : 0.f;
        }
        __syncthreads();
#pragma unroll
        for (int kk = 0; kk < TILE_K; kk++) {
            float x[4], y[4];
#pragma unroll
            for (int i = 0; i < 4; i++) {
                x[i] = a[kk][row + i];
                y[i] = b[kk][column + i];
            }
#pragma unroll
            for (int i = 0; i < 4; i++)
#pragma unroll
                for (int j = 0; j < 4; j++) sum[i][j] += x[i] * y[j];
        }
        __syncthreads();
    }
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4; j++) store(m0 + row + i, n0 + column + j, sum[i][j]);
}
