// y = scale * A B' for large matrices on Hopper: A [m][k], B [n][k], bfloat16 or FP8 (e4m3) in, float32 sums, bfloat16 out.
//
// Roofline: 2*m*n*k FLOP against 2*(m*k + n*k + m*n) bytes; 8192 cubed is 1.1 TFLOP over 0.4 GB, so tensor cores are the
// limit by a factor of eight. What it takes to keep them busy: products of a warpgroup read from shared memory, 128 x 192 of
// them, two such groups a block; one thread that does nothing but order tile copies, four stages ahead; pairs of blocks that
// share B, each fetching half of it for both; blocks that stay and walk over tiles in an order that keeps A and B in L2.
//
// The tile is as large as registers allow: 128 x 256 wants 48 bytes a clock at full speed, 256 x 192 only 37. (While every step
// released its stage to the whole cluster, a barrier for the device's memory, no more than 33 to 39 came in, and 128 x 256 stood
// at two thirds; without, product_wide.cu takes in some 50. After that the power limit is next.)
// Any m and n, as the copy engine fills with zeros; k a multiple of 64 (FP8: 128).
#if !defined(SIGHTLINE_EMULATED) && (!defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 900)
#include "hopper.cuh"

struct GemmParams {
    CUtensorMap a;  // boxes of 128 rows by 128 bytes, swizzled
    CUtensorMap b;
    __nv_bfloat16* y;
    int m, n, steps, each;  // 128-byte steps along k, elements in each
    float scale;
};

constexpr int BLOCK = 64, BLOCKS = 2;  // rows of an instruction, and how many of them a warpgroup has
constexpr int ROWS = 2 * BLOCKS * BLOCK, COLUMNS = 192, STAGES = 4, PAIR = 2;
constexpr int A_BYTES = ROWS * 128, B_BYTES = COLUMNS * 128;
constexpr int GROUP = 4;  // pairs of row tiles walked together before the next columns

struct GemmTiles {
    int rowPairs, columns, total;
    __device__ GemmTiles(int m, int n)
        : rowPairs((m + PAIR * ROWS - 1) / (PAIR * ROWS)), columns((n + COLUMNS - 1) / COLUMNS), total(rowPairs * columns) {}
    __device__ void place(int index, int& rowPair, int& column) const {
        int group = index / (GROUP * columns), within = index - group * GROUP * columns;
        int tall = min(GROUP, rowPairs - group * GROUP);
        column = within / tall;
        rowPair = group * GROUP + within - column * tall;
    }
};

template <typename Kind>
__device__ __forceinline__ void gemm(const GemmParams& p) {
#if defined(__CUDA_ARCH_FEAT_SM90_ALL)
    extern __shared__ __align__(1024) unsigned char raw[];
    unsigned char* memory = raw + (1024 - shared_at(raw) % 1024) % 1024;
    unsigned char* tileA = memory;
    unsigned char* tileB = memory + STAGES * A_BYTES;
    uint64_t* full = reinterpret_cast<uint64_t*>(tileB + STAGES * B_BYTES);
    uint64_t* empty = full + STAGES;
    // Told by a shuffle that it is one for the whole warp, the compiler keeps descriptors in uniform registers.
    int rank = cluster_rank(), group = __shfl_sync(0xffffffffu, threadIdx.x / 128, 0);
    if (threadIdx.x == 0) {
        for (int s = 0; s < STAGES; s++) {
            barrier_open(full + s, 1);
            barrier_open(empty + s, 2 * PAIR);
        }
        asm volatile("fence.mbarrier_init.release.cluster;" ::: "memory");
    }
    cluster_meet();
    GemmTiles tiles(p.m, p.n);
    int first = blockIdx.x / PAIR, stride = gridDim.x / PAIR;
    if (group == 0) {
        asm volatile("setmaxnreg.dec.sync.aligned.u32 24;");
        if (threadIdx.x == 0) {
            int stage = 0, phase = 1;
            for (int tile = first; tile < tiles.total; tile += stride) {
                int rowPair, column;
                tiles.place(tile, rowPair, column);
                for (int step = 0; step < p.steps; step++) {
                    barrier_wait(empty + stage, phase);
                    barrier_expect(full + stage, A_BYTES + B_BYTES);
                    tile_load(tileA + stage * A_BYTES, &p.a, full + stage, step * p.each, (rowPair * PAIR + rank) * ROWS);
                    int half = rank * (COLUMNS / PAIR);
                    tile_load_all(tileB + stage * B_BYTES + half * 128, &p.b, full + stage, step * p.each,
                        column * COLUMNS + half, (1 << PAIR) - 1);
                    if (++stage == STAGES) stage = 0, phase ^= 1;
                }
            }
        }
    } else {
        asm volatile("setmaxnreg.inc.sync.aligned.u32 240;");
        int warp = threadIdx.x % 128 / 32, lane = threadIdx.x % 32;
        int stage = 0, phase = 0, before = 0;
        float sum[BLOCKS][COLUMNS / 2];
        for (int tile = first; tile < tiles.total; tile += stride) {
            int rowPair, column;
            tiles.place(tile, rowPair, column);
            for (int step = 0; step < p.steps; step++) {
                barrier_wait(full + stage, phase);
                uint64_t a = tile_descriptor(tileA + stage * A_BYTES + (group - 1) * BLOCKS * BLOCK * 128);
                uint64_t b = tile_descriptor(tileB + stage * B_BYTES);
                products_fence();
#pragma unroll
                for (int k = 0; k < 4; k++)
#pragma unroll
                    for (int i = 0; i < BLOCKS; i++)
                        Kind::multiply(sum[i], a + i * (BLOCK * 128 / 16) + 2 * k, b + 2 * k, step > 0 || k > 0);
                products_commit();
                // The products of the step before are done, so that its tiles may be overwritten, in both blocks.
                products_wait<1>();
                if (step > 0 && threadIdx.x % 128 < PAIR) barrier_arrive(empty + before, threadIdx.x % 128);
                before = stage;
                if (++stage == STAGES) stage = 0, phase ^= 1;
            }
            products_wait<0>();
            if (threadIdx.x % 128 < PAIR) barrier_arrive(empty + before, threadIdx.x % 128);
#pragma unroll
            for (int i = 0; i < BLOCKS; i++) {
                int row = (rowPair * PAIR + rank) * ROWS + ((group - 1) * BLOCKS + i) * BLOCK + warp * 16 + lane / 4;
                __nv_bfloat16* y = p.y + (long long)row * p.n + column * COLUMNS + lane % 4 * 2;
#pragma unroll
                for (int j = 0; j < COLUMNS / 8; j++)
#pragma unroll
                    for (int h = 0; h < 2; h++)
                        if (row + h * 8 < p.m && column * COLUMNS + j * 8 < p.n)
                            *reinterpret_cast<__nv_bfloat162*>(y + (long long)h * 8 * p.n + j * 8) = __floats2bfloat162_rn(
                                sum[i][j * 4 + h * 2] * p.scale, sum[i][j * 4 + h * 2 + 1] * p.scale);
            }
        }
    }
    // No block leaves while its pair may still write into its shared memory or arrive at its barriers.
    cluster_meet();
#endif
}

#define GEMM(name, Kind)                                                                       \
    extern "C" __global__ void __cluster_dims__(PAIR, 1, 1) __launch_bounds__(384, 1)          \
        name(const __grid_constant__ GemmParams p) {                                           \
        gemm<Kind>(p);                                                                         \
    }
GEMM(gemm_bf16, Bfloat16Products)
GEMM(gemm_fp8, Float8Products)
#endif
