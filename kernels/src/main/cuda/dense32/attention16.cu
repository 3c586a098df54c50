// Softmax attention of many tokens to a short text (cross-attention), forward and backward, as FlashAttention-2 (Dao 2023)
// does it: scores never leave the registers, softmax is made as the keys go by, the gradients make the scores again. Operands
// are bfloat16 rows whose channels hold the heads one after another, read where they lie; sums are float32.
//
// A text is short, so a block of the first two kernels keeps all keys and values of a head in shared memory; the third holds
// few keys in registers and lets the tokens go by, so that no sum needs an atomic. Roofline: the products, 2 D a score
// forward, 4 D for the queries' gradient and 4 D for the text's; an H100 does some 600 TFLOP/s of these instructions, and
// with 16 rows a warp shared memory gives operands for at most 460.
#include "tensor_core.cuh"

struct Attention16Params {
    const uint16_t* q;   // [image][token][heads D]
    const uint16_t* kv;  // [image][row][keys: heads D, values: heads D]
    const int* mask;     // [image][row], may be null
    const uint16_t* dy;  // as q; of the gradients
    float* y;            // as q forward and of the queries' gradient, as kv of the text's
    uint16_t* rounded;   // instead of y where it is not null
    float* logs;         // [image][head][token]: log2 of the sums of the scores' powers; of the gradients
    float* means;        // likewise: the sums of shares times their gradients
    int tokens, text, heads;
    int rows;     // tokens a block
    float scale;  // 1 / sqrt(D)
};

constexpr float LOG2_E = 1.4426950408889634f;

#ifdef SIGHTLINE_EMULATED
inline float power_of_two(float x) { return std::exp2(x); }
inline float log_of_two(float x) { return std::log2(x); }
#else
__device__ __forceinline__ float power_of_two(float x) {
    float y;
    asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));
    return y;
}
__device__ __forceinline__ float log_of_two(float x) { return __log2f(x); }
#endif

template <int D>
struct Head {
    static constexpr int STEPS = (D + 15) / 16;     // of 16 channels
    static constexpr int TILES = D / 8;             // of 8 channels
    static constexpr int PITCH = STEPS * 16 + 8;    // elements a row, so that eight rows meet each bank once

    // Rows `from` and on of a matrix to shared memory, zeros behind its end and behind the head's channels.
    static __device__ __forceinline__ void copy(uint16_t* to, const uint16_t* from, int stride, int valid, int rows) {
        constexpr int PIECES = STEPS * 2;
        for (int e = threadIdx.x; e < rows * PIECES; e += blockDim.x) {
            int row = e / PIECES, piece = e % PIECES * 8;
            bool inside = row < valid && piece < D;
            copy16(to + row * PITCH + piece, inside ? from + (long long)row * stride + piece : from, inside);
        }
    }
    // 16 rows of a matrix in memory as left operands.
    static __device__ __forceinline__ void left(uint32_t (&a)[STEPS][4], const uint16_t* from, int stride, int valid) {
        int lane = threadIdx.x % 32;
#pragma unroll
        for (int s = 0; s < STEPS; s++)
#pragma unroll
            for (int part = 0; part < 4; part++) {
                int row = lane / 4 + part % 2 * 8, channel = s * 16 + part / 2 * 8 + lane % 4 * 2;
                bool inside = row < valid && s * 16 + part / 2 * 8 < D;
                a[s][part] = inside ? *reinterpret_cast<const uint32_t*>(from + (long long)row * stride + channel) : 0u;
            }
    }
    // d[tile of 8 rows] += a . (rows of `from`)': 16 by `GROUPS` times 16 rows.
    template <int GROUPS>
    static __device__ __forceinline__ void scores(
        float (&d)[GROUPS * 2][4], const uint32_t (&a)[STEPS][4], const uint16_t* from, int groups) {
        int lane = threadIdx.x % 32;
        from += (lane / 16 * 8 + lane % 8) * PITCH + lane / 8 % 2 * 8;
#pragma unroll
        for (int g = 0; g < GROUPS; g++) {
            if (g >= groups) continue;
#pragma unroll
            for (int s = 0; s < STEPS; s++) {
                uint32_t b[4];
                load_matrices(b, from + g * 16 * PITCH + s * 16);
                multiply_bfloat16(d[2 * g], a[s], b[0], b[1]);
                multiply_bfloat16(d[2 * g + 1], a[s], b[2], b[3]);
            }
        }
    }
    // The rows' channels as right operands of a sum over 16 rows; `pair` tiles of 16 channels.
    static __device__ __forceinline__ void channels(uint32_t (&b)[4], const uint16_t* rows, int pair) {
        int lane = threadIdx.x % 32;
        load_matrices_turned(b, rows + (lane / 8 % 2 * 8 + lane % 8) * PITCH + pair * 16 + lane / 16 * 8);
    }
    // Two rows of a thread: its pairs of channels.
    static __device__ __forceinline__ void store(
        const float (&d)[TILES][4], float low, float high, float* y, uint16_t* rounded, long long at, int stride, int valid) {
        int lane = threadIdx.x % 32;
#pragma unroll
        for (int half = 0; half < 2; half++) {
            int row = lane / 4 + half * 8;
            if (row >= valid) continue;
            float factor = half ? high : low;
            long long to = at + (long long)row * stride + lane % 4 * 2;
#pragma unroll
            for (int t = 0; t < TILES; t++) {
                float a = d[t][half * 2] * factor, b = d[t][half * 2 + 1] * factor;
                if (rounded)
                    *reinterpret_cast<uint32_t*>(rounded + to + t * 8) = packed_bfloat16(a, b);
                else
                    *reinterpret_cast<float2*>(y + to + t * 8) = make_float2(a, b);
            }
        }
    }
};

// Sums of 16 rows as left operand of 16 steps.
__device__ __forceinline__ void as_left(uint32_t (&a)[4], const float (&first)[4], const float (&second)[4]) {
    a[0] = packed_bfloat16(first[0], first[1]);
    a[1] = packed_bfloat16(first[2], first[3]);
    a[2] = packed_bfloat16(second[0], second[1]);
    a[3] = packed_bfloat16(second[2], second[3]);
}
// Over the four threads that share a row.
__device__ __forceinline__ float row_sum(float v) {
    v += __shfl_xor_sync(0xffffffffu, v, 1);
    return v + __shfl_xor_sync(0xffffffffu, v, 2);
}
__device__ __forceinline__ float row_most(float v) {
    v = fmaxf(v, __shfl_xor_sync(0xffffffffu, v, 1));
    return fmaxf(v, __shfl_xor_sync(0xffffffffu, v, 2));
}

// All keys and values of a head, and what is added to the scores of each key: 0, or minus infinity where it is not seen.
template <int D>
struct Text {
    const uint16_t *keys, *values;
    const float* hidden;
    int rows;  // a multiple of 16

    __device__ __forceinline__ Text(const Attention16Params& p, unsigned char* shared, int image, int head) {
        rows = (p.text + 15) / 16 * 16;
        uint16_t* k = reinterpret_cast<uint16_t*>(shared);
        uint16_t* v = k + rows * Head<D>::PITCH;
        float* h = reinterpret_cast<float*>(v + rows * Head<D>::PITCH);
        int width = p.heads * D;
        const uint16_t* from = p.kv + (long long)image * p.text * 2 * width + head * D;
        Head<D>::copy(k, from, 2 * width, p.text, rows);
        Head<D>::copy(v, from + width, 2 * width, p.text, rows);
        copies_commit();
        for (int row = threadIdx.x; row < rows; row += blockDim.x) {
            bool seen = row < p.text && (!p.mask || p.mask[image * p.text + row] != 0);
            h[row] = seen ? 0.f : -INFINITY;
        }
        copies_wait<0>();
        __syncthreads();
        keys = k, values = v, hidden = h;
    }
    // Scores of a tile of eight keys, times log2(e), as powers are taken of them.
    template <int TILES>
    __device__ __forceinline__ void scaled(float (&s)[TILES][4], int row, int groups, float factor) const {
        int lane = threadIdx.x % 32;
#pragma unroll
        for (int t = 0; t < TILES; t++) {
            float low = -INFINITY, high = -INFINITY;
            if (t / 2 < groups) {
                float2 pair = *reinterpret_cast<const float2*>(hidden + row + t * 8 + lane % 4 * 2);
                low = pair.x, high = pair.y;
            }
            s[t][0] = s[t][0] * factor + low;
            s[t][1] = s[t][1] * factor + high;
            s[t][2] = s[t][2] * factor + low;
            s[t][3] = s[t][3] * factor + high;
        }
    }
};

// The largest score of each of a thread's two rows so far.
struct Tops {
    float top[2] = {-INFINITY, -INFINITY};
    // Takes in more scores, which become powers of two; says by what earlier sums are to be multiplied.
    template <int TILES>
    __device__ __forceinline__ void take(float (&s)[TILES][4], float (&rescale)[2]) {
#pragma unroll
        for (int half = 0; half < 2; half++) {
            float most = top[half];
#pragma unroll
            for (int t = 0; t < TILES; t++) most = fmaxf(most, fmaxf(s[t][half * 2], s[t][half * 2 + 1]));
            most = row_most(most);
            float from = most == -INFINITY ? 0.f : most;
            rescale[half] = power_of_two(top[half] - from);
            top[half] = most;
#pragma unroll
            for (int t = 0; t < TILES; t++) {
                s[t][half * 2] = power_of_two(s[t][half * 2] - from);
                s[t][half * 2 + 1] = power_of_two(s[t][half * 2 + 1] - from);
            }
        }
    }
};

template <int D>
__device__ __forceinline__ void attention16_forward(const Attention16Params& p, unsigned char* shared) {
    using H = Head<D>;
    constexpr int GROUPS = 4, LAST = H::TILES - 1;
    int image = blockIdx.y / p.heads, head = blockIdx.y % p.heads, width = p.heads * D, warp = threadIdx.x / 32;
    Text<D> text(p, shared, image, head);
    int end = min(p.tokens, int(blockIdx.x + 1) * p.rows);
    for (int row = blockIdx.x * p.rows + warp * 16; row < end; row += blockDim.x / 2) {
        long long at = ((long long)image * p.tokens + row) * width + head * D;
        uint32_t q[H::STEPS][4];
        H::left(q, p.q + at, width, end - row);
        Tops tops;
        float sums[2] = {}, o[H::TILES][4] = {};
        for (int key = 0; key < text.rows; key += GROUPS * 16) {
            int groups = (text.rows - key) / 16;
            float s[GROUPS * 2][4] = {}, rescale[2];
            H::template scores<GROUPS>(s, q, text.keys + key * H::PITCH, groups);
            text.scaled(s, key, groups, p.scale * LOG2_E);
            tops.take(s, rescale);
#pragma unroll
            for (int half = 0; half < 2; half++) {
                sums[half] *= rescale[half];
#pragma unroll
                for (int t = 0; t < GROUPS * 2; t++) sums[half] += s[t][half * 2] + s[t][half * 2 + 1];
            }
#pragma unroll
            for (int t = 0; t < H::TILES; t++)
#pragma unroll
                for (int e = 0; e < 4; e++) o[t][e] *= rescale[e / 2];
#pragma unroll
            for (int g = 0; g < GROUPS; g++) {
                if (g >= groups) continue;
                uint32_t a[4];
                as_left(a, s[2 * g], s[2 * g + 1]);
#pragma unroll
                for (int pair = 0; pair < H::STEPS; pair++) {
                    uint32_t b[4];
                    H::channels(b, text.values + (key + g * 16) * H::PITCH, pair);
                    multiply_bfloat16(o[2 * pair], a, b[0], b[1]);
                    if (2 * pair < LAST) multiply_bfloat16(o[min(2 * pair + 1, LAST)], a, b[2], b[3]);
                }
            }
        }
        float low = row_sum(sums[0]), high = row_sum(sums[1]);
        H::store(o, low == 0 ? 0.f : 1.f / low, high == 0 ? 0.f : 1.f / high, p.y, p.rounded, at, width, end - row);
    }
}

// With shares P = e / sum e and slopes G = dy v': dq = sum P (G - mean) k, where mean = sum P G. The mean is known only behind
// the last key, so both sum e (G - guess) k and sum e k are taken, and mean - guess of the latter is taken off at the end. Any
// guess gives the same; one near the mean keeps the difference from cancelling: the mean over the first keys seen.
template <int D>
__device__ __forceinline__ void attention16_query(const Attention16Params& p, unsigned char* shared) {
    using H = Head<D>;
    constexpr int GROUPS = 2, LAST = H::TILES - 1;
    int image = blockIdx.y / p.heads, head = blockIdx.y % p.heads, width = p.heads * D, warp = threadIdx.x / 32;
    int lane = threadIdx.x % 32;
    Text<D> text(p, shared, image, head);
    int end = min(p.tokens, int(blockIdx.x + 1) * p.rows);
    for (int row = blockIdx.x * p.rows + warp * 16; row < end; row += blockDim.x / 2) {
        long long at = ((long long)image * p.tokens + row) * width + head * D;
        uint32_t q[H::STEPS][4], dy[H::STEPS][4];
        H::left(q, p.q + at, width, end - row);
        H::left(dy, p.dy + at, width, end - row);
        Tops tops;
        float sums[2] = {}, weighted[2] = {}, guess[2] = {}, sloped[H::TILES][4] = {}, plain[H::TILES][4] = {};
        for (int key = 0; key < text.rows; key += GROUPS * 16) {
            int groups = (text.rows - key) / 16;
            float s[GROUPS * 2][4] = {}, g[GROUPS * 2][4] = {}, rescale[2];
            H::template scores<GROUPS>(s, q, text.keys + key * H::PITCH, groups);
            H::template scores<GROUPS>(g, dy, text.values + key * H::PITCH, groups);
            text.scaled(s, key, groups, p.scale * LOG2_E);
            tops.take(s, rescale);
            float part[2] = {}, slope[2] = {};
#pragma unroll
            for (int t = 0; t < GROUPS * 2; t++)
#pragma unroll
                for (int e = 0; e < 4; e++) {
                    part[e / 2] += s[t][e];
                    slope[e / 2] += s[t][e] * g[t][e];
                }
            if (key == 0) {
#pragma unroll
                for (int half = 0; half < 2; half++) {
                    float all = row_sum(part[half]), mean = row_sum(slope[half]);
                    guess[half] = all > 0 ? mean / all : 0.f;
                }
            }
#pragma unroll
            for (int half = 0; half < 2; half++) {
                sums[half] = sums[half] * rescale[half] + part[half];
                weighted[half] = weighted[half] * rescale[half] + (slope[half] - guess[half] * part[half]);
            }
#pragma unroll
            for (int t = 0; t < H::TILES; t++)
#pragma unroll
                for (int e = 0; e < 4; e++) {
                    sloped[t][e] *= rescale[e / 2];
                    plain[t][e] *= rescale[e / 2];
                }
#pragma unroll
            for (int j = 0; j < GROUPS; j++) {
                if (j >= groups) continue;
#pragma unroll
                for (int t = 2 * j; t < 2 * j + 2; t++)
#pragma unroll
                    for (int e = 0; e < 4; e++) g[t][e] = s[t][e] * (g[t][e] - guess[e / 2]);
                uint32_t shares[4], slopes[4];
                as_left(shares, s[2 * j], s[2 * j + 1]);
                as_left(slopes, g[2 * j], g[2 * j + 1]);
#pragma unroll
                for (int pair = 0; pair < H::STEPS; pair++) {
                    uint32_t b[4];
                    H::channels(b, text.keys + (key + j * 16) * H::PITCH, pair);
                    multiply_bfloat16(plain[2 * pair], shares, b[0], b[1]);
                    multiply_bfloat16(sloped[2 * pair], slopes, b[0], b[1]);
                    if (2 * pair < LAST) {
                        multiply_bfloat16(plain[min(2 * pair + 1, LAST)], shares, b[2], b[3]);
                        multiply_bfloat16(sloped[min(2 * pair + 1, LAST)], slopes, b[2], b[3]);
                    }
                }
            }
        }
        float factor[2];
#pragma unroll
        for (int half = 0; half < 2; half++) {
            float sum = row_sum(sums[half]), rest = row_sum(weighted[half]);
            factor[half] = sum == 0 ? 0.f : 1.f / sum;
            rest *= factor[half];
#pragma unroll
            for (int t = 0; t < H::TILES; t++) {
                sloped[t][half * 2] -= rest * plain[t][half * 2];
                sloped[t][half * 2 + 1] -= rest * plain[t][half * 2 + 1];
            }
            int token = row + lane / 4 + half * 8;
            if (lane % 4 == 0 && token < end) {
                long long to = (long long)blockIdx.y * p.tokens + token;
                p.logs[to] = sum == 0 ? INFINITY : tops.top[half] + log_of_two(sum);
                p.means[to] = rest + guess[half];
            }
        }
        H::store(sloped, factor[0] * p.scale, factor[1] * p.scale, p.y, p.rounded, at, width, end - row);
    }
}

// Gradients of 16 keys a warp and their values, over all tokens.
template <int D>
__device__ __forceinline__ void attention16_text(const Attention16Params& p, unsigned char* shared) {
    using H = Head<D>;
    constexpr int GROUPS = 2, TOKENS = GROUPS * 16, LAST = H::TILES - 1;
    constexpr int MATRIX = TOKENS * H::PITCH;
    uint16_t* rows = reinterpret_cast<uint16_t*>(shared);                // [buffer][q or dy][token]
    float* numbers = reinterpret_cast<float*>(rows + 4 * MATRIX);       // [buffer][log or mean][token]
    int image = blockIdx.y / p.heads, head = blockIdx.y % p.heads, width = p.heads * D, lane = threadIdx.x % 32;
    int key = blockIdx.x * (blockDim.x / 2) + threadIdx.x / 32 * 16;
    long long at = ((long long)image * p.text + key) * 2 * width + head * D;
    uint32_t k[H::STEPS][4], v[H::STEPS][4];
    H::left(k, p.kv + at, 2 * width, p.text - key);
    H::left(v, p.kv + at + width, 2 * width, p.text - key);
    float hidden[2];
#pragma unroll
    for (int half = 0; half < 2; half++) {
        int row = key + lane / 4 + half * 8;
        hidden[half] = row < p.text && (!p.mask || p.mask[image * p.text + row] != 0) ? 0.f : -INFINITY;
    }
    auto load = [&](int token, int buffer) {
        long long from = ((long long)image * p.tokens + token) * width + head * D;
        int valid = p.tokens - token;
        H::copy(rows + buffer * 2 * MATRIX, p.q + from, width, valid, TOKENS);
        H::copy(rows + (buffer * 2 + 1) * MATRIX, p.dy + from, width, valid, TOKENS);
        copies_commit();
        for (int e = threadIdx.x; e < 2 * TOKENS; e += blockDim.x) {
            int row = e % TOKENS;
            const float* source = (e < TOKENS ? p.logs : p.means) + (long long)blockIdx.y * p.tokens + token;
            // No share of a token that is not there.
            numbers[buffer * 2 * TOKENS + e] = row < valid ? source[row] : e < TOKENS ? INFINITY : 0.f;
        }
    };
    float dk[H::TILES][4] = {}, dv[H::TILES][4] = {};
    float factor = p.scale * LOG2_E;
    load(0, 0);
    for (int token = 0, buffer = 0; token < p.tokens; token += TOKENS, buffer ^= 1) {
        copies_wait<0>();
        __syncthreads();
        if (token + TOKENS < p.tokens) load(token + TOKENS, buffer ^ 1);
        const uint16_t *q = rows + buffer * 2 * MATRIX, *dy = q + MATRIX;
        const float *logs = numbers + buffer * 2 * TOKENS, *means = logs + TOKENS;
        float s[GROUPS * 2][4] = {}, g[GROUPS * 2][4] = {};
        H::template scores<GROUPS>(s, k, q, GROUPS);
        H::template scores<GROUPS>(g, v, dy, GROUPS);
#pragma unroll
        for (int t = 0; t < GROUPS * 2; t++) {
            float2 log = *reinterpret_cast<const float2*>(logs + t * 8 + lane % 4 * 2);
            float2 mean = *reinterpret_cast<const float2*>(means + t * 8 + lane % 4 * 2);
#pragma unroll
            for (int e = 0; e < 4; e++) {
                s[t][e] = power_of_two(s[t][e] * factor + (hidden[e / 2] - (e % 2 ? log.y : log.x)));
                g[t][e] = s[t][e] * (g[t][e] - (e % 2 ? mean.y : mean.x));
            }
        }
#pragma unroll
        for (int j = 0; j < GROUPS; j++) {
            uint32_t shares[4], slopes[4];
            as_left(shares, s[2 * j], s[2 * j + 1]);
            as_left(slopes, g[2 * j], g[2 * j + 1]);
#pragma unroll
            for (int pair = 0; pair < H::STEPS; pair++) {
                uint32_t b[4];
                H::channels(b, dy + j * 16 * H::PITCH, pair);
                multiply_bfloat16(dv[2 * pair], shares, b[0], b[1]);
                if (2 * pair < LAST) multiply_bfloat16(dv[min(2 * pair + 1, LAST)], shares, b[2], b[3]);
                H::channels(b, q + j * 16 * H::PITCH, pair);
                multiply_bfloat16(dk[2 * pair], slopes, b[0], b[1]);
                if (2 * pair < LAST) multiply_bfloat16(dk[min(2 * pair + 1, LAST)], slopes, b[2], b[3]);
            }
        }
    }
    H::store(dk, p.scale, p.scale, p.y, p.rounded, at, 2 * width, p.text - key);
    H::store(dv, 1.f, 1.f, p.y, p.rounded, at + width, 2 * width, p.text - key);
}

#ifdef SIGHTLINE_EMULATED
#define KERNEL_BESIDE(name, Params, threads, blocks) KERNEL_MEETING(name, Params, threads)
#else
// As many blocks a multiprocessor as shared memory has room for.
#define KERNEL_BESIDE(name, Params, threads, blocks) KERNEL_WITH(name, Params, __launch_bounds__(threads, blocks))
#endif
#define ATTENTION16(D, BLOCKS)                                             \
    KERNEL_BESIDE(attention16_forward_##D, Attention16Params, 256, BLOCKS) { \
        DYNAMIC_SHARED(shared);                                            \
        attention16_forward<D>(p, shared);                                 \
    }                                                                      \
    KERNEL_BESIDE(attention16_query_##D, Attention16Params, 128, BLOCKS) { \
        DYNAMIC_SHARED(shared);                                            \
        attention16_query<D>(p, shared);                                   \
    }                                                                      \
    KERNEL_BESIDE(attention16_text_##D, Attention16Params, 160, BLOCKS) {  \
        DYNAMIC_SHARED(shared);                                            \
        attention16_text<D>(p, shared);                                    \
    }
ATTENTION16(32, 2)
ATTENTION16(64, 2)
ATTENTION16(72, 2)
ATTENTION16(112, 1)
