// Batch normalisation in training over NCHW float32, forward and backward, with the activation behind it: two launches
// each way. The first sums a channel in `splits` pieces, the second merges them and makes the result. Memory-bound:
// forward two reads and a write, backward four reads and a write; what the activation made is computed again, not read.
#include "elementwise.cuh"

struct BatchParams {
    const float* x;
    const float* dy;  // backward only
    const float* scale;
    const float* bias;
    const float* mean;      // forward: running; backward: the batch's own
    const float* variance;  // likewise
    float* partial;         // [channel][split][2]
    float* y;               // forward: the result; backward: the gradient for x
    float* first;           // forward: batch mean; backward: gradient for the scale
    float* second;          // forward: batch variance; backward: gradient for the bias
    float* nextMean;        // these two forward only
    float* nextVariance;
    int batch, channels, area, splits, chunks;
    float epsilon, momentum;
    int activation, wide;
};

// Calls visit(offset) for this block's share of channel `c`, four neighbours at a time where rows allow.
template <int LANES, typename Visit>
__device__ __forceinline__ void share_of(const BatchParams& p, int c, int split, Visit visit) {
    long long total = (long long)p.batch * p.area / LANES;
    int from = int(total * split / p.splits), to = int(total * (split + 1) / p.splits), row = p.area / LANES;
    for (int i = from + threadIdx.x; i < to; i += blockDim.x) {
        int n = i / row, at = i - n * row;
        visit(((long long)n * p.channels + c) * p.area + (long long)at * LANES);
    }
}
__device__ __forceinline__ void take(const float* from, float (&v)[4]) {
    float4 f = *reinterpret_cast<const float4*>(from);
    v[0] = f.x, v[1] = f.y, v[2] = f.z, v[3] = f.w;
}
__device__ __forceinline__ void take(const float* from, float (&v)[1]) { v[0] = *from; }
__device__ __forceinline__ void put(float* to, const float (&v)[4]) {
    *reinterpret_cast<float4*>(to) = make_float4(v[0], v[1], v[2], v[3]);
}
__device__ __forceinline__ void put(float* to, const float (&v)[1]) { *to = v[0]; }
// The two sums of a channel, to every lane.
__device__ __forceinline__ float2 merged(const BatchParams& p, int c) {
    float a = 0, b = 0;
    for (int s = threadIdx.x % 32; s < p.splits; s += 32) {
        a += p.partial[(c * p.splits + s) * 2];
        b += p.partial[(c * p.splits + s) * 2 + 1];
    }
    for (int mask = 16; mask > 0; mask >>= 1) {
        a += __shfl_xor_sync(0xffffffffu, a, mask);
        b += __shfl_xor_sync(0xffffffffu, b, mask);
    }
    return make_float2(a, b);
}
__device__ __forceinline__ void store_partial(const BatchParams& p, int c, int split, float a, float b, float* scratch) {
    a = block_sum(a, scratch);
    b = block_sum(b, scratch);
    if (threadIdx.x) return;
    p.partial[(c * p.splits + split) * 2] = a;
    p.partial[(c * p.splits + split) * 2 + 1] = b;
}

// Sums about the channel's first element, so that a large mean costs no digits.
template <int LANES>
__device__ __forceinline__ void sums_of(const BatchParams& p, float* scratch) {
    int c = blockIdx.x, split = blockIdx.y;
    float shift = p.x[(long long)c * p.area], sum = 0, square = 0;
    share_of<LANES>(p, c, split, [&](long long at) {
        float v[LANES];
        take(p.x + at, v);
        for (int i = 0; i < LANES; i++) {
            float d = v[i] - shift;
            sum += d;
            square += d * d;
        }
    });
    store_partial(p, c, split, sum, square, scratch);
}

template <int LANES>
__device__ __forceinline__ void apply_to(const BatchParams& p) {
    int plane = blockIdx.x / p.chunks, chunk = blockIdx.x - plane * p.chunks, c = plane % p.channels;
    float2 sums = merged(p, c);
    float count = float(p.batch) * p.area, off = sums.x / count;
    float mean = p.x[(long long)c * p.area] + off, variance = fmaxf(sums.y / count - off * off, 0.f);
    float factor = p.scale[c] / sqrtf(variance + p.epsilon), bias = p.bias[c];
    if (plane < p.channels && chunk == 0 && threadIdx.x == 0) {
        p.first[c] = mean;
        p.second[c] = variance;
        float unbiased = count > 1 ? variance * (count / (count - 1)) : variance;
        p.nextMean[c] = p.mean[c] + p.momentum * (mean - p.mean[c]);
        p.nextVariance[c] = p.variance[c] + p.momentum * (unbiased - p.variance[c]);
    }
    int at = (chunk * blockDim.x + threadIdx.x) * LANES;
    if (at >= p.area) return;
    long long offset = (long long)plane * p.area + at;
    float v[LANES];
    take(p.x + offset, v);
    for (int i = 0; i < LANES; i++) v[i] = activated(p.activation, (v[i] - mean) * factor + bias);
    put(p.y + offset, v);
}

// Sums of the gradient behind the activation, and of its product with x about the mean.
template <int LANES>
__device__ __forceinline__ void gradient_sums_of(const BatchParams& p, float* scratch) {
    int c = blockIdx.x, split = blockIdx.y;
    float mean = p.mean[c], factor = p.scale[c] / sqrtf(p.variance[c] + p.epsilon), bias = p.bias[c];
    float sum = 0, product = 0;
    share_of<LANES>(p, c, split, [&](long long at) {
        float v[LANES], d[LANES];
        take(p.x + at, v);
        take(p.dy + at, d);
        for (int i = 0; i < LANES; i++) {
            float from = v[i] - mean, g = d[i] * slope(p.activation, from * factor + bias);
            sum += g;
            product += g * from;
        }
    });
    store_partial(p, c, split, sum, product, scratch);
}

template <int LANES>
__device__ __forceinline__ void gradient_apply_to(const BatchParams& p) {
    int plane = blockIdx.x / p.chunks, chunk = blockIdx.x - plane * p.chunks, c = plane % p.channels;
    float2 sums = merged(p, c);
    float count = float(p.batch) * p.area, mean = p.mean[c], inverse = 1.f / sqrtf(p.variance[c] + p.epsilon);
    float factor = p.scale[c] * inverse, bias = p.bias[c];
    if (plane < p.channels && chunk == 0 && threadIdx.x == 0) {
        p.first[c] = inverse * sums.y;
        p.second[c] = sums.x;
    }
    int at = (chunk * blockDim.x + threadIdx.x) * LANES;
    if (at >= p.area) return;
    long long offset = (long long)plane * p.area + at;
    float even = sums.x / count, tilt = inverse * inverse * sums.y / count;
    float v[LANES], d[LANES];
    take(p.x + offset, v);
    take(p.dy + offset, d);
    for (int i = 0; i < LANES; i++) {
        float from = v[i] - mean, g = d[i] * slope(p.activation, from * factor + bias);
        v[i] = factor * (g - even - from * tilt);
    }
    put(p.y + offset, v);
}

KERNEL_MEETING(batch_sums, BatchParams, 256) {
    __shared__ float scratch[32];
    p.wide ? sums_of<4>(p, scratch) : sums_of<1>(p, scratch);
}
KERNEL_MEETING(batch_apply, BatchParams, 256) { p.wide ? apply_to<4>(p) : apply_to<1>(p); }
KERNEL_MEETING(batch_gradient_sums, BatchParams, 256) {
    __shared__ float scratch[32];
    p.wide ? gradient_sums_of<4>(p, scratch) : gradient_sums_of<1>(p, scratch);
}
KERNEL_MEETING(batch_gradient_apply, BatchParams, 256) { p.wide ? gradient_apply_to<4>(p) : gradient_apply_to<1>(p); }

// Through an activation alone; `of` is what its slope is told from.
struct SlopeParams {
    const float* dy;
    const float* of;
    float* out;
    int n, activation;
};
KERNEL(activation_gradient, SlopeParams) {
    int i = GLOBAL_INDEX;
    if (i < p.n) p.out[i] = p.dy[i] * slope(p.activation, p.of[i]);
}
