// Products of a head of attention, D channels of bfloat16: 64 rows of four warps as one product on Hopper, whose left operand
// stays in their registers, elsewhere sixteen rows each; the right operand lies in shared memory.
#pragma once
#include "tensor_core.cuh"
#if defined(__CUDA_ARCH_FEAT_SM90_ALL)
#include "hopper.cuh"
#endif

// The shared memory of another kernel's eye: what threads copied there, products of four warps may read.
__device__ __forceinline__ void copies_shown() {
#if defined(__CUDA_ARCH_FEAT_SM90_ALL)
    asm volatile("fence.proxy.async.shared::cta;" ::: "memory");
#endif
}

#if defined(__CUDA_ARCH_FEAT_SM90_ALL)
#define TILE1(d, t) "+f"((d)[t][0]), "+f"((d)[t][1]), "+f"((d)[t][2]), "+f"((d)[t][3])
#define TILE4(d, t) TILE1(d, t), TILE1(d, t + 1), TILE1(d, t + 2), TILE1(d, t + 3)
#define TILE8(d, t) TILE4(d, t), TILE4(d, t + 4)
#define TILE9(d, t) TILE8(d, t), TILE1(d, t + 8)
#define TILE14(d, t) TILE8(d, t), TILE4(d, t + 8), TILE1(d, t + 12), TILE1(d, t + 13)
#define NAMES36                                                                                                         \
    "{%0,%1,%2,%3,%4,%5,%6,%7,%8,%9,%10,%11,%12,%13,%14,%15,%16,%17,%18,%19,%20,%21,%22,%23,%24,%25,%26,%27,%28,%29," \
    "%30,%31,%32,%33,%34,%35}"
#define NAMES56                                                                                                         \
    "{%0,%1,%2,%3,%4,%5,%6,%7,%8,%9,%10,%11,%12,%13,%14,%15,%16,%17,%18,%19,%20,%21,%22,%23,%24,%25,%26,%27,%28,%29," \
    "%30,%31,%32,%33,%34,%35,%36,%37,%38,%39,%40,%41,%42,%43,%44,%45,%46,%47,%48,%49,%50,%51,%52,%53,%54,%55}"
// 64 rows times a right operand in shared memory; TURNED: whose columns run fastest.
#define MULTIPLY64(N, TILES, NAMES, A0, A1, A2, A3, B, ADD, T)                                                         \
    template <bool TURNED>                                                                                              \
    __device__ __forceinline__ void multiply64(float (&d)[TILES][4], const uint32_t (&a)[4], uint64_t b, int add) {     \
        asm volatile("{\n.reg .pred add;\nsetp.ne.b32 add, %" #ADD ", 0;\n"                                            \
                     "wgmma.mma_async.sync.aligned.m64n" #N "k16.f32.bf16.bf16 " NAMES ", {%" #A0 ",%" #A1 ",%" #A2     \
                     ",%" #A3 "}, %" #B ", add, 1, 1, %" #T ";\n}"                                                      \
                     : TILE##TILES(d, 0)                                                                                \
                     : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "l"(b), "r"(add), "n"(TURNED ? 1 : 0));              \
    }
MULTIPLY64(32, 4, NAMES16, 16, 17, 18, 19, 20, 21, 22)
MULTIPLY64(64, 8, NAMES32, 32, 33, 34, 35, 36, 37, 38)
MULTIPLY64(72, 9, NAMES36, 36, 37, 38, 39, 40, 41, 42)
MULTIPLY64(112, 14, NAMES56, 56, 57, 58, 59, 60, 61, 62)

// The same of a left operand in shared memory, neither turned.
#define MULTIPLY_SHARED64(N, TILES, NAMES, A, B, ADD)                                                                   \
    __device__ __forceinline__ void multiply64(float (&d)[TILES][4], uint64_t a, uint64_t b, int add) {                \
        asm volatile("{\n.reg .pred add;\nsetp.ne.b32 add, %" #ADD ", 0;\n"                                            \
                     "wgmma.mma_async.sync.aligned.m64n" #N "k16.f32.bf16.bf16 " NAMES ", %" #A ", %" #B                \
                     ", add, 1, 1, 0, 0;\n}"                                                                            \
                     : TILE##TILES(d, 0)                                                                                \
                     : "l"(a), "l"(b), "r"(add));                                                                       \
    }
MULTIPLY_SHARED64(32, 4, NAMES16, 16, 17, 18)
MULTIPLY_SHARED64(64, 8, NAMES32, 32, 33, 34)

// Of 8 x 8 elements that lie together: `step` bytes on to the next along the inner dimension, `rows` along the other one.
__device__ __forceinline__ uint64_t pieces_descriptor(const void* from, int step, int rows) {
    return uint64_t((shared_at(from) & 0x3ffff) >> 4) | uint64_t(step >> 4) << 16 | uint64_t(rows >> 4) << 32;
}
#endif

template <int D>
struct Head {
    static constexpr int STEPS = (D + 15) / 16;  // of 16 channels
    static constexpr int TILES = D / 8;          // of 8 channels
    // Shared memory holds pieces of 8 rows and 8 channels, those of the same rows one after another.
    static constexpr int PIECES = STEPS * 2, ROW_GROUP = PIECES * 64;  // elements of eight rows

    // Rows of a matrix to shared memory, zeros behind its end and behind the head's channels.
    static __device__ __forceinline__ void copy(uint16_t* to, const uint16_t* from, int stride, int valid, int rows) {
        for (int e = threadIdx.x; e < rows * PIECES; e += blockDim.x) {
            int row = e / (PIECES * 8) * 8 + e % 8, piece = e / 8 % PIECES;
            bool inside = row < valid && piece < TILES;
            copy16(to + e * 8, inside ? from + (long long)row * stride + piece * 8 : from, inside);
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
    // d = a . (rows of `from`)'. To be waited for.
    template <int COLUMNS>
    static __device__ __forceinline__ void scores(float (&d)[COLUMNS][4], const uint32_t (&a)[STEPS][4], const uint16_t* from) {
#if defined(__CUDA_ARCH_FEAT_SM90_ALL)
#pragma unroll
        for (int s = 0; s < STEPS; s++)
            multiply64<false>(d, a[s], pieces_descriptor(from + s * 128, 128, ROW_GROUP * 2), s > 0);
#else
        int lane = threadIdx.x % 32;
        from += lane / 16 * ROW_GROUP + lane / 8 % 2 * 64 + lane % 8 * 8;
#pragma unroll
        for (int c = 0; c < COLUMNS; c += 2)
#pragma unroll
            for (int s = 0; s < STEPS; s++) {
                uint32_t b[4];
                load_matrices(b, from + c * ROW_GROUP + s * 128);
                multiply_bfloat16(d[c], a[s], b[0], b[1]);
                multiply_bfloat16(d[c + 1], a[s], b[2], b[3]);
            }
#endif
    }
    // The same of 64 rows in shared memory, of which each of four warps has 16.
    template <int COLUMNS>
    static __device__ __forceinline__ void scores(float (&d)[COLUMNS][4], const uint16_t* left, const uint16_t* from) {
#if defined(__CUDA_ARCH_FEAT_SM90_ALL)
#pragma unroll
        for (int s = 0; s < STEPS; s++)
            multiply64(
                d, pieces_descriptor(left + s * 128, 128, ROW_GROUP * 2), pieces_descriptor(from + s * 128, 128, ROW_GROUP * 2),
                s > 0);
#else
        int lane = threadIdx.x % 32;
        uint32_t a[STEPS][4];
        left += (threadIdx.x / 32 % 4 * 2 + lane / 8 % 2) * ROW_GROUP + lane / 16 * 64 + lane % 8 * 8;
#pragma unroll
        for (int s = 0; s < STEPS; s++) load_matrices(a[s], left + s * 128);
        scores(d, a, from);
#endif
    }
    // d += a . (rows of `from`), 16 of them for each of the left operands. To be waited for.
    template <int GROUPS>
    static __device__ __forceinline__ void mix(float (&d)[TILES][4], const uint32_t (&a)[GROUPS][4], const uint16_t* from) {
#if defined(__CUDA_ARCH_FEAT_SM90_ALL)
#pragma unroll
        for (int g = 0; g < GROUPS; g++)
            multiply64<true>(d, a[g], pieces_descriptor(from + 2 * g * ROW_GROUP, ROW_GROUP * 2, 128), 1);
#else
        constexpr int LAST = TILES - 1;
        int lane = threadIdx.x % 32;
        from += lane / 8 % 2 * ROW_GROUP + lane / 16 * 64 + lane % 8 * 8;
#pragma unroll
        for (int g = 0; g < GROUPS; g++)
#pragma unroll
            for (int pair = 0; pair < STEPS; pair++) {
                uint32_t b[4];
                load_matrices_turned(b, from + 2 * g * ROW_GROUP + pair * 128);
                multiply_bfloat16(d[2 * pair], a[g], b[0], b[1]);
                if (2 * pair < LAST) multiply_bfloat16(d[min(2 * pair + 1, LAST)], a[g], b[2], b[3]);
            }
#endif
    }
    // Before products whose operands threads have just written to registers or seen copied.
    static __device__ __forceinline__ void begin() {
#if defined(__CUDA_ARCH_FEAT_SM90_ALL)
        products_fence();
#endif
    }
    // Behind products that are to be waited for together.
    static __device__ __forceinline__ void end() {
#if defined(__CUDA_ARCH_FEAT_SM90_ALL)
        products_commit();
#endif
    }
    // For all products but those before the last PENDING ends.
    template <int PENDING>
    static __device__ __forceinline__ void wait() {
#if defined(__CUDA_ARCH_FEAT_SM90_ALL)
        products_wait<PENDING>();
#endif
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
template <int GROUPS>
__device__ __forceinline__ void as_left(uint32_t (&a)[GROUPS][4], const float (&d)[GROUPS * 2][4]) {
#pragma unroll
    for (int g = 0; g < GROUPS; g++) as_left(a[g], d[2 * g], d[2 * g + 1]);
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
