// Large products of operands kept in bfloat16, sums and results float32: what a transformer trains on. Operands may lie with
// the inner dimension running fastest or with their own rows or columns; Hopper's matrix path reads either from shared memory,
// so that one copy of a tensor serves the forward product and both gradients, and nothing is ever transposed.
//
// y[z] = sum over segments of a b (+ bias). Roofline: 2*m*n*k FLOP against 2*(m*k + n*k) + 4*m*n bytes; with 1152
// channels and 8192 rows 22 GFLOP against 59 MB, so tensor cores are the limit. As gemm.cu: a thread that only orders tile
// copies, pairs of blocks that share B, each fetching half of it for both, and tiles as large as registers allow, since a
// multiprocessor takes in some 36 bytes a clock: 256 x 192 (two warpgroups) and 192 x 256 (three) want no more than that at
// full speed, 192 x 192 and 128 x 192, for what those fit badly, up to half as much again.
//
// The last round of tiles is seldom full, so sums of those beyond the `whole` ones are cut in `splits` pieces, which
// product_wide_join adds up, always in the same order. Any size, as the copy engine fills with zeros and stores look where
// they are; rows that do not begin at multiples of 16 bytes are stored by the join alone. Without Hopper's matrix path the
// same tiles go through mma.sync.
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
    float* y;                 // [z][m][n]
    uint16_t* rounded;        // instead of y where it is not null
    float* parts;             // [pair of tiles beyond the whole ones][piece][block of the pair][tile]
    int m, n, k, segments, outputs, aGroups, bGroups, whole, splits;
};

constexpr int DEPTH = 64, PAIR = 2;
constexpr int BAND = 2048;  // rows walked together before the next columns, so that operands stay in L2

// A tile of results, or a piece of its sums.
struct WideTile {
    int m0, n0, y, a, b;       // which of y, of left and right operands
    int from, to, pieces;      // steps of the sum, and how many a segment has
    int part;                  // which of the parts, or negative
};

struct WideTiles {
    const ProductWideParams& p;
    int rows, width, group, rowPairs, columns, each, tail, items;
    __device__ WideTiles(const ProductWideParams& params, int tileRows, int tileColumns)
        : p(params),
          rows(tileRows),
          width(tileColumns),
          group((BAND + PAIR * rows - 1) / (PAIR * rows)),
          rowPairs((params.m + PAIR * rows - 1) / (PAIR * rows)),
          columns((params.n + width - 1) / width),
          each(rowPairs * columns),
          tail(each * params.outputs - params.whole),
          items(params.whole + tail * params.splits) {}
    // Of a pair of tiles, whole or not.
    __device__ WideTile place(int index) const {
        WideTile t;
        t.y = index / each;
        index -= t.y * each;
        int band = index / (group * columns), within = index - band * group * columns;
        int tall = min(group, rowPairs - band * group), column = within / tall;
        t.m0 = (band * group + within - column * tall) * PAIR * rows;
        t.n0 = column * width;
        t.a = t.y % p.aGroups;
        t.b = t.y % p.bGroups;
        return t;
    }
    __device__ WideTile at(int item, int rank) const {
        bool whole = item < p.whole;
        int piece = whole ? 0 : (item - p.whole) / tail, index = item - piece * tail, of = whole ? 1 : p.splits;
        WideTile t = place(index);
        t.m0 += rank * rows;
        t.pieces = (p.k + DEPTH - 1) / DEPTH;
        long long all = (long long)p.segments * t.pieces;
        t.from = int(all * piece / of);
        t.to = int(all * (piece + 1) / of);
        t.part = whole ? -1 : ((index - p.whole) * of + piece) * PAIR + rank;
        return t;
    }
};

#if defined(__CUDA_ARCH_FEAT_SM90_ALL)
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

// Tells a block of the pair that a stage may be overwritten. Released to this block alone: products that were waited for read
// it, no store of ours need be seen elsewhere, and a release to the cluster would wait for all of those.
__device__ __forceinline__ void stage_read(uint64_t* barrier, int block) {
    asm volatile(
        "{\n.reg .b32 there;\nmapa.shared::cluster.u32 there, %0, %1;\n"
        "mbarrier.arrive.shared::cluster.b64 _, [there];\n}" ::"r"(shared_at(barrier)), "r"(block) : "memory");
}

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
                if (piece > t.from && threadIdx.x % 128 < PAIR) stage_read(empty + before, threadIdx.x % 128);
                before = stage;
                if (++stage == STAGES) stage = 0, phase ^= 1;
            }
            products_wait<0>();
            sums.settle();
            if (threadIdx.x % 128 < PAIR) stage_read(empty + before, threadIdx.x % 128);
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
