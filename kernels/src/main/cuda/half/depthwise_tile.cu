// Depthwise convolution through shared memory, float16 NHWC, float32 filters and sums, bias and activation fused. A block
// fetches a tile of BAND channels with its border once, filled with what zero is stored as where the image ends, so the inner
// loops have neither bounds nor branches. A thread owns two channels of a patch of two rows by SPAN columns and keeps its sums
// in registers: an input is unpacked once for up to 2 * K * K products.
//
// Roofline: 2 bytes read and 2 written an element against 2*K*K FLOP on plain float32 units, so 3x3 is bound by memory
// (4 bytes for 18 FLOP), 7x7 by arithmetic (98 FLOP, about 1.5 us a million elements on an H100).
#include "tensor_core.cuh"

struct DepthwiseTileParams {
    const half* x;
    const float* w;  // [taps][channels]
    const float* bias;
    const half* outside;  // [channels] what lies outside the image, zeros if null
    const float* centre;  // [channels] taken off after the activation, nothing if null
    half* y;
    int height, width, channels, outHeight, outWidth;
    int pad, activation, across, tilesX, tilesY;  // warps side by side, tiles of an image
};

constexpr int PATCH_ROWS = 2;

template <int K, int STRIDE, int SPAN, int BAND>
__device__ __forceinline__ void depthwise_tile(const DepthwiseTileParams& p, unsigned char* memory) {
    constexpr int THREADS = 128, LANES = BAND / 2, PATCHES = 32 / LANES;
    constexpr int REACH = (SPAN - 1) * STRIDE + K;
    int down = THREADS / 32 / p.across;
    int tileHeight = down * PATCHES * PATCH_ROWS, tileWidth = p.across * SPAN;
    int inHeight = (tileHeight - 1) * STRIDE + K, inWidth = (tileWidth - 1) * STRIDE + K;
    // Patches of a warp lie one under the other; this pitch puts their rows into different banks.
    int pitch = (inWidth * BAND * 2 + 63) / 64 * 64 + (STRIDE == 1 ? BAND : 16);
    float* filters = reinterpret_cast<float*>(memory);
    unsigned char* tile = memory + K * K * BAND * 4;
    int band = blockIdx.x * BAND, image = blockIdx.z;
    int outY = blockIdx.y / p.tilesX * tileHeight, outX = blockIdx.y % p.tilesX * tileWidth;
    int top = outY * STRIDE - p.pad, left = outX * STRIDE - p.pad;
    const half* x = p.x + (long long)image * p.height * p.width * p.channels + band;

    constexpr int PIECES = BAND / 8;
    int perRow = inWidth * PIECES;
    for (int row = threadIdx.x / 32; row < inHeight; row += THREADS / 32) {
        int iy = top + row;
        bool inside = unsigned(iy) < unsigned(p.height);
        const half* line = x + (long long)(inside ? iy : 0) * p.width * p.channels;
        for (int v = threadIdx.x % 32; v < perRow; v += 32) {
            int ix = left + v / PIECES;
            bool here = inside && unsigned(ix) < unsigned(p.width);
            const half* other = p.outside ? p.outside + band + v % PIECES * 8 : p.x;
            copy16(tile + row * pitch + v * 16, here ? line + ix * p.channels + v % PIECES * 8 : other, here || p.outside);
        }
    }
    copies_commit();
#pragma unroll
    for (int k = threadIdx.x; k < K * K * BAND; k += THREADS) filters[k] = p.w[k / BAND * p.channels + band + k % BAND];
    copies_wait<0>();
    __syncthreads();

    int warp = threadIdx.x / 32, lane = threadIdx.x % 32, pair = lane % LANES;
    int row = (warp / p.across * PATCHES + lane / LANES) * PATCH_ROWS, column = warp % p.across * SPAN;
    const unsigned char* at = tile + row * STRIDE * pitch + column * STRIDE * BAND * 2 + pair * 4;
    float b0 = p.bias ? p.bias[band + pair * 2] : 0.f, b1 = p.bias ? p.bias[band + pair * 2 + 1] : 0.f;
    float sum[PATCH_ROWS][SPAN * 2];
#pragma unroll
    for (int r = 0; r < PATCH_ROWS; r++)
#pragma unroll
        for (int s = 0; s < SPAN; s++) sum[r][2 * s] = b0, sum[r][2 * s + 1] = b1;
    auto fetch = [&](float2 (&in)[REACH], int i) {
#pragma unroll
        for (int c = 0; c < REACH; c++) {
            in[c] = __half22float2(*reinterpret_cast<const half2*>(at + i * pitch + c * BAND * 2));
        }
    };
    auto add = [&](float (&sums)[SPAN * 2], const float2 (&in)[REACH], float2 w, int kx) {
#pragma unroll
        for (int s = 0; s < SPAN; s++) {
            sums[2 * s] += in[s * STRIDE + kx].x * w.x;
            sums[2 * s + 1] += in[s * STRIDE + kx].y * w.y;
        }
    };
    // A loop over the filter's rows, not a fully unrolled patch: code that runs once a thread is bound by fetching it. With
    // stride 1 the lower output's input row is the upper one's next, so each row is unpacked once.
    float2 upper[REACH], lower[REACH];
    fetch(upper, 0);
#pragma unroll(K == 3 ? 3 : 1)
    for (int ky = 0; ky < K; ky++) {
        if (STRIDE != 1 && ky > 0) fetch(upper, ky);
        fetch(lower, ky + STRIDE);
#pragma unroll
        for (int kx = 0; kx < K; kx++) {
            float2 w = *reinterpret_cast<const float2*>(filters + (ky * K + kx) * BAND + pair * 2);
            add(sum[0], upper, w, kx);
            add(sum[1], lower, w, kx);
        }
        if (STRIDE == 1)
#pragma unroll
            for (int c = 0; c < REACH; c++) upper[c] = lower[c];
    }
    float c0 = p.centre ? p.centre[band + pair * 2] : 0.f, c1 = p.centre ? p.centre[band + pair * 2 + 1] : 0.f;
    Activator activate(p.activation);
#pragma unroll
    for (int r = 0; r < PATCH_ROWS; r++) {
        int oy = outY + row + r;
        if (oy >= p.outHeight) break;
        activate(sum[r]);
        half* y = p.y + (((long long)image * p.outHeight + oy) * p.outWidth + outX + column) * p.channels + band + pair * 2;
#pragma unroll
        for (int s = 0; s < SPAN; s++) {
            if (outX + column + s >= p.outWidth) break;
            *reinterpret_cast<half2*>(y + s * p.channels) = __floats2half2_rn(sum[r][2 * s] - c0, sum[r][2 * s + 1] - c1);
        }
    }
}

// Kernel, stride, columns of a patch, channels of a block.
#define DEPTHWISE_TILE(K, STRIDE, SPAN, BAND)                                                     \
    KERNEL_MEETING(depthwise_tile_##K##_##STRIDE##_##SPAN##_##BAND, DepthwiseTileParams, 128) {   \
        DYNAMIC_SHARED(memory);                                                                   \
        depthwise_tile<K, STRIDE, SPAN, BAND>(p, memory);                                         \
    }
#define DEPTHWISE_TILES(K)        \
    DEPTHWISE_TILE(K, 1, 8, 32)   \
    DEPTHWISE_TILE(K, 1, 8, 16)   \
    DEPTHWISE_TILE(K, 1, 4, 32)   \
    DEPTHWISE_TILE(K, 1, 4, 16)   \
    DEPTHWISE_TILE(K, 2, 4, 32)   \
    DEPTHWISE_TILE(K, 2, 4, 16)
DEPTHWISE_TILES(3)
DEPTHWISE_TILES(5)
DEPTHWISE_TILES(7)
