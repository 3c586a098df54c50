// Rounding to bfloat16 and back, and the pieces of sums: the small change of products.
#include "either.cuh"

struct NarrowParams {
    const float* from;
    uint16_t* to;
    int n;
};
// What products read, rounded once. Memory-bound: 6 bytes an element.
KERNEL(to_bfloat16, NarrowParams) {
    int i = GLOBAL_INDEX;
    if (i * 8 >= p.n) return;
    if (p.n - i * 8 < 8) {
        for (int k = i * 8; k < p.n; k++) p.to[k] = uint16_t(packed_bfloat16(p.from[k], 0.f));
        return;
    }
    const float4* from = reinterpret_cast<const float4*>(p.from) + i * 2;
    float4 a = from[0], b = from[1];
    reinterpret_cast<uint4*>(p.to)[i] = make_uint4(
        packed_bfloat16(a.x, a.y), packed_bfloat16(a.z, a.w), packed_bfloat16(b.x, b.y), packed_bfloat16(b.z, b.w));
}

struct WidenParams {
    const uint16_t* from;
    float* to;
    int n;
};
// Back, where something cannot read what is rounded.
KERNEL(from_bfloat16, WidenParams) {
    int first = GLOBAL_INDEX * 8;
    for (int i = first; i < min(first + 8, p.n); i++) p.to[i] = one_of(p.from[i]);
}

struct PiecesParams {
    const float* from;  // [pieces][n]
    float* to;
    int n, pieces;  // n a multiple of four
};
// The pieces of a sum that was cut, always in the same order. Memory-bound.
KERNEL(sum_pieces, PiecesParams) {
    int i = GLOBAL_INDEX;
    if (i >= p.n / 4) return;
    float4 sum = reinterpret_cast<const float4*>(p.from)[i];
    for (int piece = 1; piece < p.pieces; piece++) {
        float4 v = reinterpret_cast<const float4*>(p.from + (long long)piece * p.n)[i];
        sum = make_float4(sum.x + v.x, sum.y + v.y, sum.z + v.z, sum.w + v.w);
    }
    reinterpret_cast<float4*>(p.to)[i] = sum;
}
