// y = scale * A B' for large matrices on Hopper: A [m][k], B [n][k], bfloat16 or FP8 (e4m3) in, float32 sums, bfloat16 out.
//
// Roofline: 2*m*n*k FLOP against 2*(m*k + n*k + m*n) bytes; 8192 cubed is 1.1 TFLOP over 0.4 GB, so tensor cores are the
// limit by a factor of eight. What it takes to keep them busy: 64 x 256 products of a warpgroup read from shared memory, two
// such groups a block; one thread that does nothing but order tile copies, four stages ahead; pairs of blocks that share B,
// each fetching half of it for both; blocks that stay and walk over tiles in an order that keeps A and B in L2.
// m a multiple of 256, n of 256, k of 64 (FP8: 128). Other shapes and older devices take the implicit GEMM in `half`.
#if !defined(SIGHTLINE_EMULATED) && (!defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 900)
#include "hopper.cuh"

struct GemmParams {
    CUtensorMap a;  // boxes of 128 rows by 128 bytes, swizzled
    CUtensorMap b;
    __nv_bfloat16* y;
    int m, n, steps, each;  // 128-byte steps along k, elements in each
    float scale;
};

constexpr int ROWS = 128, COLUMNS = 256, STAGES = 4, PAIR = 2;
constexpr int A_BYTES = ROWS * 128, B_BYTES = COLUMNS * 128;
constexpr int GEMM_SHARED = STAGES * (A_BYTES + B_BYTES) + 1024 + 2 * STAGES * 8;
constexpr int GROUP = 8;  // pairs of row tiles walked together before the next columns

struct GemmTiles {
    int rowPairs, columns, total;
    __device__ GemmTiles(int m, int n) : rowPairs(m / (PAIR * ROWS)), columns(n / COLUMNS), total(rowPairs * columns) {}
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
    int rank = cluster_rank(), group = threadIdx.x / 128;
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
        asm volatile("setmaxnreg.dec.sync.aligned.u32 40;");
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
        asm volatile("setmaxnreg.inc.sync.aligned.u32 232;");
        int warp = threadIdx.x % 128 / 32, lane = threadIdx.x % 32;
        int stage = 0, phase = 0, before = 0;
        float sum[128];
        for (int tile = first; tile < tiles.total; tile += stride) {
            int rowPair, column;
            tiles.place(tile, rowPair, column);
            for (int step = 0; step < p.steps; step++) {
                barrier_wait(full + stage, phase);
                uint64_t a = tile_descriptor(tileA + stage * A_BYTES + (group - 1) * 64 * 128);
                uint64_t b = tile_descriptor(tileB + stage * B_BYTES);
                products_fence();
#pragma unroll
                for (int k = 0; k < 4; k++) Kind::multiply(sum, a + 2 * k, b + 2 * k, step > 0 || k > 0);
                products_commit();
                // The products of the step before are done, so that its tiles may be overwritten, in both blocks.
                products_wait<1>();
                if (step > 0 && threadIdx.x % 128 < PAIR) barrier_arrive(empty + before, threadIdx.x % 128);
                before = stage;
                if (++stage == STAGES) stage = 0, phase ^= 1;
            }
            products_wait<0>();
            if (threadIdx.x % 128 < PAIR) barrier_arrive(empty + before, threadIdx.x % 128);
            int row = (rowPair * PAIR + rank) * ROWS + (group - 1) * 64 + warp * 16 + lane / 4;
            __nv_bfloat16* y = p.y + (long long)row * p.n + column * COLUMNS + lane % 4 * 2;
#pragma unroll
            for (int j = 0; j < 32; j++)
#pragma unroll
                for (int h = 0; h < 2; h++)
                    *reinterpret_cast<__nv_bfloat162*>(y + (long long)h * 8 * p.n + j * 8) =
                        __floats2bfloat162_rn(sum[j * 4 + h * 2] * p.scale, sum[j * 4 + h * 2 + 1] * p.scale);
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
