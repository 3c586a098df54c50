// 3x3 convolutions of stride one on Hopper whose pixels are fetched once for all nine taps: float16 NHWC in and out, float32
// sums. A block computes 16 x 8 pixels of some filters. One copy brings the 18 x 10 pixels that they reach, with zeros beyond
// the border; a tap is then nothing but another place where the matrix instruction begins to read, since eight neighbours of
// a row are eight rows of its operand, and the way from row to row of the picture is the way from group to group. The swizzle
// goes by the address in shared memory, whatever place reading begins at.
//
// Roofline: 18*m*n*channels FLOP against 2*(m*channels*1.4 + 9*n*channels + m*n) bytes. What limits large convolutions in
// practice is what a multiprocessor can take in from the level-2 cache, some 32 bytes a clock: as an implicit GEMM 128 x 128
// would want 64 of them, with the pixels fetched once it is 37.
#include "tensor_core.cuh"
#if !defined(SIGHTLINE_EMULATED) && (!defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 900)
#include "hopper.cuh"

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

// Words of four neighbouring lanes, one of each of four pieces, turned so that each lane holds a piece.
__device__ __forceinline__ void turn(uint32_t (&w)[4], int lane) {
    bool odd = lane & 1, upper = lane & 2;
#pragma unroll
    for (int i = 0; i < 4; i += 2) {
        uint32_t other = __shfl_xor_sync(0xffffffffu, odd ? w[i] : w[i + 1], 1);
        (odd ? w[i] : w[i + 1]) = other;
    }
#pragma unroll
    for (int i = 0; i < 2; i++) {
        uint32_t other = __shfl_xor_sync(0xffffffffu, upper ? w[i] : w[i + 2], 2);
        (upper ? w[i] : w[i + 2]) = other;
    }
}

// FILTERS of a block, CHANNELS of a step of the inner dimension: 64, or 32 where there are no more.
template <int FILTERS, int CHANNELS, int STAGES>
struct ConvHalo {
    static constexpr int ROW = CHANNELS * 2, BOX = HALO_WIDTH * HALO_HEIGHT * ROW, ROOM = (BOX + 1023) / 1024 * 1024;
    static constexpr int TAP = FILTERS * ROW;
    static constexpr uint64_t SWIZZLE = uint64_t(ROW == 128 ? 1 : 2) << 62;

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

    static __device__ __forceinline__ uint64_t operand(uint32_t at, int apart) {
        return uint64_t((at & 0x3ffff) >> 4) | (uint64_t(1) << 16) | (uint64_t(apart / 16) << 32) | SWIZZLE;
    }

    __device__ __forceinline__ void multiply(float (&sum)[FILTERS / 2]) const {
        bool speaks = threadIdx.x % 128 == 0;
        int stage = 0, phase = 0, before = 0;
        for (int chunk = 0; chunk * CHANNELS < p.channels; chunk++) {
            int box = chunk & 1;
            barrier_wait(boxFull + box, chunk >> 1 & 1);
            uint32_t first = shared_at(boxes + box * ROOM) + threadIdx.x / 128 * 8 * ROW;
#pragma unroll
            for (int tap = 0; tap < TAPS; tap++) {
                barrier_wait(full + stage, phase);
                uint64_t a = operand(first + (tap / 3 * HALO_WIDTH + tap % 3) * ROW, HALO_WIDTH * ROW);
                uint64_t b = operand(shared_at(taps + stage * TAP), 8 * ROW);
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

    // Bias, activation and residual before the only rounding; stores of 16 bytes.
    __device__ __forceinline__ void store(const float (&sum)[FILTERS / 2]) const {
        Activator activate(p.activation);
        int lane = threadIdx.x % 32, warp = threadIdx.x / 32 % 4;
        int ox = x0 + threadIdx.x / 128 * 8 + lane / 4, column = n0 + lane % 4 * 2;
#pragma unroll
        for (int j = 0; j < FILTERS / 8; j += 4) {
#pragma unroll
            for (int h = 0; h < 2; h++) {
                int oy = y0 + warp * 2 + h;
                bool inside = oy < p.height && ox < p.width;
                long long at = (((long long)image * p.height + oy) * p.width + ox) * p.stored;
                float v[8];
#pragma unroll
                for (int i = 0; i < 4; i++) {
                    int n = column + (j + i) * 8;
                    float2 bias = p.bias && n < p.stored ? *reinterpret_cast<const float2*>(p.bias + n) : float2{0, 0};
                    v[2 * i] = sum[(j + i) * 4 + h * 2] + bias.x;
                    v[2 * i + 1] = sum[(j + i) * 4 + h * 2 + 1] + bias.y;
                }
                if (!p.residualFirst) activate(v);
                if (p.residual && inside) {
#pragma unroll
                    for (int i = 0; i < 4; i++) {
                        int n = column + (j + i) * 8;
                        if (n >= p.stored) continue;
                        float2 other = __half22float2(*reinterpret_cast<const half2*>(p.residual + at + n));
                        v[2 * i] += other.x, v[2 * i + 1] += other.y;
                    }
                }
                if (p.residualFirst) activate(v);
                uint32_t words[4];
#pragma unroll
                for (int i = 0; i < 4; i++) words[i] = Eight::packed(v[2 * i], v[2 * i + 1]);
                turn(words, lane);
                int n = n0 + (j + lane % 4) * 8;
                if (inside && n < p.stored)
                    Eight{make_uint4(words[0], words[1], words[2], words[3])}.to(p.y + at + n);
            }
        }
    }
};

#if defined(__CUDA_ARCH_FEAT_SM90_ALL)
#define CONV_HALO_BODY(FILTERS, CHANNELS, STAGES)                \
    DYNAMIC_SHARED(memory);                                      \
    ConvHalo<FILTERS, CHANNELS, STAGES> tile(p, memory);         \
    previous_kernel_done();                                      \
    if (threadIdx.x >= CONSUMERS) {                              \
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
