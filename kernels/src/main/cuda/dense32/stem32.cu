// The first convolution of a network, 3 x 3 of stride two over up to four channels, and the gradient for its weights: images
// and sums are float32, what it makes and its gradient that or bfloat16. Too little for a product, whose columns would be written
// and read at nine times the image's size. Memory-bound: one read of the image, one write or read of the rest; 216 FMA a
// pixel of eight filters are half of that time.
#include "either.cuh"

struct StemParams {
    const float* x;
    const float* w;           // [filter][channel][3][3]; for the gradient, the output's gradient
    const float* bias;        // forward only, may be null
    float* y;                 // for the gradient, partial [split][filter][channel][3][3]
    const uint16_t* narrowW;  // the output's gradient in bfloat16, instead of w where it is not null
    uint16_t* rounded;        // likewise y
    int batch, channels, height, width, filters, outHeight, outWidth;
    int splits;
};

constexpr int FILTERS = 8;  // a thread makes so many of four neighbours
constexpr int MOST_CHANNELS = 4;

// What four neighbours of a row of outputs read of one row of an image: nine elements from 2 * ox0 - 1 on.
__device__ __forceinline__ void read_nine(const StemParams& p, long long row, bool inside, int ox0, float (&v)[9]) {
    int from = 2 * ox0 - 1;
    if (!inside) {
#pragma unroll
        for (int i = 0; i < 9; i++) v[i] = 0.f;
    } else if (p.width % 4 == 0 && from + 9 <= p.width) {
        v[0] = from < 0 ? 0.f : p.x[row + from];
        float4 a = *reinterpret_cast<const float4*>(p.x + row + from + 1);
        float4 b = *reinterpret_cast<const float4*>(p.x + row + from + 5);
        v[1] = a.x, v[2] = a.y, v[3] = a.z, v[4] = a.w, v[5] = b.x, v[6] = b.y, v[7] = b.z, v[8] = b.w;
    } else {
#pragma unroll
        for (int i = 0; i < 9; i++) v[i] = unsigned(from + i) < unsigned(p.width) ? p.x[row + from + i] : 0.f;
    }
}

// Threads along x have four neighbours each, blocks along y eight filters.
KERNEL_MEETING(stem32, StemParams, 128) {
    __shared__ __align__(16) float w[MOST_CHANNELS * 9 * FILTERS];
    int taps = p.channels * 9, first = blockIdx.y * FILTERS;
    for (int e = threadIdx.x; e < taps * FILTERS; e += blockDim.x)
        w[e] = p.w[(first + e % FILTERS) * taps + e / FILTERS];
    __syncthreads();
    int across = (p.outWidth + 3) / 4, i = GLOBAL_INDEX;
    if (i >= p.batch * p.outHeight * across) return;
    int line = i / across, ox0 = (i - line * across) * 4, n = line / p.outHeight, oy = line - n * p.outHeight;
    float sum[FILTERS][4];
#pragma unroll
    for (int f = 0; f < FILTERS; f++) {
        float bias = p.bias ? p.bias[first + f] : 0.f;
#pragma unroll
        for (int j = 0; j < 4; j++) sum[f][j] = bias;
    }
    for (int c = 0; c < p.channels; c++)
#pragma unroll
        for (int ky = 0; ky < 3; ky++) {
            int iy = 2 * oy - 1 + ky;
            float v[9];
            read_nine(p, ((long long)(n * p.channels + c) * p.height + iy) * p.width, unsigned(iy) < unsigned(p.height), ox0, v);
#pragma unroll
            for (int kx = 0; kx < 3; kx++) {
                const float4* tap = reinterpret_cast<const float4*>(w + ((c * 3 + ky) * 3 + kx) * FILTERS);
                float4 a = tap[0], b = tap[1];
                float of[FILTERS] = {a.x, a.y, a.z, a.w, b.x, b.y, b.z, b.w};
#pragma unroll
                for (int f = 0; f < FILTERS; f++)
#pragma unroll
                    for (int j = 0; j < 4; j++) sum[f][j] += v[2 * j + kx] * of[f];
            }
        }
#pragma unroll
    for (int f = 0; f < FILTERS; f++) {
        long long to = ((long long)(n * p.filters + first + f) * p.outHeight + oy) * p.outWidth + ox0;
        put_four(p.y, p.rounded, to, ox0, p.outWidth, sum[f]);
    }
}

// Block (split, eight filters) sums its share of all fours of outputs; a warp has one row of one channel's taps.
KERNEL_MEETING(stem32_weight, StemParams, MOST_CHANNELS * 96) {
    int warp = threadIdx.x / 32, lane = threadIdx.x % 32, c = warp / 3, ky = warp - c * 3;
    int split = blockIdx.x, first = blockIdx.y * FILTERS, across = (p.outWidth + 3) / 4;
    int lines = p.batch * p.outHeight, line = int((long long)lines * split / p.splits);
    int to = int((long long)lines * (split + 1) / p.splits), quad = lane;
    float sum[FILTERS][3] = {};
    for (;; quad += 32) {
        while (quad >= across) quad -= across, line++;
        if (line >= to) break;
        int n = line / p.outHeight, oy = line - n * p.outHeight, iy = 2 * oy - 1 + ky, ox0 = quad * 4;
        float v[9];
        read_nine(p, ((long long)(n * p.channels + c) * p.height + iy) * p.width, unsigned(iy) < unsigned(p.height), ox0, v);
#pragma unroll
        for (int f = 0; f < FILTERS; f++) {
            long long from = ((long long)(n * p.filters + first + f) * p.outHeight + oy) * p.outWidth + ox0;
            float d[4] = {};
            if (p.outWidth % 4 == 0) {
                take(p.w, p.narrowW, from, d);
            } else {
#pragma unroll
                for (int j = 0; j < 4; j++)
                    if (ox0 + j < p.outWidth) d[j] = p.narrowW ? one_of(p.narrowW[from + j]) : p.w[from + j];
            }
#pragma unroll
            for (int kx = 0; kx < 3; kx++)
#pragma unroll
                for (int j = 0; j < 4; j++) sum[f][kx] += v[2 * j + kx] * d[j];
        }
    }
#pragma unroll
    for (int f = 0; f < FILTERS; f++)
#pragma unroll
        for (int kx = 0; kx < 3; kx++) {
            float v = sum[f][kx];
            for (int mask = 16; mask > 0; mask >>= 1) v += __shfl_xor_sync(0xffffffffu, v, mask);
            if (lane == 0) p.y[(((long long)split * p.filters + first + f) * p.channels * 3 + warp) * 3 + kx] = v;
        }
}
