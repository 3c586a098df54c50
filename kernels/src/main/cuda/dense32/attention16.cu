// Softmax attention of many tokens to a short text (cross-attention), forward and backward, as FlashAttention-2 (Dao 2023)
// does it: scores never leave the registers, softmax is made as the keys go by, the gradients make the scores again. Operands
// are bfloat16 rows whose channels hold the heads one after another, read where they lie; sums are float32.
//
// A text is short, so a block of the first two kernels keeps all keys and values of a head in shared memory; the third holds
// few keys in registers and lets the tokens go by, so that no sum needs an atomic. Four warps have 64 rows, on Hopper as one
// product whose left operand stays in their registers, elsewhere sixteen rows each. Roofline: the products, 2 D a score
// forward, 4 D for the queries' gradient and 4 D for the text's.
#include "head_tile.cuh"
#include "largest.cuh"
#include "quick.cuh"

struct Attention16Params {
    const uint16_t* q;   // [image][token][heads D]
    const uint16_t* kv;  // [image][row][keys: heads D, values: heads D]
    const int* mask;     // [image][row], may be null
    const uint16_t* dy;  // as q; of the gradients
    float* y;            // as q forward and of the queries' gradient, as kv of the text's
    uint16_t* rounded;   // instead of y where it is not null
    float* logs;         // [image][head][`told` tokens]: log2 of the sums of the scores' powers; of the gradients
    float* means;        // likewise: the sums of shares times their gradients
    int tokens, text, heads;
    int rows;     // tokens a block
    float scale;  // 1 / sqrt(D)
    int told;        // tokens that logs and means are there for, a multiple of 64
    float* largest;  // of each block's results forward, may be null
};

constexpr float LOG2_E = 1.4426950408889634f;

#ifdef SIGHTLINE_EMULATED
inline float log_of_two(float x) { return std::log2(x); }
#else
__device__ __forceinline__ float log_of_two(float x) { return __log2f(x); }
#endif

// Rows of a text are looked at so many at a time.
constexpr int STRETCH = 64;

// All keys and values of a head, and what is added to the scores of each key: 0, or minus infinity where it is not seen.
template <int D>
struct Text {
    const uint16_t *keys, *values;
    const float* hidden;
    int rows;  // a multiple of STRETCH

    __device__ __forceinline__ Text(const Attention16Params& p, unsigned char* shared, int image, int head) {
        rows = (p.text + STRETCH - 1) / STRETCH * STRETCH;
        uint16_t* k = reinterpret_cast<uint16_t*>(shared);
        uint16_t* v = k + rows / 8 * Head<D>::ROW_GROUP;
        float* h = reinterpret_cast<float*>(v + rows / 8 * Head<D>::ROW_GROUP);
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
        copies_shown();
        __syncthreads();
        keys = k, values = v, hidden = h;
    }
    // Scores of tiles of eight keys, times log2(e), as powers are taken of them.
    template <int TILES>
    __device__ __forceinline__ void scaled(float (&s)[TILES][4], int row, float factor) const {
        int lane = threadIdx.x % 32;
#pragma unroll
        for (int t = 0; t < TILES; t++) {
            float2 pair = *reinterpret_cast<const float2*>(hidden + row + t * 8 + lane % 4 * 2);
            s[t][0] = s[t][0] * factor + pair.x;
            s[t][1] = s[t][1] * factor + pair.y;
            s[t][2] = s[t][2] * factor + pair.x;
            s[t][3] = s[t][3] * factor + pair.y;
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
            rescale[half] = quick_exp2(top[half] - from);
            top[half] = most;
#pragma unroll
            for (int t = 0; t < TILES; t++) {
                s[t][half * 2] = quick_exp2(s[t][half * 2] - from);
                s[t][half * 2 + 1] = quick_exp2(s[t][half * 2 + 1] - from);
            }
        }
    }
};

template <int D, int GROUPS>
__device__ __forceinline__ void attention16_forward(const Attention16Params& p, unsigned char* shared) {
    using H = Head<D>;
    int image = blockIdx.y / p.heads, head = blockIdx.y % p.heads, width = p.heads * D, warp = threadIdx.x / 32;
    Text<D> text(p, shared, image, head);
    float most = 0;
    int end = min(p.tokens, int(blockIdx.x + 1) * p.rows);
    // All warps of a block take as many turns, since four of them multiply together.
    for (int first = blockIdx.x * p.rows; first < end; first += blockDim.x / 2) {
        int row = first + warp * 16;
        long long at = ((long long)image * p.tokens + row) * width + head * D;
        uint32_t q[H::STEPS][4];
        H::left(q, p.q + at, width, end - row);
        Tops tops;
        float sums[2] = {}, o[H::TILES][4] = {};
        for (int key = 0; key < text.rows; key += GROUPS * 16) {
            float s[GROUPS * 2][4] = {}, rescale[2];
            H::begin();
            H::scores(s, q, text.keys + key / 8 * H::ROW_GROUP);
            H::end();
            H::template wait<0>();
            text.scaled(s, key, p.scale * LOG2_E);
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
            uint32_t shares[GROUPS][4];
            as_left(shares, s);
            H::begin();
            H::mix(o, shares, text.values + key / 8 * H::ROW_GROUP);
            H::end();
            H::template wait<0>();
        }
        float factor[2];
#pragma unroll
        for (int half = 0; half < 2; half++) {
            float sum = row_sum(sums[half]);
            factor[half] = sum == 0 ? 0.f : 1.f / sum;
            if (row + threadIdx.x % 32 / 4 + half * 8 >= unsigned(end)) continue;
#pragma unroll
            for (int t = 0; t < H::TILES; t++)
                most = larger(larger(most, o[t][half * 2] * factor[half]), o[t][half * 2 + 1] * factor[half]);
        }
        H::store(o, factor[0], factor[1], p.y, p.rounded, at, width, end - row);
    }
    if (p.largest) tell_largest<8>(most, p.largest + blockIdx.y * gridDim.x + blockIdx.x);
}

// With shares P = e / sum e and slopes G = dy v': dq = sum P (G - mean) k, where mean = sum P G. The mean is known only behind
// the last key, so both sum e (G - guess) k and sum e k are taken, and mean - guess of the latter is taken off at the end. Any
// guess gives the same; one near the mean keeps the difference from cancelling: the mean over the first keys.
template <int D, int GROUPS>
__device__ __forceinline__ void attention16_query(const Attention16Params& p, unsigned char* shared) {
    using H = Head<D>;
    int image = blockIdx.y / p.heads, head = blockIdx.y % p.heads, width = p.heads * D, warp = threadIdx.x / 32;
    int lane = threadIdx.x % 32;
    Text<D> text(p, shared, image, head);
    int end = min(p.tokens, int(blockIdx.x + 1) * p.rows);
    for (int first = blockIdx.x * p.rows; first < end; first += blockDim.x / 2) {
        int row = first + warp * 16;
        long long at = ((long long)image * p.tokens + row) * width + head * D;
        uint32_t q[H::STEPS][4], dy[H::STEPS][4];
        H::left(q, p.q + at, width, end - row);
        H::left(dy, p.dy + at, width, end - row);
        Tops tops;
        float sums[2] = {}, weighted[2] = {}, guess[2] = {}, sloped[H::TILES][4] = {}, plain[H::TILES][4] = {};
        for (int key = 0; key < text.rows; key += GROUPS * 16) {
            float s[GROUPS * 2][4] = {}, g[GROUPS * 2][4] = {}, rescale[2];
            H::begin();
            H::scores(s, q, text.keys + key / 8 * H::ROW_GROUP);
            H::end();
            H::scores(g, dy, text.values + key / 8 * H::ROW_GROUP);
            H::end();
            H::template wait<1>();
            text.scaled(s, key, p.scale * LOG2_E);
            tops.take(s, rescale);
            H::template wait<0>();
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
            uint32_t shares[GROUPS][4], slopes[GROUPS][4];
            as_left(shares, s);
            H::begin();
            H::mix(plain, shares, text.keys + key / 8 * H::ROW_GROUP);
            H::end();
#pragma unroll
            for (int t = 0; t < GROUPS * 2; t++)
#pragma unroll
                for (int e = 0; e < 4; e++) g[t][e] = s[t][e] * (g[t][e] - guess[e / 2]);
            as_left(slopes, g);
            H::begin();
            H::mix(sloped, slopes, text.keys + key / 8 * H::ROW_GROUP);
            H::end();
            H::template wait<0>();
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
            // Numbers for whole stretches of tokens, whatever they are behind the end.
            if (lane % 4 == 0 && token < min(p.told, int(blockIdx.x + 1) * p.rows)) {
                long long to = (long long)blockIdx.y * p.told + token;
                p.logs[to] = sum == 0 ? INFINITY : tops.top[half] + log_of_two(sum);
                p.means[to] = rest + guess[half];
            }
        }
        H::store(sloped, factor[0] * p.scale, factor[1] * p.scale, p.y, p.rounded, at, width, end - row);
    }
}

// Gradients of the keys that a block holds, 16 a warp, and of their values, over all tokens, that pass in stretches of GROUPS times 16. What is behind the
// last token is zeros, which add nothing whatever their shares are.
template <int D, int GROUPS, int THREADS>
__device__ __forceinline__ void attention16_text(const Attention16Params& p, unsigned char* shared) {
    using H = Head<D>;
    constexpr int TOKENS = GROUPS * 16, MATRIX = TOKENS / 8 * H::ROW_GROUP;
    constexpr int COPIES = TOKENS * H::PIECES, EACH = (COPIES + THREADS - 1) / THREADS;
    constexpr int KEYS = THREADS / 2, KEPT = KEYS / 8 * H::ROW_GROUP;
    uint16_t* keys = reinterpret_cast<uint16_t*>(shared);          // the block's, then their values
    uint16_t* rows = keys + 2 * KEPT;                              // [buffer][q or dy][token]
    float* numbers = reinterpret_cast<float*>(rows + 4 * MATRIX);  // [buffer][log or mean][token]
    int image = blockIdx.y / p.heads, head = blockIdx.y % p.heads, width = p.heads * D, lane = threadIdx.x % 32;
    int first = blockIdx.x * KEYS, key = first + threadIdx.x / 32 * 16;
    // Four warps without a key only help to copy.
    bool idle = key - threadIdx.x / 32 % 4 * 16 >= unsigned(p.text);
    const uint16_t* fromKeys = p.kv + ((long long)image * p.text + first) * 2 * width + head * D;
    H::copy(keys, fromKeys, 2 * width, p.text - first, KEYS);
    H::copy(keys + KEPT, fromKeys + width, 2 * width, p.text - first, KEYS);
    // Told by one thread, so that the compiler knows it to be the same in a warp.
    const uint16_t* own = keys + __shfl_sync(0xffffffffu, int(threadIdx.x / 128), 0) * 8 * H::ROW_GROUP;
    float hidden[2];
#pragma unroll
    for (int half = 0; half < 2; half++) {
        int row = key + lane / 4 + half * 8;
        hidden[half] = row < p.text && (!p.mask || p.mask[image * p.text + row] != 0) ? 0.f : -INFINITY;
    }
    // What a thread copies of each stretch: rows and places are the same ones.
    int row[EACH], offset[EACH];
#pragma unroll
    for (int i = 0; i < EACH; i++) {
        int e = i * THREADS + threadIdx.x, piece = e / 8 % H::PIECES;
        row[i] = e < COPIES ? (piece < H::TILES ? e / (H::PIECES * 8) * 8 + e % 8 : 1 << 30) : -1;
        offset[i] = (row[i] & 0xffff) * width + piece * 8;
    }
    const uint16_t *fromQ = p.q + (long long)image * p.tokens * width + head * D, *fromDy = p.dy + (fromQ - p.q);
    const float* fromNumbers = (threadIdx.x < TOKENS / 4 ? p.logs : p.means) + (long long)blockIdx.y * p.told + threadIdx.x % (TOKENS / 4) * 4;
    auto load = [&](int token, int buffer) {
        uint16_t* to = rows + buffer * 2 * MATRIX + threadIdx.x * 8;
        long long stretch = (long long)token * width;
#pragma unroll
        for (int i = 0; i < EACH; i++) {
            if (row[i] < 0) continue;
            bool inside = token + row[i] < p.tokens;
            copy16(to + i * THREADS * 8, inside ? fromQ + stretch + offset[i] : fromQ, inside);
            copy16(to + i * THREADS * 8 + MATRIX, inside ? fromDy + stretch + offset[i] : fromDy, inside);
        }
        if (threadIdx.x < TOKENS / 2) copy16(numbers + buffer * 2 * TOKENS + threadIdx.x * 4, fromNumbers + token, true);
        copies_commit();
    };
    float dk[H::TILES][4] = {}, dv[H::TILES][4] = {};
    float factor = p.scale * LOG2_E;
    load(0, 0);
    for (int token = 0, buffer = 0; token < p.tokens; token += TOKENS, buffer ^= 1) {
        copies_wait<0>();
        copies_shown();
        __syncthreads();
        if (token + TOKENS < p.tokens) load(token + TOKENS, buffer ^ 1);
        if (idle) continue;
        const uint16_t *q = rows + buffer * 2 * MATRIX, *dy = q + MATRIX;
        const float *logs = numbers + buffer * 2 * TOKENS, *means = logs + TOKENS;
        float s[GROUPS * 2][4] = {}, g[GROUPS * 2][4] = {};
        H::begin();
        H::scores(s, own, q);
        H::end();
        H::scores(g, own + KEPT, dy);
        H::end();
        H::template wait<1>();
#pragma unroll
        for (int t = 0; t < GROUPS * 2; t++) {
            float2 log = *reinterpret_cast<const float2*>(logs + t * 8 + lane % 4 * 2);
#pragma unroll
            for (int e = 0; e < 4; e++)
                s[t][e] = quick_exp2(s[t][e] * factor + (hidden[e / 2] - (e % 2 ? log.y : log.x)));
        }
        uint32_t shares[GROUPS][4], slopes[GROUPS][4];
        as_left(shares, s);
        H::template wait<0>();
        H::begin();
        H::mix(dv, shares, dy);
        H::end();
#pragma unroll
        for (int t = 0; t < GROUPS * 2; t++) {
            float2 mean = *reinterpret_cast<const float2*>(means + t * 8 + lane % 4 * 2);
#pragma unroll
            for (int e = 0; e < 4; e++) g[t][e] = s[t][e] * (g[t][e] - (e % 2 ? mean.y : mean.x));
        }
        as_left(slopes, g);
        H::begin();
        H::mix(dk, slopes, q);
        H::end();
        H::template wait<0>();
    }
    long long at = ((long long)image * p.text + key) * 2 * width + head * D;
    H::store(dk, p.scale, p.scale, p.y, p.rounded, at, 2 * width, p.text - key);
    H::store(dv, 1.f, 1.f, p.y, p.rounded, at + width, 2 * width, p.text - key);
}

#ifdef SIGHTLINE_EMULATED
#define KERNEL_BESIDE(name, Params, threads, blocks) KERNEL_MEETING(name, Params, threads)
#else
#define KERNEL_BESIDE(name, Params, threads, blocks) KERNEL_WITH(name, Params, __launch_bounds__(threads, blocks))
#endif
// BLOCKS of the forward kernel shall fit a multiprocessor; GROUPS of sixteen are looked at together backward.
#define ATTENTION16(D, BLOCKS, GROUPS)                                       \
    KERNEL_BESIDE(attention16_forward_##D, Attention16Params, 256, BLOCKS) { \
        DYNAMIC_SHARED(shared);                                              \
        attention16_forward<D, 4>(p, shared);                                \
    }                                                                        \
    KERNEL_BESIDE(attention16_query_##D, Attention16Params, 256, 1) {        \
        DYNAMIC_SHARED(shared);                                              \
        attention16_query<D, GROUPS>(p, shared);                             \
    }                                                                        \
    KERNEL_BESIDE(attention16_text_##D, Attention16Params, 256, 1) {         \
        DYNAMIC_SHARED(shared);                                              \
        attention16_text<D, GROUPS, 256>(p, shared);                         \
    }
ATTENTION16(32, 2, 4)
ATTENTION16(64, 2, 4)
ATTENTION16(72, 2, 4)
ATTENTION16(112, 1, 2)
