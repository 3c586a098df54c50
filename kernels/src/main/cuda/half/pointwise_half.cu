// 1x1 convolutions that are bound by memory: few channels in, or few out. Float16 NHWC, float32 sums; bias, activation and
// residual before the only rounding. A warp takes 32 pixels straight from memory into the fragments of mma.sync and back:
// since the order of a sum's terms and of the filters is ours to choose, a lane's 16-byte piece of a pixel is its share of
// two products, and its sums are eight neighbouring filters of a pixel. Filters wait in shared memory for blocks that stay.
//
// Roofline: 2 bytes a channel in and a filter out against 2*in*out FLOP a pixel; under about 190 channels (H200) memory is
// the limit, so all that counts is loads in flight: pieces of the next 32 pixels are fetched while these are multiplied.
#include "tensor_core.cuh"

struct PointwiseParams {
    const half* x;
    const half* w;  // [filters][depth]
    const float* bias;
    const half* residual;
    half* y;
    int pixels, depth, filters, stored;  // depth and stored multiples of 8
    int each;                            // filters of a block, a multiple of 32
    int activation, residualFirst;
};

constexpr int WARPS = 4;

struct Pointwise {
    const PointwiseParams& p;
    half* filters;
    float* bias;
    int pitch, first, lane, row, piece;  // of the filters in halves; this lane's pixel of eight and piece of four

    // A pitch of 64 bytes more than a multiple of 128 puts neighbouring filters into different banks.
    __device__ __forceinline__ Pointwise(const PointwiseParams& params, unsigned char* memory)
        : p(params), pitch((params.depth + 31) / 32 * 32), first(blockIdx.y * params.each), lane(threadIdx.x % 32),
          row(lane / 4), piece(lane % 4) {
        if (pitch % 64 == 0) pitch += 32;
        filters = reinterpret_cast<half*>(memory);
        bias = reinterpret_cast<float*>(filters + p.each * pitch);
        int pieces = pitch / 8;
        for (int v = threadIdx.x; v < p.each * pieces; v += WARPS * 32) {
            int f = v / pieces, at = v - f * pieces;
            bool inside = first + f < p.filters && at * 8 < p.depth;
            copy16(filters + f * pitch + at * 8, inside ? p.w + (long long)(first + f) * p.depth + at * 8 : p.w, inside);
        }
        copies_commit();
        for (int f = threadIdx.x; f < p.each; f += WARPS * 32)
            bias[f] = p.bias && first + f < p.stored ? p.bias[first + f] : 0.f;
        copies_wait<0>();
        __syncthreads();
    }

    // This lane's pieces of pixels `row` and `row + 8` of sixteen, chunk c of 32 channels.
    __device__ __forceinline__ void fetch(Eight (&x)[2], int pixel, int c) const {
#pragma unroll
        for (int h = 0; h < 2; h++) {
            int at = pixel + row + h * 8, channel = c * 32 + piece * 8;
            bool inside = at < p.pixels && channel < p.depth;
            x[h] = inside ? Eight::at(p.x + (long long)at * p.depth + channel) : Eight{make_uint4(0, 0, 0, 0)};
        }
    }

    // 16 pixels times 32 filters over 32 channels; filters of the group, sums by pairs of neighbours.
    __device__ __forceinline__ Eight filter(int group, int j, int c) const {
        return Eight::at(filters + (group * 32 + row / 2 * 8 + j * 2 + row % 2) * pitch + c * 32 + piece * 8);
    }
    static __device__ __forceinline__ void add(float (&sum)[4], const Eight (&x)[2], const Eight& w) {
        const uint32_t low[4] = {x[0].bits.x, x[1].bits.x, x[0].bits.y, x[1].bits.y};
        multiply(sum, low, w.bits.x, w.bits.y);
        const uint32_t high[4] = {x[0].bits.z, x[1].bits.z, x[0].bits.w, x[1].bits.w};
        multiply(sum, high, w.bits.z, w.bits.w);
    }

    __device__ __forceinline__ void store(const float (&sum)[4][4], int pixel, int group) const {
        Activator activate(p.activation);
        int within = group * 32 + piece * 8, n = first + within;
#pragma unroll
        for (int h = 0; h < 2; h++) {
            int at = pixel + row + h * 8;
            float v[8];
#pragma unroll
            for (int e = 0; e < 8; e++) v[e] = sum[e / 2][h * 2 + e % 2] + bias[within + e];
            bool inside = at < p.pixels && n < p.stored;
            if (!p.residualFirst) activate(v);
            long long place = (long long)at * p.stored + n;
            if (p.residual && inside) {
                float other[8];
                Eight::at(p.residual + place).unpack(other);
#pragma unroll
                for (int e = 0; e < 8; e++) v[e] += other[e];
            }
            if (p.residualFirst) activate(v);
            if (inside) Eight::of(v).to(p.y + place);
        }
    }
};

// Few channels: a warp keeps its pixels in registers and walks over the filters.
template <int CHUNKS>
__device__ __forceinline__ void expand(const PointwiseParams& p, unsigned char* memory) {
    Pointwise layer(p, memory);
    int tiles = (p.pixels + 31) / 32, tile = blockIdx.x * WARPS + threadIdx.x / 32, stride = gridDim.x * WARPS;
    constexpr bool AHEAD = CHUNKS <= 2;
    Eight x[2][CHUNKS][2], next[2][CHUNKS][2];
    auto load = [&](Eight (&to)[2][CHUNKS][2], int t) {
#pragma unroll
        for (int m = 0; m < 2; m++)
#pragma unroll
            for (int c = 0; c < CHUNKS; c++) layer.fetch(to[m][c], t * 32 + m * 16, c);
    };
    if (AHEAD && tile < tiles) load(next, tile);
    for (; tile < tiles; tile += stride) {
        if (AHEAD) {
            memcpy(x, next, sizeof x);
            if (tile + stride < tiles) load(next, tile + stride);
        } else {
            load(x, tile);
        }
        for (int group = 0; group * 32 < p.each && layer.first + group * 32 < p.stored; group++) {
            float sum[2][4][4] = {};
#pragma unroll
            for (int c = 0; c < CHUNKS; c++)
#pragma unroll
                for (int j = 0; j < 4; j++) {
                    Eight w = layer.filter(group, j, c);
#pragma unroll
                    for (int m = 0; m < 2; m++) Pointwise::add(sum[m][j], x[m][c], w);
                }
#pragma unroll
            for (int m = 0; m < 2; m++) layer.store(sum[m], tile * 32 + m * 16, group);
        }
    }
}

// Few filters: a warp keeps its sums in registers and walks over the channels.
template <int GROUPS>
__device__ __forceinline__ void project(const PointwiseParams& p, unsigned char* memory) {
    constexpr int AHEAD = 3;
    Pointwise layer(p, memory);
    int tiles = (p.pixels + 31) / 32, chunks = (p.depth + 31) / 32;
    for (int tile = blockIdx.x * WARPS + threadIdx.x / 32; tile < tiles; tile += gridDim.x * WARPS) {
        float sum[2][GROUPS][4][4] = {};
        Eight x[AHEAD][2][2];
#pragma unroll
        for (int a = 0; a < AHEAD; a++)
#pragma unroll
            for (int m = 0; m < 2; m++) layer.fetch(x[a][m], tile * 32 + m * 16, a);
        for (int start = 0; start < chunks; start += AHEAD) {
#pragma unroll
            for (int a = 0; a < AHEAD; a++) {
                int c = start + a;
                if (c >= chunks) break;
#pragma unroll
                for (int g = 0; g < GROUPS; g++)
#pragma unroll
                    for (int j = 0; j < 4; j++) {
                        Eight w = layer.filter(g, j, c);
#pragma unroll
                        for (int m = 0; m < 2; m++) Pointwise::add(sum[m][g][j], x[a][m], w);
                    }
#pragma unroll
                for (int m = 0; m < 2; m++) layer.fetch(x[a][m], tile * 32 + m * 16, c + AHEAD);
            }
        }
#pragma unroll
        for (int m = 0; m < 2; m++)
#pragma unroll
            for (int g = 0; g < GROUPS; g++) layer.store(sum[m][g], tile * 32 + m * 16, g);
    }
}

#define POINTWISE(name, body)                              \
    KERNEL_MEETING(name, PointwiseParams, WARPS * 32) {    \
        DYNAMIC_SHARED(memory);                            \
        body(p, memory);                                   \
    }
POINTWISE(pointwise_expand_1, expand<1>)
POINTWISE(pointwise_expand_2, expand<2>)
POINTWISE(pointwise_expand_3, expand<3>)
POINTWISE(pointwise_expand_4, expand<4>)
POINTWISE(pointwise_project_1, project<1>)
POINTWISE(pointwise_project_2, project<2>)
