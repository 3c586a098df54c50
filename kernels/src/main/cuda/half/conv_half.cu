// Convolution as a matrix product on the tensor cores: float16 NHWC in and out, float32 sums. Rows are output pixels,
// columns filters, the inner dimension runs over taps and channels; nothing is unfolded in memory, each 16-byte piece of
// a row is fetched from the pixel that its tap reaches, or zero-filled at the border. Bias, activation and residual are
// applied before the only store. A 1x1 convolution and a fully connected layer are the same kernel; a transposed one is
// one launch for each phase of its stride.
//
// Roofline: 2*M*N*K FLOP against 2*(M*K/taps + N*K + M*N) bytes. Layers with few channels (K or N under about 300 on an
// H100) are bound by memory: there the tile must only keep enough loads in flight (three stages of cp.async). Wide layers
// are bound by mma.sync, about 60 % of what wgmma reaches on Hopper.
#include "tensor_core.cuh"

struct ConvHalfParams {
    const half* x;
    const half* w;      // [filters][depth], depth = taps * channels
    const float* bias;  // may be null
    const half* residual;
    half* y;
    int batch, height, width, channels;  // channels as stored, a multiple of 8
    int rows, columns, filters, stored;  // output pixels computed; filters as stored in y
    int kernelX, strideY, strideX, padY, padX, dilationY, dilationX, depth;
    int activation, residualFirst;
    int outHeight, outWidth, scaleY, scaleX, shiftY, shiftX;  // where computed pixel (r, c) lies in y
};

constexpr int DEPTH = 32;
constexpr int PITCH = DEPTH + 8;  // 80 bytes a row: eight rows of a matrix load fall into different banks
constexpr int STAGES = 3;

template <int BM, int BN, int WM, int WN>
__device__ __forceinline__ void conv_tile(const ConvHalfParams& p, unsigned char* memory) {
    constexpr int THREADS = BM / WM * (BN / WN) * 32;
    constexpr int PIECES = DEPTH / 8;
    constexpr int A_LOADS = BM * PIECES / THREADS;
    constexpr int B_LOADS = (BN * PIECES + THREADS - 1) / THREADS;
    constexpr int MI = WM / 16, NI = WN / 8;
    static_assert(A_LOADS * THREADS == BM * PIECES, "the tile divides among the threads");
    half* tileA = reinterpret_cast<half*>(memory);
    half* tileB = tileA + STAGES * BM * PITCH;
    int thread = threadIdx.x, warp = thread / 32, lane = thread % 32;
    int m0 = blockIdx.x * BM, n0 = blockIdx.y * BN;
    int total = p.batch * p.rows * p.columns;

    // This thread's rows of A stay the same for every step along the inner dimension.
    int piece = thread % PIECES;
    const half* base[A_LOADS];
    int top[A_LOADS], left[A_LOADS];
#pragma unroll
    for (int i = 0; i < A_LOADS; i++) {
        int m = m0 + thread / PIECES + i * (THREADS / PIECES);
        int area = p.rows * p.columns;
        int image = m / area, pixel = m - image * area, r = pixel / p.columns;
        top[i] = m < total ? r * p.strideY - p.padY : -(1 << 28);
        left[i] = (pixel - r * p.columns) * p.strideX - p.padX;
        base[i] = p.x + (long long)(m < total ? image : 0) * p.height * p.width * p.channels;
    }

    auto fetch = [&](int step) {
        int k = step * DEPTH + piece * 8;
        half* a = tileA + step % STAGES * BM * PITCH;
        half* b = tileB + step % STAGES * BN * PITCH;
        int tap = k / p.channels, channel = k - tap * p.channels, ky = tap / p.kernelX, kx = tap - ky * p.kernelX;
        bool within = k < p.depth;
#pragma unroll
        for (int i = 0; i < A_LOADS; i++) {
            int iy = top[i] + ky * p.dilationY, ix = left[i] + kx * p.dilationX;
            bool inside = within && unsigned(iy) < unsigned(p.height) && unsigned(ix) < unsigned(p.width);
            const half* from = inside ? base[i] + ((long long)iy * p.width + ix) * p.channels + channel : p.x;
            copy16(a + (thread / PIECES + i * (THREADS / PIECES)) * PITCH + piece * 8, from, inside);
        }
#pragma unroll
        for (int i = 0; i < B_LOADS; i++) {
            int row = thread / PIECES + i * (THREADS / PIECES);
            if (row >= BN) break;
            bool inside = within && n0 + row < p.filters;
            copy16(b + row * PITCH + piece * 8, inside ? p.w + (long long)(n0 + row) * p.depth + k : p.w, inside);
        }
        copies_commit();
    };

    float sum[MI][NI][4] = {};
    int steps = (p.depth + DEPTH - 1) / DEPTH;
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
        const half* a = tileA + step % STAGES * BM * PITCH;
        const half* b = tileB + step % STAGES * BN * PITCH;
#pragma unroll
        for (int kk = 0; kk < DEPTH; kk += 16) {
            uint32_t fa[MI][4], fb[NI / 2][4];
#pragma unroll
            for (int i = 0; i < MI; i++)
                load_matrices(fa[i], a + (warpM + i * 16 + lane % 16) * PITCH + kk + lane / 16 * 8);
#pragma unroll
            for (int j = 0; j < NI / 2; j++)
                load_matrices(fb[j], b + (warpN + j * 16 + lane / 16 * 8 + lane % 8) * PITCH + kk + lane / 8 % 2 * 8);
#pragma unroll
            for (int i = 0; i < MI; i++)
#pragma unroll
                for (int j = 0; j < NI; j++) multiply(sum[i][j], fa[i], fb[j / 2][j % 2 * 2], fb[j / 2][j % 2 * 2 + 1]);
        }
    }

    // Through shared memory, so that stores are 16 bytes wide and rows contiguous.
    copies_wait<0>();
    __syncthreads();
    constexpr int OUT_PITCH = BN + 8;
    half* staged = reinterpret_cast<half*>(memory);
#pragma unroll
    for (int i = 0; i < MI; i++)
#pragma unroll
        for (int j = 0; j < NI; j++) {
            int column = warpN + j * 8 + lane % 4 * 2, n = n0 + column;
            float b0 = p.bias && n < p.filters ? p.bias[n] : 0.f;
            float b1 = p.bias && n + 1 < p.filters ? p.bias[n + 1] : 0.f;
#pragma unroll
            for (int h = 0; h < 2; h++) {
                float v0 = sum[i][j][2 * h] + b0, v1 = sum[i][j][2 * h + 1] + b1;
                if (!p.residualFirst) {
                    v0 = activated(p.activation, v0);
                    v1 = activated(p.activation, v1);
                }
                uint32_t word = Eight::packed(v0, v1);
                memcpy(staged + (warpM + i * 16 + lane / 4 + h * 8) * OUT_PITCH + column, &word, 4);
            }
        }
    __syncthreads();
    constexpr int VECTORS = BN / 8;
    for (int v = thread; v < BM * VECTORS; v += THREADS) {
        int row = v / VECTORS, n = n0 + v % VECTORS * 8, m = m0 + row;
        if (m >= total || n >= p.stored) continue;
        int area = p.rows * p.columns;
        int image = m / area, pixel = m - image * area, r = pixel / p.columns, c = pixel - r * p.columns;
        int oy = r * p.scaleY + p.shiftY, ox = c * p.scaleX + p.shiftX;
        if (unsigned(oy) >= unsigned(p.outHeight) || unsigned(ox) >= unsigned(p.outWidth)) continue;
        long long at = (((long long)image * p.outHeight + oy) * p.outWidth + ox) * p.stored + n;
        Eight eight = Eight::at(staged + row * OUT_PITCH + v % VECTORS * 8);
        if (p.residual) {
            float mine[8], other[8];
            eight.unpack(mine);
            Eight::at(p.residual + at).unpack(other);
#pragma unroll
            for (int e = 0; e < 8; e++) {
                mine[e] += other[e];
                if (p.residualFirst) mine[e] = activated(p.activation, mine[e]);
            }
            eight = Eight::of(mine);
        }
        eight.to(p.y + at);
    }
}

#define CONV_TILE(BM, BN, WM, WN)                                                     \
    KERNEL_MEETING(conv_half_##BM##x##BN, ConvHalfParams, BM / WM * (BN / WN) * 32) { \
        DYNAMIC_SHARED(memory);                                                       \
        conv_tile<BM, BN, WM, WN>(p, memory);                                         \
    }
CONV_TILE(128, 128, 64, 32)
CONV_TILE(128, 64, 32, 32)
CONV_TILE(64, 64, 32, 32)
CONV_TILE(128, 32, 32, 32)
CONV_TILE(128, 16, 32, 16)
CONV_TILE(32, 64, 16, 32)
CONV_TILE(32, 32, 16, 16)
