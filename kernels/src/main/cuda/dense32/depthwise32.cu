// Float32 depthwise convolution over NCHW, forward and backward. Memory-bound: each input is read K*K times but from
// the caches, so the floor is one read and one write of the activation (2 * 4 bytes an element).
#include "either.cuh"

struct DepthwiseParams {
    const float* x;     // input; for the input gradient, the output gradient
    const float* w;     // [c][kh][kw]; for the weight gradient, the output gradient
    const float* bias;  // forward only, may be null
    float* y;
    int batch, channels, height, width, outHeight, outWidth;
    int kernelHeight, kernelWidth, strideY, strideX, padY, padX, dilationY, dilationX;
    int splits;
    const uint16_t* narrow;  // x in bfloat16, instead of x where it is not null; of the last kernels here alone
    uint16_t* rounded;       // likewise y
};

KERNEL(depthwise32, DepthwiseParams) {
    int i = GLOBAL_INDEX;
    int area = p.outHeight * p.outWidth;
    if (i >= p.batch * p.channels * area) return;
    int plane = i / area, pixel = i - plane * area, channel = plane % p.channels;
    int oy = pixel / p.outWidth, ox = pixel - oy * p.outWidth;
    const float* x = p.x + plane * p.height * p.width;
    const float* w = p.w + channel * p.kernelHeight * p.kernelWidth;
    float sum = p.bias ? p.bias[channel] : 0.f;
    for (int ky = 0; ky < p.kernelHeight; ky++) {
        int iy = oy * p.strideY - p.padY + ky * p.dilationY;
        if (unsigned(iy) >= unsigned(p.height)) continue;
        for (int kx = 0; kx < p.kernelWidth; kx++) {
            int ix = ox * p.strideX - p.padX + kx * p.dilationX;
            if (unsigned(ix) < unsigned(p.width)) sum += x[iy * p.width + ix] * w[ky * p.kernelWidth + kx];
        }
    }
    p.y[i] = sum;
}

KERNEL(depthwise32_input_gradient, DepthwiseParams) {
    int i = GLOBAL_INDEX;
    int area = p.height * p.width;
    if (i >= p.batch * p.channels * area) return;
    int plane = i / area, pixel = i - plane * area, channel = plane % p.channels;
    int iy = pixel / p.width, ix = pixel - iy * p.width;
    const float* dy = p.x + plane * p.outHeight * p.outWidth;
    const float* w = p.w + channel * p.kernelHeight * p.kernelWidth;
    float sum = p.bias ? p.bias[channel] : 0.f;
    for (int ky = 0; ky < p.kernelHeight; ky++) {
        int y = iy + p.padY - ky * p.dilationY, oy = y / p.strideY;
        if (y < 0 || oy * p.strideY != y || oy >= p.outHeight) continue;
        for (int kx = 0; kx < p.kernelWidth; kx++) {
            int x = ix + p.padX - kx * p.dilationX, ox = x / p.strideX;
            if (x < 0 || ox * p.strideX != x || ox >= p.outWidth) continue;
            sum += dy[oy * p.outWidth + ox] * w[ky * p.kernelWidth + kx];
        }
    }
    p.y[i] = sum;
}

// The same for square kernels of stride 2 that reach as far to both sides: a thread makes four neighbours in each of two rows,
// so that it is known as this is compiled which taps meet which outputs.
template <int K>
__device__ __forceinline__ void input_gradient_of_two(const DepthwiseParams& p) {
    constexpr int PAD = K / 2, BEFORE = PAD / 2, DOWN = (1 + PAD) / 2, RIGHT = (3 + PAD) / 2;
    int across = (p.width + 3) / 4, pairs = (p.height + 1) / 2, i = GLOBAL_INDEX;
    if (i >= p.batch * p.channels * pairs * across) return;
    int line = i / across, x0 = (i - line * across) * 4, plane = line / pairs, y0 = (line - plane * pairs) * 2;
    int channel = plane % p.channels;
    const float* w = p.w + channel * K * K;
    float bias = p.bias ? p.bias[channel] : 0.f;
    float sum[2][4] = {{bias, bias, bias, bias}, {bias, bias, bias, bias}};
#pragma unroll
    for (int r = -BEFORE; r <= DOWN; r++) {
        int oy = y0 / 2 + r;
        if (unsigned(oy) >= unsigned(p.outHeight)) continue;
        long long row = ((long long)plane * p.outHeight + oy) * p.outWidth;
        float d[BEFORE + RIGHT + 1];
#pragma unroll
        for (int q = -BEFORE; q <= RIGHT; q++) {
            int ox = x0 / 2 + q;
            bool inside = unsigned(ox) < unsigned(p.outWidth);
            d[q + BEFORE] = !inside ? 0.f
                : p.narrow          ? one_of(p.narrow[row + ox])
                                    : p.x[row + ox];
        }
#pragma unroll
        for (int j = 0; j < 2; j++) {
            int ky = j + PAD - 2 * r;
            if (ky < 0 || ky >= K) continue;
#pragma unroll
            for (int kx = 0; kx < K; kx++) {
                float tap = w[ky * K + kx];
#pragma unroll
                for (int q = -BEFORE; q <= RIGHT; q++) {
                    int m = kx - PAD + 2 * q;
                    if (m >= 0 && m < 4) sum[j][m] += d[q + BEFORE] * tap;
                }
            }
        }
    }
#pragma unroll
    for (int j = 0; j < 2; j++) {
        if (y0 + j >= p.height) break;
        long long to = ((long long)plane * p.height + y0 + j) * p.width + x0;
        put_four(p.y, p.rounded, to, x0, p.width, sum[j]);
    }
}
KERNEL(depthwise32_input_3_2, DepthwiseParams) { input_gradient_of_two<3>(p); }
KERNEL(depthwise32_input_5_2, DepthwiseParams) { input_gradient_of_two<5>(p); }
KERNEL(depthwise32_input_7_2, DepthwiseParams) { input_gradient_of_two<7>(p); }

// Block (tap, channel, split) sums one tap of one channel over its share of the images; partial [split][c][kh][kw].
KERNEL_MEETING(depthwise32_weight_gradient, DepthwiseParams, 256) {
    __shared__ float scratch[8];
    int tap = blockIdx.x, channel = blockIdx.y, split = blockIdx.z;
    int ky = tap / p.kernelWidth, kx = tap - ky * p.kernelWidth;
    int area = p.outHeight * p.outWidth, pixels = p.batch * area, piece = (pixels + p.splits - 1) / p.splits;
    int to = min(pixels, (split + 1) * piece);
    float sum = 0;
    for (int i = split * piece + threadIdx.x; i < to; i += blockDim.x) {
        int n = i / area, pixel = i - n * area, oy = pixel / p.outWidth, ox = pixel - oy * p.outWidth;
        int iy = oy * p.strideY - p.padY + ky * p.dilationY, ix = ox * p.strideX - p.padX + kx * p.dilationX;
        if (unsigned(iy) >= unsigned(p.height) || unsigned(ix) >= unsigned(p.width)) continue;
        int plane = n * p.channels + channel;
        sum += p.w[plane * area + pixel] * p.x[(plane * p.height + iy) * p.width + ix];
    }
    sum = block_sum(sum, scratch);
    if (threadIdx.x == 0) p.y[(split * p.channels + channel) * p.kernelHeight * p.kernelWidth + tap] = sum;
}
