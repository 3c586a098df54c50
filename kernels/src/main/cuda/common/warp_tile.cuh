// A warp's part of a tile's product by mma.sync: rows of A and of B lie in shared memory, PITCH halves from one to the next.
#pragma once
#include "tensor_core.cuh"

// MI * 16 rows of A from `a` on times NI * 8 rows of B from `b` on, over DEPTH of the inner dimension.
template <int DEPTH, int PITCH, int MI, int NI>
__device__ __forceinline__ void add_products(float (&sum)[MI][NI][4], const half* a, const half* b, int lane) {
#pragma unroll
    for (int k = 0; k < DEPTH; k += 16) {
        uint32_t fa[MI][4], fb[NI / 2][4];
#pragma unroll
        for (int i = 0; i < MI; i++) load_matrices(fa[i], a + (i * 16 + lane % 16) * PITCH + k + lane / 16 * 8);
#pragma unroll
        for (int j = 0; j < NI / 2; j++)
            load_matrices(fb[j], b + (j * 16 + lane / 16 * 8 + lane % 8) * PITCH + k + lane / 8 % 2 * 8);
#pragma unroll
        for (int i = 0; i < MI; i++)
#pragma unroll
            for (int j = 0; j < NI; j++) multiply(sum[i][j], fa[i], fb[j / 2][j % 2 * 2], fb[j / 2][j % 2 * 2 + 1]);
    }
}
