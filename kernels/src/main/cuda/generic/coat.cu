// COAT's optimiser (Xi et al. 2024, section 4): AdamW whose moments are E4M3 in groups of 128 with dynamic range expansion,
// each group with a scale, an exponent and the geometric mean of its extremes; weights and gradients stay float32. Eight
// lanes a group, sixteen values a lane, so that what is computed once a group weighs little. Memory-bound: 10.1 bytes a value
// in, 6.1 out; the special units, which take ten of a value's 60 instructions, need seven tenths of that time.
#include "e4m3.cuh"
#include "quick.cuh"
#include "tensor_core.cuh"

constexpr int COAT_GROUP = 128, COAT_LANES = 8, COAT_QUADS = COAT_GROUP / COAT_LANES / 4;
constexpr unsigned COAT_WARP = 0xffffffffu;
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
    uint16_t* rounded;  // the weights in bfloat16 as well, may be null
    int n, decayed;
};

// From codes to values: (|code| scale)^(1 / exponent) mean, with the code's sign.
struct CoatReader {
    float inverse, shift, mean;
    __device__ __forceinline__ explicit CoatReader(const CoatGroup& group)
        : inverse(group.exponent > 0.f ? 1.f / group.exponent : 1.f), mean(group.mean) {
        shift = group.scale > 0.f ? log2f(group.scale) * inverse : -INFINITY;
    }
    __device__ __forceinline__ void read(float (&v)[4], unsigned codes) const {
        decoded_four(v, codes);
#pragma unroll
        for (int i = 0; i < 4; i++)
            v[i] = copysignf(quick_exp2(quick_log2(fabsf(v[i])) * inverse + shift) * mean, v[i]);
    }
};
// And back: what a group's extremes ask for.
struct CoatWriter {
    CoatGroup group;
    float perMean, shift;
    __device__ __forceinline__ CoatWriter(float largest, float smallest) : group{0.f, 1.f, 1.f} {
        for (int mask = COAT_LANES / 2; mask > 0; mask >>= 1) {
            largest = fmaxf(largest, __shfl_xor_sync(COAT_WARP, largest, mask));
            smallest = fminf(smallest, __shfl_xor_sync(COAT_WARP, smallest, mask));
        }
        if (largest > COAT_TINY && smallest < largest) {
            float low = fmaxf(smallest, COAT_TINY), octaves = log2f(largest) - log2f(low);
            group.mean = sqrtf(largest) * sqrtf(low);
            if (octaves >= 1e-6f)
                group.exponent = fminf(fmaxf(floorf(COAT_OCTAVES / octaves * 16.f) / 16.f, 1.f / 16.f), 4096.f);
        }
        perMean = 1.f / group.mean;
        // The largest has the largest code, whichever way its power is rounded.
        float power = largest > 0.f ? log2f(largest * perMean) * group.exponent : -INFINITY;
        group.scale = exp2f(power) / COAT_LARGEST;
        shift = group.scale > 0.f ? log2f(COAT_LARGEST) - power : -INFINITY;
    }
    __device__ __forceinline__ unsigned write(const float (&v)[4]) const {
        float y[4];
#pragma unroll
        for (int i = 0; i < 4; i++)
            y[i] = copysignf(quick_exp2(quick_log2(fabsf(v[i]) * perMean) * group.exponent + shift), v[i]);
        return encoded_four(y[0], y[1], y[2], y[3]);
    }
};

__device__ __forceinline__ void coat_extremes(float& largest, float& smallest, const float (&v)[4]) {
#pragma unroll
    for (int i = 0; i < 4; i++) {
        float a = fabsf(v[i]);
        largest = fmaxf(largest, a);
        smallest = fminf(smallest, a > 0.f ? a : INFINITY);
    }
}

// The `block`-th of a parameter's blocks.
__device__ __forceinline__ void coat_update(const CoatParams& p, int block) {
    int group = (block * int(blockDim.x) + int(threadIdx.x)) / COAT_LANES, groups = (p.n + COAT_GROUP - 1) / COAT_GROUP;
    int at = group * COAT_GROUP + int(threadIdx.x) % COAT_LANES * 4;
    bool within = group < groups;
    CoatStep s = *p.step;
    float w[COAT_QUADS][4], g[COAT_QUADS][4];
    unsigned first[COAT_QUADS], second[COAT_QUADS];
    CoatGroup none = {0.f, 0.f, 0.f}, firstGroup = within ? p.firstGroups[group] : none;
    CoatGroup secondGroup = within ? p.secondGroups[group] : none;
#pragma unroll
    for (int q = 0; q < COAT_QUADS; q++) {
        int i = at + q * COAT_LANES * 4;
        bool four = i + 4 <= p.n;
        float4 fourW = four ? *reinterpret_cast<const float4*>(p.weights + i) : make_float4(0.f, 0.f, 0.f, 0.f);
        float4 fourG = four ? *reinterpret_cast<const float4*>(p.gradient + i) : make_float4(0.f, 0.f, 0.f, 0.f);
        w[q][0] = fourW.x, w[q][1] = fourW.y, w[q][2] = fourW.z, w[q][3] = fourW.w;
        g[q][0] = fourG.x, g[q][1] = fourG.y, g[q][2] = fourG.z, g[q][3] = fourG.w;
        first[q] = i < p.n ? p.first[i / 4] : 0u;
        second[q] = i < p.n ? p.second[i / 4] : 0u;
        if (!four)
#pragma unroll
            for (int k = 0; k < 3; k++)
                if (i + k < p.n) w[q][k] = p.weights[i + k], g[q][k] = p.gradient[i + k];
    }
    CoatReader firstReader(firstGroup), secondReader(secondGroup);
    float m[COAT_QUADS][4], v[COAT_QUADS][4];
    float mLargest = 0.f, mSmallest = INFINITY, vLargest = 0.f, vSmallest = INFINITY;
    float perRoot = 1.f / s.rootCorrection2, decay = p.decayed ? s.decay : 0.f;
#pragma unroll
    for (int q = 0; q < COAT_QUADS; q++) {
        firstReader.read(m[q], first[q]);
        secondReader.read(v[q], second[q]);
#pragma unroll
        for (int i = 0; i < 4; i++) {
            m[q][i] = s.beta1 * m[q][i] + (1.f - s.beta1) * g[q][i];
            v[q][i] = s.beta2 * v[q][i] + (1.f - s.beta2) * g[q][i] * g[q][i];
            float update = m[q][i] * quick_reciprocal((quick_root(v[q][i]) * perRoot + s.epsilon) * s.correction1);
            w[q][i] -= s.rate * (update + decay * w[q][i]);
        }
        coat_extremes(mLargest, mSmallest, m[q]);
        coat_extremes(vLargest, vSmallest, v[q]);
        int i = at + q * COAT_LANES * 4;
        uint2 halves = uint2{packed_bfloat16(w[q][0], w[q][1]), packed_bfloat16(w[q][2], w[q][3])};
        if (i + 4 <= p.n) {
            *reinterpret_cast<float4*>(p.weights + i) = make_float4(w[q][0], w[q][1], w[q][2], w[q][3]);
            if (p.rounded) *reinterpret_cast<uint2*>(p.rounded + i) = halves;
        } else {
#pragma unroll
            for (int k = 0; k < 3; k++) {
                if (i + k >= p.n) continue;
                p.weights[i + k] = w[q][k];
                if (p.rounded) p.rounded[i + k] = uint16_t((k < 2 ? halves.x : halves.y) >> k % 2 * 16);
            }
        }
    }
    CoatWriter firstWriter(mLargest, mSmallest), secondWriter(vLargest, vSmallest);
#pragma unroll
    for (int q = 0; q < COAT_QUADS; q++) {
        int i = at + q * COAT_LANES * 4;
        if (i >= p.n) continue;
        p.first[i / 4] = firstWriter.write(m[q]);
        p.second[i / 4] = secondWriter.write(v[q]);
    }
    if (!within || threadIdx.x % COAT_LANES != 0) return;
    p.firstGroups[group] = firstWriter.group;
    p.secondGroups[group] = secondWriter.group;
}

// Some parameters, the blocks of each behind those of the one before.
struct CoatAllParams {
    CoatParams of[13];
    int blocks[13];  // of it and all before
    int count;
};
KERNEL_MEETING(coat_adamw, CoatAllParams, 128) {
    int which = 0;
    while (which + 1 < p.count && int(blockIdx.x) >= p.blocks[which]) which++;
    coat_update(p.of[which], int(blockIdx.x) - (which > 0 ? p.blocks[which - 1] : 0));
}
