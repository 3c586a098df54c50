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

// DEPTH is how much of the inner dimension a stage holds: 32 where sums are short, 64 where a long sum's few large steps
// hide the latency of its loads better. Eight more halves a row put the eight rows of a matrix load into different banks.
template <int BM, int BN, int WM, int WN, int DEPTH, int STAGES>
__device__ __forceinline__ void conv_tile(const ConvHalfParams& p, unsigned char* memory) {
    constexpr int PITCH = DEPTH + 8;
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

    bool pointwise = p.depth == p.channels && p.strideY == 1 && p.strideX == 1 && p.padY == 0 && p.padX == 0;
    // This thread's rows of A stay the same for every step along the inner dimension.
    int piece = thread % PIECES;
    const half* base[A_LOADS];
    int top[A_LOADS], left[A_LOADS];
#pragma unroll
    for (int i = 0; i < A_LOADS; i++) {
        int m = m0 + thread / PIECES + i * (THREADS / PIECES);
        if (pointwise) {
            top[i] = m < total ? 0 : -1;
            base[i] = p.x + (long long)(m < total ? m : 0) * p.channels;
            continue;
        }
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
        bool within = k < p.depth;
        int tap = 0, channel = k, ky = 0, kx = 0;
        if (!pointwise) {
            tap = k / p.channels;
            channel = k - tap * p.channels;
            ky = tap / p.kernelX;
            kx = tap - ky * p.kernelX;
        }
#pragma unroll
        for (int i = 0; i < A_LOADS; i++) {
            if (pointwise) {
                bool inside = within && top[i] == 0;
                copy16(a + (thread / PIECES + i * (THREADS / PIECES)) * PITCH + piece * 8, inside ? base[i] + k : p.x, inside);
                continue;
            }
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
    Activator activate(p.activation);
#pragma unroll
    for (int i = 0; i < MI; i++)
#pragma unroll
        for (int j = 0; j < NI; j++) {
            int column = warpN + j * 8 + lane % 4 * 2, n = n0 + column;
            float b0 = p.bias && n < p.filters ? p.bias[n] : 0.f;
            float b1 = p.bias && n + 1 < p.filters ? p.bias[n + 1] : 0.f;
            float v[4] = {sum[i][j][0] + b0, sum[i][j][1] + b1, sum[i][j][2] + b0, sum[i][j][3] + b1};
            if (!p.residualFirst) activate(v);
#pragma unroll
            for (int h = 0; h < 2; h++) {
                uint32_t word = Eight::packed(v[2 * h], v[2 * h + 1]);
                memcpy(staged + (warpM + i * 16 + lane / 4 + h * 8) * OUT_PITCH + column, &word, 4);
            }
        }
    __syncthreads();
    constexpr int VECTORS = BN / 8;
    for (int v = thread; v < BM * VECTORS; v += THREADS) {
        int row = v / VECTORS, n = n0 + v % VECTORS * 8, m = m0 + row;
        if (m >= total || n >= p.stored) continue;
        long long place = m;
        if (p.scaleY != 1 || p.scaleX != 1) {
            int area = p.rows * p.columns;
            int image = m / area, pixel = m - image * area, r = pixel / p.columns, c = pixel - r * p.columns;
            int oy = r * p.scaleY + p.shiftY, ox = c * p.scaleX + p.shiftX;
            if (unsigned(oy) >= unsigned(p.outHeight) || unsigned(ox) >= unsigned(p.outWidth)) continue;
            place = ((long long)image * p.outHeight + oy) * p.outWidth + ox;
        }
        long long at = place * p.stored + n;
        Eight eight = Eight::at(staged + row * OUT_PITCH + v % VECTORS * 8);
        if (p.residual) {
            float mine[8], other[8];
            eight.unpack(mine);
            Eight::at(p.residual + at).unpack(other);
#pragma unroll
            for (int e = 0; e < 8; e++) mine[e] += other[e];
            if (p.residualFirst) activate(mine);
            eight = Eight::of(mine);
        }
        eight.to(p.y + at);
    }
}

#define CONV_TILE(BM, BN, WM, WN, DEPTH, STAGES)                                                \
    KERNEL_MEETING(conv_half_##BM##x##BN##x##DEPTH, ConvHalfParams, BM / WM * (BN / WN) * 32) { \
        DYNAMIC_SHARED(memory);                                                                 \
        conv_tile<BM, BN, WM, WN, DEPTH, STAGES>(p, memory);                                    \
    }
CONV_TILE(128, 128, 64, 32, 32, 3)
CONV_TILE(128, 64, 32, 32, 32, 3)
CONV_TILE(128, 64, 32, 32, 64, 3)
CONV_TILE(64, 64, 32, 32, 32, 3)
CONV_TILE(64, 64, 32, 32, 64, 4)
CONV_TILE(128, 32, 32, 32, 32, 3)
CONV_TILE(128, 16, 32, 16, 32, 3)
CONV_TILE(32, 64, 16, 32, 32, 3)
CONV_TILE(32, 64, 16, 32, 64, 4)
CONV_TILE(32, 32, 16, 16, 32, 3)
CONV_TILE(32, 32, 16, 16, 64, 4)

// A 1x1 convolution from 8 or 16 channels: too short a sum for the tensor cores to matter. A thread keeps the filters of
// eight outputs in registers and walks over pixels, neighbours write neighbouring pieces. Memory-bound: 2 bytes an element
// each way; the sums (8 * IN per piece) stay under that on plain float32 units.
struct NarrowParams {
    const half* x;
    const float* w;  // [in][stored]
    const float* bias;
    const half* residual;
    half* y;
    int pixels, stored, activation;
};
template <int IN>
__device__ __forceinline__ void narrow(const NarrowParams& p) {
    int pieces = p.stored / 8, index = GLOBAL_INDEX, n = index % pieces * 8;
    int stride = int(gridDim.x * blockDim.x) / pieces, pixel = index / pieces;
    if (pixel >= stride) return;
    float w[IN][8], bias[8];
#pragma unroll
    for (int e = 0; e < 8; e++) {
        bias[e] = p.bias ? p.bias[n + e] : 0.f;
#pragma unroll
        for (int k = 0; k < IN; k++) w[k][e] = p.w[k * p.stored + n + e];
    }
    Activator activate(p.activation);
    for (; pixel < p.pixels; pixel += stride) {
        float x[IN], sum[8];
#pragma unroll
        for (int k = 0; k < IN; k += 8) {
            float v[8];
            Eight::at(p.x + (long long)pixel * IN + k).unpack(v);
#pragma unroll
            for (int e = 0; e < 8; e++) x[k + e] = v[e];
        }
#pragma unroll
        for (int e = 0; e < 8; e++) sum[e] = bias[e];
#pragma unroll
        for (int k = 0; k < IN; k++)
#pragma unroll
            for (int e = 0; e < 8; e++) sum[e] += x[k] * w[k][e];
        activate(sum);
        long long at = (long long)pixel * p.stored + n;
        if (p.residual) {
            float other[8];
            Eight::at(p.residual + at).unpack(other);
#pragma unroll
            for (int e = 0; e < 8; e++) sum[e] += other[e];
        }
        Eight::of(sum).to(p.y + at);
    }
}
KERNEL_MEETING(narrow_half_8, NarrowParams, 256) { narrow<8>(p); }
KERNEL_MEETING(narrow_half_16, NarrowParams, 256) { narrow<16>(p); }
