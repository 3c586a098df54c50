// 1x1 convolutions with a long sum over few pixels, as a network's last stages have at batch 1: tiles alone would leave most
// of the device idle, so the sum too is divided among blocks. Float16 NHWC in; partial sums go through memory in float32 and
// a second kernel adds them in order, so a result is the same every time; bias, activation and residual before the only
// rounding.
//
// Roofline: 2*M*N*K FLOP against 2*(M*K + N*K + M*N) bytes, as for any tile; partial sums cost 8*M*N bytes a piece more,
// which stay in the level-2 cache. What is gained is latency: a block's loop is shorter by the number of pieces.
#include "warp_tile.cuh"

struct SplitParams {
    const half* x;
    const half* w;   // [filters][depth]
    float* partial;  // [pieces][pixels][stored]
    const float* bias;
    const half* residual;
    half* y;
    int pixels, depth, filters, stored;  // depth and stored multiples of 8
    int piece, pieces;                   // of the inner dimension; a piece is a multiple of 64
    int activation, residualFirst;
};

template <int BM, int BN, int WM, int WN>
__device__ __forceinline__ void split_tile(const SplitParams& p, unsigned char* memory) {
    constexpr int DEPTH = 64, STAGES = 4, PITCH = DEPTH + 8, PIECES = DEPTH / 8;
    constexpr int THREADS = BM / WM * (BN / WN) * 32, APART = THREADS / PIECES;
    constexpr int MI = WM / 16, NI = WN / 8;
    half* tileA = reinterpret_cast<half*>(memory);
    half* tileB = tileA + STAGES * BM * PITCH;
    int thread = threadIdx.x, warp = thread / 32, lane = thread % 32, row0 = thread / PIECES, at = thread % PIECES * 8;
    int m0 = blockIdx.x * BM, n0 = blockIdx.y * BN;
    int from = blockIdx.z * p.piece, to = min(p.depth, from + p.piece), steps = (to - from + DEPTH - 1) / DEPTH;

    auto fetch_rows = [&](half* tile, const half* rows, int first, int count, int many, int k) {
#pragma unroll
        for (int i = 0; i < many; i += APART) {
            int row = row0 + i;
            bool inside = k < to && first + row < count;
            copy16(tile + row * PITCH + at, inside ? rows + (long long)(first + row) * p.depth + k : rows, inside);
        }
    };
    auto fetch = [&](int step) {
        int k = from + step * DEPTH + at, stage = step % STAGES;
        fetch_rows(tileA + stage * BM * PITCH, p.x, m0, p.pixels, BM, k);
        fetch_rows(tileB + stage * BN * PITCH, p.w, n0, p.filters, BN, k);
        copies_commit();
    };

    float sum[MI][NI][4] = {};
    int warpM = warp % (BM / WM) * WM, warpN = warp / (BM / WM) * WN;
#pragma unroll
    for (int s = 0; s < STAGES - 1; s++) {
        if (s < steps)
            fetch(s);
        else
            copies_commit();
    }
    for (int step = 0; step < steps; step++) {
        copies_wait<STAGES - 2>();
        __syncthreads();
        if (step + STAGES - 1 < steps)
            fetch(step + STAGES - 1);
        else
            copies_commit();
        add_products<DEPTH, PITCH>(
            sum, tileA + (step % STAGES * BM + warpM) * PITCH, tileB + (step % STAGES * BN + warpN) * PITCH, lane);
    }
    copies_wait<0>();
    float* partial = p.partial + (long long)blockIdx.z * p.pixels * p.stored;
#pragma unroll
    for (int i = 0; i < MI; i++)
#pragma unroll
        for (int j = 0; j < NI; j++)
#pragma unroll
            for (int h = 0; h < 2; h++) {
                int m = m0 + warpM + i * 16 + lane / 4 + h * 8, n = n0 + warpN + j * 8 + lane % 4 * 2;
                if (m < p.pixels && n < p.stored)
                    *reinterpret_cast<float2*>(partial + (long long)m * p.stored + n) =
                        float2{sum[i][j][2 * h], sum[i][j][2 * h + 1]};
            }
}

#define SPLIT_TILE(BM, BN, WM, WN)                                                             \
    KERNEL_MEETING(split_half_##BM##x##BN, SplitParams, BM / WM * (BN / WN) * 32) {            \
        DYNAMIC_SHARED(memory);                                                                \
        split_tile<BM, BN, WM, WN>(p, memory);                                                 \
    }
SPLIT_TILE(64, 64, 32, 32)
SPLIT_TILE(32, 64, 16, 32)
SPLIT_TILE(64, 128, 32, 32)

// One thread adds the pieces of eight filters of a pixel.
KERNEL(split_half_sum, SplitParams) {
    int at = GLOBAL_INDEX * 8, n = at % p.stored;
    if (at >= p.pixels * p.stored) return;
    float sum[8] = {}, other[8];
    for (int piece = 0; piece < p.pieces; piece++) {
        load_eight(other, p.partial + (long long)piece * p.pixels * p.stored + at);
#pragma unroll
        for (int e = 0; e < 8; e++) sum[e] += other[e];
    }
    if (p.bias) {
        load_eight(other, p.bias + n);
#pragma unroll
        for (int e = 0; e < 8; e++) sum[e] += other[e];
    }
    Activator activate(p.activation);
    if (!p.residualFirst) activate(sum);
    if (p.residual) {
        Eight::at(p.residual + at).unpack(other);
#pragma unroll
        for (int e = 0; e < 8; e++) sum[e] += other[e];
    }
    if (p.residualFirst) activate(sum);
    Eight::of(sum).to(p.y + at);
}
