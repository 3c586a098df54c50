// EfficientViT's linear attention (ICCV 2023, section 3.1) over float16 NHWC with float32 states: keys meet values first,
// in a matrix of one head's width, so the cost is linear in the pixels.
//
// Channels of a source hold heads one after another, each [q | k | v]. Pass one sums v k' and the mass of k over a chunk
// of pixels, pass two adds the chunks and applies them to q. Memory-bound: q, k, v are read once (6 bytes a channel triple)
// and the result is written once (2).
#include "tensor_core.cuh"

struct AttentionParams {
    const half* source[2];  // qkv itself, then the aggregated scale
    float* partial;         // [batch][head][chunk][D * D + D]
    half* y;
    int headsASource, area, sourceStored, stored, chunks;
    float epsilon;
};

template <int D>
__device__ __forceinline__ void attention_state(const AttentionParams& p) {
    constexpr int PIXELS = 64, THREADS = 128, EACH = D * D / THREADS;
    __shared__ float keys[PIXELS][D + 1];
    __shared__ float values[PIXELS][D + 1];
    int head = blockIdx.x, chunk = blockIdx.y, image = blockIdx.z;
    const half* source = p.source[head / p.headsASource] + (long long)image * p.area * p.sourceStored
                         + head % p.headsASource * 3 * D;
    int piece = (p.area + p.chunks - 1) / p.chunks, from = chunk * piece, to = min(p.area, from + piece);
    int row = threadIdx.x * EACH / D, column = threadIdx.x * EACH % D;  // row of v, first column of k
    float sum[EACH] = {}, mass = 0;
    for (int start = from; start < to; start += PIXELS) {
        for (int v = threadIdx.x; v < PIXELS * D / 4; v += THREADS) {
            int pixel = v / (D / 4), part = v % (D / 4) * 8;  // 2D channels: k then v
            float in[8] = {};
            if (start + pixel < to) Eight::at(source + (long long)(start + pixel) * p.sourceStored + D + part).unpack(in);
#pragma unroll
            for (int e = 0; e < 8; e++) {
                if (part < D)
                    keys[pixel][part + e] = fmaxf(in[e], 0.f);
                else
                    values[pixel][part - D + e] = in[e];
            }
        }
        __syncthreads();
        for (int pixel = 0; pixel < PIXELS; pixel++) {
            float v = values[pixel][row];
#pragma unroll
            for (int e = 0; e < EACH; e++) sum[e] += v * keys[pixel][column + e];
            if (int(threadIdx.x) < D) mass += keys[pixel][threadIdx.x];
        }
        __syncthreads();
    }
    float* out = p.partial + (((long long)image * gridDim.x + head) * p.chunks + chunk) * (D * D + D);
#pragma unroll
    for (int e = 0; e < EACH; e++) out[row * D + column + e] = sum[e];
    if (int(threadIdx.x) < D) out[D * D + threadIdx.x] = mass;
}

template <int D>
__device__ __forceinline__ void attention_apply(const AttentionParams& p) {
    __shared__ float state[D * D + D];
    int head = blockIdx.y, heads = gridDim.y, image = blockIdx.z;
    const float* partial = p.partial + ((long long)image * heads + head) * p.chunks * (D * D + D);
    for (int k = threadIdx.x; k < D * D + D; k += blockDim.x) {
        float sum = 0;
        for (int chunk = 0; chunk < p.chunks; chunk++) sum += partial[chunk * (D * D + D) + k];
        state[k] = sum;
    }
    __syncthreads();
    int pixel = GLOBAL_INDEX;
    if (pixel >= p.area) return;
    const half* source = p.source[head / p.headsASource]
                         + ((long long)image * p.area + pixel) * p.sourceStored + head % p.headsASource * 3 * D;
    float q[D];
#pragma unroll
    for (int part = 0; part < D; part += 8) {
        float in[8];
        Eight::at(source + part).unpack(in);
#pragma unroll
        for (int e = 0; e < 8; e++) q[part + e] = fmaxf(in[e], 0.f);
    }
    float weight = p.epsilon;
#pragma unroll
    for (int k = 0; k < D; k++) weight += state[D * D + k] * q[k];
    float factor = 1.f / weight;
    half* y = p.y + ((long long)image * p.area + pixel) * p.stored + head * D;
#pragma unroll 1
    for (int part = 0; part < D; part += 8) {
        float out[8];
#pragma unroll
        for (int e = 0; e < 8; e++) {
            float sum = 0;
#pragma unroll
            for (int k = 0; k < D; k++) sum += state[(part + e) * D + k] * q[k];
            out[e] = sum * factor;
        }
        Eight::of(out).to(y + part);
    }
}

KERNEL_MEETING(attention_state_16, AttentionParams, 128) { attention_state<16>(p); }
KERNEL_MEETING(attention_state_32, AttentionParams, 128) { attention_state<32>(p); }
KERNEL_MEETING(attention_apply_16, AttentionParams, 128) { attention_apply<16>(p); }
KERNEL_MEETING(attention_apply_32, AttentionParams, 128) { attention_apply<32>(p); }

// A 1x1 convolution in groups of D channels in and D out, as the aggregation after its depthwise 5x5: one thread a pixel
// and group, weights in shared memory. Memory-bound at these widths.
struct GroupedParams {
    const half* x;
    const float* w;  // [group][in][out]
    half* y;
    int pixels, stored;
};
template <int D>
__device__ __forceinline__ void grouped(const GroupedParams& p) {
    __shared__ float w[D * D];
    for (int k = threadIdx.x; k < D * D; k += blockDim.x) w[k] = p.w[blockIdx.y * D * D + k];
    __syncthreads();
    int pixel = GLOBAL_INDEX;
    if (pixel >= p.pixels) return;
    const half* x = p.x + (long long)pixel * p.stored + blockIdx.y * D;
    float sum[D] = {};
#pragma unroll
    for (int part = 0; part < D; part += 8) {
        float in[8];
        Eight::at(x + part).unpack(in);
#pragma unroll
        for (int e = 0; e < 8; e++)
#pragma unroll
            for (int o = 0; o < D; o++) sum[o] += in[e] * w[(part + e) * D + o];
    }
    half* y = p.y + (long long)pixel * p.stored + blockIdx.y * D;
#pragma unroll
    for (int part = 0; part < D; part += 8) {
        float out[8];
#pragma unroll
        for (int e = 0; e < 8; e++) out[e] = sum[part + e];
        Eight::of(out).to(y + part);
    }
}
KERNEL_MEETING(grouped_half_16, GroupedParams, 128) { grouped<16>(p); }
KERNEL_MEETING(grouped_half_32, GroupedParams, 128) { grouped<32>(p); }
