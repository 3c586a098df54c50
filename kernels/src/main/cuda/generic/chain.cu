// Whole expressions, interpreted: what runs where KernelLibrary.java does not have them compiled, with the same parameters and the
// same meaning (ExpressionKernels.java writes PTX, whose time goes by bytes; here it goes by operations decoded).
//
// Expressions over float32, twice four neighbours a thread: what a graph says in many elementwise operations is read once,
// computed in a few registers and written once. Leaves are arrays in any stride that runs or stays along the last axis, and
// COAT's packed activations; results are stored as float32, as bfloat16 for products, as E4M3 in groups of 16, or reduced
// along rows or down columns without ever being stored.
//
// Memory-bound: the leaves' bytes plus the results'. Registers lie in shared memory, a column a thread, since the program picks
// them by number; each access costs four cycles of shared memory a warp, a leaf of float32 about thirty of the card's memory.
#include "e4m3.cuh"
#include "either.cuh"
#include "elementwise.cuh"
#include "largest.cuh"

constexpr int LEAVES = 8, RESULTS = 4, NUMBERS = 8, OPERATIONS = 16, AXES = 5;
constexpr int CHAIN_BLOCK = 128;
constexpr int QUADS = 2;  // a thread: what to do is read once for both
constexpr int LAST = 62;      // the result of the operation before, which stays in true registers
constexpr int NOWHERE = 63;   // where what only the next operation reads goes
constexpr int NUMBER = 64;    // registers from here on are constants
constexpr float EIGHT_LARGEST = 448.f;

struct ChainLeaf {
    enum Kind { DENSE, WALKED, NARROW_DENSE, NARROW_WALKED, GROUPS, WHOLE };
    const void* from;  // float32, bfloat16, or E4M3 codes
    const __nv_bfloat16* scales;
    int kind, base;
    int strides[AXES];
};
struct ChainResult {
    enum Kind { FLOATS, NARROW, PACKED };
    void* to;
    __nv_bfloat16* scales;
    int kind, base, source;
    int strides[AXES];
};
struct ChainParams {
    ChainLeaf leaves[LEAVES];
    ChainResult results[RESULTS];
    float numbers[NUMBERS];
    unsigned operations[OPERATIONS];  // code, left register, right register, where to, a byte each
    int n, leafCount, operationCount, resultCount, rank;
    int size[AXES];  // the last axis last
    unsigned magic[AXES], shift[AXES];  // by which an index is divided by a size: i * magic >> 32 >> shift
    // Reductions of result 0: [outer][rows][columns] down columns, [rows][columns] along rows.
    int outer, rows, columns, reduce, divisor;
};
// Codes of functions are the graph's, then arithmetic and slopes.
constexpr int ARITHMETIC = 64, SLOPE = 128;

struct ChainPlace {
    int at[AXES];
};
__device__ __forceinline__ ChainPlace chain_place(const ChainParams& p, int i) {
    ChainPlace place = {};
#pragma unroll
    for (int d = AXES - 1; d >= 0; d--) {
        if (d < AXES - p.rank) continue;
        int quotient = d > AXES - p.rank ? int(__umulhi(unsigned(i), p.magic[d]) >> p.shift[d]) : 0;
        place.at[d] = i - quotient * p.size[d];
        i = quotient;
    }
    return place;
}
__device__ __forceinline__ int chain_offset(const ChainPlace& place, const int (&strides)[AXES], int base) {
#pragma unroll
    for (int d = 0; d < AXES; d++) base += place.at[d] * strides[d];
    return base;
}
__device__ __forceinline__ float4 chain_load(const ChainParams& p, const ChainLeaf& leaf, const ChainPlace& place, int i) {
    if (leaf.kind >= ChainLeaf::GROUPS) {
        unsigned four = static_cast<const unsigned*>(leaf.from)[i / 4];
        float scale = __bfloat162float(leaf.scales[leaf.kind == ChainLeaf::WHOLE ? 0 : i / 16]);
        return make_float4(
            decoded(four & 255u) * scale, decoded(four >> 8 & 255u) * scale, decoded(four >> 16 & 255u) * scale,
            decoded(four >> 24) * scale);
    }
    bool dense = leaf.kind == ChainLeaf::DENSE || leaf.kind == ChainLeaf::NARROW_DENSE;
    int at = dense ? leaf.base + i : chain_offset(place, leaf.strides, leaf.base);
    bool runs = dense || leaf.strides[AXES - 1];
    if (leaf.kind >= ChainLeaf::NARROW_DENSE) {
        const uint16_t* from = static_cast<const uint16_t*>(leaf.from) + at;
        uint2 four = runs ? *reinterpret_cast<const uint2*>(from) : uint2{*from * 0x10001u, *from * 0x10001u};
        return four_of(four);
    }
    const float* from = static_cast<const float*>(leaf.from) + at;
    return runs ? *reinterpret_cast<const float4*>(from) : make_float4(*from, *from, *from, *from);
}
__device__ __forceinline__ float chain_apply(int code, float a, float b) {
    if (code >= SLOPE) return a * slope(code - SLOPE, b);
    return code >= ARITHMETIC ? binary_of(code - ARITHMETIC, a, b) : function_of(code, a);
}

// The registers of one thread.
struct ChainFile {
    const ChainParams& p;
    float4* file;
    float4 last[QUADS];
    ChainPlace place[QUADS];
    __device__ __forceinline__ ChainFile(const ChainParams& params, unsigned char* shared)
        : p(params), file(reinterpret_cast<float4*>(shared) + threadIdx.x) {}
    __device__ __forceinline__ float4& at(int which, int quad) const {
        return file[(which * QUADS + quad) * CHAIN_BLOCK];
    }
    __device__ __forceinline__ float4 read(int which, int quad) const {
        if (which == LAST) return last[quad];
        if (which < NUMBER) return at(which, quad);
        float x = p.numbers[which - NUMBER];
        return make_float4(x, x, x, x);
    }
    template <typename Function>
    __device__ __forceinline__ void apply(const float4 (&a)[QUADS], const float4 (&b)[QUADS], Function f) {
#pragma unroll
        for (int q = 0; q < QUADS; q++)
            last[q] = make_float4(f(a[q].x, b[q].x), f(a[q].y, b[q].y), f(a[q].z, b[q].z), f(a[q].w, b[q].w));
    }
    // Computes the four elements from each index on.
    __device__ __forceinline__ void compute(const int (&index)[QUADS]) {
#pragma unroll
        for (int q = 0; q < QUADS; q++) place[q] = chain_place(p, index[q]);
        // Two leaves' loads are under way at once.
        for (int l = 0; l < p.leafCount; l += 2) {
            float4 v[2][QUADS];
#pragma unroll
            for (int j = 0; j < 2; j++)
                if (l + j < p.leafCount)
#pragma unroll
                    for (int q = 0; q < QUADS; q++) v[j][q] = chain_load(p, p.leaves[l + j], place[q], index[q]);
#pragma unroll
            for (int j = 0; j < 2; j++)
                if (l + j < p.leafCount)
#pragma unroll
                    for (int q = 0; q < QUADS; q++) at(l + j, q) = v[j][q];
        }
        for (int o = 0; o < p.operationCount; o++) {
            unsigned operation = p.operations[o];
            int code = operation & 255, to = operation >> 24;
            float4 a[QUADS], b[QUADS];
#pragma unroll
            for (int q = 0; q < QUADS; q++) a[q] = read(operation >> 8 & 255, q), b[q] = read(operation >> 16 & 255, q);
            // The choice is made once for all elements.
            switch (code) {
                case ARITHMETIC + Binary::ADD: apply(a, b, [](float x, float y) { return x + y; }); break;
                case ARITHMETIC + Binary::SUB: apply(a, b, [](float x, float y) { return x - y; }); break;
                case ARITHMETIC + Binary::MUL: apply(a, b, [](float x, float y) { return x * y; }); break;
                case ARITHMETIC + Binary::DIV: apply(a, b, [](float x, float y) { return x / y; }); break;
                case SLOPE + RELU_ACT: apply(a, b, [](float x, float y) { return x * slope(RELU_ACT, y); }); break;
                case SLOPE + SILU_ACT: apply(a, b, [](float x, float y) { return x * slope(SILU_ACT, y); }); break;
                case Unary::NEG: apply(a, b, [](float x, float) { return -x; }); break;
                case Unary::SQUARE: apply(a, b, [](float x, float) { return x * x; }); break;
                case Unary::RELU: apply(a, b, [](float x, float) { return function_of(Unary::RELU, x); }); break;
                case Unary::SILU: apply(a, b, [](float x, float) { return function_of(Unary::SILU, x); }); break;
                default: apply(a, b, [code](float x, float y) { return chain_apply(code, x, y); });
            }
            if (to == NOWHERE) continue;
#pragma unroll
            for (int q = 0; q < QUADS; q++) at(to, q) = last[q];
        }
    }
};

__device__ __forceinline__ void chain_store(const ChainResult& r, const ChainPlace& place, float4 v) {
    int at = chain_offset(place, r.strides, r.base);
    if (r.kind == ChainResult::FLOATS)
        *reinterpret_cast<float4*>(static_cast<float*>(r.to) + at) = v;
    else
        *reinterpret_cast<uint2*>(static_cast<uint16_t*>(r.to) + at) =
            uint2{packed_bfloat16(v.x, v.y), packed_bfloat16(v.z, v.w)};
}

// A block's quads lie one behind the other, and so do those that its threads take first.
__device__ __forceinline__ void chain_quads(int (&index)[QUADS]) {
#pragma unroll
    for (int q = 0; q < QUADS; q++) index[q] = ((int(blockIdx.x) * QUADS + q) * CHAIN_BLOCK + int(threadIdx.x)) * 4;
}

KERNEL(chain_map, ChainParams) {
    DYNAMIC_SHARED(shared);
    int index[QUADS], within[QUADS];
    chain_quads(index);
    if (index[0] >= p.n) return;
#pragma unroll
    for (int q = 0; q < QUADS; q++) within[q] = index[q] < p.n ? index[q] : 0;
    ChainFile file(p, shared);
    file.compute(within);
    for (int r = 0; r < p.resultCount; r++)
#pragma unroll
        for (int q = 0; q < QUADS; q++)
            if (index[q] < p.n) chain_store(p.results[r], file.place[q], file.read(p.results[r].source, q));
}

// The same where some result is packed: four threads share a scale. n is a multiple of 16.
KERNEL_MEETING(chain_pack, ChainParams, CHAIN_BLOCK) {
    DYNAMIC_SHARED(shared);
    int index[QUADS], within[QUADS];
    chain_quads(index);
#pragma unroll
    for (int q = 0; q < QUADS; q++) within[q] = index[q] < p.n ? index[q] : 0;
    ChainFile file(p, shared);
    file.compute(within);
    for (int r = 0; r < p.resultCount; r++) {
        const ChainResult& result = p.results[r];
#pragma unroll
        for (int q = 0; q < QUADS; q++) {
            float4 v = file.read(result.source, q);
            bool inside = index[q] < p.n;
            if (result.kind != ChainResult::PACKED) {
                if (inside) chain_store(result, file.place[q], v);
                continue;
            }
            float most = larger(larger(larger(larger(0.f, v.x), v.y), v.z), v.w);
            for (int mask = 1; mask < 4; mask *= 2) most = larger(most, __shfl_xor_sync(0xffffffffu, most, mask));
            float scale = scale_of(most);
            if (!inside) continue;
            static_cast<unsigned*>(result.to)[index[q] / 4] = encoded_over(v, scale);
            if (index[q] % 16 == 0) result.scales[index[q] / 16] = __float2bfloat16(scale);
        }
    }
}

// In the order of the graph's Reduction.Kind.
struct ChainReduce {
    enum Code { SUM, MEAN, MAX, MIN };
};
__device__ __forceinline__ float chain_joined(int op, float a, float b) {
    if (op == ChainReduce::MAX) return a > b || a != a ? a : b;
    if (op == ChainReduce::MIN) return a < b || a != a ? a : b;
    return a + b;
}
__device__ __forceinline__ float chain_start(int op) {
    return op == ChainReduce::MAX ? -INFINITY : op == ChainReduce::MIN ? INFINITY : 0.f;
}

__device__ __forceinline__ float4 chain_joined(int op, const float4& a, const float4& b) {
    return make_float4(
        chain_joined(op, a.x, b.x), chain_joined(op, a.y, b.y), chain_joined(op, a.z, b.z), chain_joined(op, a.w, b.w));
}

// A row a warp.
KERNEL_MEETING(chain_rows, ChainParams, CHAIN_BLOCK) {
    DYNAMIC_SHARED(shared);
    int row = GLOBAL_INDEX / 32, lane = threadIdx.x % 32;
    if (row >= p.rows) return;
    ChainFile file(p, shared);
    float start = chain_start(p.reduce);
    float4 four = make_float4(start, start, start, start);
    for (int k = lane * 4; k < p.columns; k += QUADS * 128) {
        int index[QUADS];
#pragma unroll
        for (int q = 0; q < QUADS; q++) index[q] = row * p.columns + (k + q * 128 < p.columns ? k + q * 128 : k);
        file.compute(index);
#pragma unroll
        for (int q = 0; q < QUADS; q++)
            if (k + q * 128 < p.columns) four = chain_joined(p.reduce, four, file.read(p.results[0].source, q));
    }
    float total = chain_joined(
        p.reduce, chain_joined(p.reduce, four.x, four.y), chain_joined(p.reduce, four.z, four.w));
    for (int mask = 16; mask > 0; mask >>= 1)
        total = chain_joined(p.reduce, total, __shfl_xor_sync(0xffffffffu, total, mask));
    if (lane == 0)
        static_cast<float*>(p.results[0].to)[row] = p.reduce == ChainReduce::MEAN ? total / p.divisor : total;
}

__device__ __forceinline__ float4 chain_mean(const ChainParams& p, const float4& v) {
    if (p.reduce != ChainReduce::MEAN) return v;
    return make_float4(v.x / p.divisor, v.y / p.divisor, v.z / p.divisor, v.w / p.divisor);
}
// 128 columns a block, eight rows at once; blocks along y take a matrix, along z a piece of its rows each. Pieces go to result 1,
// one behind the other; the block that is last to leave one for its columns joins them all, always in the same order.
KERNEL_MEETING(chain_columns, ChainParams, CHAIN_BLOCK) {
    constexpr int LINES = CHAIN_BLOCK / 32;
    DYNAMIC_SHARED(shared);
    __shared__ float4 partial[LINES][32];
    __shared__ bool last;
    int lane = threadIdx.x % 32, line = threadIdx.x / 32, column = blockIdx.x * 128 + lane * 4;
    int from = int((long long)p.rows * blockIdx.z / gridDim.z), to = int((long long)p.rows * (blockIdx.z + 1) / gridDim.z);
    bool inside = column < p.columns;
    ChainFile file(p, shared);
    float start = chain_start(p.reduce);
    const float4 none = make_float4(start, start, start, start);
    float4 total = none;
    for (int row = from + line; inside && row < to; row += QUADS * LINES) {
        int index[QUADS];
#pragma unroll
        for (int q = 0; q < QUADS; q++) {
            int own = row + q * LINES < to ? row + q * LINES : row;
            index[q] = (int(blockIdx.y) * p.rows + own) * p.columns + column;
        }
        file.compute(index);
#pragma unroll
        for (int q = 0; q < QUADS; q++)
            if (row + q * LINES < to) total = chain_joined(p.reduce, total, file.read(p.results[0].source, q));
    }
    long long own = (long long)blockIdx.y * p.columns + column, plane = (long long)p.outer * p.columns;
    float* pieces = static_cast<float*>(p.results[1].to);
    for (int round = 0; round < 2; round++) {
        partial[line][lane] = total;
        __syncthreads();
        for (int other = 1; line == 0 && other < LINES; other++)
            total = chain_joined(p.reduce, total, partial[other][lane]);
        if (round == 1 || gridDim.z == 1) break;
        if (line == 0 && inside) *reinterpret_cast<float4*>(pieces + blockIdx.z * plane + own) = total;
        __threadfence();
        __syncthreads();
        unsigned* left = reinterpret_cast<unsigned*>(p.results[1].scales) + blockIdx.y * gridDim.x + blockIdx.x;
        if (threadIdx.x == 0) last = atomicInc(left, gridDim.z - 1) == gridDim.z - 1;
        __syncthreads();
        if (!last) return;
        __threadfence();
        total = none;
        for (int piece = line; inside && piece < int(gridDim.z); piece += LINES)
            total = chain_joined(p.reduce, total, *reinterpret_cast<const float4*>(pieces + piece * plane + own));
    }
    if (line == 0 && inside)
        *reinterpret_cast<float4*>(static_cast<float*>(p.results[0].to) + own) = chain_mean(p, total);
}
