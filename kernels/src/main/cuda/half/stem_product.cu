// The stem on tensor cores: three-channel NCHW float32 to NHWC float16 through a 3x3 convolution, as one product of 16 pixels at a
// time by 32 filters over 27 inputs. Inputs and filters are sums of two halves each, of whose products only that of the two low ones
// is left out, so the sums are float32's within 2^-21. A lane's sums are eight neighbouring filters of a pixel.
//
// Roofline: 4 * 3 * stride^2 bytes read and 2 bytes a filter written a pixel against 54 FLOP a filter: memory-bound, if a pixel costs
// few enough instructions: some 20 of a warp, where one thread a pixel takes 50.
#include "tensor_core.cuh"

struct StemProductParams {
    const float* x;
    const half* w;  // [high, low][filters, a multiple of 32][32 inputs]
    const float* bias;
    half* y;
    int batch, height, width, outHeight, outWidth, filters, stride, pad, activation;
};

constexpr int WARPS = 4, PIXELS = 16, INPUTS = 27, GROUP = 32;

// Two values as pairs of halves: rounded, and what that leaves.
__device__ __forceinline__ void split_pair(float a, float b, uint32_t& high, uint32_t& low) {
    high = Eight::packed(a, b);
    half2 rounded;
    memcpy(&rounded, &high, 4);
    float2 r = __half22float2(rounded);
    low = Eight::packed(a - r.x, b - r.y);
}

KERNEL_MEETING(stem_product, StemProductParams, WARPS * 32) {
    int warp = threadIdx.x / 32, lane = threadIdx.x % 32, row = lane / 4, piece = lane % 4;
    int padded = (p.filters + GROUP - 1) / GROUP * GROUP, column = blockIdx.y * GROUP + piece * 8;
    uint32_t filters[2][2][4][2];  // part, sixteen inputs, eight filters, half of the inputs
#pragma unroll
    for (int part = 0; part < 2; part++)
#pragma unroll
        for (int j = 0; j < 4; j++) {
            int f = blockIdx.y * GROUP + row / 2 * 8 + j * 2 + row % 2;
            const half* at = p.w + ((long long)part * padded + f) * 32 + piece * 2;
#pragma unroll
            for (int k = 0; k < 4; k++) filters[part][k / 2][j][k % 2] = *reinterpret_cast<const uint32_t*>(at + k * 8);
        }
    // This lane's inputs of a pixel: where they lie from its first, and how far down and right.
    int offset[8], down[8], right[8];
#pragma unroll
    for (int i = 0; i < 8; i++) {
        int k = i / 2 * 8 + piece * 2 + i % 2, channel = k / 9, tap = k - channel * 9;
        down[i] = k < INPUTS ? tap / 3 : -(1 << 28);
        right[i] = tap % 3;
        offset[i] = (channel * p.height + tap / 3) * p.width + tap % 3;
    }
    float bias[8];
#pragma unroll
    for (int e = 0; e < 8; e++) bias[e] = p.bias && column < p.filters ? p.bias[column + e] : 0.f;
    Activator activate(p.activation);
    int area = p.outHeight * p.outWidth, total = p.batch * area;
    for (int first = (blockIdx.x * WARPS + warp) * PIXELS; first < total; first += gridDim.x * WARPS * PIXELS) {
        uint32_t high[2][4], low[2][4];  // sixteen inputs; row, row + 8, each with the inputs eight further
#pragma unroll
        for (int h = 0; h < 2; h++) {
            int m = min(first + h * 8 + row, total - 1), image = m / area, pixel = m - image * area, oy = pixel / p.outWidth;
            int top = oy * p.stride - p.pad, left = (pixel - oy * p.outWidth) * p.stride - p.pad;
            const float* x = p.x + ((long long)image * 3 * p.height + top) * p.width + left;
            float in[8];
#pragma unroll
            for (int i = 0; i < 8; i++) {
                bool inside = unsigned(top + down[i]) < unsigned(p.height) && unsigned(left + right[i]) < unsigned(p.width);
                in[i] = inside ? x[offset[i]] : 0.f;
            }
#pragma unroll
            for (int i = 0; i < 4; i++)
                split_pair(in[i * 2], in[i * 2 + 1], high[i / 2][i % 2 * 2 + h], low[i / 2][i % 2 * 2 + h]);
        }
        float sum[4][4] = {};
#pragma unroll
        for (int s = 0; s < 2; s++)
#pragma unroll
            for (int j = 0; j < 4; j++) {
                multiply(sum[j], low[s], filters[0][s][j][0], filters[0][s][j][1]);
                multiply(sum[j], high[s], filters[1][s][j][0], filters[1][s][j][1]);
                multiply(sum[j], high[s], filters[0][s][j][0], filters[0][s][j][1]);
            }
#pragma unroll
        for (int h = 0; h < 2; h++) {
            float v[8];
#pragma unroll
            for (int e = 0; e < 8; e++) v[e] = sum[e / 2][h * 2 + e % 2] + bias[e];
            activate(v);
            int m = first + h * 8 + row;
            if (m < total && column < p.filters) Eight::of(v).to(p.y + (long long)m * p.filters + column);
        }
    }
}
