// Depthwise convolution, float16 NHWC, float32 sums, bias and activation fused. A thread owns eight channels (one 16-byte
// access) of SPAN neighbouring outputs of a row, so a row's inputs are loaded once for all of them.
//
// Memory-bound: 2 bytes read and 2 written an element; rows are re-read by the threads above and below through L1 and L2.
#include "tensor_core.cuh"

struct DepthwiseHalfParams {
    const half* x;
    const half* w;  // [taps][channels]
    const float* bias;
    const float* centre;  // [channels] taken off after the activation, nothing if null
    half* y;
    int batch, height, width, channels, outHeight, outWidth;
    int padY, padX, activation;
};

template <int K, int STRIDE, int SPAN>
struct Row {
    static constexpr int REACH = (SPAN - 1) * STRIDE + K;
    Eight in[REACH];
    Eight w[K];
    // All loads of a row at once and no branches between them: the next row is on its way while this one is summed.
    __device__ __forceinline__ void load(const DepthwiseHalfParams& p, const half* image, int iy, int left, int c, int ky) {
        bool row = unsigned(iy) < unsigned(p.height);
        const half* line = image + (long long)(row ? iy : 0) * p.width * p.channels + c;
#pragma unroll
        for (int r = 0; r < REACH; r++) {
            int ix = left + r;
            bool inside = row && unsigned(ix) < unsigned(p.width);
            in[r] = inside ? Eight::at(line + (long long)ix * p.channels) : Eight{make_uint4(0, 0, 0, 0)};
        }
#pragma unroll
        for (int kx = 0; kx < K; kx++) w[kx] = Eight::at(p.w + (ky * K + kx) * p.channels + c);
    }
    __device__ __forceinline__ void add(float (&sum)[SPAN][8]) const {
        float weight[K][8];
#pragma unroll
        for (int kx = 0; kx < K; kx++) w[kx].unpack(weight[kx]);
#pragma unroll
        for (int r = 0; r < REACH; r++) {
            float v[8];
            in[r].unpack(v);
#pragma unroll
            for (int s = 0; s < SPAN; s++) {
                const int kx = r - s * STRIDE;
                if (kx < 0 || kx >= K) continue;
#pragma unroll
                for (int e = 0; e < 8; e++) sum[s][e] += v[e] * weight[kx][e];
            }
        }
    }
};

template <int K, int STRIDE, int SPAN>
__device__ __forceinline__ void depthwise_span(const DepthwiseHalfParams& p) {
    int vectors = p.channels / 8, spans = (p.outWidth + SPAN - 1) / SPAN;
    int i = GLOBAL_INDEX;
    if (i >= p.batch * p.outHeight * spans * vectors) return;
    int c = i % vectors * 8;
    i /= vectors;
    int ox = i % spans * SPAN;
    i /= spans;
    int oy = i % p.outHeight, image = i / p.outHeight;
    const half* x = p.x + (long long)image * p.height * p.width * p.channels;
    int top = oy * STRIDE - p.padY, left = ox * STRIDE - p.padX;
    Row<K, STRIDE, SPAN> row, next;
    row.load(p, x, top, left, c, 0);
    float sum[SPAN][8];
#pragma unroll
    for (int e = 0; e < 8; e++) {
        float b = p.bias ? p.bias[c + e] : 0.f;
#pragma unroll
        for (int s = 0; s < SPAN; s++) sum[s][e] = b;
    }
#pragma unroll
    for (int ky = 0; ky < K; ky++) {
        if (ky + 1 < K) next.load(p, x, top + ky + 1, left, c, ky + 1);
        row.add(sum);
        row = next;
    }
    Activator activate(p.activation);
#pragma unroll
    for (int s = 0; s < SPAN; s++) {
        if (ox + s >= p.outWidth) break;
        activate(sum[s]);
        if (p.centre)
#pragma unroll
            for (int e = 0; e < 8; e++) sum[s][e] -= p.centre[c + e];
        Eight::of(sum[s]).to(p.y + (((long long)image * p.outHeight + oy) * p.outWidth + ox + s) * p.channels + c);
    }
}

// Kernel, stride, span: spans of one for small images, where more threads matter more than fewer loads.
#define DEPTHWISE(K, STRIDE, SPAN)                                         \
    KERNEL(depthwise_half_##K##_##STRIDE##_##SPAN, DepthwiseHalfParams) { \
        depthwise_span<K, STRIDE, SPAN>(p);                                \
    }
DEPTHWISE(3, 1, 4)
DEPTHWISE(3, 1, 1)
DEPTHWISE(3, 2, 2)
DEPTHWISE(3, 2, 1)
DEPTHWISE(5, 1, 4)
DEPTHWISE(5, 1, 1)
DEPTHWISE(5, 2, 1)
DEPTHWISE(7, 1, 4)
DEPTHWISE(7, 1, 1)
DEPTHWISE(7, 2, 1)
