// The instructions of the tensor path (sm_80 and later): asynchronous 16-byte copies to shared memory, matrix loads from
// it, and the 16 x 8 x 16 product with float32 accumulation.
#pragma once
#include "kernel.cuh"
#include "quick.cuh"
#ifndef SIGHTLINE_EMULATED
__device__ __forceinline__ uint32_t shared_address(const void* p) { return uint32_t(__cvta_generic_to_shared(p)); }

// Copies 16 bytes, or writes zeros where `inside` is false; the source is not touched then.
__device__ __forceinline__ void copy16(void* to, const void* from, bool inside) {
    int bytes = inside ? 16 : 0;
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(shared_address(to)), "l"(from), "r"(bytes));
}
__device__ __forceinline__ void copies_commit() { asm volatile("cp.async.commit_group;"); }
template <int PENDING>
__device__ __forceinline__ void copies_wait() {
    asm volatile("cp.async.wait_group %0;" ::"n"(PENDING));
}
__device__ __forceinline__ void load_matrices(uint32_t (&r)[4], const void* row) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3}, [%4];"
                 : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
                 : "r"(shared_address(row)));
}
// The same, each matrix transposed.
__device__ __forceinline__ void load_matrices_turned(uint32_t (&r)[4], const void* row) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0,%1,%2,%3}, [%4];"
                 : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
                 : "r"(shared_address(row)));
}
__device__ __forceinline__ uint32_t packed_bfloat16(float low, float high) {
    uint32_t pair;
    asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(pair) : "f"(high), "f"(low));
    return pair;
}
__device__ __forceinline__ void multiply_bfloat16(float (&d)[4], const uint32_t (&a)[4], uint32_t b0, uint32_t b1) {
    asm volatile(
        "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
        : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}
__device__ __forceinline__ void multiply(float (&d)[4], const uint32_t (&a)[4], uint32_t b0, uint32_t b1) {
    asm volatile(
        "mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
        : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}
__device__ __forceinline__ uint32_t tf32(float x) {
    uint32_t bits;
    asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(bits) : "f"(x));
    return bits;
}
// A float32 as the sum of two tf32 values.
struct Split {
    uint32_t high, low;
    Split() = default;
    __device__ __forceinline__ explicit Split(float x) : high(tf32(x)), low(tf32(x - __uint_as_float(high))) {}
};
__device__ __forceinline__ void multiply_tf32(
    float (&d)[4], uint32_t a0, uint32_t a1, uint32_t a2, uint32_t a3, uint32_t b0, uint32_t b1) {
    asm volatile(
        "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
        : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
        : "r"(a0), "r"(a1), "r"(a2), "r"(a3), "r"(b0), "r"(b1));
}
// 16 x 8 x 8 in float32's exactness: only the product of the two low parts is left out.
__device__ __forceinline__ void multiply32(float (&d)[4], const Split (&a)[4], const Split (&b)[2]) {
    multiply_tf32(d, a[0].low, a[1].low, a[2].low, a[3].low, b[0].high, b[1].high);
    multiply_tf32(d, a[0].high, a[1].high, a[2].high, a[3].high, b[0].low, b[1].low);
    multiply_tf32(d, a[0].high, a[1].high, a[2].high, a[3].high, b[0].high, b[1].high);
}
#endif

// Four 8 x 8 matrices of an operand whose lines are PITCH apart: of 16 rows and 16 steps. ALONG: a line is a row's steps.
// `rowsFirst`: rows before steps in the order of registers.
template <bool ALONG, int PITCH>
__device__ __forceinline__ void operand_fragment(uint32_t (&r)[4], const uint16_t* tile, int row, int k, bool rowsFirst) {
    int lane = threadIdx.x % 32, inner = lane % 8, low = lane / 8 % 2 * 8, high = lane / 16 * 8;
    int dr = rowsFirst ? low : high, dk = rowsFirst ? high : low;
    if (ALONG)
        load_matrices(r, tile + (row + dr + inner) * PITCH + k + dk);
    else
        load_matrices_turned(r, tile + (k + dk + inner) * PITCH + row + dr);
}

enum Activation { IDENTITY, RELU_ACT, RELU6_ACT, HARD_SWISH_ACT, SILU_ACT, GELU_TANH_ACT, GELU_ERF_ACT, SIGMOID_ACT, HARD_SIGMOID_ACT };

// Applies one activation to several values, the choice made once for all of them: the more, the better the latency of one hides
// behind others. Most are clamp(x, low, high) * clamp(a x + b, 0, 1); the smooth ones are x, or one, times sigmoid(x); tanh's GELU
// is x/2 (1 + tanh u), whose tanh is as exact as what is stored.
struct Activator {
    int code;
    __device__ __forceinline__ explicit Activator(int activation) : code(activation) {}
    template <int N>
    __device__ __forceinline__ void operator()(float (&v)[N]) const {
        if (code == IDENTITY) return;
        if (code <= HARD_SWISH_ACT || code == HARD_SIGMOID_ACT) {
            bool hard = code == HARD_SWISH_ACT || code == HARD_SIGMOID_ACT;
            float low = code == HARD_SIGMOID_ACT ? 1.f : code == HARD_SWISH_ACT ? -INFINITY : 0.f;
            float high = code == HARD_SIGMOID_ACT ? 1.f : code == RELU6_ACT ? 6.f : INFINITY;
            float a = hard ? 1.f / 6.f : 0.f, b = hard ? 0.5f : 1.f;
#pragma unroll
            for (int e = 0; e < N; e++)
                v[e] = fminf(fmaxf(v[e], low), high) * fminf(fmaxf(v[e] * a + b, 0.f), 1.f);
        } else if (code == GELU_ERF_ACT) {
#pragma unroll
            for (int e = 0; e < N; e++) v[e] = 0.5f * v[e] * (1.f + erff(v[e] * 0.7071067812f));
        } else if (code == GELU_TANH_ACT) {
#pragma unroll
            for (int e = 0; e < N; e++) {
                float h = 0.5f * v[e], u = v[e] * (0.7978845608f + 0.7978845608f * 0.044715f * v[e] * v[e]);
                v[e] = h * quick_tanh(u) + h;
            }
        } else {
#pragma unroll
            for (int e = 0; e < N; e++) v[e] = __fdividef(code == SIGMOID_ACT ? 1.f : v[e], 1.f + __expf(-v[e]));
        }
    }
};

// Eight floats in two 16-byte accesses.
__device__ __forceinline__ void load_eight(float (&v)[8], const float* from) {
    float4 a = reinterpret_cast<const float4*>(from)[0], b = reinterpret_cast<const float4*>(from)[1];
    v[0] = a.x, v[1] = a.y, v[2] = a.z, v[3] = a.w, v[4] = b.x, v[5] = b.y, v[6] = b.z, v[7] = b.w;
}

// Eight halves in one 16-byte access.
struct Eight {
    uint4 bits;
    __device__ __forceinline__ float2 pair(int i) const {
        const uint32_t word = i == 0 ? bits.x : i == 1 ? bits.y : i == 2 ? bits.z : bits.w;
        half2 h;
        memcpy(&h, &word, 4);
        return __half22float2(h);
    }
    __device__ __forceinline__ void unpack(float (&v)[8]) const {
#pragma unroll
        for (int i = 0; i < 4; i++) {
            float2 f = pair(i);
            v[2 * i] = f.x;
            v[2 * i + 1] = f.y;
        }
    }
    static __device__ __forceinline__ uint32_t packed(float a, float b) {
        half2 h = __floats2half2_rn(a, b);
        uint32_t word;
        memcpy(&word, &h, 4);
        return word;
    }
    static __device__ __forceinline__ Eight of(const float (&v)[8]) {
        return {make_uint4(packed(v[0], v[1]), packed(v[2], v[3]), packed(v[4], v[5]), packed(v[6], v[7]))};
    }
    static __device__ __forceinline__ Eight at(const half* p) { return {*reinterpret_cast<const uint4*>(p)}; }
    __device__ __forceinline__ void to(half* p) const { *reinterpret_cast<uint4*>(p) = bits; }
};
