// 3x3 convolutions of stride one on Hopper whose pixels are fetched once for all nine taps: float16 NHWC in and out, float32
// sums. A block computes 16 x 8 pixels of some filters. One copy brings the 18 x 10 pixels that they reach, with zeros beyond
// the border; a tap is then nothing but another place where the matrix instruction begins to read, since eight neighbours of
// a row are eight rows of its operand, and the way from row to row of the picture is the way from group to group.
//
// Roofline: 18*m*n*channels FLOP against 2*(m*channels*1.4 + 9*n*channels + m*n) bytes. What limits large convolutions in
// practice is what a multiprocessor can take in from the level-2 cache, some 32 bytes a clock: as an implicit GEMM 128 x 128
// would want 64 of them, with the pixels fetched once it is 37.
#include "finish.cuh"
#if !defined(SIGHTLINE_EMULATED) && (!defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 900)
#include "ring.cuh"

struct ConvHaloParams {
    TileMap pixels;     // boxes of channels of 18 x 10 pixels of one image
    TileMap filters;    // boxes of channels of one tap of filters, [filters][9 * channels]
    const float* bias;  // may be null
    const half* residual;
    half* y;
    int height, width, channels, stored;  // channels as stored, filters as stored in y
    int across, tiles;                    // tiles side by side, and of an image
    int activation, residualFirst;
};

constexpr int TILE_WIDTH = 16, TILE_HEIGHT = 8, HALO_WIDTH = TILE_WIDTH + 2, HALO_HEIGHT = TILE_HEIGHT + 2, TAPS = 9;
constexpr int CONSUMERS = 256;  // two warpgroups, each of 8 x 8 pixels; a warp more orders copies

// FILTERS of a block, CHANNELS of a step of the inner dimension: 64, or 32 where there are no more.
template <int FILTERS, int CHANNELS, int STAGES>
struct ConvHalo {
    static constexpr int ROW = CHANNELS * 2, BOX = HALO_WIDTH * HALO_HEIGHT * ROW, ROOM = (BOX + 1023) / 1024 * 1024;
    static constexpr int TAP = FILTERS * ROW;

    const ConvHaloParams& p;
    unsigned char *boxes, *taps;
    uint64_t *boxFull, *boxEmpty, *full, *empty;
    int image, y0, x0, n0;

    __device__ __forceinline__ ConvHalo(const ConvHaloParams& params, unsigned char* raw) : p(params) {
        boxes = raw + (1024 - shared_at(raw) % 1024) % 1024;
        taps = boxes + 2 * ROOM;
        boxFull = reinterpret_cast<uint64_t*>(taps + STAGES * TAP);
        boxEmpty = boxFull + 2, full = boxEmpty + 2, empty = full + STAGES;
        image = blockIdx.y / p.tiles;
        int tile = blockIdx.y - image * p.tiles, down = tile / p.across;
        y0 = down * TILE_HEIGHT, x0 = (tile - down * p.across) * TILE_WIDTH, n0 = blockIdx.x * FILTERS;
        if (threadIdx.x == 0) {
            for (int s = 0; s < 2; s++) barrier_open(boxFull + s, 1), barrier_open(boxEmpty + s, 2);
            for (int s = 0; s < STAGES; s++) barrier_open(full + s, 1), barrier_open(empty + s, 2);
            asm volatile("fence.mbarrier_init.release.cluster;" ::: "memory");
        }
        __syncthreads();
    }

    __device__ __forceinline__ void fetch() const {
        int stage = 0, phase = 1;
        for (int chunk = 0; chunk * CHANNELS < p.channels; chunk++) {
            int box = chunk & 1;
            barrier_wait(boxEmpty + box, chunk >> 1 & 1 ^ 1);
            barrier_expect(boxFull + box, BOX);
            box_load(boxes + box * ROOM, &p.pixels, boxFull + box, chunk * CHANNELS, x0 - 1, y0 - 1, image);
            for (int tap = 0; tap < TAPS; tap++) {
                barrier_wait(empty + stage, phase);
                barrier_expect(full + stage, TAP);
                box_load(taps + stage * TAP, &p.filters, full + stage, tap * p.channels + chunk * CHANNELS, n0, 0, 0);
                if (++stage == STAGES) stage = 0, phase ^= 1;
            }
        }
    }

    __device__ __forceinline__ void multiply(float (&sum)[FILTERS / 2]) const {
        bool speaks = threadIdx.x % 128 == 0;
        int stage = 0, phase = 0, before = 0;
        for (int chunk = 0; chunk * CHANNELS < p.channels; chunk++) {
            int box = chunk & 1;
            barrier_wait(boxFull + box, chunk >> 1 & 1);
            uint32_t first = shared_at(boxes + box * ROOM) + warpgroup() * 8 * ROW;
#pragma unroll
            for (int tap = 0; tap < TAPS; tap++) {
                barrier_wait(full + stage, phase);
                uint64_t a = rows_descriptor<ROW>(first + (tap / 3 * HALO_WIDTH + tap % 3) * ROW, HALO_WIDTH * ROW);
                uint64_t b = rows_descriptor<ROW>(shared_at(taps + stage * TAP), 8 * ROW);
                products_fence();
#pragma unroll
                for (int k = 0; k < CHANNELS / 16; k++)
                    Float16Products::multiply(sum, a + 2 * k, b + 2 * k, chunk > 0 || tap > 0 || k > 0);
                products_commit();
                // The products of the tap before are done, so that its filters may be overwritten, and after the last tap its
                // pixels.
                products_wait<1>();
                if (speaks && (chunk > 0 || tap > 0)) {
                    barrier_arrive(empty + before);
                    if (tap == 0) barrier_arrive(boxEmpty + (box ^ 1));
                }
                before = stage;
                if (++stage == STAGES) stage = 0, phase ^= 1;
            }
        }
        products_wait<0>();
    }

    __device__ __forceinline__ void store(const float (&sum)[FILTERS / 2]) const {
        int ox = x0 + warpgroup() * 8;
        Finish to = {p.bias, p.residual, p.y, p.stored, p.activation, p.residualFirst};
        finish<FILTERS>(sum, to, n0, [&](int row) {
            int y = y0 + row / 8, x = ox + row % 8;
            return y < p.height && x < p.width ? (image * p.height + y) * p.width + x : -1;
        });
    }
};

#if defined(__CUDA_ARCH_FEAT_SM90_ALL)
#define CONV_HALO_BODY(FILTERS, CHANNELS, STAGES)                \
    DYNAMIC_SHARED(memory);                                      \
    ConvHalo<FILTERS, CHANNELS, STAGES> tile(p, memory);         \
    previous_kernel_done();                                      \
    if (warpgroup() == CONSUMERS / 128) {                        \
        if (threadIdx.x == CONSUMERS) tile.fetch();              \
    } else {                                                     \
        float sum[FILTERS / 2];                                  \
        tile.multiply(sum);                                      \
        tile.store(sum);                                         \
    }
#else
#define CONV_HALO_BODY(FILTERS, CHANNELS, STAGES)
#endif
// Two blocks share a multiprocessor, so that one multiplies while the other begins or stores.
#define CONV_HALO(FILTERS, CHANNELS, STAGES)                                                              \
    extern "C" __global__ void __launch_bounds__(CONSUMERS + 32, 2)                                       \
        conv_halo_##FILTERS##x##CHANNELS(const __grid_constant__ ConvHaloParams p) {                      \
        CONV_HALO_BODY(FILTERS, CHANNELS, STAGES)                                                         \
    }
CONV_HALO(128, 64, 4)
CONV_HALO(64, 64, 6)
CONV_HALO(128, 32, 6)
CONV_HALO(64, 32, 9)
CONV_HALO(32, 32, 9)
#endif
