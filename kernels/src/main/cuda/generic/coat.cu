// COAT's optimiser (Xi et al. 2024, section 4): AdamW whose moments are E4M3 in groups of 128 with dynamic range expansion,
// each group with a scale, an exponent and the geometric mean of its extremes. One warp a group, four values a lane; weights
// and gradients stay float32. Memory-bound: 10.1 bytes a value in, 6.1 out.
#include "e4m3.cuh"

constexpr int COAT_GROUP = 128;
constexpr float COAT_LARGEST = 448.f;
constexpr float COAT_TINY = 1e-30f;
constexpr float COAT_OCTAVES = 16.614709844115f;  // log2(448 * 448 / 2): what the format spans

struct CoatGroup {
    float scale, exponent, mean;  // all zero before the first step
};
// What changes from step to step.
struct CoatStep {
    float beta1, beta2, epsilon, decay, rate, correction1, rootCorrection2;
};
struct CoatParams {
    float* weights;
    const float* gradient;
    unsigned* first;  // four codes a word
    unsigned* second;
    CoatGroup* firstGroups;
    CoatGroup* secondGroups;
    const CoatStep* step;
    int n, decayed;
};

__device__ __forceinline__ float coat_power(float magnitude, float k) {
    return k == 1.f || magnitude == 0.f ? magnitude : exp2f(k * __log2f(magnitude));
}
__device__ __forceinline__ void coat_read(float (&v)[4], unsigned codes, const CoatGroup& group) {
    float inverse = 1.f / group.exponent;
#pragma unroll
    for (int i = 0; i < 4; i++) {
        float u = decoded(codes >> 8 * i & 255u) * group.scale;
        v[i] = copysignf(coat_power(fabsf(u), inverse), u) * group.mean;
    }
}
__device__ __forceinline__ unsigned coat_write(const float (&v)[4], int count, CoatGroup* to) {
    float largest = 0.f, smallest = INFINITY;
#pragma unroll
    for (int i = 0; i < 4; i++) {
        float a = i < count ? fabsf(v[i]) : 0.f;
        largest = fmaxf(largest, a);
        if (a > 0.f) smallest = fminf(smallest, a);
    }
    for (int mask = 16; mask > 0; mask >>= 1) {
        largest = fmaxf(largest, __shfl_xor_sync(0xffffffffu, largest, mask));
        smallest = fminf(smallest, __shfl_xor_sync(0xffffffffu, smallest, mask));
    }
    CoatGroup group = {0.f, 1.f, 1.f};
    if (largest > COAT_TINY && smallest < largest) {
        float low = fmaxf(smallest, COAT_TINY), octaves = log2f(largest) - log2f(low);
        group.mean = sqrtf(largest) * sqrtf(low);
        if (octaves >= 1e-6f)
            group.exponent = fminf(fmaxf(floorf(COAT_OCTAVES / octaves * 16.f) / 16.f, 1.f / 16.f), 4096.f);
    }
    group.scale = coat_power(largest / group.mean, group.exponent) / COAT_LARGEST;
    if (threadIdx.x % 32 == 0) *to = group;
    // One division a group instead of two a value.
    float perMean = 1.f / group.mean, perScale = group.scale != 0.f ? 1.f / group.scale : 0.f;
    unsigned codes = 0;
#pragma unroll
    for (int i = 0; i < 4; i++) {
        float y = coat_power(fabsf(v[i]) * perMean, group.exponent);
        if (group.scale != 0.f && i < count) codes |= encoded(copysignf(y * perScale, v[i])) << 8 * i;
    }
    return codes;
}

KERNEL_MEETING(coat_adamw, CoatParams, 256) {
    int group = GLOBAL_INDEX / 32, at = group * COAT_GROUP + int(threadIdx.x) % 32 * 4;
    if (group * COAT_GROUP >= p.n) return;
    CoatStep s = *p.step;
    int count = min(4, max(0, p.n - at));
    float w[4] = {}, g[4] = {}, m[4], v[4];
    if (count == 4) {
        float4 fourW = *reinterpret_cast<const float4*>(p.weights + at);
        float4 fourG = *reinterpret_cast<const float4*>(p.gradient + at);
        w[0] = fourW.x, w[1] = fourW.y, w[2] = fourW.z, w[3] = fourW.w;
        g[0] = fourG.x, g[1] = fourG.y, g[2] = fourG.z, g[3] = fourG.w;
    } else {
        for (int i = 0; i < count; i++) w[i] = p.weights[at + i], g[i] = p.gradient[at + i];
    }
    coat_read(m, count > 0 ? p.first[at / 4] : 0u, p.firstGroups[group]);
    coat_read(v, count > 0 ? p.second[at / 4] : 0u, p.secondGroups[group]);
    __syncwarp();
    float perRoot = 1.f / s.rootCorrection2;
#pragma unroll
    for (int i = 0; i < 4; i++) {
        m[i] = s.beta1 * m[i] + (1.f - s.beta1) * g[i];
        v[i] = s.beta2 * v[i] + (1.f - s.beta2) * g[i] * g[i];
        float update = m[i] / ((sqrtf(v[i]) * perRoot + s.epsilon) * s.correction1);
        w[i] -= s.rate * (update + (p.decayed ? s.decay * w[i] : 0.f));
    }
    unsigned first = coat_write(m, count, p.firstGroups + group), second = coat_write(v, count, p.secondGroups + group);
    if (count > 0) {
        p.first[at / 4] = first;
        p.second[at / 4] = second;
    }
    if (count == 4)
        *reinterpret_cast<float4*>(p.weights + at) = make_float4(w[0], w[1], w[2], w[3]);
    else
        for (int i = 0; i < count; i++) p.weights[at + i] = w[i];
}
