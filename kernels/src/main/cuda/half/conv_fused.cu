// A 3x3 convolution, its activation and the 1x1 convolution after it as one kernel on Hopper: the fused bottleneck of
// EfficientViT's L series, stride one or two. Float16 NHWC in and out, float32 sums. What lies between the two is rounded to
// float16 as if it were stored, but never leaves the registers: a product's sums lie in them just as another's first operand
// wants to.
//
// A warpgroup computes 8 x 8 pixels, its unit. The copy engine brings the pixels that a unit's taps reach once, with zeros beyond
// the border; for stride two as four planes of every second column and row, in which a tap is, as for stride one, nothing but
// another place where reading begins. Filters stream through a ring that all warpgroups of a block read: 128 of the first
// convolution tap by tap, then what the second makes of those. Blocks stay and take every n-th tile of a few units.
//
// Roofline: 2*m*middle*(9*in + out) FLOP against 2*(m*stride^2*in + m*out) bytes: products are the limit, and activating what lies
// between where `in` is small. Of filters a multiprocessor takes in 21 bytes a clock with three units, of 32 or so that it can.
#include "finish.cuh"
#if !defined(SIGHTLINE_EMULATED) && (!defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 900)
#include "ring.cuh"

struct ConvFusedParams {
    TileMap pixels;   // boxes of a unit: [batch][height][width][in], or [batch][height / 2][2][width / 2][2 * in]
    TileMap expand;   // [middle][9 * in]
    TileMap project;  // [out][middle]
    const float* expandBias;  // may be null
    const float* bias;
    const half* residual;
    half* y;
    int height, width, channels, middle;  // of the result; channels in; middle a multiple of 128
    int across, units, total;             // units side by side, of an image, of all
    int activation;
};

constexpr int UNIT = 8, TAPS = 9, MIDDLE = 128;

// CHUNKS of CHANNELS in, OUT filters. SLOTS hold a chunk of a tile's pixels each, or a plane of it.
template <int UNITS, int OUT, int CHANNELS, int CHUNKS, int STRIDE, int STAGES, int SLOTS>
struct ConvFused {
    static constexpr int REACH = STRIDE == 1 ? UNIT + 2 : UNIT + 1;
    static constexpr int ROW = CHANNELS * 2, BOX = REACH * REACH * ROW, APART = (BOX + 1023) / 1024 * 1024;
    static constexpr int EXPAND = MIDDLE * ROW, COLUMNS = OUT < 128 ? OUT : 128, PROJECT = COLUMNS * 128;
    static constexpr int STAGE = EXPAND > PROJECT ? EXPAND : PROJECT;
    // Tap after which the other warpgroups begin.
    static constexpr int LEAD = 2;
    using Boxes = Ring<SLOTS, UNITS * APART>;
    using Filters = Ring<STAGES, STAGE>;
    using Slot = Turn<SLOTS>;
    using Stage = Turn<STAGES>;
    static constexpr int SHARED = 1024 + Boxes::SHARED + Filters::SHARED;

    const ConvFusedParams& p;
    unsigned char* memory;
    Boxes boxes;
    Filters filters;

    // The order of taps: those of one plane behind one another.
    static __device__ __forceinline__ constexpr int tap(int i) {
        constexpr int BY_PLANE[TAPS] = {0, 2, 6, 8, 1, 7, 3, 5, 4};
        return STRIDE == 1 ? i : BY_PLANE[i];
    }
    static __device__ __forceinline__ constexpr bool begins(int i) {
        return i == 0 || (STRIDE == 2 && (i == 4 || i == 6 || i == 8));
    }
    // Where in a unit's box the pixel of a tap lies.
    static __device__ __forceinline__ constexpr int reach(int i) {
        return tap(i) / 3 / STRIDE * REACH + tap(i) % 3 / STRIDE;
    }

    __device__ __forceinline__ ConvFused(const ConvFusedParams& params, unsigned char* raw)
        : p(params), memory(raw + (1024 - shared_at(raw) % 1024) % 1024),
          boxes(memory, barriers(), UNITS), filters(memory + SLOTS * UNITS * APART, barriers() + 2 * SLOTS, UNITS) {
        if (threadIdx.x == 0) asm volatile("fence.mbarrier_init.release.cluster;" ::: "memory");
        __syncthreads();
    }
    __device__ __forceinline__ uint64_t* barriers() const {
        return reinterpret_cast<uint64_t*>(memory + SLOTS * UNITS * APART + STAGES * STAGE);
    }

    struct Place {
        int image, y, x;
    };
    __device__ __forceinline__ Place place(int unit) const {
        int image = unit / p.units, within = unit - image * p.units, down = within / p.across;
        return {image, down * UNIT, (within - down * p.across) * UNIT};
    }

    __device__ __forceinline__ void fetch() const {
        Slot slot;
        Stage stage;
        for (int first = blockIdx.x * UNITS; first < p.total; first += gridDim.x * UNITS) {
            for (int f = 0; f < p.middle; f += MIDDLE) {
                for (int chunk = 0; chunk < CHUNKS; chunk++) {
                    for (int i = 0, plane = 0; i < TAPS; i++) {
                        if (f == 0 && begins(i)) fetch_box(slot, first, chunk * CHANNELS, plane++);
                        unsigned char* to = filters.room(stage, EXPAND);
                        tile_load(to, &p.expand, filters.full + stage.at, tap(i) * p.channels + chunk * CHANNELS, f);
                        stage.next();
                    }
                }
                for (int k = 0; k < MIDDLE; k += 64)
                    for (int n = 0; n < OUT; n += COLUMNS) {
                        unsigned char* to = filters.room(stage, PROJECT);
                        tile_load(to, &p.project, filters.full + stage.at, f + k, n);
                        stage.next();
                    }
            }
        }
    }
    __device__ __forceinline__ void fetch_box(Slot& slot, int first, int channel, int plane) const {
        unsigned char* to = boxes.room(slot, UNITS * BOX);
        uint64_t* full = boxes.full + slot.at;
        int oddRow = plane < 2, oddColumn = plane % 2 == 0;
        for (int u = 0; u < UNITS; u++, to += APART) {
            Place at = place(first + u);
            if (STRIDE == 1)
                box_load(to, &p.pixels, full, channel, at.x - 1, at.y - 1, at.image);
            else
                box_load(to, &p.pixels, full, oddColumn * p.channels + channel, at.x - oddColumn, oddRow, at.y - oddRow, at.image);
        }
        slot.next();
    }

    __device__ __forceinline__ void compute() const {
        Activator activate(p.activation);
        bool speaks = threadIdx.x % 128 == 0;
        int unit = warpgroup();
        Slot base;
        Stage stage;
        Warpgroups<UNITS>::wait_for_others(unit);
        bool leads = unit < UNITS / 2;
        for (int first = blockIdx.x * UNITS; first < p.total; first += gridDim.x * UNITS) {
            float out[OUT / COLUMNS][COLUMNS / 2];
            Slot slot = base;
            for (int f = 0; f < p.middle; f += MIDDLE) {
                bool last = f + MIDDLE >= p.middle;
                float sum[MIDDLE / 2];
                int before = 0;
                slot = base;
#pragma unroll
                for (int chunk = 0; chunk < CHUNKS; chunk++) {
                    uint32_t box = 0;
#pragma unroll
                    for (int i = 0; i < TAPS; i++) {
                        int done = slot.at;
                        bool fresh = begins(i) && (chunk > 0 || i > 0);
                        if (fresh) slot.next();
                        if (begins(i)) box = shared_at(boxes.filled(slot) + unit * APART);
                        uint64_t b = rows_descriptor<ROW>(shared_at(filters.filled(stage)), 8 * ROW);
                        uint64_t a = rows_descriptor<ROW>(box + reach(i) * ROW, REACH * ROW);
                        products_fence();
#pragma unroll
                        for (int k = 0; k < CHANNELS / 16; k++)
                            Float16Products::multiply(sum, a + 2 * k, b + 2 * k, chunk > 0 || i > 0 || k > 0);
                        products_commit();
                        // The products of the tap before are done, and with them perhaps its plane or chunk.
                        products_wait<1>();
                        if (speaks && (chunk > 0 || i > 0)) {
                            filters.release(before);
                            if (fresh && last) boxes.release(done);
                        }
                        before = stage.at;
                        stage.next();
                        if (chunk == 0 && i == LEAD) Warpgroups<UNITS>::let_others_begin(leads);
                    }
                }
                products_wait<0>();
                if (speaks) {
                    filters.release(before);
                    if (last) boxes.release(slot.at);
                }
                project(activated(sum, activate, f), out, stage, speaks, f > 0);
            }
            slot.next();
            base = slot;
            store(out, first + unit);
        }
    }

    struct Middle {
        uint32_t words[MIDDLE / 4];
    };
    __device__ __forceinline__ Middle activated(const float (&sum)[MIDDLE / 2], const Activator& activate, int f) const {
        Middle middle;
        const float* bias = p.expandBias + f + threadIdx.x % 4 * 2;
        constexpr int EACH = 4;
#pragma unroll
        for (int j = 0; j < MIDDLE / 8; j += EACH) {
            float v[EACH * 4];
#pragma unroll
            for (int i = 0; i < EACH; i++) {
                float2 b = p.expandBias ? *reinterpret_cast<const float2*>(bias + (j + i) * 8) : float2{0, 0};
#pragma unroll
                for (int e = 0; e < 4; e++) v[i * 4 + e] = sum[(j + i) * 4 + e] + (e % 2 == 0 ? b.x : b.y);
            }
            activate(v);
#pragma unroll
            for (int i = 0; i < EACH * 2; i++) middle.words[j * 2 + i] = Eight::packed(v[i * 2], v[i * 2 + 1]);
        }
        return middle;
    }

    __device__ __forceinline__ void project(
        const Middle& middle, float (&out)[OUT / COLUMNS][COLUMNS / 2], Stage& stage, bool speaks, bool add) const {
#pragma unroll
        for (int k = 0; k < MIDDLE / 64; k++)
#pragma unroll
            for (int n = 0; n < OUT / COLUMNS; n++) {
                uint64_t b = tile_descriptor(filters.filled(stage));
                products_fence();
#pragma unroll
                for (int q = 0; q < 4; q++)
                    RegisterProducts::multiply(out[n], middle.words + (k * 4 + q) * 4, b + 2 * q, add || k > 0 || q > 0);
                products_commit();
                products_wait<0>();
                if (speaks) filters.release(stage.at);
                stage.next();
            }
    }

    __device__ __forceinline__ void store(const float (&out)[OUT / COLUMNS][COLUMNS / 2], int unit) const {
        Place corner = place(unit);
        Finish to = {p.bias, p.residual, p.y, OUT, IDENTITY, 0};
#pragma unroll
        for (int n = 0; n < OUT / COLUMNS; n++)
            finish<COLUMNS>(out[n], to, n * COLUMNS, [&](int row) {
                int y = corner.y + row / UNIT, x = corner.x + row % UNIT;
                bool inside = unit < p.total && y < p.height && x < p.width;
                return inside ? (corner.image * p.height + y) * p.width + x : -1;
            });
    }
};

#if defined(__CUDA_ARCH_FEAT_SM90_ALL)
#define CONV_FUSED_BODY(UNITS, TILE)  \
    DYNAMIC_SHARED(memory);           \
    TILE tile(p, memory);             \
    previous_kernel_done();           \
    Warpgroups<UNITS>::share(tile);
#else
#define CONV_FUSED_BODY(UNITS, TILE)
#endif
#define CONV_FUSED(IN, OUT, STRIDE, UNITS, CHANNELS, STAGES, SLOTS)                                                      \
    using Fused##IN##x##OUT##_##STRIDE##_##UNITS = ConvFused<UNITS, OUT, CHANNELS, IN / CHANNELS, STRIDE, STAGES, SLOTS>; \
    extern "C" __global__ void __launch_bounds__(Warpgroups<UNITS>::THREADS, 1)                                          \
        conv_fused_##IN##x##OUT##_##STRIDE##_##UNITS(const __grid_constant__ ConvFusedParams p) {                        \
        CONV_FUSED_BODY(UNITS, Fused##IN##x##OUT##_##STRIDE##_##UNITS)                                                   \
    }
CONV_FUSED(64, 64, 1, 3, 64, 6, 2)
CONV_FUSED(64, 64, 1, 2, 64, 8, 2)
CONV_FUSED(32, 64, 2, 3, 32, 10, 6)
CONV_FUSED(32, 64, 2, 2, 32, 12, 6)
CONV_FUSED(128, 128, 1, 3, 64, 6, 3)
CONV_FUSED(128, 128, 1, 2, 64, 7, 4)
CONV_FUSED(64, 128, 2, 3, 64, 5, 4)
CONV_FUSED(64, 128, 2, 2, 64, 6, 5)
CONV_FUSED(256, 256, 1, 2, 64, 6, 4)
#endif
