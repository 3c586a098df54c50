// 1x1 convolutions over many pixels on Hopper: float16 NHWC in and out, float32 sums; bias, activation and residual before the only
// rounding. A block computes tiles of 64 pixels a warpgroup by 128 filters, as many as fall to it of all in order, so that every
// multiprocessor has the same to do. Where all channels of the pixels fit into shared memory, they stay there for all filters
// and only those stream; else both do. Where a tile's filters fit too, warpgroups multiply in turn, so that the others activate and
// store meanwhile.
//
// Roofline: 2*m*n*channels FLOP against 2*(m*channels + n*channels + m*n) bytes: up to about 190 channels (H200) what is written is
// the limit. A step of 64 channels takes in 16 KB of filters for 128 * 64 * UNITS sums.
#include "finish.cuh"
#if !defined(SIGHTLINE_EMULATED) && (!defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 900)
#include "ring.cuh"

struct PointwiseWideParams {
    TileMap pixels;     // [pixels][channels]
    TileMap filters;    // [filters][channels]
    const float* bias;  // may be null
    const half* residual;
    half* y;
    int rows, channels, stored, chunks;  // pixels; filters as stored; 128 of those are a chunk
    int activation, residualFirst;
};

constexpr int CHUNK = 128, STEP = 64;

template <int UNITS, int STAGES, int SLOTS>
struct PointwiseWide {
    static constexpr int ROWS = UNITS * 64, ROOM = ROWS * STEP * 2, STAGE = CHUNK * STEP * 2;
    // Step after which the other warpgroups begin, where there are so many.
    static constexpr int LEAD = 1;
    using Boxes = Ring<SLOTS, ROOM>;
    using Filters = Ring<STAGES, STAGE>;
    using Slot = Turn<SLOTS>;
    using Stage = Turn<STAGES>;
    static constexpr int SHARED = 1024 + Boxes::SHARED + Filters::SHARED;

    const PointwiseWideParams& p;
    unsigned char* memory;
    Boxes boxes;
    Filters filters;
    int steps, from, to;

    __device__ __forceinline__ PointwiseWide(const PointwiseWideParams& params, unsigned char* raw)
        : p(params), memory(raw + (1024 - shared_at(raw) % 1024) % 1024), boxes(memory, barriers(), UNITS),
          filters(memory + SLOTS * ROOM, barriers() + 2 * SLOTS, UNITS), steps((params.channels + STEP - 1) / STEP) {
        long long tiles = (long long)((p.rows + ROWS - 1) / ROWS) * p.chunks;
        from = int(tiles * blockIdx.x / gridDim.x), to = int(tiles * (blockIdx.x + 1) / gridDim.x);
        if (threadIdx.x == 0) asm volatile("fence.mbarrier_init.release.cluster;" ::: "memory");
        __syncthreads();
    }
    __device__ __forceinline__ uint64_t* barriers() const {
        return reinterpret_cast<uint64_t*>(memory + SLOTS * ROOM + STAGES * STAGE);
    }

    // Whether the pixels of a tile are read for the first time, or for the last.
    __device__ __forceinline__ bool first(int tile) const { return steps > SLOTS || tile == from || tile % p.chunks == 0; }
    __device__ __forceinline__ bool last(int tile) const { return tile + 1 == to || first(tile + 1); }

    __device__ __forceinline__ void fetch() const {
        Slot slot;
        Stage stage;
        for (int tile = from; tile < to; tile++) {
            int row = tile / p.chunks, chunk = tile - row * p.chunks;
            bool fresh = first(tile);
            for (int step = 0; step < steps; step++) {
                if (fresh) {
                    unsigned char* to = boxes.room(slot, ROOM);
                    tile_load(to, &p.pixels, boxes.full + slot.at, step * STEP, row * ROWS);
                    slot.next();
                }
                unsigned char* to = filters.room(stage, STAGE);
                tile_load(to, &p.filters, filters.full + stage.at, step * STEP, chunk * CHUNK);
                stage.next();
            }
        }
    }

    __device__ __forceinline__ void compute() const {
        bool speaks = threadIdx.x % 128 == 0;
        int unit = warpgroup();
        Slot base;
        Stage stage;
        bool inTurn = steps <= SLOTS && steps <= STAGES, leads = !inTurn && unit < UNITS / 2;
        if (!inTurn) Warpgroups<UNITS>::wait_for_others(unit);
        if (inTurn && unit == UNITS - 1) Warpgroups<UNITS>::pass_turn_on(unit);
        for (int tile = from; tile < to; tile++) {
            int row = tile / p.chunks, chunk = tile - row * p.chunks;
            bool done = last(tile);
            Slot slot = base;
            int before = 0, behind = 0;
            float sum[CHUNK / 2];
            if (inTurn) Warpgroups<UNITS>::wait_for_turn(unit);
            for (int step = 0; step < steps; step++) {
                if (inTurn && step + 1 == steps) Warpgroups<UNITS>::pass_turn_on(unit);
                uint64_t a = tile_descriptor(boxes.filled(slot) + unit * 64 * 128), b = tile_descriptor(filters.filled(stage));
                products_fence();
#pragma unroll
                for (int k = 0; k < STEP / 16; k++) Float16Products::multiply(sum, a + 2 * k, b + 2 * k, step > 0 || k > 0);
                products_commit();
                products_wait<1>();
                if (speaks && step > 0) {
                    filters.release(before);
                    if (done) boxes.release(behind);
                }
                before = stage.at, behind = slot.at;
                stage.next(), slot.next();
                if (step == LEAD || step + 1 == steps) Warpgroups<UNITS>::let_others_begin(leads);
            }
            products_wait<0>();
            if (speaks) {
                filters.release(before);
                if (done) boxes.release(behind);
            }
            if (done) base = slot;
            store(sum, row * ROWS + unit * 64, chunk * CHUNK);
        }
    }

    __device__ __forceinline__ void store(const float (&sum)[CHUNK / 2], int m0, int n0) const {
        Finish to = {p.bias, p.residual, p.y, p.stored, p.activation, p.residualFirst};
        finish<CHUNK>(sum, to, n0, [&](int row) { return m0 + row < p.rows ? m0 + row : -1; });
    }
};

#if defined(__CUDA_ARCH_FEAT_SM90_ALL)
#define POINTWISE_WIDE_BODY(UNITS, STAGES, SLOTS)       \
    DYNAMIC_SHARED(memory);                             \
    PointwiseWide<UNITS, STAGES, SLOTS> tile(p, memory); \
    previous_kernel_done();                             \
    Warpgroups<UNITS>::share(tile);
#else
#define POINTWISE_WIDE_BODY(UNITS, STAGES, SLOTS)
#endif
#define POINTWISE_WIDE(ROWS, UNITS, STAGES, SLOTS)                                    \
    extern "C" __global__ void __launch_bounds__(Warpgroups<UNITS>::THREADS, 1)       \
        pointwise_wide_##ROWS(const __grid_constant__ PointwiseWideParams p) {        \
        POINTWISE_WIDE_BODY(UNITS, STAGES, SLOTS)                                     \
    }
POINTWISE_WIDE(128, 2, 5, 8)
POINTWISE_WIDE(192, 3, 4, 6)
POINTWISE_WIDE(256, 4, 5, 4)
#endif
