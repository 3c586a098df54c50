// Whole-tensor passes over float16 NHWC: the stem, layout changes at the borders of the half path, sums, resizes, channel
// copies, global averages. All memory-bound.
#include "tensor_core.cuh"

// Three-channel NCHW float32 to NHWC float16 through a 3x3 convolution: the network's first layer, reading the input as it
// came. One thread an output pixel; 27 inputs in registers, filters from shared memory.
struct StemParams {
    const float* x;
    const float* w;  // [27][filters]
    const float* bias;
    half* y;
    int batch, height, width, outHeight, outWidth, filters, stride, pad, activation;
};
constexpr int STEM_FILTERS = 64;
KERNEL_MEETING(stem_half, StemParams, 128) {
    __shared__ float w[27 * STEM_FILTERS];
    for (int k = threadIdx.x; k < 27 * p.filters; k += blockDim.x) w[k] = p.w[k];
    __syncthreads();
    int i = GLOBAL_INDEX, area = p.outHeight * p.outWidth;
    if (i >= p.batch * area) return;
    int image = i / area, pixel = i - image * area, oy = pixel / p.outWidth, ox = pixel - oy * p.outWidth;
    float in[27];
#pragma unroll
    for (int c = 0; c < 3; c++)
#pragma unroll
        for (int t = 0; t < 9; t++) {
            int iy = oy * p.stride - p.pad + t / 3, ix = ox * p.stride - p.pad + t % 3;
            bool inside = unsigned(iy) < unsigned(p.height) && unsigned(ix) < unsigned(p.width);
            in[c * 9 + t] = inside ? p.x[((image * 3 + c) * p.height + iy) * p.width + ix] : 0.f;
        }
    Activator activate(p.activation);
    for (int f = 0; f < p.filters; f += 8) {
        float sum[8];
#pragma unroll
        for (int e = 0; e < 8; e++) sum[e] = p.bias ? p.bias[f + e] : 0.f;
#pragma unroll
        for (int k = 0; k < 27; k++)
#pragma unroll
            for (int e = 0; e < 8; e++) sum[e] += in[k] * w[k * p.filters + f + e];
        activate(sum);
        Eight::of(sum).to(p.y + (long long)i * p.filters + f);
    }
}

// Between NCHW float32 and NHWC float16 with channels padded to a multiple of 8: 32 x 32 tiles through shared memory.
struct LayoutParams {
    const void* x;
    void* y;
    int batch, channels, area, stored;
};
KERNEL_MEETING(to_half, LayoutParams, 256) {
    __shared__ float tile[32][33];
    const float* x = static_cast<const float*>(p.x) + (long long)blockIdx.z * p.channels * p.area;
    half* y = static_cast<half*>(p.y) + (long long)blockIdx.z * p.stored * p.area;
    int pixel0 = blockIdx.x * 32, channel0 = blockIdx.y * 32, a = threadIdx.x % 32, b = threadIdx.x / 32;
    for (int r = b; r < 32; r += 8) {
        int c = channel0 + r, pixel = pixel0 + a;
        tile[r][a] = c < p.channels && pixel < p.area ? x[(long long)c * p.area + pixel] : 0.f;
    }
    __syncthreads();
    for (int r = b; r < 32; r += 8) {
        int pixel = pixel0 + r, c = channel0 + a;
        if (pixel < p.area && c < p.stored) y[(long long)pixel * p.stored + c] = __float2half_rn(tile[a][r]);
    }
}
KERNEL_MEETING(from_half, LayoutParams, 256) {
    __shared__ float tile[32][33];
    const half* x = static_cast<const half*>(p.x) + (long long)blockIdx.z * p.stored * p.area;
    float* y = static_cast<float*>(p.y) + (long long)blockIdx.z * p.channels * p.area;
    int pixel0 = blockIdx.x * 32, channel0 = blockIdx.y * 32, a = threadIdx.x % 32, b = threadIdx.x / 32;
    for (int r = b; r < 32; r += 8) {
        int pixel = pixel0 + r, c = channel0 + a;
        tile[a][r] = c < p.channels && pixel < p.area ? __half2float(x[(long long)pixel * p.stored + c]) : 0.f;
    }
    __syncthreads();
    for (int r = b; r < 32; r += 8) {
        int c = channel0 + r, pixel = pixel0 + a;
        if (c < p.channels && pixel < p.area) y[(long long)c * p.area + pixel] = tile[r][a];
    }
}

// y = activation(a + b), or of a alone.
struct SumParams {
    const half* a;
    const half* b;
    half* y;
    int vectors, activation;
};
KERNEL(sum_half, SumParams) {
    int i = GLOBAL_INDEX;
    if (i >= p.vectors) return;
    float a[8], b[8];
    Eight::at(p.a + (long long)i * 8).unpack(a);
    if (p.b) Eight::at(p.b + (long long)i * 8).unpack(b);
#pragma unroll
    for (int e = 0; e < 8; e++) a[e] += p.b ? b[e] : 0.f;
    Activator activate(p.activation);
    activate(a);
    Eight::of(a).to(p.y + (long long)i * 8);
}

// Copies eight-channel pieces of each pixel from one place to another: concatenation and aligned slices.
struct ChannelParams {
    const half* x;
    half* y;
    int pixels, pieces, fromStored, fromAt, toStored, toAt;
};
KERNEL(copy_channels_half, ChannelParams) {
    int i = GLOBAL_INDEX;
    if (i >= p.pixels * p.pieces) return;
    int pixel = i / p.pieces, c = i % p.pieces * 8;
    Eight::at(p.x + (long long)pixel * p.fromStored + p.fromAt + c).to(p.y + (long long)pixel * p.toStored + p.toAt + c);
}

// Resize with its taps made once a launch by the host: offsets and weights per output row and column.
struct ResizeHalfParams {
    const half* x;
    const half* other;  // added if not null
    half* y;
    const int* rowAt;       // [outHeight][taps]
    const float* rowWeight;
    const int* columnAt;    // [outWidth][taps]
    const float* columnWeight;
    int batch, height, width, channels, outHeight, outWidth, taps;
};
KERNEL(resize_half, ResizeHalfParams) {
    int vectors = p.channels / 8, i = GLOBAL_INDEX;
    if (i >= p.batch * p.outHeight * p.outWidth * vectors) return;
    int c = i % vectors * 8, pixel = i / vectors, ox = pixel % p.outWidth, row = pixel / p.outWidth;
    int oy = row % p.outHeight, image = row / p.outHeight;
    float sum[8] = {};
    for (int a = 0; a < p.taps; a++) {
        float wy = p.rowWeight[oy * p.taps + a];
        const half* line = p.x + ((long long)image * p.height + p.rowAt[oy * p.taps + a]) * p.width * p.channels + c;
        for (int b = 0; b < p.taps; b++) {
            float w = wy * p.columnWeight[ox * p.taps + b], v[8];
            Eight::at(line + (long long)p.columnAt[ox * p.taps + b] * p.channels).unpack(v);
#pragma unroll
            for (int e = 0; e < 8; e++) sum[e] += w * v[e];
        }
    }
    long long at = (long long)pixel * p.channels + c;
    if (p.other) {
        float o[8];
        Eight::at(p.other + at).unpack(o);
#pragma unroll
        for (int e = 0; e < 8; e++) sum[e] += o[e];
    }
    Eight::of(sum).to(p.y + at);
}

// Mean over all pixels, NHWC float16 to [batch][channels] float32. One block 64 channels of an image: eight threads side by
// side read 128 bytes of a pixel.
struct AverageParams {
    const half* x;
    float* y;
    int area, channels, stored;
};
KERNEL_MEETING(average_half, AverageParams, 128) {
    __shared__ float sums[16][64];
    int part = threadIdx.x % 8 * 8, row = threadIdx.x / 8, c = blockIdx.x * 64 + part, image = blockIdx.y;
    float sum[8] = {};
    for (int i = row; i < p.area && c < p.stored; i += 16) {
        float v[8];
        Eight::at(p.x + ((long long)image * p.area + i) * p.stored + c).unpack(v);
#pragma unroll
        for (int e = 0; e < 8; e++) sum[e] += v[e];
    }
#pragma unroll
    for (int e = 0; e < 8; e++) sums[row][part + e] = sum[e];
    __syncthreads();
    int mine = blockIdx.x * 64 + threadIdx.x;
    if (threadIdx.x >= 64 || mine >= p.channels) return;
    float total = 0;
#pragma unroll
    for (int r = 0; r < 16; r++) total += sums[r][threadIdx.x];
    p.y[image * p.channels + mine] = total / p.area;
}

// Layer norm over the channels of a pixel, one warp a pixel; float32 statistics, in two passes over registers. At most 2048
// channels.
struct NormHalfParams {
    const half* x;
    const float* scale;  // may be null
    const float* shift;  // may be null
    half* y;
    int pixels, channels, stored;
    float epsilon;
};
KERNEL_MEETING(norm_half, NormHalfParams, 128) {
    constexpr int PIECES = 8;
    int pixel = blockIdx.x * 4 + threadIdx.x / 32, lane = threadIdx.x % 32;
    bool inside = pixel < p.pixels;
    float v[PIECES][8] = {}, sum = 0, square = 0;
#pragma unroll
    for (int i = 0; i < PIECES; i++) {
        int c = (i * 32 + lane) * 8;
        if (inside && c < p.stored) Eight::at(p.x + (long long)pixel * p.stored + c).unpack(v[i]);
#pragma unroll
        for (int e = 0; e < 8; e++)
            if (c + e < p.channels) sum += v[i][e];
    }
    for (int mask = 16; mask > 0; mask >>= 1) sum += __shfl_xor_sync(0xffffffffu, sum, mask);
    float mean = sum / p.channels;
#pragma unroll
    for (int i = 0; i < PIECES; i++)
#pragma unroll
        for (int e = 0; e < 8; e++)
            if ((i * 32 + lane) * 8 + e < p.channels) square += (v[i][e] - mean) * (v[i][e] - mean);
    for (int mask = 16; mask > 0; mask >>= 1) square += __shfl_xor_sync(0xffffffffu, square, mask);
    float factor = rsqrtf(square / p.channels + p.epsilon);
#pragma unroll
    for (int i = 0; i < PIECES; i++) {
        int c = (i * 32 + lane) * 8;
        if (!inside || c >= p.stored) continue;
#pragma unroll
        for (int e = 0; e < 8; e++) {
            int k = min(c + e, p.channels - 1);
            v[i][e] = (v[i][e] - mean) * factor * (p.scale ? p.scale[k] : 1.f) + (p.shift ? p.shift[k] : 0.f);
        }
        Eight::of(v[i]).to(p.y + (long long)pixel * p.stored + c);
    }
}
