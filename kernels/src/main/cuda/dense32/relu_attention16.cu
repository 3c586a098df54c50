// Linear attention under ReLU (Katharopoulos et al. 2020; EfficientViT, Sana), forward and backward, over bfloat16 rows whose
// channels hold q, k and v of 32-channel heads one after another. States, 32 keys by 32 values and one for the mass, are
// float32 sums; they are applied as two bfloat16 parts each, gradients of them as one. What was kept of the rows in eight bits
// (E4M3, a bfloat16 scale for 16 neighbours) the backward kernels read as it is.
//
// With u = dy / weight and m = -(u . sum) / weight: dq = state u + mass m; the state's slope is the sum of q [u, m]';
// dk = slope [v, 1], dv = slope' k. So forward takes two passes over the rows, backward three (state, queries, texts), each a
// warp by itself from memory to memory. Roofline: bytes, 8 a channel forward and 18 backward (2 of them the state again).
#include "e4m3.cuh"
#include "largest.cuh"
#include "rows16.cuh"

struct ReluAttention16Params {
    const uint16_t* qkv;  // [image][token][q, k, v: heads 32 each]
    const uint16_t* dy;   // [image][token][heads 32]; of the gradients
    float* y;             // as dy forward, as qkv of the gradients
    uint16_t* rounded;    // instead of y where it is not null
    float* states;        // [image][head][piece][key][value, then mass]
    float* slopes;        // likewise, their gradients
    int tokens, heads;
    int rows;    // tokens a block
    int pieces;  // of states that are added up
    float epsilon;
    const unsigned char* codes;  // of qkv: instead of it in the kernels that read eight bits
    const uint16_t* scales;
    float* largest;  // of each block's results forward, may be null
};

constexpr int COLUMNS = HEAD + 1, STATE = HEAD * COLUMNS, WARPS = 4, TILE = 16;

// Eight codes and their scale as four pairs of bfloat16.
__device__ __forceinline__ uint4 widened(uint2 codes, float scale) {
    float v[8];
    decoded_four(v, codes.x);
    decoded_four(v + 4, codes.y);
    return make_uint4(
        packed_bfloat16(v[0] * scale, v[1] * scale), packed_bfloat16(v[2] * scale, v[3] * scale),
        packed_bfloat16(v[4] * scale, v[5] * scale), packed_bfloat16(v[6] * scale, v[7] * scale));
}

// Eight neighbours in memory, under way while something else is done.
template <bool EIGHT_BITS>
struct Neighbours {
    uint4 bits;
    __device__ __forceinline__ void zero() { bits = make_uint4(0, 0, 0, 0); }
    __device__ __forceinline__ void load(const ReluAttention16Params& p, const uint16_t* wide, long long at) {
        if (EIGHT_BITS) {
            uint2 codes = *reinterpret_cast<const uint2*>(p.codes + at);
            bits = make_uint4(codes.x, codes.y, p.scales[at / 16], 0);
        } else {
            bits = *reinterpret_cast<const uint4*>(wide + at);
        }
    }
    __device__ __forceinline__ uint4 pairs() const {
        return EIGHT_BITS ? widened(uint2{bits.x, bits.y}, low_of(bits.z)) : bits;
    }
};

// The same eight channels of two rows of a tile as they come: see `Rows16`.
template <bool EIGHT_BITS>
struct Coming16 {
    Neighbours<EIGHT_BITS> half[2];
    __device__ __forceinline__ void load(
        const ReluAttention16Params& p, const uint16_t* wide, long long at, int stride, int valid) {
        int lane = threadIdx.x % 32;
#pragma unroll
        for (int i = 0; i < 2; i++) {
            int row = lane / 4 + i * 8;
            half[i].zero();
            if (row < valid) half[i].load(p, wide, at + (long long)row * stride + lane % 4 * 8);
        }
    }
    __device__ __forceinline__ Rows16 rows() const {
        Rows16 rows;
#pragma unroll
        for (int i = 0; i < 2; i++) {
            uint4 four = half[i].pairs();
            rows.pair[i][0] = four.x, rows.pair[i][1] = four.y, rows.pair[i][2] = four.z, rows.pair[i][3] = four.w;
        }
        return rows;
    }
};

// Eight sums a row, as they lie in a thread after `applied`.
__device__ __forceinline__ void store(
    const float (&sums)[4][4], const ReluAttention16Params& p, long long at, int stride, int valid) {
    int lane = threadIdx.x % 32;
#pragma unroll
    for (int half = 0; half < 2; half++) {
        int row = lane / 4 + half * 8, e = half * 2;
        if (row >= valid) continue;
        long long to = at + (long long)row * stride + lane % 4 * 8;
        if (p.rounded) {
            *reinterpret_cast<uint4*>(p.rounded + to) = make_uint4(
                packed_bfloat16(sums[0][e], sums[0][e + 1]), packed_bfloat16(sums[1][e], sums[1][e + 1]),
                packed_bfloat16(sums[2][e], sums[2][e + 1]), packed_bfloat16(sums[3][e], sums[3][e + 1]));
        } else {
            float4* y = reinterpret_cast<float4*>(p.y + to);
            y[0] = make_float4(sums[0][e], sums[0][e + 1], sums[1][e], sums[1][e + 1]);
            y[1] = make_float4(sums[2][e], sums[2][e + 1], sums[3][e], sums[3][e + 1]);
        }
    }
}

// A warp's sums over tokens of 32 channels times 32 others and one more.
struct Outer {
    float sums[2][5][4] = {};
    // Both tiles of 16 tokens lie by rows; `last` makes the column behind the 32nd.
    __device__ __forceinline__ void add(const uint16_t* left, const uint16_t* right, bool clamps, const uint32_t (&last)[2]) {
        int lane = threadIdx.x % 32, inner = lane % 8, low = lane / 8 % 2 * 8, high = lane / 16 * 8;
        uint32_t b[2][4];
#pragma unroll
        for (int j = 0; j < 2; j++) load_matrices_turned(b[j], right + (low + inner) * PITCH + j * 16 + high);
#pragma unroll
        for (int i = 0; i < 2; i++) {
            uint32_t a[4];
            load_matrices_turned(a, left + (high + inner) * PITCH + i * 16 + low);
#pragma unroll
            for (int r = 0; r < 4; r++) a[r] = clamps ? clamped(a[r]) : a[r];
#pragma unroll
            for (int j = 0; j < 4; j++) multiply_bfloat16(sums[i][j], a, b[j / 2][j % 2 * 2], b[j / 2][j % 2 * 2 + 1]);
            multiply_bfloat16(sums[i][4], a, last[0], last[1]);
        }
    }
    // Adds up the block's warps and writes what they have.
    __device__ __forceinline__ void write(float* scratch, float* to) const {
        int lane = threadIdx.x % 32;
        __syncthreads();
        float* own = scratch + threadIdx.x / 32 * STATE;
#pragma unroll
        for (int i = 0; i < 2; i++)
#pragma unroll
            for (int j = 0; j < 5; j++)
#pragma unroll
                for (int e = 0; e < 4; e++) {
                    int row = i * 16 + lane / 4 + e / 2 * 8, column = j * 8 + lane % 4 * 2 + e % 2;
                    if (column < COLUMNS) own[row * COLUMNS + column] = sums[i][j][e];
                }
        __syncthreads();
        for (int e = threadIdx.x; e < STATE; e += blockDim.x) {
            float sum = 0;
            for (int warp = 0; warp < WARPS; warp++) sum += scratch[warp * STATE + e];
            to[e] = sum;
        }
    }
};

// Adds the pieces of a head's states up, all of a thread's loads under way at once.
__device__ __forceinline__ void gather(float* state, const float* from, int pieces) {
    constexpr int EACH = (STATE + WARPS * 32 - 1) / (WARPS * 32);
    from += (long long)blockIdx.y * pieces * STATE;
    float sums[EACH] = {};
    for (int piece = 0; piece < pieces; piece++, from += STATE)
#pragma unroll
        for (int i = 0; i < EACH; i++) {
            int e = i * WARPS * 32 + threadIdx.x;
            if (e < STATE) sums[i] += from[e];
        }
#pragma unroll
    for (int i = 0; i < EACH; i++) {
        int e = i * WARPS * 32 + threadIdx.x;
        if (e < STATE) state[e] = sums[i];
    }
    __syncthreads();
}

struct Place {
    int image, head, width, from, to;
    __device__ __forceinline__ explicit Place(const ReluAttention16Params& p)
        : image(blockIdx.y / p.heads),
          head(blockIdx.y % p.heads),
          width(p.heads * HEAD),
          from(blockIdx.x * p.rows),
          to(min(p.tokens, int(blockIdx.x + 1) * p.rows)) {}
    __device__ __forceinline__ long long row(const ReluAttention16Params& p, int token) const {
        return (long long)image * p.tokens + token;
    }
};

template <bool EIGHT_BITS>
__device__ __forceinline__ void relu_attention16_state_of(const ReluAttention16Params& p) {
    constexpr int TOKENS = 32, MATRIX = TOKENS * PITCH, EACH = TOKENS / 4;
    __shared__ __align__(16) uint16_t tiles[WARPS][2][MATRIX];
    Place place(p);
    int lane = threadIdx.x % 32, stride = 3 * place.width;
    uint16_t* own = tiles[threadIdx.x / 32][0];
    long long keys = place.row(p, 0) * stride + place.width + place.head * HEAD;
    Neighbours<EIGHT_BITS> next[EACH];
    auto load = [&](int token) {
#pragma unroll
        for (int i = 0; i < EACH; i++) {
            int matrix = i % 2, row = token + i / 2 * 8 + lane / 4;
            next[i].zero();
            if (row < place.to)
                next[i].load(p, p.qkv, keys + (long long)row * stride + matrix * place.width + lane % 4 * 8);
        }
    };
    Outer outer;
    const uint32_t ones[2] = {0x3f803f80u, 0x3f803f80u};
    int token = place.from + threadIdx.x / 32 * TOKENS;
    load(token);
    for (; token < place.to; token += WARPS * TOKENS) {
#pragma unroll
        for (int i = 0; i < EACH; i++)
            *reinterpret_cast<uint4*>(own + i % 2 * MATRIX + (i / 2 * 8 + lane / 4) * PITCH + lane % 4 * 8) = next[i].pairs();
        __syncwarp();
        load(token + WARPS * TOKENS);
#pragma unroll
        for (int half = 0; half < 2; half++) outer.add(own + half * TILE * PITCH, own + half * TILE * PITCH + MATRIX, true, ones);
        __syncwarp();
    }
    outer.write(reinterpret_cast<float*>(tiles), p.states + ((long long)blockIdx.y * gridDim.x + blockIdx.x) * STATE);
}
KERNEL_MEETING(relu_attention16_state, ReluAttention16Params, 128) { relu_attention16_state_of<false>(p); }
KERNEL_MEETING(relu_attention16_state_eight, ReluAttention16Params, 128) { relu_attention16_state_of<true>(p); }

KERNEL_MEETING(relu_attention16_apply, ReluAttention16Params, 128) {
    __shared__ float state[STATE];
    Place place(p);
    int step = WARPS * TILE, stride = 3 * place.width;
    Coming16<false> next;
    auto load = [&](int at) { next.load(p, p.qkv, place.row(p, at) * stride + place.head * HEAD, stride, place.to - at); };
    int token = place.from + threadIdx.x / 32 * TILE;
    load(token);
    gather(state, p.states, p.pieces);
    Order<2> values;
    OrderedVector mass;
    values.make([&](int key, int value) { return state[key * COLUMNS + value]; });
    mass.make([&](int key) { return state[key * COLUMNS + HEAD]; });
    float most = 0;
    for (; token < place.to; token += step) {
        Rows16 q = next.rows();
        load(token + step);
        q.clamp();
        float sums[4][4] = {};
        values.applied(sums, q);
        float2 weight = mass.applied(q);
        float low = 1.f / (weight.x + p.epsilon), high = 1.f / (weight.y + p.epsilon);
#pragma unroll
        for (int tile = 0; tile < 4; tile++)
#pragma unroll
            for (int e = 0; e < 4; e++) {
                sums[tile][e] *= e / 2 ? high : low;
                if (token + threadIdx.x % 32 / 4 + e / 2 * 8 < unsigned(place.to)) most = larger(most, sums[tile][e]);
            }
        store(sums, p, place.row(p, token) * place.width + place.head * HEAD, place.width, place.to - token);
    }
    if (p.largest) tell_largest<WARPS>(most, p.largest + blockIdx.y * gridDim.x + blockIdx.x);
}

// Gradients of the queries; what they say of the states, summed over the block's tokens.
template <bool EIGHT_BITS>
__device__ __forceinline__ void relu_attention16_query_of(const ReluAttention16Params& p) {
    constexpr int MATRIX = TILE * PITCH;
    // Queries and u a warp; in the end, a state a warp.
    __shared__ __align__(16) unsigned char shared[WARPS * STATE * 4];
    __shared__ float state[STATE];
    Place place(p);
    uint16_t* tile = reinterpret_cast<uint16_t*>(shared) + threadIdx.x / 32 * 2 * MATRIX;
    int lane = threadIdx.x % 32, step = WARPS * TILE, token = place.from + threadIdx.x / 32 * TILE;
    Outer outer;
    Coming16<EIGHT_BITS> nextQ;
    Coming16<false> nextDy;
    auto load = [&](int at) {
        nextQ.load(p, p.qkv, place.row(p, at) * 3 * place.width + place.head * HEAD, 3 * place.width, place.to - at);
        nextDy.load(p, p.dy, place.row(p, at) * place.width + place.head * HEAD, place.width, place.to - at);
    };
    load(token);
    gather(state, p.states, p.pieces);
    Order<2> values;
    Order<1> keys;
    OrderedVector mass;
    values.make([&](int key, int value) { return state[key * COLUMNS + value]; });
    keys.make([&](int value, int key) { return state[key * COLUMNS + value]; });
    mass.make([&](int key) { return state[key * COLUMNS + HEAD]; });
    for (; token < place.to; token += step) {
        Rows16 q = nextQ.rows(), u = nextDy.rows();
        load(token + step);
        q.clamp();
        float sums[4][4] = {}, down[2];
        values.applied(sums, q);
        float2 weight = mass.applied(q);
#pragma unroll
        for (int half = 0; half < 2; half++) {
            bool inside = token + lane / 4 + half * 8 < place.to;
            float inverse = inside ? 1.f / ((half ? weight.y : weight.x) + p.epsilon) : 0.f, dot = 0;
#pragma unroll
            for (int i = 0; i < 4; i++) {
                float first = u.value(half, 2 * i) * inverse, second = u.value(half, 2 * i + 1) * inverse;
                dot += first * sums[i][half * 2] + second * sums[i][half * 2 + 1];
                u.pair[half][i] = packed_bfloat16(first, second);
            }
            dot += __shfl_xor_sync(0xffffffffu, dot, 1);
            dot += __shfl_xor_sync(0xffffffffu, dot, 2);
            down[half] = -dot * inverse;
        }
        float dq[4][4] = {};
        keys.applied(dq, u);
#pragma unroll
        for (int i = 0; i < 4; i++)
#pragma unroll
            for (int e = 0; e < 4; e++) {
                int channel = 2 * i + e % 2;
                float z = state[(lane % 4 * 8 + channel) * COLUMNS + HEAD];
                dq[i][e] = q.value(e / 2, channel) > 0 ? dq[i][e] + down[e / 2] * z : 0.f;
            }
        store(dq, p, place.row(p, token) * 3 * place.width + place.head * HEAD, 3 * place.width, place.to - token);
        q.keep(tile);
        u.keep(tile + MATRIX);
        // m as the steps of a right operand, the same in all of its columns, of which the first is kept.
        uint32_t last[2];
#pragma unroll
        for (int half = 0; half < 2; half++) {
            float first = __shfl_sync(0xffffffffu, down[half], lane % 4 * 8);
            float second = __shfl_sync(0xffffffffu, down[half], lane % 4 * 8 + 4);
            last[half] = packed_bfloat16(first, second);
        }
        __syncwarp();
        outer.add(tile, tile + MATRIX, false, last);
        __syncwarp();
    }
    outer.write(reinterpret_cast<float*>(shared), p.slopes + ((long long)blockIdx.y * gridDim.x + blockIdx.x) * STATE);
}
#ifdef SIGHTLINE_EMULATED
#define KERNEL_OF_THREE(name, Params) KERNEL_MEETING(name, Params, 128)
#else
// So few registers that three blocks fit a multiprocessor.
#define KERNEL_OF_THREE(name, Params) KERNEL_WITH(name, Params, __launch_bounds__(128, 3))
#endif
KERNEL_OF_THREE(relu_attention16_query, ReluAttention16Params) { relu_attention16_query_of<false>(p); }
KERNEL_OF_THREE(relu_attention16_query_eight, ReluAttention16Params) { relu_attention16_query_of<true>(p); }

// Gradients of keys and values.
template <bool EIGHT_BITS>
__device__ __forceinline__ void relu_attention16_text_of(const ReluAttention16Params& p) {
    __shared__ float slope[STATE];
    Place place(p);
    int lane = threadIdx.x % 32, step = WARPS * TILE, token = place.from + threadIdx.x / 32 * TILE;
    // Two tiles are under way while one is worked on.
    Coming16<EIGHT_BITS> nextK[2], nextV[2];
    auto load = [&](int which, int at) {
        long long row = place.row(p, at) * 3 * place.width + place.width + place.head * HEAD;
        nextK[which].load(p, p.qkv, row, 3 * place.width, place.to - at);
        nextV[which].load(p, p.qkv, row + place.width, 3 * place.width, place.to - at);
    };
    load(0, token);
    load(1, token + step);
    gather(slope, p.slopes, p.pieces);
    Order<1> toKeys, toValues;
    toKeys.make([&](int value, int key) { return slope[key * COLUMNS + value]; });
    toValues.make([&](int key, int value) { return slope[key * COLUMNS + value]; });
    float mass[8];
#pragma unroll
    for (int i = 0; i < 8; i++) mass[i] = slope[(lane % 4 * 8 + i) * COLUMNS + HEAD];
    auto turn = [&](int which) {
        Rows16 k = nextK[which].rows(), v = nextV[which].rows();
        load(which, token + 2 * step);
        k.clamp();
        float dk[4][4] = {}, dv[4][4] = {};
        toKeys.applied(dk, v);
        toValues.applied(dv, k);
#pragma unroll
        for (int i = 0; i < 4; i++)
#pragma unroll
            for (int e = 0; e < 4; e++) {
                int channel = 2 * i + e % 2;
                dk[i][e] = k.value(e / 2, channel) > 0 ? dk[i][e] + mass[channel] : 0.f;
            }
        long long at = place.row(p, token) * 3 * place.width + place.width + place.head * HEAD;
        store(dk, p, at, 3 * place.width, place.to - token);
        store(dv, p, at + place.width, 3 * place.width, place.to - token);
    };
    for (; token < place.to; token += step) {
        turn(0);
        token += step;
        if (token < place.to) turn(1);
    }
}
KERNEL_MEETING(relu_attention16_text, ReluAttention16Params, 128) { relu_attention16_text_of<false>(p); }
KERNEL_MEETING(relu_attention16_text_eight, ReluAttention16Params, 128) { relu_attention16_text_of<true>(p); }
