// A GPU's execution model on one CPU thread, so that the very kernel sources run where no GPU is.
//
// Blocks run one after another. Threads of a block that meet at barriers are fibers switched in turn; shared memory is
// static storage, since only one block lives at a time. Warp collectives exchange through a per-warp buffer between two
// warp barriers. It is for correctness alone: no timing, no memory model, no divergence.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>

struct EmulatedIndex {
    unsigned x, y, z;
};
extern EmulatedIndex threadIdx, blockIdx, blockDim, gridDim;
extern unsigned char* emulatedShared;
void emulatedBlockBarrier();
void emulatedWarpBarrier();
unsigned char* emulatedWarpBuffer();  // 32 slots of 128 bytes, one a lane
int emulatedLane();

#define __device__
#define __host__
#define __forceinline__ inline
#define __align__(n) __attribute__((aligned(n)))
#define __restrict__
#define __shared__ static
#define __launch_bounds__(...)
#define __syncthreads() emulatedBlockBarrier()
#define __syncwarp(...) emulatedWarpBarrier()

#define KERNEL(name, Params)                                                                        \
    static void name##_body(const Params& p);                                                       \
    extern "C" void name(const void* raw) { name##_body(*static_cast<const Params*>(raw)); }        \
    static void name##_body(const Params& p)
// The same, for kernels whose threads meet at barriers: the launcher gives each thread a fiber.
#define KERNEL_MEETING(name, Params, threads)        \
    extern "C" { char name##_meets = 1; }            \
    KERNEL(name, Params)
#define DYNAMIC_SHARED(name) unsigned char* name = emulatedShared

template <typename T>
inline T emulatedShuffle(T value, int source) {
    unsigned char* buffer = emulatedWarpBuffer();
    std::memcpy(buffer + emulatedLane() * 128, &value, sizeof(T));
    emulatedWarpBarrier();
    T result;
    std::memcpy(&result, buffer + (source & 31) * 128, sizeof(T));
    emulatedWarpBarrier();
    return result;
}
template <typename T>
inline T __shfl_xor_sync(unsigned, T value, int mask) {
    return emulatedShuffle(value, emulatedLane() ^ mask);
}
template <typename T>
inline T __shfl_sync(unsigned, T value, int source) {
    return emulatedShuffle(value, source);
}

inline uint32_t __ballot_sync(unsigned, bool vote) {
    unsigned char* buffer = emulatedWarpBuffer();
    buffer[emulatedLane() * 128] = vote;
    emulatedWarpBarrier();
    uint32_t votes = 0;
    for (int lane = 0; lane < 32; lane++) votes |= uint32_t(buffer[lane * 128] != 0) << lane;
    emulatedWarpBarrier();
    return votes;
}
inline int __popc(uint32_t bits) { return __builtin_popcount(bits); }
inline int __ffs(int bits) { return __builtin_ffs(bits); }

template <typename T>
inline T atomicAdd(T* where, T value) {
    T old = *where;
    *where = old + value;
    return old;
}
inline unsigned atomicInc(unsigned* where, unsigned limit) {
    unsigned old = *where;
    *where = old >= limit ? 0 : old + 1;
    return old;
}
inline void __threadfence() {}
inline uint32_t atomicOr(uint32_t* where, uint32_t bits) {
    uint32_t old = *where;
    *where = old | bits;
    return old;
}
inline int atomicMax(int* where, int value) {
    int old = *where;
    *where = old > value ? old : value;
    return old;
}
template <typename T>
inline T __ldg(const T* where) {
    return *where;
}
inline float __fadd_rn(float a, float b) { return a + b; }
inline float __fmul_rn(float a, float b) { return a * b; }
inline double __dmul_rn(double a, double b) { return a * b; }
inline float rsqrtf(float x) { return 1.0f / std::sqrt(x); }
inline float __expf(float x) { return std::exp(x); }
inline float __log2f(float x) { return std::log2(x); }
inline float __fdividef(float a, float b) { return a / b; }
inline float __int_as_float(int bits) {
    float f;
    std::memcpy(&f, &bits, 4);
    return f;
}
inline int __float_as_int(float f) {
    int bits;
    std::memcpy(&bits, &f, 4);
    return bits;
}
inline uint32_t __umulhi(uint32_t a, uint32_t b) { return uint32_t((uint64_t(a) * b) >> 32); }
using std::max;
using std::min;

typedef _Float16 half;
struct half2 {
    half x, y;
};
inline half __float2half(float f) { return half(f); }
inline half __float2half_rn(float f) { return half(f); }
inline float __half2float(half h) { return float(h); }
inline half2 __floats2half2_rn(float a, float b) { return half2{half(a), half(b)}; }
struct float2 {
    float x, y;
};
inline float2 __half22float2(half2 h) { return float2{float(h.x), float(h.y)}; }
struct alignas(16) float4 {
    float x, y, z, w;
};
struct alignas(16) uint4 {
    unsigned x, y, z, w;
};
struct alignas(8) uint2 {
    unsigned x, y;
};
inline uint4 make_uint4(unsigned x, unsigned y, unsigned z, unsigned w) { return uint4{x, y, z, w}; }
inline float2 make_float2(float x, float y) { return float2{x, y}; }
inline float4 make_float4(float x, float y, float z, float w) { return float4{x, y, z, w}; }

struct __nv_bfloat16 {
    uint16_t bits;
};
inline __nv_bfloat16 __float2bfloat16(float f) {
    uint32_t u;
    std::memcpy(&u, &f, 4);
    if ((u & 0x7fffffffu) > 0x7f800000u) return __nv_bfloat16{uint16_t((u >> 16) | 0x40)};
    return __nv_bfloat16{uint16_t((u + 0x7fffu + ((u >> 16) & 1)) >> 16)};
}
inline float __bfloat162float(__nv_bfloat16 b) {
    uint32_t u = uint32_t(b.bits) << 16;
    float f;
    std::memcpy(&f, &u, 4);
    return f;
}

// mma.sync.m16n8k16 row.col f32 += T x T: the fragments as the PTX manual lays them out over the lanes.
template <typename T>
inline float emulatedHalfOf(uint32_t pair, int which) {
    uint16_t bits = uint16_t(which ? pair >> 16 : pair & 0xffff);
    T value;
    std::memcpy(&value, &bits, 2);
    if constexpr (sizeof(T) == 2 && std::is_same_v<T, half>)
        return float(value);
    else
        return __bfloat162float(value);
}
template <typename T>
inline void emulatedMma(float (&d)[4], const uint32_t (&a)[4], const uint32_t (&b)[2]) {
    unsigned char* buffer = emulatedWarpBuffer();
    uint32_t* mine = reinterpret_cast<uint32_t*>(buffer + emulatedLane() * 128);
    for (int i = 0; i < 4; i++) mine[i] = a[i];
    for (int i = 0; i < 2; i++) mine[4 + i] = b[i];
    emulatedWarpBarrier();
    int lane = emulatedLane(), row = lane / 4, column = lane % 4 * 2;
    for (int e = 0; e < 4; e++) {
        int m = row + (e >= 2 ? 8 : 0), n = column + (e & 1);
        float sum = d[e];
        for (int k = 0; k < 16; k++) {
            const uint32_t* fa = reinterpret_cast<const uint32_t*>(buffer + (m % 8 * 4 + k % 8 / 2) * 128);
            const uint32_t* fb = reinterpret_cast<const uint32_t*>(buffer + (n * 4 + k % 8 / 2) * 128);
            sum += emulatedHalfOf<T>(fa[(m >= 8 ? 1 : 0) + (k >= 8 ? 2 : 0)], k & 1)
                   * emulatedHalfOf<T>(fb[4 + (k >= 8 ? 1 : 0)], k & 1);
        }
        d[e] = sum;
    }
    emulatedWarpBarrier();
}

// The tensor path: copies are immediate, a matrix load reads through the row addresses that the lanes bring.
inline void copy16(void* to, const void* from, bool inside) {
    if (inside)
        std::memcpy(to, from, 16);
    else
        std::memset(to, 0, 16);
}
inline void copies_commit() {}
template <int PENDING>
inline void copies_wait() {}
inline void load_matrices(uint32_t (&r)[4], const void* row) {
    unsigned char* buffer = emulatedWarpBuffer();
    std::memcpy(buffer + emulatedLane() * 128, &row, sizeof row);
    emulatedWarpBarrier();
    for (int m = 0; m < 4; m++) {
        const unsigned char* from;
        std::memcpy(&from, buffer + (m * 8 + emulatedLane() / 4) * 128, sizeof from);
        std::memcpy(&r[m], from + emulatedLane() % 4 * 4, 4);
    }
    emulatedWarpBarrier();
}
inline void load_matrices_turned(uint32_t (&r)[4], const void* row) {
    unsigned char* buffer = emulatedWarpBuffer();
    std::memcpy(buffer + emulatedLane() * 128, &row, sizeof row);
    emulatedWarpBarrier();
    for (int m = 0; m < 4; m++)
        for (int half = 0; half < 2; half++) {
            const unsigned char* from;
            std::memcpy(&from, buffer + (m * 8 + emulatedLane() % 4 * 2 + half) * 128, sizeof from);
            uint16_t element;
            std::memcpy(&element, from + emulatedLane() / 4 * 2, 2);
            r[m] = half ? r[m] | uint32_t(element) << 16 : element;
        }
    emulatedWarpBarrier();
}
inline uint32_t packed_bfloat16(float low, float high) {
    return __float2bfloat16(low).bits | uint32_t(__float2bfloat16(high).bits) << 16;
}
inline void multiply_bfloat16(float (&d)[4], const uint32_t (&a)[4], uint32_t b0, uint32_t b1) {
    const uint32_t b[2] = {b0, b1};
    emulatedMma<__nv_bfloat16>(d, a, b);
}
inline void multiply(float (&d)[4], const uint32_t (&a)[4], uint32_t b0, uint32_t b1) {
    const uint32_t b[2] = {b0, b1};
    emulatedMma<half>(d, a, b);
}
// Float32 through two tf32 parts, played in float32.
struct Split {
    float value;
    Split() = default;
    explicit Split(float x) : value(x) {}
};
inline void multiply32(float (&d)[4], const Split (&a)[4], const Split (&b)[2]) {
    unsigned char* buffer = emulatedWarpBuffer();
    float* mine = reinterpret_cast<float*>(buffer + emulatedLane() * 128);
    for (int i = 0; i < 4; i++) mine[i] = a[i].value;
    for (int i = 0; i < 2; i++) mine[4 + i] = b[i].value;
    emulatedWarpBarrier();
    int lane = emulatedLane(), row = lane / 4, column = lane % 4 * 2;
    for (int e = 0; e < 4; e++)
        for (int k = 0; k < 8; k++) {
            const float* fa = reinterpret_cast<const float*>(buffer + (row * 4 + k % 4) * 128);
            const float* fb = reinterpret_cast<const float*>(buffer + ((column + (e & 1)) * 4 + k % 4) * 128);
            d[e] += fa[(e >= 2 ? 1 : 0) + (k >= 4 ? 2 : 0)] * fb[4 + (k >= 4 ? 1 : 0)];
        }
    emulatedWarpBarrier();
}
