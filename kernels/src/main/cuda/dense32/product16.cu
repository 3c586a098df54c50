// Products of operands rounded to bfloat16, too small for product_wide.cu; sums and results are float32. For training that asks
// for it: three bits of a tf32 product's mantissa less, a sixth of product32's instructions.
//
// y[split][z] = sum over segments of a b, each of k steps. Either operand lies with k running fastest or with its own rows
// or columns; the matrix loads turn the latter. Roofline: attention's products have few columns or steps, so the
// bytes of operands and results, 2 and 4 an element; large ones would read 2 bytes an operand out of the level-2 cache for each
// tile of 128 x 256, about 460 TFLOP/s on an H100.
#include "tensor_core.cuh"

struct Product16Params {
    const uint16_t* a;  // [segment][z % aGroups][m][k], or [k][m]
    const uint16_t* b;  // [segment][z][n][k], or [k][n]
    const float* bias;  // one a row of each of aGroups, may be null
    float* y;           // [split][z][m][n]
    uint16_t* rounded;  // instead of y where it is not null
    int m, n, k, segments, outputs, aGroups, splits;
    int wide;  // whether every line starts at a multiple of four elements
};

constexpr int ROWS = 128;
constexpr int DEPTH = 32;

template <bool ALONG, int TILE>  // whether k runs fastest; rows of a tile
struct Operand16 {
    static constexpr int PITCH = (ALONG ? DEPTH : TILE) + 8;
    static constexpr int SIZE = (ALONG ? TILE : DEPTH) * PITCH;
    static constexpr int TURNS = TILE * DEPTH / 4 / 256;
    static constexpr int QUADS = (ALONG ? DEPTH : TILE) / 4;
    uint2 held[TURNS];

    // Rows `row0` and on of `rows`, steps `at` and on of `depth`: four elements a thread and turn.
    __device__ __forceinline__ void load(const uint16_t* from, int row0, int rows, int at, int depth, bool wide) {
#pragma unroll
        for (int i = 0; i < TURNS; i++) {
            int e = threadIdx.x + i * 256, line = e / QUADS, quad = e % QUADS * 4;
            int row = row0 + (ALONG ? line : quad), k = at + (ALONG ? quad : line);
            held[i] = uint2{0, 0};
            if (row >= rows || k >= depth) continue;
            const uint16_t* source = from + (ALONG ? (long long)row * depth + k : (long long)k * rows + row);
            int left = ALONG ? depth - k : rows - row;
            if (wide) {
                held[i] = *reinterpret_cast<const uint2*>(source);
            } else {
                held[i].x = source[0] | (left > 1 ? unsigned(source[1]) << 16 : 0u);
                if (left > 2) held[i].y = source[2] | (left > 3 ? unsigned(source[3]) << 16 : 0u);
            }
        }
    }
    __device__ __forceinline__ void keep(uint16_t* to) const {
#pragma unroll
        for (int i = 0; i < TURNS; i++) {
            int e = threadIdx.x + i * 256, line = e / QUADS, quad = e % QUADS * 4;
            *reinterpret_cast<uint2*>(to + line * PITCH + quad) = held[i];
        }
    }
};

template <bool A_ALONG, bool B_ALONG, int COLUMNS>
__device__ __forceinline__ void product16(const Product16Params& p, uint16_t* as, uint16_t* bs) {
    constexpr int NI = COLUMNS / 32;  // warps stand two by four
    using A = Operand16<A_ALONG, ROWS>;
    using B = Operand16<B_ALONG, COLUMNS>;
    int z = blockIdx.z % p.outputs, split = blockIdx.z / p.outputs, m0 = blockIdx.y * ROWS, n0 = blockIdx.x * COLUMNS;
    int pieces = (p.k + DEPTH - 1) / DEPTH, group = z % p.aGroups;
    long long total = (long long)p.segments * pieces;
    int from = int(total * split / p.splits), to = int(total * (split + 1) / p.splits);
    A ra;
    B rb;
    auto load = [&](int piece) {
        int segment = piece / pieces, at = (piece - segment * pieces) * DEPTH;
        long long base = (long long)segment * p.outputs;
        ra.load(p.a + (base + group) * p.m * p.k, m0, p.m, at, p.k, p.wide);
        rb.load(p.b + (base + z) * p.n * p.k, n0, p.n, at, p.k, p.wide);
    };
    float sum[4][NI][4] = {};
    int warp = threadIdx.x / 32, lane = threadIdx.x % 32, row = warp % 2 * 64, column = warp / 2 * (COLUMNS / 4);
    if (from < to) {
        load(from);
        ra.keep(as);
        rb.keep(bs);
    }
    __syncthreads();
    for (int piece = from, buffer = 0; piece < to; piece++, buffer ^= 1) {
        bool more = piece + 1 < to;
        if (more) load(piece + 1);
#pragma unroll
        for (int k = 0; k < DEPTH; k += 16) {
            uint32_t fa[4][4], fb[NI / 2][4];
#pragma unroll
            for (int i = 0; i < 4; i++) operand_fragment<A_ALONG, A::PITCH>(fa[i], as + buffer * A::SIZE, row + i * 16, k, true);
#pragma unroll
            for (int j = 0; j < NI / 2; j++) operand_fragment<B_ALONG, B::PITCH>(fb[j], bs + buffer * B::SIZE, column + j * 16, k, false);
#pragma unroll
            for (int i = 0; i < 4; i++)
#pragma unroll
                for (int j = 0; j < NI; j++) multiply_bfloat16(sum[i][j], fa[i], fb[j / 2][j % 2 * 2], fb[j / 2][j % 2 * 2 + 1]);
        }
        if (more) {
            ra.keep(as + (buffer ^ 1) * A::SIZE);
            rb.keep(bs + (buffer ^ 1) * B::SIZE);
        }
        __syncthreads();
    }
    float* y = p.y + (long long)blockIdx.z * p.m * p.n;
    bool pairs = p.n % 2 == 0;
#pragma unroll
    for (int i = 0; i < 4; i++)
#pragma unroll
        for (int half = 0; half < 2; half++) {
            int m = m0 + row + i * 16 + half * 8 + lane / 4;
            if (m >= p.m) continue;
            float bias = p.bias ? p.bias[group * p.m + m] : 0.f;
#pragma unroll
            for (int j = 0; j < NI; j++) {
                int n = n0 + column + j * 8 + lane % 4 * 2;
                if (n >= p.n) continue;
                float* at = y + (long long)m * p.n + n;
                uint16_t* narrow = p.rounded + (at - p.y);
                float first = sum[i][j][half * 2] + bias, second = sum[i][j][half * 2 + 1] + bias;
                if (p.rounded && pairs) {
                    *reinterpret_cast<uint32_t*>(narrow) = packed_bfloat16(first, second);
                } else if (p.rounded) {
                    narrow[0] = uint16_t(packed_bfloat16(first, 0.f));
                    if (n + 1 < p.n) narrow[1] = uint16_t(packed_bfloat16(second, 0.f));
                } else if (pairs) {
                    *reinterpret_cast<float2*>(at) = make_float2(first, second);
                } else {
                    at[0] = first;
                    if (n + 1 < p.n) at[1] = second;
                }
            }
        }
}

#define PRODUCT16(name, A_ALONG, B_ALONG, COLUMNS)                                          \
    KERNEL_MEETING(name, Product16Params, 256) {                                            \
        DYNAMIC_SHARED(shared);                                                             \
        uint16_t* a = reinterpret_cast<uint16_t*>(shared);                                  \
        product16<A_ALONG, B_ALONG, COLUMNS>(p, a, a + 2 * Operand16<A_ALONG, ROWS>::SIZE); \
    }
// Left operand by rows or transposed; right operand by rows, or transposed as in gradients for weights.
PRODUCT16(product16, true, false, 128)
PRODUCT16(product16_wide, true, false, 256)
PRODUCT16(product16_left_transposed, false, false, 128)
PRODUCT16(product16_left_transposed_wide, false, false, 256)
PRODUCT16(product16_right_transposed, true, true, 128)
PRODUCT16(product16_right_transposed_wide, true, true, 256)
