// Float32 matrix products and convolutions over NCHW, forward and backward: the exact fallback for every graph, and
// what training runs on. One implicit-GEMM tile (tile32.cuh) with different addressing. Grid: x walks output tiles along M,
// y along N, z over batch or (group, split of K).
#include "tile32.cuh"

struct MatmulParams {
    const float* a;
    const float* b;
    float* c;
    int m, n, k;
    int aRow, aColumn, bRow, bColumn;  // element strides; c is row-major m x n, batches one after another
    Walk batch;
    int strides[2][RANK];
    int aAlongM, bAlongK;
};

KERNEL_MEETING(matmul32, MatmulParams, 256) {
    __shared__ float a[TILE_K][TILE + 4];
    __shared__ float b[TILE_K][TILE + 4];
    Offsets<2> base = walk<2>(p.batch, p.strides, blockIdx.z);
    const float* pa = p.a + base.at[0];
    const float* pb = p.b + base.at[1];
    float* pc = p.c + (long long)blockIdx.z * p.m * p.n;
    tile32(
        blockIdx.x * TILE, blockIdx.y * TILE, 0, p.k, p.aAlongM, p.bAlongK,
        [&](int m, int k) { return m < p.m ? pa[m * p.aRow + k * p.aColumn] : 0.f; },
        [&](int k, int n) { return n < p.n ? pb[k * p.bRow + n * p.bColumn] : 0.f; },
        [&](int m, int n, float v) {
            if (m < p.m && n < p.n) pc[m * p.n + n] = v;
        },
        a, b);
}

struct ConvParams {
    const float* x;     // forward: input; input gradient: output gradient; weight gradient: input
    const float* w;     // forward, input gradient: weights [co][ci/g][kh][kw]; weight gradient: output gradient
    const float* bias;  // forward only, may be null
    float* y;
    int batch, channels, height, width;      // of the convolution's input
    int filters, outHeight, outWidth;        // of its output
    int kernelHeight, kernelWidth, strideY, strideX, padY, padX, dilationY, dilationX, groups;
    int splits;  // weight gradient: how many pieces K is cut into, one partial result each
};

struct Tap {
    int channel, ky, kx;
};
__device__ __forceinline__ Tap tap_of(const ConvParams& p, int k) {
    int area = p.kernelHeight * p.kernelWidth;
    int channel = k / area, rest = k - channel * area;
    int ky = rest / p.kernelWidth;
    return {channel, ky, rest - ky * p.kernelWidth};
}
__device__ __forceinline__ float input_at(const ConvParams& p, const float* x, int n, int channel, int oy, int ox, Tap t) {
    int iy = oy * p.strideY - p.padY + t.ky * p.dilationY;
    int ix = ox * p.strideX - p.padX + t.kx * p.dilationX;
    if (unsigned(iy) >= unsigned(p.height) || unsigned(ix) >= unsigned(p.width)) return 0.f;
    return x[((n * p.channels + channel) * p.height + iy) * p.width + ix];
}
// The output pixel through which tap t of input pixel (iy, ix) goes, or 0 where there is none.
__device__ __forceinline__ float output_at(
    const ConvParams& p, const float* dy, int n, int filter, int iy, int ix, Tap t) {
    int y = iy + p.padY - t.ky * p.dilationY, x = ix + p.padX - t.kx * p.dilationX;
    if (y < 0 || x < 0) return 0.f;
    int oy = y / p.strideY, ox = x / p.strideX;
    if (oy * p.strideY != y || ox * p.strideX != x || oy >= p.outHeight || ox >= p.outWidth) return 0.f;
    return dy[((n * p.filters + filter) * p.outHeight + oy) * p.outWidth + ox];
}

KERNEL_MEETING(conv32, ConvParams, 256) {
    __shared__ float a[TILE_K][TILE + 4];
    __shared__ float b[TILE_K][TILE + 4];
    int group = blockIdx.z, ci = p.channels / p.groups, co = p.filters / p.groups;
    int area = p.outHeight * p.outWidth, depth = ci * p.kernelHeight * p.kernelWidth;
    tile32(
        blockIdx.x * TILE, blockIdx.y * TILE, 0, depth, true, true,
        [&](int m, int k) {
            if (m >= p.batch * area) return 0.f;
            int n = m / area, pixel = m - n * area, oy = pixel / p.outWidth;
            Tap t = tap_of(p, k);
            return input_at(p, p.x, n, group * ci + t.channel, oy, pixel - oy * p.outWidth, t);
        },
        [&](int k, int n) { return n < co ? p.w[(group * co + n) * depth + k] : 0.f; },
        [&](int m, int n, float v) {
            if (m >= p.batch * area || n >= co) return;
            int image = m / area, filter = group * co + n;
            p.y[(image * p.filters + filter) * area + m - image * area] = v + (p.bias ? p.bias[filter] : 0.f);
        },
        a, b);
}

// Also the forward of a transposed convolution, whose input plays the output gradient.
KERNEL_MEETING(conv32_input_gradient, ConvParams, 256) {
    __shared__ float a[TILE_K][TILE + 4];
    __shared__ float b[TILE_K][TILE + 4];
    int group = blockIdx.z, ci = p.channels / p.groups, co = p.filters / p.groups;
    int area = p.height * p.width, taps = p.kernelHeight * p.kernelWidth;
    tile32(
        blockIdx.x * TILE, blockIdx.y * TILE, 0, co * taps, true, false,
        [&](int m, int k) {
            if (m >= p.batch * area) return 0.f;
            int n = m / area, pixel = m - n * area, iy = pixel / p.width;
            Tap t = tap_of(p, k);
            return output_at(p, p.x, n, group * co + t.channel, iy, pixel - iy * p.width, t);
        },
        [&](int k, int n) {
            if (n >= ci) return 0.f;
            int filter = k / taps;
            return p.w[((group * co + filter) * ci + n) * taps + k - filter * taps];
        },
        [&](int m, int n, float v) {
            if (m >= p.batch * area || n >= ci) return;
            int image = m / area, channel = group * ci + n;
            p.y[(image * p.channels + channel) * area + m - image * area] = v + (p.bias ? p.bias[channel] : 0.f);
        },
        a, b);
}

// One partial [co][ci/g][kh][kw] per split; a reduction adds them in a fixed order, so training is repeatable.
KERNEL_MEETING(conv32_weight_gradient, ConvParams, 256) {
    __shared__ float a[TILE_K][TILE + 4];
    __shared__ float b[TILE_K][TILE + 4];
    int group = blockIdx.z % p.groups, split = blockIdx.z / p.groups;
    int ci = p.channels / p.groups, co = p.filters / p.groups;
    int area = p.outHeight * p.outWidth, depth = ci * p.kernelHeight * p.kernelWidth;
    int pixels = p.batch * area, piece = (pixels + p.splits - 1) / p.splits;
    int from = split * piece, to = min(pixels, from + piece);
    float* y = p.y + (long long)split * p.filters * depth;
    tile32(
        blockIdx.x * TILE, blockIdx.y * TILE, from, to, false, true,
        [&](int m, int k) {
            if (m >= co) return 0.f;
            int n = k / area;
            return p.w[(n * p.filters + group * co + m) * area + k - n * area];
        },
        [&](int k, int n) {
            if (n >= depth) return 0.f;
            int image = k / area, pixel = k - image * area, oy = pixel / p.outWidth;
            Tap t = tap_of(p, n);
            return input_at(p, p.x, image, group * ci + t.channel, oy, pixel - oy * p.outWidth, t);
        },
        [&](int m, int n, float v) {
            if (m < co && n < depth) y[(group * co + m) * depth + n] = v;
        },
        a, b);
}
