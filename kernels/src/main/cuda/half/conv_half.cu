// Convolution as a matrix product on the tensor cores: float16 NHWC in and out, float32 sums. Rows are output pixels,
// columns filters, the inner dimension runs over taps and channels; nothing is unfolded in memory, each 16-byte piece of
// a row is fetched from the pixel that its tap reaches, or zero-filled at the border. Bias, activation and residual are
// applied before the only store. A 1x1 convolution and a fully connected layer are the same kernel; a transposed one is
// one launch for each phase of its stride.
//
// Roofline: 2*M*N*K FLOP against 2*(M*K/taps + N*K + M*N) bytes. Layers with few channels (K or N under about 300 on an
// H100) are bound by memory: there the tile must only keep enough loads in flight (three stages of cp.async). Wide layers
// are bound by the tensor cores: on Hopper the larger tiles multiply with wgmma straight from shared memory, elsewhere with
// mma.sync, which reaches about 60 % of that. Few pixels under a long sum are bound by how long a block walks along it: on
// Hopper blocks of a cluster then share a tile's sum and meet in each other's shared memory.
#include "warp_tile.cuh"
#if !defined(SIGHTLINE_EMULATED) && __CUDA_ARCH__ >= 900
#include "ring.cuh"
#endif

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

// A thread's pieces of eight channels in the rows of A that it fetches: the same rows at every step of the inner dimension.
template <int LOADS, int APART>
struct ConvRows {
    const ConvHalfParams& p;
    bool pointwise;
    const half* base[LOADS];
    int top[LOADS], left[LOADS];

    __device__ __forceinline__ ConvRows(const ConvHalfParams& params, int first)
        : p(params),
          pointwise(p.depth == p.channels && p.strideY == 1 && p.strideX == 1 && p.padY == 0 && p.padX == 0) {
        int total = p.batch * p.rows * p.columns, area = p.rows * p.columns;
#pragma unroll
        for (int i = 0; i < LOADS; i++) {
            int m = first + i * APART;
            if (pointwise) {
                top[i] = m < total ? 0 : -1;
                base[i] = p.x + (long long)(m < total ? m : 0) * p.channels;
                continue;
            }
            int image = m / area, pixel = m - image * area, r = pixel / p.columns;
            top[i] = m < total ? r * p.strideY - p.padY : -(1 << 28);
            left[i] = (pixel - r * p.columns) * p.strideX - p.padX;
            base[i] = p.x + (long long)(m < total ? image : 0) * p.height * p.width * p.channels;
        }
    }

    // Calls to(i, from, inside) for each row with what lies at k of the inner dimension.
    template <typename To>
    __device__ __forceinline__ void fetch(int k, To to) const {
        bool within = k < p.depth;
        if (pointwise) {
#pragma unroll
            for (int i = 0; i < LOADS; i++) {
                bool inside = within && top[i] == 0;
                to(i, inside ? base[i] + k : p.x, inside);
            }
            return;
        }
        int tap = k / p.channels, channel = k - tap * p.channels, ky = tap / p.kernelX, kx = tap - ky * p.kernelX;
#pragma unroll
        for (int i = 0; i < LOADS; i++) {
            int iy = top[i] + ky * p.dilationY, ix = left[i] + kx * p.dilationX;
            bool inside = within && unsigned(iy) < unsigned(p.height) && unsigned(ix) < unsigned(p.width);
            to(i, inside ? base[i] + ((long long)iy * p.width + ix) * p.channels + channel : p.x, inside);
        }
    }
};

#if !defined(SIGHTLINE_EMULATED) && __CUDA_ARCH__ >= 900
// Adds eight sums that lie at the same place in the shared memory of another block of the cluster.
__device__ __forceinline__ void add_eight_of(float (&v)[8], const float* from, int block) {
    uint32_t there;
    asm("mapa.shared::cluster.u32 %0, %1, %2;" : "=r"(there) : "r"(shared_address(from)), "r"(block));
#pragma unroll
    for (int half = 0; half < 2; half++) {
        float4 sums;
        asm volatile("ld.shared::cluster.v4.f32 {%0, %1, %2, %3}, [%4];"
                     : "=f"(sums.x), "=f"(sums.y), "=f"(sums.z), "=f"(sums.w)
                     : "r"(there + half * 16));
        v[half * 4] += sums.x, v[half * 4 + 1] += sums.y, v[half * 4 + 2] += sums.z, v[half * 4 + 3] += sums.w;
    }
}
#endif

// Sums lie in shared memory as float32, one row a pixel; bias, activation and residual before the only rounding, stores of
// 16 bytes. Where SPLIT blocks of a cluster have each a part of the sums, each stores its part of the rows.
template <int BM, int BN, int THREADS, int SPLIT = 1>
__device__ __forceinline__ void conv_store(const ConvHalfParams& p, const float* staged, int m0, int n0) {
    constexpr int VECTORS = BN / 8, PITCH = BN + 8, SHARE = BM / SPLIT;
    int total = p.batch * p.rows * p.columns;
    Activator activate(p.activation);
    for (int v = threadIdx.x; v < SHARE * VECTORS; v += THREADS) {
        int row = blockIdx.z * SHARE + v / VECTORS, n = n0 + v % VECTORS * 8, m = m0 + row;
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
        float mine[8], other[8];
#if !defined(SIGHTLINE_EMULATED) && __CUDA_ARCH__ >= 900
        if (SPLIT > 1) {
#pragma unroll
            for (int e = 0; e < 8; e++) mine[e] = 0;
#pragma unroll
            for (int block = 0; block < SPLIT; block++) add_eight_of(mine, staged + row * PITCH + v % VECTORS * 8, block);
        } else
#endif
            load_eight(mine, staged + row * PITCH + v % VECTORS * 8);
        if (p.bias) {
            load_eight(other, p.bias + n);
#pragma unroll
            for (int e = 0; e < 8; e++) mine[e] += other[e];
        }
        if (!p.residualFirst) activate(mine);
        if (p.residual) {
            Eight::at(p.residual + at).unpack(other);
#pragma unroll
            for (int e = 0; e < 8; e++) mine[e] += other[e];
        }
        if (p.residualFirst) activate(mine);
        Eight::of(mine).to(p.y + at);
    }
}

// DEPTH is how much of the inner dimension a stage holds: 32 where sums are short, 64 where a long sum's few large steps
// hide the latency of its loads better. Eight more halves a row put the eight rows of a matrix load into different banks.
// SPLIT blocks of a cluster share a tile's sum where there are too few tiles to keep the device busy.
template <int BM, int BN, int WM, int WN, int DEPTH, int STAGES, int SPLIT = 1>
__device__ __forceinline__ void conv_tile(const ConvHalfParams& p, unsigned char* memory) {
    constexpr int PITCH = DEPTH + 8;
    constexpr int THREADS = BM / WM * (BN / WN) * 32;
    constexpr int PIECES = DEPTH / 8, APART = THREADS / PIECES;
    constexpr int A_LOADS = BM * PIECES / THREADS;
    constexpr int B_LOADS = (BN * PIECES + THREADS - 1) / THREADS;
    constexpr int MI = WM / 16, NI = WN / 8;
    static_assert(A_LOADS * THREADS == BM * PIECES, "the tile divides among the threads");
    half* tileA = reinterpret_cast<half*>(memory);
    half* tileB = tileA + STAGES * BM * PITCH;
    int thread = threadIdx.x, warp = thread / 32, lane = thread % 32, piece = thread % PIECES;
    int m0 = blockIdx.x * BM, n0 = blockIdx.y * BN;
    ConvRows<A_LOADS, APART> rows(p, m0 + thread / PIECES);
    int steps = (p.depth + DEPTH - 1) / DEPTH, from = 0;
    if (SPLIT > 1) {
        from = steps * blockIdx.z / SPLIT;
        steps = steps * (blockIdx.z + 1) / SPLIT - from;
    }

    auto fetch = [&](int step) {
        int k = (from + step) * DEPTH + piece * 8;
        half* a = tileA + step % STAGES * BM * PITCH + thread / PIECES * PITCH + piece * 8;
        half* b = tileB + step % STAGES * BN * PITCH;
        rows.fetch(k, [&](int i, const half* from, bool inside) { copy16(a + i * APART * PITCH, from, inside); });
#pragma unroll
        for (int i = 0; i < B_LOADS; i++) {
            int row = thread / PIECES + i * APART;
            if (row >= BN) break;
            bool inside = k < p.depth && n0 + row < p.filters;
            copy16(b + row * PITCH + piece * 8, inside ? p.w + (long long)(n0 + row) * p.depth + k : p.w, inside);
        }
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
    __syncthreads();
    float* staged = reinterpret_cast<float*>(memory);
#pragma unroll
    for (int i = 0; i < MI; i++)
#pragma unroll
        for (int j = 0; j < NI; j++)
#pragma unroll
            for (int h = 0; h < 2; h++)
                *reinterpret_cast<float2*>(staged + (warpM + i * 16 + lane / 4 + h * 8) * (BN + 8) + warpN + j * 8
                                           + lane % 4 * 2) = float2{sum[i][j][2 * h], sum[i][j][2 * h + 1]};
#if !defined(SIGHTLINE_EMULATED) && __CUDA_ARCH__ >= 900
    if (SPLIT > 1) {
        cluster_meet();
        conv_store<BM, BN, THREADS, SPLIT>(p, staged, m0, n0);
        // No block leaves while another reads its sums.
        cluster_meet();
        return;
    }
#endif
    __syncthreads();
    conv_store<BM, BN, THREADS>(p, staged, m0, n0);
}

#if defined(__CUDA_ARCH_FEAT_SM90_ALL)
// The same with wgmma: two warpgroups of 64 rows each. Rows of a stage are 128 bytes, their pieces swizzled as the
// instruction reads them. Two blocks share a multiprocessor, so that one multiplies while the other meets or stores.
template <int BN>
__device__ __forceinline__ void conv_hopper(const ConvHalfParams& p, unsigned char* raw) {
    constexpr int BM = 128, DEPTH = 64, STAGES = 3, THREADS = 256, APART = THREADS / 8;
    unsigned char* memory = raw + (1024 - shared_at(raw) % 1024) % 1024;
    unsigned char* tileB = memory + STAGES * BM * 128;
    int thread = threadIdx.x, piece = thread % 8, row0 = thread / 8;
    int m0 = blockIdx.x * BM, n0 = blockIdx.y * BN;
    int swizzled = row0 * 128 + ((piece ^ (row0 & 7)) << 4);
    ConvRows<BM / APART, APART> rows(p, m0 + row0);

    auto fetch = [&](int step) {
        int k = step * DEPTH + piece * 8;
        unsigned char* a = memory + step % STAGES * BM * 128 + swizzled;
        unsigned char* b = tileB + step % STAGES * BN * 128 + swizzled;
        rows.fetch(k, [&](int i, const half* from, bool inside) { copy16(a + i * APART * 128, from, inside); });
#pragma unroll
        for (int i = 0; i < BN / APART; i++) {
            int n = n0 + row0 + i * APART;
            bool inside = k < p.depth && n < p.filters;
            copy16(b + i * APART * 128, inside ? p.w + (long long)n * p.depth + k : p.w, inside);
        }
        copies_commit();
    };

    float sum[BN / 2];
    int steps = (p.depth + DEPTH - 1) / DEPTH, group = warpgroup();
#pragma unroll
    for (int s = 0; s < STAGES - 1; s++) {
        if (s < steps)
            fetch(s);
        else
            copies_commit();
    }
    for (int step = 0; step < steps; step++) {
        copies_wait<STAGES - 2>();
        asm volatile("fence.proxy.async.shared::cta;" ::: "memory");
        products_wait<0>();
        __syncthreads();
        uint64_t a = tile_descriptor(memory + step % STAGES * BM * 128 + group * 64 * 128);
        uint64_t b = tile_descriptor(tileB + step % STAGES * BN * 128);
        products_fence();
#pragma unroll
        for (int k = 0; k < DEPTH / 16; k++) Float16Products::multiply(sum, a + 2 * k, b + 2 * k, step > 0 || k > 0);
        products_commit();
        if (step + STAGES - 1 < steps)
            fetch(step + STAGES - 1);
        else
            copies_commit();
    }
    copies_wait<0>();
    products_wait<0>();
    __syncthreads();
    float* staged = reinterpret_cast<float*>(memory);
    int row = thread / 32 * 16 + thread % 32 / 4, column = thread % 4 * 2;
#pragma unroll
    for (int j = 0; j < BN / 8; j++)
#pragma unroll
        for (int h = 0; h < 2; h++)
            *reinterpret_cast<float2*>(staged + (row + h * 8) * (BN + 8) + j * 8 + column) =
                float2{sum[j * 4 + h * 2], sum[j * 4 + h * 2 + 1]};
    __syncthreads();
    conv_store<BM, BN, THREADS>(p, staged, m0, n0);
}
#define CONV_WIDE(BN, otherwise)                                                              \
    KERNEL_WITH(conv_half_128x##BN##x64, ConvHalfParams, __launch_bounds__(256, 2)) {         \
        DYNAMIC_SHARED(memory);                                                               \
        conv_hopper<BN>(p, memory);                                                           \
    }
#else
#define CONV_WIDE(BN, otherwise)                                   \
    KERNEL_MEETING(conv_half_128x##BN##x64, ConvHalfParams, 256) { \
        DYNAMIC_SHARED(memory);                                    \
        otherwise(p, memory);                                      \
    }
#endif

#define CONV_TILE(BM, BN, WM, WN, DEPTH, STAGES)                                                \
    KERNEL_MEETING(conv_half_##BM##x##BN##x##DEPTH, ConvHalfParams, BM / WM * (BN / WN) * 32) { \
        DYNAMIC_SHARED(memory);                                                                 \
        conv_tile<BM, BN, WM, WN, DEPTH, STAGES>(p, memory);                                    \
    }
CONV_WIDE(128, (conv_tile<128, 128, 64, 32, 32, 3>))
CONV_WIDE(64, (conv_tile<128, 64, 32, 32, 64, 3>))
CONV_WIDE(32, (conv_tile<128, 32, 16, 32, 32, 3>))
CONV_TILE(128, 128, 64, 32, 32, 3)
CONV_TILE(128, 64, 32, 32, 32, 3)
CONV_TILE(64, 64, 32, 32, 32, 3)
CONV_TILE(64, 64, 32, 32, 64, 4)
CONV_TILE(128, 32, 32, 32, 32, 3)
CONV_TILE(128, 16, 32, 16, 32, 3)
CONV_TILE(32, 64, 16, 32, 32, 3)
CONV_TILE(32, 64, 16, 32, 64, 4)
CONV_TILE(32, 32, 16, 16, 32, 3)
CONV_TILE(32, 32, 16, 16, 64, 4)

#if !defined(SIGHTLINE_EMULATED) && (!defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 900)
#define CONV_SPLIT(BM, BN, WM, WN, DEPTH, STAGES, SPLIT)                                                                \
    KERNEL_WITH(conv_half_##BM##x##BN##x##DEPTH##_##SPLIT, ConvHalfParams,                                              \
        __cluster_dims__(1, 1, SPLIT) __launch_bounds__(BM / WM * (BN / WN) * 32)) {                                    \
        DYNAMIC_SHARED(memory);                                                                                         \
        conv_tile<BM, BN, WM, WN, DEPTH, STAGES, SPLIT>(p, memory);                                                     \
    }
CONV_SPLIT(128, 64, 32, 32, 64, 3, 2)
CONV_SPLIT(128, 64, 32, 32, 64, 3, 4)
CONV_SPLIT(128, 64, 32, 32, 64, 3, 8)
CONV_SPLIT(64, 64, 32, 32, 64, 4, 2)
CONV_SPLIT(64, 64, 32, 32, 64, 4, 4)
CONV_SPLIT(64, 64, 32, 32, 64, 4, 8)
CONV_SPLIT(32, 64, 16, 32, 64, 4, 4)
CONV_SPLIT(32, 64, 16, 32, 64, 4, 8)
#endif
