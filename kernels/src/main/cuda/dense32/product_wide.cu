// Large products of operands kept in bfloat16, sums and results float32: what a transformer trains on. Operands may lie with
// the inner dimension running fastest or with their own rows or columns; Hopper's matrix path reads either from shared memory,
// so that one copy of a tensor serves the forward product and both gradients, and nothing is ever transposed.
//
// y[split][z] = sum over segments of a b (+ bias). Roofline: 2*m*n*k FLOP against 2*(m*k + n*k) + 4*m*n bytes; with 1152
// channels and 8192 rows 22 GFLOP against 59 MB, so tensor cores are the limit. As gemm.cu: a thread that only orders tile
// copies, two warpgroups of 64 rows, pairs of blocks that share B, each fetching half of it for both; tiles and sums of any
// size, as the copy engine fills with zeros and stores look where they are. Elsewhere the same tiles through mma.sync.
#include "tensor_core.cuh"
#if defined(__CUDA_ARCH_FEAT_SM90_ALL)
#include "hopper.cuh"
#endif

struct ProductWideParams {
    TileMap a, b;
    const uint16_t* left;     // [segment][z % aGroups][m][k], or [k][m]
    const uint16_t* right;    // [segment][z % bGroups][n][k], or [k][n]
    const float* rowBias;     // one a row of each of aGroups, may be null
    const float* columnBias;  // one a column, may be null
    float* y;                 // [split][z][m][n]
    uint16_t* rounded;        // instead of y where it is not null
    int m, n, k, segments, outputs, aGroups, bGroups, splits;
};

constexpr int ROWS = 128, DEPTH = 64, PAIR = 2, THREADS = 384;
constexpr int GROUP = 8;  // pairs of row tiles walked together before the next columns

struct WideTile {
    int m0, n0, y, a, b, from, to, pieces;  // which of y, of left and right operands; pieces a segment, those of this tile
};

template <int COLUMNS>
struct WideTiles {
    const ProductWideParams& p;
    int rowPairs, columns, each, total;
    __device__ explicit WideTiles(const ProductWideParams& params)
        : p(params),
          rowPairs((params.m + PAIR * ROWS - 1) / (PAIR * ROWS)),
          columns((params.n + COLUMNS - 1) / COLUMNS),
          each(rowPairs * columns),
          total(each * params.outputs * params.splits) {}
    __device__ WideTile at(int index, int rank) const {
        WideTile tile;
        tile.y = index / each;
        index -= tile.y * each;
        int group = index / (GROUP * columns), within = index - group * GROUP * columns;
        int tall = min(GROUP, rowPairs - group * GROUP), column = within / tall;
        tile.m0 = ((group * GROUP + within - column * tall) * PAIR + rank) * ROWS;
        tile.n0 = column * COLUMNS;
        int split = tile.y / p.outputs;
        tile.a = (tile.y - split * p.outputs) % p.aGroups;
        tile.b = (tile.y - split * p.outputs) % p.bGroups;
        tile.pieces = (p.k + DEPTH - 1) / DEPTH;
        long long all = (long long)p.segments * tile.pieces;
        tile.from = int(all * split / p.splits);
        tile.to = int(all * (split + 1) / p.splits);
        return tile;
    }
};

__device__ __forceinline__ void wide_store(
    const ProductWideParams& p, const WideTile& tile, int m, int n, float first, float second) {
    if (m >= p.m || n >= p.n) return;
    float bias = p.rowBias ? p.rowBias[tile.a * p.m + m] : 0.f;
    bool both = n + 1 < p.n;
    first += bias + (p.columnBias ? p.columnBias[n] : 0.f);
    second += bias + (p.columnBias && both ? p.columnBias[n + 1] : 0.f);
    long long at = ((long long)tile.y * p.m + m) * p.n + n;
    if (p.rounded) {
        if (p.n % 2 == 0)
            *reinterpret_cast<uint32_t*>(p.rounded + at) = packed_bfloat16(first, second);
        else
            for (int i = 0; i <= both; i++) p.rounded[at + i] = uint16_t(packed_bfloat16(i ? second : first, 0.f));
        return;
    }
    float* y = p.y + at;
    if (p.n % 2 == 0) {
        *reinterpret_cast<float2*>(y) = make_float2(first, second);
    } else {
        y[0] = first;
        if (both) y[1] = second;
    }
}

#if defined(__CUDA_ARCH_FEAT_SM90_ALL)
// Which operands lie with their own rows or columns running fastest.
struct BothAlong {
    PRODUCT(192, 96, 96, 97, 98, 16, "bf16.bf16", ", 0, 0")
    PRODUCT(256, 128, 128, 129, 130, 16, "bf16.bf16", ", 0, 0")
};
struct RightTurned {
    PRODUCT(192, 96, 96, 97, 98, 16, "bf16.bf16", ", 0, 1")
    PRODUCT(256, 128, 128, 129, 130, 16, "bf16.bf16", ", 0, 1")
};
struct LeftTurned {
    PRODUCT(192, 96, 96, 97, 98, 16, "bf16.bf16", ", 1, 0")
    PRODUCT(256, 128, 128, 129, 130, 16, "bf16.bf16", ", 1, 0")
};
struct BothTurned {
    PRODUCT(192, 96, 96, 97, 98, 16, "bf16.bf16", ", 1, 1")
    PRODUCT(256, 128, 128, 129, 130, 16, "bf16.bf16", ", 1, 1")
};
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

template <bool A_ALONG, bool B_ALONG, int COLUMNS>
__device__ __forceinline__ void product_wide(const ProductWideParams& p, unsigned char* raw) {
    constexpr int STAGES = COLUMNS == 256 ? 3 : 4, PANEL = DEPTH * 128;
    constexpr int A_BYTES = ROWS * 128, B_BYTES = COLUMNS * 128;
    using Kind = typename WideKind<A_ALONG, B_ALONG>::Type;
    unsigned char* memory = raw + (1024 - shared_at(raw) % 1024) % 1024;
    unsigned char* tileA = memory;
    unsigned char* tileB = memory + STAGES * A_BYTES;
    uint64_t* full = reinterpret_cast<uint64_t*>(tileB + STAGES * B_BYTES);
    uint64_t* empty = full + STAGES;
    int rank = cluster_rank(), warpgroup = threadIdx.x / 128;
    if (threadIdx.x == 0) {
        for (int s = 0; s < STAGES; s++) {
            barrier_open(full + s, 1);
            barrier_open(empty + s, 2 * PAIR);
        }
        asm volatile("fence.mbarrier_init.release.cluster;" ::: "memory");
    }
    cluster_meet();
    WideTiles<COLUMNS> tiles(p);
    int first = blockIdx.x / PAIR, stride = gridDim.x / PAIR;
    if (warpgroup == 0) {
        asm volatile("setmaxnreg.dec.sync.aligned.u32 56;");
        if (threadIdx.x == 0) {
            int stage = 0, phase = 1;
            for (int index = first; index < tiles.total; index += stride) {
                WideTile t = tiles.at(index, rank);
                for (int piece = t.from; piece < t.to; piece++) {
                    int segment = piece / t.pieces, at = (piece - segment * t.pieces) * DEPTH, base = segment * p.outputs;
                    unsigned char *a = tileA + stage * A_BYTES, *b = tileB + stage * B_BYTES;
                    barrier_wait(empty + stage, phase);
                    barrier_expect(full + stage, A_BYTES + B_BYTES);
                    if (A_ALONG) {
                        stack_load(a, &p.a, full + stage, at, t.m0, base + t.a);
                    } else {
                        for (int i = 0; i < ROWS / 64; i++)
                            stack_load(a + i * PANEL, &p.a, full + stage, t.m0 + i * 64, at, base + t.a);
                    }
                    if (B_ALONG) {
                        int half = rank * (COLUMNS / PAIR);
                        stack_load_all(
                            b + half * 128, &p.b, full + stage, at, t.n0 + half, base + t.b, (1 << PAIR) - 1);
                    } else {
                        int half = rank * (DEPTH / PAIR);
                        for (int i = 0; i < COLUMNS / 64; i++)
                            stack_load_all(b + i * PANEL + half * 128, &p.b, full + stage, t.n0 + i * 64, at + half,
                                base + t.b, (1 << PAIR) - 1);
                    }
                    if (++stage == STAGES) stage = 0, phase ^= 1;
                }
            }
        }
    } else {
        asm volatile("setmaxnreg.inc.sync.aligned.u32 224;");
        int warp = threadIdx.x % 128 / 32, lane = threadIdx.x % 32;
        int stage = 0, phase = 0, before = 0;
        float sum[COLUMNS / 2];
        for (int index = first; index < tiles.total; index += stride) {
            WideTile t = tiles.at(index, rank);
            for (int piece = t.from; piece < t.to; piece++) {
                barrier_wait(full + stage, phase);
                const unsigned char* mine = tileA + stage * A_BYTES + (warpgroup - 1) * 64 * 128;
                uint64_t a = A_ALONG ? tile_descriptor(mine) : panel_descriptor(mine, PANEL);
                const unsigned char* shared = tileB + stage * B_BYTES;
                uint64_t b = B_ALONG ? tile_descriptor(shared) : panel_descriptor(shared, PANEL);
                products_fence();
                // Sixteen steps are 32 bytes of a row, or sixteen rows of a panel.
#pragma unroll
                for (int k = 0; k < DEPTH / 16; k++)
                    Kind::multiply(
                        sum, a + k * (A_ALONG ? 2 : 128), b + k * (B_ALONG ? 2 : 128), piece > t.from || k > 0);
                products_commit();
                // The products of the step before are done, so that its tiles may be overwritten, in both blocks.
                products_wait<1>();
                if (piece > t.from && threadIdx.x % 128 < PAIR) barrier_arrive(empty + before, threadIdx.x % 128);
                before = stage;
                if (++stage == STAGES) stage = 0, phase ^= 1;
            }
            products_wait<0>();
            if (threadIdx.x % 128 < PAIR) barrier_arrive(empty + before, threadIdx.x % 128);
            int m = t.m0 + (warpgroup - 1) * 64 + warp * 16 + lane / 4, n = t.n0 + lane % 4 * 2;
#pragma unroll
            for (int j = 0; j < COLUMNS / 8; j++)
#pragma unroll
                for (int h = 0; h < 2; h++)
                    wide_store(p, t, m + h * 8, n + j * 8, sum[j * 4 + h * 2], sum[j * 4 + h * 2 + 1]);
        }
    }
    // No block leaves while its pair may still write into its shared memory or arrive at its barriers.
    cluster_meet();
}
#define WIDE_KERNEL(name) \
    KERNEL_WITH(name, ProductWideParams, __cluster_dims__(PAIR, 1, 1) __launch_bounds__(THREADS, 1))
#else
// A piece of an operand: lines of eight-element copies, a gap behind each so that matrix loads meet no bank twice.
template <bool ALONG, int TILE, int STEPS>
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
    // Four 8 x 8 matrices: of 16 rows and 16 steps. `rowsFirst`: rows before steps in the order of registers.
    static __device__ __forceinline__ void fragment(uint32_t (&r)[4], const uint16_t* tile, int row, int k, bool rowsFirst) {
        int lane = threadIdx.x % 32, inner = lane % 8, low = lane / 8 % 2 * 8, high = lane / 16 * 8;
        int dr = rowsFirst ? low : high, dk = rowsFirst ? high : low;
        if (ALONG)
            load_matrices(r, tile + (row + dr + inner) * PITCH + k + dk);
        else
            load_matrices_turned(r, tile + (k + dk + inner) * PITCH + row + dr);
    }
};

template <bool A_ALONG, bool B_ALONG, int COLUMNS>
__device__ __forceinline__ void product_wide(const ProductWideParams& p, unsigned char* memory) {
    constexpr int STAGES = 3, STEPS = 32, NI = COLUMNS / 32;  // warps stand two by four, the last four only fetch
    using A = WideOperand<A_ALONG, ROWS, STEPS>;
    using B = WideOperand<B_ALONG, COLUMNS, STEPS>;
    uint16_t* as = reinterpret_cast<uint16_t*>(memory);
    uint16_t* bs = as + STAGES * A::SIZE;
    WideTiles<COLUMNS> tiles(p);
    int warp = threadIdx.x / 32, lane = threadIdx.x % 32, row = warp % 2 * 64, column = warp / 2 % 4 * (COLUMNS / 4);
    for (int index = blockIdx.x / PAIR; index < tiles.total; index += gridDim.x / PAIR) {
        WideTile t = tiles.at(index, blockIdx.x % PAIR);
        int count = (t.to - t.from) * (DEPTH / STEPS);
        auto fetch = [&](int step) {
            if (step < count) {
                int piece = t.from + step / (DEPTH / STEPS), segment = piece / t.pieces;
                int at = (piece - segment * t.pieces) * DEPTH + step % (DEPTH / STEPS) * STEPS;
                long long base = (long long)segment * p.outputs;
                A::load(as + step % STAGES * A::SIZE, p.left + (base + t.a) * p.m * p.k, t.m0, p.m, at, p.k);
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
            if (warp >= 8) continue;
#pragma unroll
            for (int k = 0; k < STEPS; k += 16) {
                uint32_t fa[4][4];
#pragma unroll
                for (int i = 0; i < 4; i++)
                    A::fragment(fa[i], as + step % STAGES * A::SIZE, row + i * 16, k, true);
#pragma unroll
                for (int j = 0; j < NI / 2; j++) {
                    uint32_t fb[4];
                    B::fragment(fb, bs + step % STAGES * B::SIZE, column + j * 16, k, false);
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
        if (warp >= 8) continue;
#pragma unroll
        for (int i = 0; i < 4; i++)
#pragma unroll
            for (int j = 0; j < NI; j++)
#pragma unroll
                for (int h = 0; h < 2; h++)
                    wide_store(p, t, t.m0 + row + i * 16 + h * 8 + lane / 4, t.n0 + column + j * 8 + lane % 4 * 2,
                        sum[i][j][h * 2], sum[i][j][h * 2 + 1]);
    }
}
#define WIDE_KERNEL(name) KERNEL_MEETING(name, ProductWideParams, THREADS)
#endif

#define PRODUCT_WIDE(name, A_ALONG, B_ALONG, COLUMNS)      \
    WIDE_KERNEL(name) {                                    \
        DYNAMIC_SHARED(memory);                            \
        product_wide<A_ALONG, B_ALONG, COLUMNS>(p, memory); \
    }
PRODUCT_WIDE(product_wide_rows_192, true, false, 192)
PRODUCT_WIDE(product_wide_rows_256, true, false, 256)
PRODUCT_WIDE(product_wide_right_transposed_192, true, true, 192)
PRODUCT_WIDE(product_wide_right_transposed_256, true, true, 256)
PRODUCT_WIDE(product_wide_left_transposed_192, false, false, 192)
PRODUCT_WIDE(product_wide_left_transposed_256, false, false, 256)
PRODUCT_WIDE(product_wide_both_transposed_192, false, true, 192)
PRODUCT_WIDE(product_wide_both_transposed_256, false, true, 256)

struct NarrowParams {
    const float* from;
    uint16_t* to;
    int n;
};
// What products read, rounded once. Memory-bound: 6 bytes an element.
KERNEL(to_bfloat16, NarrowParams) {
    int i = GLOBAL_INDEX;
    if (i * 8 >= p.n) return;
    if (p.n - i * 8 < 8) {
        for (int k = i * 8; k < p.n; k++) p.to[k] = uint16_t(packed_bfloat16(p.from[k], 0.f));
        return;
    }
    const float4* from = reinterpret_cast<const float4*>(p.from) + i * 2;
    float4 a = from[0], b = from[1];
    reinterpret_cast<uint4*>(p.to)[i] = make_uint4(
        packed_bfloat16(a.x, a.y), packed_bfloat16(a.z, a.w), packed_bfloat16(b.x, b.y), packed_bfloat16(b.z, b.w));
}

struct WidenParams {
    const uint16_t* from;
    float* to;
    int n;
};
// Back, where something cannot read what is rounded.
KERNEL(from_bfloat16, WidenParams) {
    int first = GLOBAL_INDEX * 8;
    for (int i = first; i < min(first + 8, p.n); i++) p.to[i] = __int_as_float(int(uint32_t(p.from[i]) << 16));
}

struct PiecesParams {
    const float* from;  // [pieces][n]
    float* to;
    int n, pieces;  // n a multiple of four
};
// The pieces of a sum that was cut, always in the same order. Memory-bound.
KERNEL(sum_pieces, PiecesParams) {
    int i = GLOBAL_INDEX;
    if (i >= p.n / 4) return;
    float4 sum = reinterpret_cast<const float4*>(p.from)[i];
    for (int piece = 1; piece < p.pieces; piece++) {
        float4 v = reinterpret_cast<const float4*>(p.from + (long long)piece * p.n)[i];
        sum = make_float4(sum.x + v.x, sum.y + v.y, sum.z + v.z, sum.w + v.w);
    }
    reinterpret_cast<float4*>(p.to)[i] = sum;
}
