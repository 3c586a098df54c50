// EfficientViT's linear attention (ICCV 2023, section 3.1) over float16 NHWC with float32 states: keys meet values first,
// in a matrix of one head's width, so the cost is linear in the pixels.
//
// Channels of a source hold heads one after another, each [q | k | v]. Pass one sums v k' and the mass of k over a chunk
// of pixels, pass two adds the chunks and applies them to q, both on tensor cores. Memory-bound: q, k, v are read once (6 bytes a
// channel triple) and the result is written once (2).
#include "tensor_core.cuh"

struct AttentionParams {
    const half* source[2];  // qkv itself, then the aggregated scale
    float* partial;         // [batch][head][chunk][D * D + D]
    half* y;
    int headsASource, area, sourceStored, stored, chunks;
    float epsilon;
};

constexpr int WARPS = 4;

// Two halves, what is below zero made zero.
__device__ __forceinline__ uint32_t rectified(uint32_t pair) { return pair & ~((pair >> 15 & 0x00010001u) * 0xffffu); }
__device__ __forceinline__ float2 floats_of(uint32_t pair) {
    half2 h;
    memcpy(&h, &pair, 4);
    return __half22float2(h);
}

// Two or four pairs of halves in one access.
__device__ __forceinline__ void load_words(uint32_t (&w)[2], const half* from) {
    uint2 bits = *reinterpret_cast<const uint2*>(from);
    w[0] = bits.x, w[1] = bits.y;
}
__device__ __forceinline__ void load_words(uint32_t (&w)[4], const half* from) {
    uint4 bits = *reinterpret_cast<const uint4*>(from);
    w[0] = bits.x, w[1] = bits.y, w[2] = bits.z, w[3] = bits.w;
}
__device__ __forceinline__ void store_words(half* to, const uint32_t (&w)[2]) {
    *reinterpret_cast<uint2*>(to) = uint2{w[0], w[1]};
}
__device__ __forceinline__ void store_words(half* to, const uint32_t (&w)[4]) {
    *reinterpret_cast<uint4*>(to) = make_uint4(w[0], w[1], w[2], w[3]);
}

// A warp takes 16 pixels at a time, the next ones under way meanwhile; the block's warps add up in order, so that the sum is the
// same every time.
template <int D>
__device__ __forceinline__ void attention_state(const AttentionParams& p) {
    constexpr int PITCH = 2 * D + 8, PIECES = D / 4, LOADS = PIECES / 2, PIXELS = 16;
    __shared__ __align__(16) half tiles[WARPS][PIXELS * PITCH];
    __shared__ float total[D * D + D];
    int head = blockIdx.x, chunk = blockIdx.y, image = blockIdx.z, warp = threadIdx.x / 32, lane = threadIdx.x % 32;
    const half* source = p.source[head / p.headsASource] + (long long)image * p.area * p.sourceStored
                         + head % p.headsASource * 3 * D + D;
    int piece = (p.area + p.chunks - 1) / p.chunks, from = chunk * piece, to = min(p.area, from + piece);
    half* tile = tiles[warp];
    Eight next[LOADS];
    auto fetch = [&](int start) {
#pragma unroll
        for (int i = 0; i < LOADS; i++) {
            int v = lane + i * 32, pixel = start + v / PIECES;
            const half* at = source + (long long)pixel * p.sourceStored + v % PIECES * 8;
            next[i] = pixel < to ? Eight::at(at) : Eight{make_uint4(0, 0, 0, 0)};
        }
    };
    float sum[D / 16][D / 8][4] = {}, mass[D / 8][4] = {};
    const uint32_t ones[4] = {0x3c003c00u, 0x3c003c00u, 0x3c003c00u, 0x3c003c00u};
    int start = from + warp * PIXELS;
    if (start < to) fetch(start);
    for (; start < to; start += WARPS * PIXELS) {
#pragma unroll
        for (int i = 0; i < LOADS; i++) {
            int v = lane + i * 32, part = v % PIECES * 8;
            uint4 b = next[i].bits;
            if (part < D) b = make_uint4(rectified(b.x), rectified(b.y), rectified(b.z), rectified(b.w));
            Eight{b}.to(tile + v / PIECES * PITCH + part);
        }
        __syncwarp();
        if (start + WARPS * PIXELS < to) fetch(start + WARPS * PIXELS);
        uint32_t values[D / 16][4];
#pragma unroll
        for (int m = 0; m < D / 16; m++)
            load_matrices_turned(values[m], tile + (lane % 8 + lane / 16 * 8) * PITCH + D + m * 16 + lane / 8 % 2 * 8);
#pragma unroll
        for (int n = 0; n < D / 8; n += 2) {
            uint32_t keys[4];
            load_matrices_turned(keys, tile + (lane % 8 + lane / 8 % 2 * 8) * PITCH + n * 8 + lane / 16 * 8);
#pragma unroll
            for (int side = 0; side < 2; side++) {
#pragma unroll
                for (int m = 0; m < D / 16; m++) multiply(sum[m][n + side], values[m], keys[side * 2], keys[side * 2 + 1]);
                multiply(mass[n + side], ones, keys[side * 2], keys[side * 2 + 1]);
            }
        }
        __syncwarp();
    }
    for (int w = 0; w < WARPS; w++) {
        auto add = [&](int at, float mine) { total[at] = w == 0 ? mine : total[at] + mine; };
        if (warp == w) {
#pragma unroll
            for (int n = 0; n < D / 8; n++) {
                int column = n * 8 + lane % 4 * 2;
#pragma unroll
                for (int e = 0; e < 4; e++) {
#pragma unroll
                    for (int m = 0; m < D / 16; m++)
                        add((m * 16 + lane / 4 + e / 2 * 8) * D + column + e % 2, sum[m][n][e]);
                    if (lane < 4 && e < 2) add(D * D + column + e, mass[n][e]);
                }
            }
        }
        __syncthreads();
    }
    float* out = p.partial + (((long long)image * gridDim.x + head) * p.chunks + chunk) * (D * D + D);
    for (int k = threadIdx.x; k < D * D + D; k += WARPS * 32) out[k] = total[k];
}

// A warp takes 32 pixels of a head straight from memory into fragments and back, as pointwise_half.cu does. The state, which may be
// beyond float16's range, is scaled by a power of two and kept as the sum of two halves: the products are as exact as float32's.
template <int D>
__device__ __forceinline__ void attention_apply(const AttentionParams& p) {
    constexpr int WORDS = D / 8, EACH = D / 4;  // of a lane's part of a pixel
    __shared__ float state[D * D + D];
    __shared__ float peaks[WARPS];
    int head = blockIdx.y, heads = gridDim.y, image = blockIdx.z, warp = threadIdx.x / 32, lane = threadIdx.x % 32;
    const float* partial = p.partial + ((long long)image * heads + head) * p.chunks * (D * D + D);
    float peak = 0;
    for (int k = threadIdx.x; k < D * D + D; k += WARPS * 32) {
        float sum = 0;
        for (int chunk = 0; chunk < p.chunks; chunk++) sum += partial[chunk * (D * D + D) + k];
        state[k] = sum;
        peak = fmaxf(peak, k < D * D ? fabsf(sum) : 0.f);
    }
    for (int mask = 16; mask > 0; mask >>= 1) peak = fmaxf(peak, __shfl_xor_sync(0xffffffffu, peak, mask));
    if (lane == 0) peaks[warp] = peak;
    __syncthreads();
#pragma unroll
    for (int w = 0; w < WARPS; w++) peak = fmaxf(peak, peaks[w]);
    // The largest element comes to lie between 2^10 and 2^11.
    int exponent = max(-100, min(100, (__float_as_int(peak) >> 23) - 127));
    float scale = __int_as_float((127 + 10 - exponent) << 23), back = __int_as_float((127 - 10 + exponent) << 23);

    int row = lane / 4, part = lane % 4 * EACH;
    uint32_t high[D / 8][WORDS], low[D / 8][WORDS];
    float mass[EACH];
#pragma unroll
    for (int e = 0; e < EACH; e++) mass[e] = state[D * D + part + e];
#pragma unroll
    for (int j = 0; j < D / 8; j++) {
        const float* of = state + (row / 2 * EACH + j * 2 + row % 2) * D + part;
#pragma unroll
        for (int w = 0; w < WORDS; w++) {
            float a = of[2 * w] * scale, b = of[2 * w + 1] * scale;
            high[j][w] = Eight::packed(a, b);
            float2 rounded = floats_of(high[j][w]);
            low[j][w] = Eight::packed(a - rounded.x, b - rounded.y);
        }
    }
    const half* source = p.source[head / p.headsASource] + (long long)image * p.area * p.sourceStored
                         + head % p.headsASource * 3 * D + part;
    half* y = p.y + (long long)image * p.area * p.stored + head * D + part;
    for (int first = (blockIdx.x * WARPS + warp) * 32; first < p.area; first += gridDim.x * WARPS * 32) {
        uint32_t q[2][2][WORDS];
#pragma unroll
        for (int m = 0; m < 4; m++) {
            int pixel = first + m * 8 + row;
            const half* at = source + (long long)min(pixel, p.area - 1) * p.sourceStored;
            load_words(q[m / 2][m % 2], at);
#pragma unroll
            for (int w = 0; w < WORDS; w++) q[m / 2][m % 2][w] = rectified(q[m / 2][m % 2][w]);
        }
#pragma unroll
        for (int m = 0; m < 2; m++) {
            float sum[D / 8][4] = {};
#pragma unroll
            for (int s = 0; s < WORDS; s += 2) {
                const uint32_t a[4] = {q[m][0][s], q[m][1][s], q[m][0][s + 1], q[m][1][s + 1]};
#pragma unroll
                for (int j = 0; j < D / 8; j++) {
                    multiply(sum[j], a, high[j][s], high[j][s + 1]);
                    multiply(sum[j], a, low[j][s], low[j][s + 1]);
                }
            }
#pragma unroll
            for (int h = 0; h < 2; h++) {
                float weight = 0;
#pragma unroll
                for (int w = 0; w < WORDS; w++) {
                    float2 pair = floats_of(q[m][h][w]);
                    weight += mass[2 * w] * pair.x + mass[2 * w + 1] * pair.y;
                }
                weight += __shfl_xor_sync(0xffffffffu, weight, 1);
                weight += __shfl_xor_sync(0xffffffffu, weight, 2);
                float factor = back / (weight + p.epsilon);
                uint32_t words[WORDS];
#pragma unroll
                for (int j = 0; j < WORDS; j++)
                    words[j] = Eight::packed(sum[j][h * 2] * factor, sum[j][h * 2 + 1] * factor);
                int pixel = first + m * 16 + h * 8 + row;
                if (pixel < p.area) store_words(y + (long long)pixel * p.stored, words);
            }
        }
    }
}

KERNEL_MEETING(attention_state_16, AttentionParams, WARPS * 32) { attention_state<16>(p); }
KERNEL_MEETING(attention_state_32, AttentionParams, WARPS * 32) { attention_state<32>(p); }
KERNEL_MEETING(attention_apply_16, AttentionParams, WARPS * 32) { attention_apply<16>(p); }
KERNEL_MEETING(attention_apply_32, AttentionParams, WARPS * 32) { attention_apply<32>(p); }

// A 1x1 convolution in groups of 16 or 32 channels in and out, as the aggregation after its depthwise 5x5: a warp takes 32 pixels of
// 32 channels as above, two groups of 16 as one whose other filters are zeros. Memory-bound.
struct GroupedParams {
    const half* x;
    const half* w;  // [32 channels][32 out][32 in]
    half* y;
    int pixels, stored;
};
KERNEL_MEETING(grouped_half, GroupedParams, WARPS * 32) {
    int warp = threadIdx.x / 32, lane = threadIdx.x % 32, row = lane / 4, channel = blockIdx.y * 32 + lane % 4 * 8;
    Eight w[4];
#pragma unroll
    for (int j = 0; j < 4; j++)
        w[j] = Eight::at(p.w + (blockIdx.y * 32 + row / 2 * 8 + j * 2 + row % 2) * 32 + lane % 4 * 8);
    for (int first = (blockIdx.x * WARPS + warp) * 32; first < p.pixels; first += gridDim.x * WARPS * 32) {
        Eight x[4];
#pragma unroll
        for (int m = 0; m < 4; m++) {
            int pixel = first + m * 8 + row;
            bool inside = pixel < p.pixels && channel < p.stored;
            x[m] = inside ? Eight::at(p.x + (long long)pixel * p.stored + channel) : Eight{make_uint4(0, 0, 0, 0)};
        }
#pragma unroll
        for (int m = 0; m < 4; m += 2) {
            float sum[4][4] = {};
            const uint32_t low[4] = {x[m].bits.x, x[m + 1].bits.x, x[m].bits.y, x[m + 1].bits.y};
            const uint32_t high[4] = {x[m].bits.z, x[m + 1].bits.z, x[m].bits.w, x[m + 1].bits.w};
#pragma unroll
            for (int j = 0; j < 4; j++) {
                multiply(sum[j], low, w[j].bits.x, w[j].bits.y);
                multiply(sum[j], high, w[j].bits.z, w[j].bits.w);
            }
#pragma unroll
            for (int h = 0; h < 2; h++) {
                int pixel = first + m * 8 + h * 8 + row;
                float v[8];
#pragma unroll
                for (int e = 0; e < 8; e++) v[e] = sum[e / 2][h * 2 + e % 2];
                if (pixel < p.pixels && channel < p.stored) Eight::of(v).to(p.y + (long long)pixel * p.stored + channel);
            }
        }
    }
}
