// Batch normalisation in training over NCHW, forward and backward, with the activation behind it: two launches each way. The
// first sums a channel in `splits` pieces, the second merges them and makes the result in `shares`. Arrays are float32 or, where
// there is a pointer to it, bfloat16; sums are float32. Memory-bound: forward two reads and a write, backward four reads and a
// write; what the activation made is computed again, not read. Sums begin with the last image, which was written last, and end with
// the first, with which results begin: what the level-2 cache holds is read from there.
#include "either.cuh"
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
    const uint16_t* narrowX;  // x in bfloat16, instead of x where it is not null; likewise dy and y
    const uint16_t* narrowDy;
    uint16_t* narrowY;
    int batch, channels, area, splits, shares;
    float epsilon, momentum;
    int activation, lanes;
};

// Calls visit(offset) for one of `pieces` shares of channel `c`, LANES neighbours at a time: they divide a plane.
template <int LANES, typename Visit>
__device__ __forceinline__ void share_of(const BatchParams& p, int c, int piece, int pieces, Visit visit) {
    long long total = (long long)p.batch * p.area / LANES;
    int from = int(total * piece / pieces), to = int(total * (piece + 1) / pieces), row = p.area / LANES;
    int i = from + threadIdx.x, n = i / row, at = i - n * row;
    for (; i < to; i += blockDim.x, at += blockDim.x) {
        while (at >= row) at -= row, n++;
        visit(((long long)n * p.channels + c) * p.area + (long long)at * LANES);
    }
}
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

// The usual activations are known as kernels are compiled; ANY is what the launch says.
constexpr int ANY = -1;
template <int ACTIVATION>
__device__ __forceinline__ float through(const BatchParams& p, float z) {
    if constexpr (ACTIVATION == HARD_SWISH_ACT) return z * (fminf(fmaxf(z + 3.f, 0.f), 6.f) * (1.f / 6.f));
    return activated(ACTIVATION == ANY ? p.activation : ACTIVATION, z);
}
template <int ACTIVATION>
__device__ __forceinline__ float slope_of(const BatchParams& p, float z) {
    return slope(ACTIVATION == ANY ? p.activation : ACTIVATION, z);
}

// Sums about the channel's first element, so that a large mean costs no digits.
__device__ __forceinline__ float first_of(const BatchParams& p, int c) {
    float v[1];
    take(p.x, p.narrowX, (long long)c * p.area, v);
    return v[0];
}
template <int LANES>
__device__ __forceinline__ void sums_of(const BatchParams& p, float* scratch) {
    int c = blockIdx.x, split = gridDim.y - 1 - blockIdx.y;
    float shift = first_of(p, c), sum = 0, square = 0;
    share_of<LANES>(p, c, split, p.splits, [&](long long at) {
        float v[LANES];
        take(p.x, p.narrowX, at, v);
#pragma unroll
        for (int i = 0; i < LANES; i++) {
            float d = v[i] - shift;
            sum += d;
            square += d * d;
        }
    });
    store_partial(p, c, split, sum, square, scratch);
}

template <int LANES, int ACTIVATION>
__device__ __forceinline__ void apply_to(const BatchParams& p) {
    int c = blockIdx.x, share = blockIdx.y;
    float2 sums = merged(p, c);
    float count = float(p.batch) * p.area, off = sums.x / count;
    float mean = first_of(p, c) + off, variance = fmaxf(sums.y / count - off * off, 0.f);
    float factor = p.scale[c] / sqrtf(variance + p.epsilon), bias = p.bias[c];
    if (share == 0 && threadIdx.x == 0) {
        p.first[c] = mean;
        p.second[c] = variance;
        float unbiased = count > 1 ? variance * (count / (count - 1)) : variance;
        p.nextMean[c] = p.mean[c] + p.momentum * (mean - p.mean[c]);
        p.nextVariance[c] = p.variance[c] + p.momentum * (unbiased - p.variance[c]);
    }
    share_of<LANES>(p, c, share, p.shares, [&](long long at) {
        float v[LANES];
        take(p.x, p.narrowX, at, v);
#pragma unroll
        for (int i = 0; i < LANES; i++) v[i] = through<ACTIVATION>(p, (v[i] - mean) * factor + bias);
        put(p.y, p.narrowY, at, v);
    });
}

// Sums of the gradient behind the activation, and of its product with x about the mean.
template <int LANES, int ACTIVATION>
__device__ __forceinline__ void gradient_sums_of(const BatchParams& p, float* scratch) {
    int c = blockIdx.x, split = gridDim.y - 1 - blockIdx.y;
    float mean = p.mean[c], factor = p.scale[c] / sqrtf(p.variance[c] + p.epsilon), bias = p.bias[c];
    float sum = 0, product = 0;
    share_of<LANES>(p, c, split, p.splits, [&](long long at) {
        float v[LANES], d[LANES];
        take(p.x, p.narrowX, at, v);
        take(p.dy, p.narrowDy, at, d);
#pragma unroll
        for (int i = 0; i < LANES; i++) {
            float from = v[i] - mean, g = d[i] * slope_of<ACTIVATION>(p, from * factor + bias);
            sum += g;
            product += g * from;
        }
    });
    store_partial(p, c, split, sum, product, scratch);
}

template <int LANES, int ACTIVATION>
__device__ __forceinline__ void gradient_apply_to(const BatchParams& p) {
    int c = blockIdx.x, share = blockIdx.y;
    float2 sums = merged(p, c);
    float count = float(p.batch) * p.area, mean = p.mean[c], inverse = 1.f / sqrtf(p.variance[c] + p.epsilon);
    float factor = p.scale[c] * inverse, bias = p.bias[c];
    if (share == 0 && threadIdx.x == 0) {
        p.first[c] = inverse * sums.y;
        p.second[c] = sums.x;
    }
    float even = sums.x / count, tilt = inverse * inverse * sums.y / count;
    share_of<LANES>(p, c, share, p.shares, [&](long long at) {
        float v[LANES], d[LANES];
        take(p.x, p.narrowX, at, v);
        take(p.dy, p.narrowDy, at, d);
#pragma unroll
        for (int i = 0; i < LANES; i++) {
            float from = v[i] - mean, g = d[i] * slope_of<ACTIVATION>(p, from * factor + bias);
            v[i] = factor * (g - even - from * tilt);
        }
        put(p.y, p.narrowY, at, v);
    });
}

KERNEL_MEETING(batch_sums, BatchParams, 256) {
    __shared__ float scratch[32];
    p.lanes == 8 ? sums_of<8>(p, scratch) : p.lanes == 4 ? sums_of<4>(p, scratch) : sums_of<1>(p, scratch);
}
// A function's form for so many neighbours that lie together, and for the activation.
#define LANED(function, ACTIVATION, ...)                                                                  \
    (p.lanes == 8 ? function<8, ACTIVATION>(__VA_ARGS__) : p.lanes == 4 ? function<4, ACTIVATION>(__VA_ARGS__) \
                                                                       : function<1, ACTIVATION>(__VA_ARGS__))
#define FORM(function, ...)                                                                 \
    p.activation == HARD_SWISH_ACT ? LANED(function, HARD_SWISH_ACT, __VA_ARGS__)           \
        : p.activation == IDENTITY ? LANED(function, IDENTITY, __VA_ARGS__) : LANED(function, ANY, __VA_ARGS__)
KERNEL_MEETING(batch_apply, BatchParams, 256) { FORM(apply_to, p); }
KERNEL_MEETING(batch_gradient_sums, BatchParams, 256) {
    __shared__ float scratch[32];
    FORM(gradient_sums_of, p, scratch);
}
KERNEL_MEETING(batch_gradient_apply, BatchParams, 256) { FORM(gradient_apply_to, p); }

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
