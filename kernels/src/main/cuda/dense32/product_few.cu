// Products of operands rounded to bfloat16 that would leave most of product16.cu's tiles empty: 1x1 convolutions of few
// channels over NCHW images, forward and for their input (`product_few`), and the gradients for their weights
// (`weight_few`). Sums are float32. Every line of an operand has a multiple of eight elements, but for filters that lie by rows.
//
// Roofline: bytes, two an element of the images. So each image is read once, by copies of 16 bytes that are all under way
// together, and results leave in whole lines. A block of `product_few` has 128 pixels of up to 64 channels; one of `weight_few`
// goes over its share of the pixels, 128 at a time, each of its eight warps with 16 of them for the whole tile.
#include "tensor_core.cuh"

struct ProductFewParams {
    const uint16_t* a;  // [z % groups][m][k], or [k][m]
    const uint16_t* x;  // [z][k][n]
    const float* bias;  // one a row of every group, may be null
    float* y;           // [z][m][n]
    uint16_t* rounded;  // instead of y where it is not null
    int m, n, k, groups;
};

constexpr int PIXELS = 128;
constexpr int LONGEST = 128;  // sums
constexpr int PITCH = PIXELS + 8;
constexpr int EIGHT = 8;

// ALONG: whether k runs fastest in `a`.
template <bool ALONG, int ROWS>
__device__ __forceinline__ void product_few(const ProductFewParams& p, uint16_t* shared) {
    constexpr int A_PITCH = (ALONG ? LONGEST : ROWS) + 8, THREADS = 128, PIECES = PIXELS / EIGHT;
    int z = blockIdx.z, group = z % p.groups, m0 = blockIdx.y * ROWS, n0 = blockIdx.x * PIXELS;
    int depth = (p.k + 15) / 16 * 16;
    const uint16_t* a = p.a + (long long)group * p.m * p.k;
    const uint16_t* x = p.x + (long long)z * p.k * p.n;
    uint16_t *as = shared, *bs = as + (ALONG ? ROWS : depth) * A_PITCH;
    for (int e = threadIdx.x; e < depth * PIECES; e += THREADS) {
        int k = e / PIECES, n = n0 + e % PIECES * EIGHT;
        bool inside = k < p.k && n < p.n;
        copy16(bs + k * PITCH + n - n0, inside ? x + (long long)k * p.n + n : x, inside);
    }
    int lines = ALONG ? ROWS : depth, eights = (ALONG ? depth : ROWS) / EIGHT;
    if (ALONG && p.k % EIGHT) {
        for (int e = threadIdx.x; e < ROWS * depth; e += THREADS) {
            int row = e / depth, k = e - row * depth;
            as[row * A_PITCH + k] = m0 + row < p.m && k < p.k ? a[(m0 + row) * p.k + k] : 0;
        }
    } else {
        for (int e = threadIdx.x; e < lines * eights; e += THREADS) {
            int line = e / eights, at = e % eights * EIGHT, row = m0 + (ALONG ? line : at), k = ALONG ? at : line;
            bool inside = row < p.m && k < p.k;
            copy16(as + line * A_PITCH + at, inside ? a + (ALONG ? row * p.k + k : k * p.m + row) : a, inside);
        }
    }
    copies_commit();
    copies_wait<0>();
    __syncthreads();
    float sum[ROWS / 16][4][4] = {};
    int lane = threadIdx.x % 32, column = threadIdx.x / 32 * 32;
    for (int k = 0; k < depth; k += 16) {
        uint32_t fa[ROWS / 16][4], fb[2][4];
#pragma unroll
        for (int i = 0; i < ROWS / 16; i++) operand_fragment<ALONG, A_PITCH>(fa[i], as, i * 16, k, true);
#pragma unroll
        for (int j = 0; j < 2; j++) operand_fragment<false, PITCH>(fb[j], bs, column + j * 16, k, false);
#pragma unroll
        for (int i = 0; i < ROWS / 16; i++)
#pragma unroll
            for (int j = 0; j < 4; j++) multiply_bfloat16(sum[i][j], fa[i], fb[j / 2][j % 2 * 2], fb[j / 2][j % 2 * 2 + 1]);
    }
    if (p.rounded) __syncthreads();  // the operands' room becomes the results'
    uint16_t* tile = shared;
#pragma unroll
    for (int i = 0; i < ROWS / 16; i++)
#pragma unroll
        for (int half = 0; half < 2; half++) {
            int row = i * 16 + half * 8 + lane / 4, m = m0 + row;
            float bias = p.bias && m < p.m ? p.bias[group * p.m + m] : 0.f;
#pragma unroll
            for (int j = 0; j < 4; j++) {
                int at = column + j * 8 + lane % 4 * 2;
                float first = sum[i][j][half * 2] + bias, second = sum[i][j][half * 2 + 1] + bias;
                if (p.rounded)
                    *reinterpret_cast<uint32_t*>(tile + row * PITCH + at) = packed_bfloat16(first, second);
                else if (m < p.m && n0 + at < p.n)
                    *reinterpret_cast<float2*>(p.y + ((long long)z * p.m + m) * p.n + n0 + at) = make_float2(first, second);
            }
        }
    if (!p.rounded) return;
    __syncthreads();
    for (int e = threadIdx.x; e < ROWS * PIECES; e += THREADS) {
        int row = e / PIECES, n = n0 + e % PIECES * EIGHT;
        if (m0 + row >= p.m || n >= p.n) continue;
        *reinterpret_cast<uint4*>(p.rounded + ((long long)z * p.m + m0 + row) * p.n + n) =
            *reinterpret_cast<const uint4*>(tile + row * PITCH + n - n0);
    }
}

#define PRODUCT_FEW(name, ALONG, ROWS)                                     \
    KERNEL_MEETING(name, ProductFewParams, 128) {                          \
        DYNAMIC_SHARED(shared);                                            \
        product_few<ALONG, ROWS>(p, reinterpret_cast<uint16_t*>(shared)); \
    }
PRODUCT_FEW(product_few, true, 32)
PRODUCT_FEW(product_few_tall, true, 64)
PRODUCT_FEW(product_few_left_transposed, false, 32)
PRODUCT_FEW(product_few_left_transposed_tall, false, 64)

struct WeightFewParams {
    const uint16_t* dy;  // [image][group][m][pixels]
    const uint16_t* x;   // [image][group][n][pixels]
    float* out;          // [split][group][m][n]
    int m, n, pixels, images, groups, splits;
};

template <int ROWS, int COLUMNS>
__device__ __forceinline__ void weight_few(const WeightFewParams& p, uint16_t* shared) {
    constexpr int STAGES = 3, STAGE = (ROWS + COLUMNS) * PITCH, THREADS = 256, PIECES = PIXELS / EIGHT;
    int group = blockIdx.z % p.groups, split = blockIdx.z / p.groups, m0 = blockIdx.x * ROWS, n0 = blockIdx.y * COLUMNS;
    int pieces = (p.pixels + PIXELS - 1) / PIXELS;
    long long total = (long long)p.images * pieces;
    int from = int(total * split / p.splits), to = int(total * (split + 1) / p.splits);
    auto copy = [&](int piece) {
        if (piece < to) {
            int image = piece / pieces, at = (piece - image * pieces) * PIXELS;
            long long z = (long long)image * p.groups + group;
            uint16_t* stage = shared + piece % STAGES * STAGE;
            for (int e = threadIdx.x; e < (ROWS + COLUMNS) * PIECES; e += THREADS) {
                int line = e / PIECES, pixel = at + e % PIECES * EIGHT;
                bool left = line < ROWS;
                int row = left ? m0 + line : n0 + line - ROWS, rows = left ? p.m : p.n;
                bool inside = row < rows && pixel < p.pixels;
                const uint16_t* source = left ? p.dy : p.x;
                copy16(stage + line * PITCH + pixel - at, inside ? source + (z * rows + row) * p.pixels + pixel : source, inside);
            }
        }
        copies_commit();
    };
    float sum[ROWS / 16][COLUMNS / 8][4] = {};
    int warp = threadIdx.x / 32, lane = threadIdx.x % 32;
    for (int i = 0; i < STAGES - 1; i++) copy(from + i);
    for (int piece = from; piece < to; piece++) {
        copies_wait<STAGES - 2>();
        __syncthreads();
        copy(piece + STAGES - 1);
        const uint16_t *as = shared + piece % STAGES * STAGE, *bs = as + ROWS * PITCH;
        uint32_t fa[ROWS / 16][4], fb[COLUMNS / 16][4];
#pragma unroll
        for (int i = 0; i < ROWS / 16; i++) operand_fragment<true, PITCH>(fa[i], as, i * 16, warp * 16, true);
#pragma unroll
        for (int j = 0; j < COLUMNS / 16; j++) operand_fragment<true, PITCH>(fb[j], bs, j * 16, warp * 16, false);
#pragma unroll
        for (int i = 0; i < ROWS / 16; i++)
#pragma unroll
            for (int j = 0; j < COLUMNS / 8; j++)
                multiply_bfloat16(sum[i][j], fa[i], fb[j / 2][j % 2 * 2], fb[j / 2][j % 2 * 2 + 1]);
    }
    copies_wait<0>();
    // Warps add up what they have one after another, so that the sum is the same each time.
    float* tile = reinterpret_cast<float*>(shared);
    for (int turn = 0; turn < THREADS / 32; turn++) {
        __syncthreads();
        if (turn != warp) continue;
#pragma unroll
        for (int i = 0; i < ROWS / 16; i++)
#pragma unroll
            for (int j = 0; j < COLUMNS / 8; j++)
#pragma unroll
                for (int e = 0; e < 4; e++) {
                    float* at = tile + (i * 16 + e / 2 * 8 + lane / 4) * COLUMNS + j * 8 + lane % 4 * 2 + e % 2;
                    *at = (turn ? *at : 0.f) + sum[i][j][e];
                }
    }
    __syncthreads();
    float* out = p.out + ((long long)split * p.groups + group) * p.m * p.n;
    for (int e = threadIdx.x; e < ROWS * COLUMNS; e += THREADS) {
        int m = m0 + e / COLUMNS, n = n0 + e % COLUMNS;
        if (m < p.m && n < p.n) out[m * p.n + n] = tile[e];
    }
}

#define WEIGHT_FEW(name, ROWS, COLUMNS)                                     \
    KERNEL_MEETING(name, WeightFewParams, 256) {                            \
        DYNAMIC_SHARED(shared);                                             \
        weight_few<ROWS, COLUMNS>(p, reinterpret_cast<uint16_t*>(shared)); \
    }
WEIGHT_FEW(weight_few, 32, 32)
WEIGHT_FEW(weight_few_tall, 64, 32)
WEIGHT_FEW(weight_few_flat, 32, 64)
