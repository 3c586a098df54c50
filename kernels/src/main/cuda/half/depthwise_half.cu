// Depthwise convolution, float16 NHWC, float32 sums, bias and activation fused. A thread owns eight channels (one 16-byte
// access) of SPAN neighbouring outputs of a row, so a row's inputs are loaded once for all of them.
//
// Memory-bound: 2 bytes read and 2 written an element; rows are re-read by the threads above and below through L1 and L2.
#include "tensor_core.cuh"

struct DepthwiseHalfParams {
    const half* x;
    const half* w;  // [taps][channels]
    const float* bias;
    half* y;
    int batch, height, width, channels, outHeight, outWidth;
    int padY, padX, activation;
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
    constexpr int REACH = (SPAN - 1) * STRIDE + K;
    float sum[SPAN][8];
#pragma unroll
    for (int e = 0; e < 8; e++) {
        float b = p.bias ? p.bias[c + e] : 0.f;
#pragma unroll
        for (int s = 0; s < SPAN; s++) sum[s][e] = b;
    }
    int left = ox * STRIDE - p.padX;
#pragma unroll
    for (int ky = 0; ky < K; ky++) {
        int iy = oy * STRIDE - p.padY + ky;
        if (unsigned(iy) >= unsigned(p.height)) continue;
        const half* row = p.x + ((long long)image * p.height + iy) * p.width * p.channels + c;
        Eight in[REACH];
#pragma unroll
        for (int r = 0; r < REACH; r++) {
            int ix = left + r;
            in[r] = unsigned(ix) < unsigned(p.width) ? Eight::at(row + (long long)ix * p.channels) : Eight{make_uint4(0, 0, 0, 0)};
        }
#pragma unroll
        for (int kx = 0; kx < K; kx++) {
            float w[8];
            Eight::at(p.w + (ky * K + kx) * p.channels + c).unpack(w);
#pragma unroll
            for (int s = 0; s < SPAN; s++) {
                float v[8];
                in[s * STRIDE + kx].unpack(v);
#pragma unroll
                for (int e = 0; e < 8; e++) sum[s][e] += v[e] * w[e];
            }
        }
    }
#pragma unroll
    for (int s = 0; s < SPAN; s++) {
        if (ox + s >= p.outWidth) break;
#pragma unroll
        for (int e = 0; e < 8; e++) sum[s][e] = activated(p.activation, sum[s][e]);
        Eight::of(sum[s]).to(p.y + (((long long)image * p.outHeight + oy) * p.outWidth + ox + s) * p.channels + c);
    }
}

KERNEL(depthwise_half_3_1, DepthwiseHalfParams) { depthwise_span<3, 1, 4>(p); }
KERNEL(depthwise_half_3_2, DepthwiseHalfParams) { depthwise_span<3, 2, 2>(p); }
KERNEL(depthwise_half_5_1, DepthwiseHalfParams) { depthwise_span<5, 1, 4>(p); }
KERNEL(depthwise_half_5_2, DepthwiseHalfParams) { depthwise_span<5, 2, 2>(p); }
KERNEL(depthwise_half_7_1, DepthwiseHalfParams) { depthwise_span<7, 1, 4>(p); }
KERNEL(depthwise_half_7_2, DepthwiseHalfParams) { depthwise_span<7, 2, 2>(p); }
