// Large products of operands kept in bfloat16, sums and results float32: what a transformer trains on. Operands may lie with
// the inner dimension running fastest or with their own rows or columns; Hopper's matrix path reads either from shared memory,
// so that one copy of a tensor serves the forward product and both gradients, and nothing is ever transposed.
//
// y[z] = sum over segments of a b (+ bias). Roofline: 2*m*n*k FLOP against 2*(m*k + n*k) + 4*m*n bytes; with 1152
// channels and 8192 rows 22 GFLOP against 59 MB, so tensor cores are the limit. As gemm.cu: a thread that only orders tile
// copies, and pairs of blocks that share B, each fetching half of it for both. Tiles of 256 x 192 (two warpgroups), 192 x 256 and
// 192 x 192 (three) and 128 x 192 reach 940 TFLOP/s alike between their ends; which of them covers a result with the fewest
// rounds and ends decides (WideCut.java).
//
// The last round of tiles is seldom full, so sums of those beyond the `whole` ones are cut in `splits` pieces, which
// product_wide_join adds up, always in the same order. Any size, as the copy engine fills with zeros and stores look where
// they are; rows that do not begin at multiples of 16 bytes are stored by the join alone. Without Hopper's matrix path the
// same tiles go through mma.sync.
#if defined(__CUDA_ARCH_FEAT_SM90_ALL)
#include "hopper.cuh"
#include "wide_sums.cuh"

// Which operands lie with their own rows or columns running fastest.
#define WIDE_PRODUCTS(name, flags)                           \
    struct name {                                            \
        PRODUCT(128, 64, 64, 65, 66, 16, "bf16.bf16", flags) \
        PRODUCT(192, 96, 96, 97, 98, 16, "bf16.bf16", flags) \
    };
WIDE_PRODUCTS(BothAlong, ", 0, 0")
WIDE_PRODUCTS(RightTurned, ", 0, 1")
WIDE_PRODUCTS(LeftTurned, ", 1, 0")
WIDE_PRODUCTS(BothTurned, ", 1, 1")
template <bool A_ALONG, bool B_ALONG>
struct WideKind {
    using Type = BothTurned;
};
template <>
struct WideKind<false, true> {
    using Type = LeftTurned;
};
template <>
struct WideKind<true, true> {
    using Type = BothAlong;
};
template <>
struct WideKind<true, false> {
    using Type = RightTurned;
};

// A box of a stack of matrices to this block, or to every block in the mask.
__device__ __forceinline__ void stack_load(void* to, const TileMap* map, uint64_t* barrier, int x, int y, int z) {
    asm volatile(
        "cp.async.bulk.tensor.3d.shared::cluster.global.tile.mbarrier::complete_tx::bytes [%0], [%1, {%3, %4, %5}], [%2];" ::"r"(
            shared_at(to)),
        "l"(map), "r"(shared_at(barrier)), "r"(x), "r"(y), "r"(z)
        : "memory");
}
__device__ __forceinline__ void stack_load_all(
    void* to, const TileMap* map, uint64_t* barrier, int x, int y, int z, uint16_t mask) {
    asm volatile(
        "cp.async.bulk.tensor.3d.shared::cluster.global.tile.mbarrier::complete_tx::bytes.multicast::cluster "
        "[%0], [%1, {%3, %4, %5}], [%2], %6;" ::"r"(shared_at(to)),
        "l"(map), "r"(shared_at(barrier)), "r"(x), "r"(y), "r"(z), "h"(mask)
        : "memory");
}
// Panels of 64 rows or columns, DEPTH steps of 128 bytes each, `apart` bytes from one to the next; eight steps are 1024 bytes.
__device__ __forceinline__ uint64_t panel_descriptor(const void* tile, int apart) {
    return uint64_t((shared_at(tile) & 0x3ffff) >> 4) | (uint64_t(apart >> 4) << 16) | (uint64_t(64) << 32) | (uint64_t(1) << 62);
}

template <bool A_ALONG, bool B_ALONG, int GROUPS, int BLOCKS, int COLUMNS>
__device__ __forceinline__ void product_wide(const ProductWideParams& p, unsigned char* raw) {
    constexpr int STAGES = 4, PANEL = DEPTH * 128, ROWS = GROUPS * BLOCKS * 64;
    constexpr int A_BYTES = ROWS * 128, STAGE = A_BYTES + COLUMNS * 128;
    // One instruction of 256 columns would want all the registers that a block of 512 threads starts with.
    constexpr int WIDTH = COLUMNS == 256 ? 128 : COLUMNS;
    using Kind = typename WideKind<A_ALONG, B_ALONG>::Type;
    unsigned char* memory = raw + (1024 - shared_at(raw) % 1024) % 1024;
    uint64_t* full = reinterpret_cast<uint64_t*>(memory + STAGES * STAGE);
    uint64_t* empty = full + STAGES;
    // Told by a shuffle that it is one for the whole warp, the compiler keeps descriptors in uniform registers.
    int rank = cluster_rank(), warpgroup = __shfl_sync(0xffffffffu, threadIdx.x / 128, 0);
    if (threadIdx.x == 0) {
        for (int s = 0; s < STAGES; s++) {
            barrier_open(full + s, 1);
            barrier_open(empty + s, GROUPS * PAIR);
        }
        asm volatile("fence.mbarrier_init.release.cluster;" ::: "memory");
    }
    cluster_meet();
    WideTiles tiles(p, ROWS, COLUMNS);
    int first = blockIdx.x / PAIR, stride = gridDim.x / PAIR;
    if (warpgroup == 0) {
        // What these give up is exactly what the others take; more would never come.
        if (GROUPS == 3)
            asm volatile("setmaxnreg.dec.sync.aligned.u32 32;");
        else
            asm volatile("setmaxnreg.dec.sync.aligned.u32 40;");
        if (threadIdx.x == 0) {
            int stage = 0, phase = 1;
            for (int item = first; item < tiles.items; item += stride) {
                WideTile t = tiles.at(item, rank);
                int segment = t.from / t.pieces, at = (t.from - segment * t.pieces) * DEPTH, base = segment * p.outputs;
                for (int piece = t.from; piece < t.to; piece++) {
                    unsigned char *a = memory + stage * STAGE, *b = a + A_BYTES;
                    barrier_wait(empty + stage, phase);
                    barrier_expect(full + stage, STAGE);
                    if (A_ALONG) {
                        stack_load(a, &p.a, full + stage, at, t.m0, base + t.a);
                    } else {
#pragma unroll
                        for (int i = 0; i < ROWS / 64; i++)
                            stack_load(a + i * PANEL, &p.a, full + stage, t.m0 + i * 64, at, base + t.a);
                    }
                    if (B_ALONG) {
                        int half = rank * (COLUMNS / PAIR);
                        stack_load_all(
                            b + half * 128, &p.b, full + stage, at, t.n0 + half, base + t.b, (1 << PAIR) - 1);
                    } else {
                        int half = rank * (DEPTH / PAIR);
#pragma unroll
                        for (int i = 0; i < COLUMNS / 64; i++)
                            stack_load_all(b + i * PANEL + half * 128, &p.b, full + stage, t.n0 + i * 64, at + half,
                                base + t.b, (1 << PAIR) - 1);
                    }
                    if (++stage == STAGES) stage = 0, phase ^= 1;
                    at += DEPTH;
                    if (at >= p.k) at = 0, base += p.outputs;
                }
            }
        }
    } else {
        if (GROUPS == 3)
            asm volatile("setmaxnreg.inc.sync.aligned.u32 160;");
        else
            asm volatile("setmaxnreg.inc.sync.aligned.u32 232;");
        int own = (warpgroup - 1) * BLOCKS, stage = 0, phase = 0, before = 0;
        WideSums<BLOCKS, COLUMNS, WIDTH> sums;
        for (int item = first; item < tiles.items; item += stride) {
            WideTile t = tiles.at(item, rank);
            for (int piece = t.from; piece < t.to; piece++) {
                barrier_wait(full + stage, phase);
                const unsigned char *mine = memory + stage * STAGE + own * PANEL, *shared = memory + stage * STAGE + A_BYTES;
                uint64_t a = A_ALONG ? tile_descriptor(mine) : panel_descriptor(mine, PANEL);
                uint64_t b = B_ALONG ? tile_descriptor(shared) : panel_descriptor(shared, PANEL);
                products_fence();
                // Sixteen steps are 32 bytes of a row, or sixteen rows of a panel.
#pragma unroll
                for (int k = 0; k < DEPTH / 16; k++)
#pragma unroll
                    for (int i = 0; i < BLOCKS; i++)
#pragma unroll
                        for (int j = 0; j < COLUMNS / WIDTH; j++)
                            Kind::multiply(sums.of[i][j], a + i * (PANEL / 16) + k * (A_ALONG ? 2 : 128),
                                b + j * (WIDTH * 128 / 16) + k * (B_ALONG ? 2 : 128), piece > t.from || k > 0);
                products_commit();
                // The products of the step before are done, so that its tiles may be overwritten, in both blocks.
                products_wait<1>();
                if (piece > t.from && threadIdx.x % 128 < PAIR) barrier_arrive(empty + before, threadIdx.x % 128);
                before = stage;
                if (++stage == STAGES) stage = 0, phase ^= 1;
            }
            products_wait<0>();
            sums.settle();
            if (threadIdx.x % 128 < PAIR) barrier_arrive(empty + before, threadIdx.x % 128);
            if (t.part < 0)
                sums.store(p, t, own);
            else
                sums.part(p.parts + (long long)t.part * (ROWS * COLUMNS), GROUPS * 128);
        }
    }
    // No block leaves while its pair may still write into its shared memory or arrive at its barriers.
    cluster_meet();
}
#define WIDE_KERNEL(name, threads) \
    KERNEL_WITH(name, ProductWideParams, __cluster_dims__(PAIR, 1, 1) __launch_bounds__(threads, 1))
#else
#include "wide_mma.cuh"

#define WIDE_KERNEL(name, threads) KERNEL_MEETING(name, ProductWideParams, threads)
#endif

#define PRODUCT_WIDE(name, A_ALONG, B_ALONG, GROUPS, BLOCKS, COLUMNS)        \
    WIDE_KERNEL(name, GROUPS * 128 + 128) {                                  \
        DYNAMIC_SHARED(memory);                                              \
        product_wide<A_ALONG, B_ALONG, GROUPS, BLOCKS, COLUMNS>(p, memory);  \
    }
#define PRODUCTS_WIDE(shape, GROUPS, BLOCKS, COLUMNS)                                               \
    PRODUCT_WIDE(product_wide_rows_##shape, true, false, GROUPS, BLOCKS, COLUMNS)                   \
    PRODUCT_WIDE(product_wide_right_transposed_##shape, true, true, GROUPS, BLOCKS, COLUMNS)        \
    PRODUCT_WIDE(product_wide_left_transposed_##shape, false, false, GROUPS, BLOCKS, COLUMNS)       \
    PRODUCT_WIDE(product_wide_both_transposed_##shape, false, true, GROUPS, BLOCKS, COLUMNS)
PRODUCTS_WIDE(256x192, 2, 2, 192)
PRODUCTS_WIDE(192x256, 3, 1, 256)
PRODUCTS_WIDE(192x192, 3, 1, 192)
PRODUCTS_WIDE(128x192, 2, 1, 192)

// Adds up the pieces of the tiles that are not whole, four elements a thread: two neighbours of two rows as Hopper's products
// leave them, or four neighbours. Memory-bound: 4 bytes an element of a piece.
template <int GROUPS, int BLOCKS, int COLUMNS>
__device__ __forceinline__ void product_wide_join(const ProductWideParams& p) {
    constexpr int ROWS = GROUPS * BLOCKS * 64, EACH = ROWS * COLUMNS / 4;
    WideTiles tiles(p, ROWS, COLUMNS);
    int index = GLOBAL_INDEX / (PAIR * EACH), within = GLOBAL_INDEX % (PAIR * EACH), rank = within / EACH;
    if (index >= tiles.tail) return;
    within -= rank * EACH;
    const float4* from = reinterpret_cast<const float4*>(p.parts) + (long long)index * p.splits * (PAIR * EACH) + rank * EACH + within;
    float4 sum = {};
#pragma unroll 4
    for (int piece = 0; piece < p.splits; piece++) {
        float4 v = from[(long long)piece * (PAIR * EACH)];
        sum = make_float4(sum.x + v.x, sum.y + v.y, sum.z + v.z, sum.w + v.w);
    }
    WideTile t = tiles.place(p.whole + index);
#if defined(__CUDA_ARCH_FEAT_SM90_ALL)
    constexpr int THREADS = GROUPS * 128;
    int thread = within % THREADS, step = within / THREADS, block = thread / 128 * BLOCKS + step / (COLUMNS / 8);
    int row = block * 64 + thread % 128 / 32 * 16 + thread % 32 / 4, column = step % (COLUMNS / 8) * 8 + thread % 4 * 2;
    constexpr int DOWN = 8, ALONG = 2;
#else
    int row = within / (COLUMNS / 4), column = within % (COLUMNS / 4) * 4;
    constexpr int DOWN = 0, ALONG = 4;
#endif
    int m = t.m0 + rank * ROWS + row, n = t.n0 + column;
    float v[4] = {sum.x, sum.y, sum.z, sum.w};
#pragma unroll
    for (int i = 0; i < 4; i += 2) {
        int y = m + i / ALONG * DOWN, x = n + i % ALONG;
        if (y >= p.m || x >= p.n) continue;
        float bias = p.rowBias ? p.rowBias[t.a * p.m + y] : 0.f;
        bool both = x + 1 < p.n;
        float first = v[i] + bias + (p.columnBias ? p.columnBias[x] : 0.f);
        float second = v[i + 1] + bias + (p.columnBias && both ? p.columnBias[x + 1] : 0.f);
        long long at = ((long long)t.y * p.m + y) * p.n + x;
        uint32_t pair = packed_bfloat16(first, second);
        if (p.n % 2 == 0 && p.rounded) {
            *reinterpret_cast<uint32_t*>(p.rounded + at) = pair;
        } else if (p.n % 2 == 0) {
            *reinterpret_cast<float2*>(p.y + at) = make_float2(first, second);
        } else if (p.rounded) {
            p.rounded[at] = uint16_t(pair);
            if (both) p.rounded[at + 1] = uint16_t(pair >> 16);
        } else {
            p.y[at] = first;
            if (both) p.y[at + 1] = second;
        }
    }
}
#define JOIN_WIDE(shape, GROUPS, BLOCKS, COLUMNS) \
    KERNEL(product_wide_join_##shape, ProductWideParams) { product_wide_join<GROUPS, BLOCKS, COLUMNS>(p); }
JOIN_WIDE(256x192, 2, 2, 192)
JOIN_WIDE(192x256, 3, 1, 256)
JOIN_WIDE(192x192, 3, 1, 192)
JOIN_WIDE(128x192, 2, 1, 192)
