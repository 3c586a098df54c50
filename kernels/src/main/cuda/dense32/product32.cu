// Float32 products on tensor cores: every operand is split into two tf32 parts whose three larger products are summed, so
// the result is as exact as float32 arithmetic (relative error near 1e-6) at about a third of the tf32 rate.
//
// `pointwise32` is y[z] = a[z % groups] x[z]: 1x1 convolutions of NCHW images, forward and for their input, and every
// convolution over unfolded columns. `weight32` is out[g] = sum over images of dy x^T, the gradient for the weights, cut
// into `splits` partial sums. Roofline: with few channels memory-bound, one read of each operand and one write; three
// products of 1024 FMA an instruction are the floor else, about 100 TFLOP/s on an H100.
#include "tensor_core.cuh"

struct ProductParams {
    const float* a;
    const float* x;     // [z][k][n]
    const float* bias;  // one a row of every group, may be null
    float* y;           // [z][m][n]
    int m, n, k, groups;
    int aRow, aColumn;  // element strides within a group, which holds m * k
    int wide;           // whether rows of x and y start at multiples of 16 bytes
};

constexpr int STEP = 16;
constexpr int COLUMNS = 128;

// Warps stand WM by 8 / WM; each has two tiles of 16 rows and NI of 8 columns.
template <int WM, int NI, typename A, typename B>
__device__ __forceinline__ void multiply_step(float (&sum)[2][NI][4], A a, B b) {
    int lane = threadIdx.x % 32, group = lane / 4, inner = lane % 4, warp = threadIdx.x / 32;
    int row = warp % WM * 32 + group, column = warp / WM * NI * 8 + group;
    Split fa[2][4], fb[NI][2];
#pragma unroll
    for (int i = 0; i < 2; i++)
#pragma unroll
        for (int e = 0; e < 4; e++) fa[i][e] = Split(a(row + i * 16 + e % 2 * 8, inner + e / 2 * 4));
#pragma unroll
    for (int j = 0; j < NI; j++)
#pragma unroll
        for (int e = 0; e < 2; e++) fb[j][e] = Split(b(column + j * 8, inner + e * 4));
#pragma unroll
    for (int i = 0; i < 2; i++)
#pragma unroll
        for (int j = 0; j < NI; j++) multiply32(sum[i][j], fa[i], fb[j]);
}

// Gives each of this thread's sums with its place in the block's tile.
template <int WM, int NI, typename Store>
__device__ __forceinline__ void each_pair(const float (&sum)[2][NI][4], Store store) {
    int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
    int row = warp % WM * 32 + lane / 4, column = warp / WM * NI * 8 + lane % 4 * 2;
#pragma unroll
    for (int i = 0; i < 2; i++)
#pragma unroll
        for (int j = 0; j < NI; j++)
#pragma unroll
            for (int half = 0; half < 2; half++)
                store(row + i * 16 + half * 8, column + j * 8, sum[i][j][half * 2], sum[i][j][half * 2 + 1]);
}

template <int ROWS>
__device__ __forceinline__ void pointwise(
    const ProductParams& p, float (*as)[STEP][ROWS + 8], float (*bs)[STEP][COLUMNS + 8]) {
    constexpr int WM = ROWS / 32, NI = COLUMNS / (8 / WM) / 8, EACH = ROWS * STEP / 256;
    int thread = threadIdx.x, z = blockIdx.z, group = z % p.groups;
    int n0 = blockIdx.x * COLUMNS, m0 = blockIdx.y * ROWS;
    const float* a = p.a + (long long)group * p.m * p.k;
    const float* x = p.x + (long long)z * p.k * p.n;
    float* y = p.y + (long long)z * p.m * p.n;
    float ra[EACH];
    float4 rb[2];
    auto load = [&](int k0) {
#pragma unroll
        for (int i = 0; i < EACH; i++) {
            int e = thread + i * 256, m = m0 + e % ROWS, k = k0 + e / ROWS;
            ra[i] = m < p.m && k < p.k ? a[m * p.aRow + k * p.aColumn] : 0.f;
        }
#pragma unroll
        for (int i = 0; i < 2; i++) {
            int e = thread + i * 256, k = k0 + e / 32, n = n0 + e % 32 * 4;
            rb[i] = make_float4(0.f, 0.f, 0.f, 0.f);
            if (k >= p.k || n >= p.n) continue;
            const float* from = x + (long long)k * p.n + n;
            if (p.wide) {
                rb[i] = *reinterpret_cast<const float4*>(from);
            } else {
                rb[i].x = from[0];
                if (n + 1 < p.n) rb[i].y = from[1];
                if (n + 2 < p.n) rb[i].z = from[2];
                if (n + 3 < p.n) rb[i].w = from[3];
            }
        }
    };
    auto keep = [&](int buffer) {
#pragma unroll
        for (int i = 0; i < EACH; i++) {
            int e = thread + i * 256;
            as[buffer][e / ROWS][e % ROWS] = ra[i];
        }
#pragma unroll
        for (int i = 0; i < 2; i++) {
            int e = thread + i * 256;
            *reinterpret_cast<float4*>(&bs[buffer][e / 32][e % 32 * 4]) = rb[i];
        }
    };
    float sum[2][NI][4] = {};
    load(0);
    keep(0);
    __syncthreads();
    for (int k0 = 0, buffer = 0; k0 < p.k; k0 += STEP, buffer ^= 1) {
        bool more = k0 + STEP < p.k;
        if (more) load(k0 + STEP);
#pragma unroll
        for (int kk = 0; kk < STEP; kk += 8)
            multiply_step<WM, NI>(
                sum, [&](int m, int k) { return as[buffer][kk + k][m]; },
                [&](int n, int k) { return bs[buffer][kk + k][n]; });
        if (more) keep(buffer ^ 1);
        __syncthreads();
    }
    each_pair<WM, NI>(sum, [&](int row, int column, float first, float second) {
        int m = m0 + row, n = n0 + column;
        if (m >= p.m || n >= p.n) return;
        float bias = p.bias ? p.bias[group * p.m + m] : 0.f;
        float* to = y + (long long)m * p.n + n;
        if (p.wide) {
            *reinterpret_cast<float2*>(to) = make_float2(first + bias, second + bias);
        } else {
            to[0] = first + bias;
            if (n + 1 < p.n) to[1] = second + bias;
        }
    });
}

KERNEL_MEETING(pointwise32, ProductParams, 256) {
    __shared__ __align__(16) float a[2][STEP][64 + 8];
    __shared__ __align__(16) float b[2][STEP][COLUMNS + 8];
    pointwise<64>(p, a, b);
}
KERNEL_MEETING(pointwise32_few, ProductParams, 256) {
    __shared__ __align__(16) float a[2][STEP][32 + 8];
    __shared__ __align__(16) float b[2][STEP][COLUMNS + 8];
    pointwise<32>(p, a, b);
}

struct WeightParams {
    const float* dy;  // [image][group][m][pixels]
    const float* x;   // [image][group][n][pixels]
    float* out;       // [split][group][m][n]
    int m, n, pixels, images, groups, splits;
    int wide;
};

constexpr int DEPTH = 32;
constexpr int PITCH = DEPTH + 4;

// Rows of a tile of DEPTH pixels, four a thread and turn.
template <int ROWS>
struct PixelRows {
    float4 held[ROWS * DEPTH / 4 / 256];
    __device__ __forceinline__ void load(const float* from, int row0, int rows, int pixels, int at, bool wide) {
#pragma unroll
        for (int i = 0; i < ROWS * DEPTH / 4 / 256; i++) {
            int e = threadIdx.x + i * 256, row = row0 + e / (DEPTH / 4), pixel = at + e % (DEPTH / 4) * 4;
            held[i] = make_float4(0.f, 0.f, 0.f, 0.f);
            if (row >= rows || pixel >= pixels) continue;
            const float* source = from + (long long)row * pixels + pixel;
            if (wide) {
                held[i] = *reinterpret_cast<const float4*>(source);
            } else {
                held[i].x = source[0];
                if (pixel + 1 < pixels) held[i].y = source[1];
                if (pixel + 2 < pixels) held[i].z = source[2];
                if (pixel + 3 < pixels) held[i].w = source[3];
            }
        }
    }
    __device__ __forceinline__ void keep(float (*to)[PITCH]) const {
#pragma unroll
        for (int i = 0; i < ROWS * DEPTH / 4 / 256; i++) {
            int e = threadIdx.x + i * 256;
            *reinterpret_cast<float4*>(&to[e / (DEPTH / 4)][e % (DEPTH / 4) * 4]) = held[i];
        }
    }
};

template <int ROWS, int ACROSS>
__device__ __forceinline__ void weights(const WeightParams& p, float (*as)[ROWS][PITCH], float (*bs)[ACROSS][PITCH]) {
    constexpr int WM = ROWS / 32, NI = ACROSS / (8 / WM) / 8;
    int group = blockIdx.z % p.groups, split = blockIdx.z / p.groups, m0 = blockIdx.x * ROWS, n0 = blockIdx.y * ACROSS;
    int pieces = (p.pixels + DEPTH - 1) / DEPTH;
    long long total = (long long)p.images * pieces;
    int from = int(total * split / p.splits), to = int(total * (split + 1) / p.splits);
    PixelRows<ROWS> ra;
    PixelRows<ACROSS> rb;
    auto load = [&](int piece) {
        int image = piece / pieces, at = (piece - image * pieces) * DEPTH;
        long long z = (long long)image * p.groups + group;
        ra.load(p.dy + z * p.m * p.pixels, m0, p.m, p.pixels, at, p.wide);
        rb.load(p.x + z * p.n * p.pixels, n0, p.n, p.pixels, at, p.wide);
    };
    float sum[2][NI][4] = {};
    if (from < to) {
        load(from);
        ra.keep(as[0]);
        rb.keep(bs[0]);
    }
    __syncthreads();
    for (int piece = from, buffer = 0; piece < to; piece++, buffer ^= 1) {
        bool more = piece + 1 < to;
        if (more) load(piece + 1);
#pragma unroll
        for (int kk = 0; kk < DEPTH; kk += 8)
            multiply_step<WM, NI>(
                sum, [&](int m, int k) { return as[buffer][m][kk + k]; },
                [&](int n, int k) { return bs[buffer][n][kk + k]; });
        if (more) {
            ra.keep(as[buffer ^ 1]);
            rb.keep(bs[buffer ^ 1]);
        }
        __syncthreads();
    }
    float* out = p.out + ((long long)split * p.groups + group) * p.m * p.n;
    each_pair<WM, NI>(sum, [&](int row, int column, float first, float second) {
        int m = m0 + row, n = n0 + column;
        if (m >= p.m) return;
        if (n < p.n) out[m * p.n + n] = first;
        if (n + 1 < p.n) out[m * p.n + n + 1] = second;
    });
}

KERNEL_MEETING(weight32, WeightParams, 256) {
    __shared__ __align__(16) float a[2][64][PITCH];
    __shared__ __align__(16) float b[2][64][PITCH];
    weights<64, 64>(p, a, b);
}
KERNEL_MEETING(weight32_tall, WeightParams, 256) {
    __shared__ __align__(16) float a[2][128][PITCH];
    __shared__ __align__(16) float b[2][32][PITCH];
    weights<128, 32>(p, a, b);
}
KERNEL_MEETING(weight32_flat, WeightParams, 256) {
    __shared__ __align__(16) float a[2][32][PITCH];
    __shared__ __align__(16) float b[2][128][PITCH];
    weights<32, 128>(p, a, b);
}
