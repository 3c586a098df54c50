// Large products through mma.sync, where Hopper's matrix path is not.
#pragma once
#include "wide.cuh"

// A piece of an operand: lines of eight-element copies, a gap behind each so that matrix loads meet no bank twice.
template <bool ALONG, int TILE, int STEPS, int THREADS>
struct WideOperand {
    static constexpr int LINE = ALONG ? STEPS : TILE, LINES = ALONG ? TILE : STEPS, PITCH = LINE + 8;
    static constexpr int SIZE = LINES * PITCH;
    static __device__ __forceinline__ void load(uint16_t* to, const uint16_t* from, int row0, int rows, int at, int depth) {
        for (int e = threadIdx.x; e < LINES * (LINE / 8); e += THREADS) {
            int line = e / (LINE / 8), piece = e % (LINE / 8) * 8;
            int row = row0 + (ALONG ? line : piece), k = at + (ALONG ? piece : line);
            bool inside = row < rows && k < depth;
            long long where = ALONG ? (long long)row * depth + k : (long long)k * rows + row;
            copy16(to + line * PITCH + piece, inside ? from + where : from, inside);
        }
    }
};

// Two neighbours.
__device__ __forceinline__ void wide_store(
    const ProductWideParams& p, const WideTile& t, int rows, int columns, int row, int column, float first, float second) {
    if (t.part >= 0) {
        *reinterpret_cast<float2*>(p.parts + ((long long)t.part * rows + row) * columns + column) = make_float2(first, second);
        return;
    }
    int m = t.m0 + row, n = t.n0 + column;
    if (m >= p.m || n >= p.n) return;
    float bias = p.rowBias ? p.rowBias[t.a * p.m + m] : 0.f;
    first += bias + (p.columnBias ? p.columnBias[n] : 0.f);
    second += bias + (p.columnBias ? p.columnBias[n + 1] : 0.f);
    long long at = ((long long)t.y * p.m + m) * p.n + n;
    if (p.rounded)
        *reinterpret_cast<uint32_t*>(p.rounded + at) = packed_bfloat16(first, second);
    else
        *reinterpret_cast<float2*>(p.y + at) = make_float2(first, second);
}

template <bool A_ALONG, bool B_ALONG, int GROUPS, int BLOCKS, int COLUMNS>
__device__ __forceinline__ void product_wide(const ProductWideParams& p, unsigned char* memory) {
    // The tile's rows in chunks, over which warps stand side by side and above each other; the others only fetch.
    constexpr int ROWS = GROUPS * BLOCKS * 64, CHUNK = ROWS % 128 == 0 ? 128 : 64;
    constexpr int ACROSS = CHUNK == 128 ? 4 : COLUMNS / 32, WARPS = ACROSS * (CHUNK / 64);
    constexpr int STAGES = 3, STEPS = 32, NI = COLUMNS / ACROSS / 8, THREADS = GROUPS * 128 + 128;
    using A = WideOperand<A_ALONG, CHUNK, STEPS, THREADS>;
    using B = WideOperand<B_ALONG, COLUMNS, STEPS, THREADS>;
    uint16_t* as = reinterpret_cast<uint16_t*>(memory);
    uint16_t* bs = as + STAGES * A::SIZE;
    WideTiles tiles(p, ROWS, COLUMNS);
    int chunks = (ROWS / CHUNK) * tiles.items, rank = blockIdx.x % PAIR, stride = gridDim.x / PAIR;
    int warp = threadIdx.x / 32, lane = threadIdx.x % 32;
    int row = warp / ACROSS * 64, column = warp % ACROSS * (COLUMNS / ACROSS);
    for (int index = blockIdx.x / PAIR; index < chunks; index += stride) {
        int chunk = index / tiles.items;
        WideTile t = tiles.at(index - chunk * tiles.items, rank);
        int m0 = t.m0 + chunk * CHUNK, count = (t.to - t.from) * (DEPTH / STEPS);
        if (m0 >= p.m) continue;
        auto fetch = [&](int step) {
            if (step < count) {
                int piece = t.from + step / (DEPTH / STEPS), segment = piece / t.pieces;
                int at = (piece - segment * t.pieces) * DEPTH + step % (DEPTH / STEPS) * STEPS;
                long long base = (long long)segment * p.outputs;
                A::load(as + step % STAGES * A::SIZE, p.left + (base + t.a) * p.m * p.k, m0, p.m, at, p.k);
                B::load(bs + step % STAGES * B::SIZE, p.right + (base + t.b) * p.n * p.k, t.n0, p.n, at, p.k);
            }
            copies_commit();
        };
        float sum[4][NI][4] = {};
        for (int step = 0; step < STAGES - 1; step++) fetch(step);
        for (int step = 0; step < count; step++) {
            copies_wait<STAGES - 2>();
            __syncthreads();
            fetch(step + STAGES - 1);
            if (warp >= WARPS) continue;
#pragma unroll
            for (int k = 0; k < STEPS; k += 16) {
                uint32_t fa[4][4];
#pragma unroll
                for (int i = 0; i < 4; i++)
                    operand_fragment<A_ALONG, A::PITCH>(fa[i], as + step % STAGES * A::SIZE, row + i * 16, k, true);
#pragma unroll
                for (int j = 0; j < NI / 2; j++) {
                    uint32_t fb[4];
                    operand_fragment<B_ALONG, B::PITCH>(fb, bs + step % STAGES * B::SIZE, column + j * 16, k, false);
#pragma unroll
                    for (int i = 0; i < 4; i++) {
                        multiply_bfloat16(sum[i][2 * j], fa[i], fb[0], fb[1]);
                        multiply_bfloat16(sum[i][2 * j + 1], fa[i], fb[2], fb[3]);
                    }
                }
            }
        }
        copies_wait<0>();
        __syncthreads();
        if (warp >= WARPS) continue;
#pragma unroll
        for (int i = 0; i < 4; i++)
#pragma unroll
            for (int j = 0; j < NI; j++)
#pragma unroll
                for (int h = 0; h < 2; h++)
                    wide_store(p, t, ROWS, COLUMNS, chunk * CHUNK + row + i * 16 + h * 8 + lane / 4,
                        column + j * 8 + lane % 4 * 2, sum[i][j][h * 2], sum[i][j][h * 2 + 1]);
    }
}
