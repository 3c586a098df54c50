// The gated feed-forward of a mixed COAT step between its two pointwise products: silu, a depthwise 3 x 3, and the gate
// h1 silu(h2) of its two halves, forward and backward, with all that is kept packed on the way. A warp holds a plane of
// 32 x 32 in registers, a lane four rows of eight columns of it; the rows and columns beside come by shuffles.
// Memory-bound: 5.25 bytes an element of either half, where single kernels move 13 forward and 31 backward; some 25
// instructions an element forward and 45 backward come close behind.
#include "e4m3.cuh"
#include "tensor_core.cuh"

constexpr int SIDE = 32, AREA = SIDE * SIDE, ROWS = 4, COLUMNS = 8, GROUP = 16, TAPS = 9;
constexpr unsigned WARP = 0xffffffffu;

// E4M3 codes with a scale for every 16 neighbours, as eight.cu has them.
struct Groups {
    unsigned char* codes;
    __nv_bfloat16* scales;
};

#ifdef SIGHTLINE_EMULATED
__device__ __forceinline__ float quick_exp2(float x) { return exp2f(x); }
__device__ __forceinline__ float quick_reciprocal(float x) { return 1.f / x; }
__device__ __forceinline__ float larger(float a, float b) { return a > b || a != a ? a : b; }
#else
__device__ __forceinline__ float quick_exp2(float x) {
    float y;
    asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));
    return y;
}
__device__ __forceinline__ float quick_reciprocal(float x) {
    float y;
    asm("rcp.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));
    return y;
}
// NaN stays NaN.
__device__ __forceinline__ float larger(float a, float b) {
    float y;
    asm("max.NaN.f32 %0, %1, %2;" : "=f"(y) : "f"(a), "f"(b));
    return y;
}
#endif

// x sigmoid(x) and its derivative.
struct Silu {
    float value, sigmoid;
    __device__ __forceinline__ explicit Silu(float x)
        : sigmoid(quick_reciprocal(1.f + quick_exp2(x * -1.4426950409f))) {
        value = x * sigmoid;
    }
    __device__ __forceinline__ float slope() const { return value * (1.f - sigmoid) + sigmoid; }
};

__device__ __forceinline__ void widen(float (&v)[COLUMNS], const uint4& bits) {
    const unsigned words[4] = {bits.x, bits.y, bits.z, bits.w};
#pragma unroll
    for (int i = 0; i < 4; i++) {
        v[2 * i] = __int_as_float(int(words[i] << 16));
        v[2 * i + 1] = __int_as_float(int(words[i] & 0xffff0000u));
    }
}
__device__ __forceinline__ uint4 narrowed(const float (&v)[COLUMNS]) {
    return make_uint4(
        packed_bfloat16(v[0], v[1]), packed_bfloat16(v[2], v[3]), packed_bfloat16(v[4], v[5]),
        packed_bfloat16(v[6], v[7]));
}

__device__ __forceinline__ unsigned encoded_four(const float* v, float by) {
#if !defined(SIGHTLINE_EMULATED) && __CUDA_ARCH__ >= 890
    unsigned short low, high;
    asm("cvt.rn.satfinite.e4m3x2.f32 %0, %1, %2;" : "=h"(low) : "f"(v[1] * by), "f"(v[0] * by));
    asm("cvt.rn.satfinite.e4m3x2.f32 %0, %1, %2;" : "=h"(high) : "f"(v[3] * by), "f"(v[2] * by));
    return low | unsigned(high) << 16;
#else
    return encoded(v[0] * by) | encoded(v[1] * by) << 8 | encoded(v[2] * by) << 16 | encoded(v[3] * by) << 24;
#endif
}
__device__ __forceinline__ void decode_four(float* v, unsigned codes, float scale) {
#if !defined(SIGHTLINE_EMULATED) && __CUDA_ARCH__ >= 890
    unsigned pair[2];
    asm("cvt.rn.f16x2.e4m3x2 %0, %1;" : "=r"(pair[0]) : "h"((unsigned short)(codes & 0xffffu)));
    asm("cvt.rn.f16x2.e4m3x2 %0, %1;" : "=r"(pair[1]) : "h"((unsigned short)(codes >> 16)));
#pragma unroll
    for (int i = 0; i < 2; i++) {
        half2 h;
        memcpy(&h, &pair[i], 4);
        float2 f = __half22float2(h);
        v[2 * i] = f.x * scale;
        v[2 * i + 1] = f.y * scale;
    }
#else
#pragma unroll
    for (int i = 0; i < 4; i++) v[i] = decoded(codes >> 8 * i & 255u) * scale;
#endif
}

// Eight neighbours of a group, the other eight with the lane beside.
__device__ __forceinline__ void pack(const float (&v)[COLUMNS], const Groups& to, long long at) {
    float most = 0.f;
#pragma unroll
    for (int c = 0; c < COLUMNS; c++) most = larger(most, fabsf(v[c]));
    most = larger(most, __shfl_xor_sync(WARP, most, 1));
    float scale = (most + 1e-10f) * float(1. / 448.), by = quick_reciprocal(scale);
    *reinterpret_cast<uint2*>(to.codes + at) = uint2{encoded_four(v, by), encoded_four(v + 4, by)};
    if (at % GROUP == 0) to.scales[at / GROUP] = __float2bfloat16(scale);
}

// Where a lane's part of its row begins.
__device__ __forceinline__ int lane_place(int lane, int row) {
    return (lane / 4 * ROWS + row) * SIDE + lane % 4 * COLUMNS;
}

// A lane's share of packed planes, fetched before it is needed.
struct Fetched {
    uint2 codes[ROWS];
    __nv_bfloat16 scales[ROWS];
    __device__ __forceinline__ Fetched(const Groups& from, long long plane, int lane) {
#pragma unroll
        for (int row = 0; row < ROWS; row++) {
            long long at = plane * AREA + lane_place(lane, row);
            codes[row] = *reinterpret_cast<const uint2*>(from.codes + at);
            scales[row] = from.scales[at / GROUP];
        }
    }
    __device__ __forceinline__ void unpack(float (&v)[COLUMNS], int row) const {
        float scale = __bfloat162float(scales[row]);
        decode_four(v, codes[row].x, scale);
        decode_four(v + 4, codes[row].y, scale);
    }
};

// A lane's part of a plane and what lies around it; zeros around the plane.
struct Patch {
    float at[ROWS + 2][COLUMNS + 2];
    __device__ __forceinline__ void set(int row, const float (&v)[COLUMNS]) {
#pragma unroll
        for (int c = 0; c < COLUMNS; c++) at[row + 1][c + 1] = v[c];
    }
    __device__ __forceinline__ void surround(int lane) {
        bool first = lane < 4, last = lane >= 28;
#pragma unroll
        for (int c = 1; c <= COLUMNS; c++) {
            float above = __shfl_sync(WARP, at[ROWS][c], lane + 28 & 31);
            float below = __shfl_sync(WARP, at[1][c], lane + 4 & 31);
            at[0][c] = first ? 0.f : above;
            at[ROWS + 1][c] = last ? 0.f : below;
        }
        bool left = lane % 4 == 0, right = lane % 4 == 3;
#pragma unroll
        for (int r = 0; r < ROWS + 2; r++) {
            float before = __shfl_sync(WARP, at[r][COLUMNS], lane + 31 & 31);
            float behind = __shfl_sync(WARP, at[r][1], lane + 1 & 31);
            at[r][0] = left ? 0.f : before;
            at[r][COLUMNS + 1] = right ? 0.f : behind;
        }
    }
};

struct GatedForwardParams {
    const uint16_t* x;  // before silu, bfloat16 [batch][2 channels][32][32]
    const float* w;     // [2 channels][3][3]
    const float* bias;  // may be null
    Groups packed, first, second;  // x, and the two halves of what the convolution made of it
    uint16_t* gate;                // bfloat16 [batch][channels][32][32]
    int channels;
};
// A block makes a plane of the gate: its first warp the first half, its second the other, by which that is multiplied.
KERNEL_MEETING(gated_forward_3, GatedForwardParams, 64) {
    __shared__ float4 gates[ROWS][2][32];
    int lane = threadIdx.x % 32, second = threadIdx.x / 32, image = blockIdx.x / p.channels;
    int channel = blockIdx.x - image * p.channels, filter = channel + second * p.channels;
    long long plane = (long long)image * 2 * p.channels + filter;
    uint4 bits[ROWS];
#pragma unroll
    for (int row = 0; row < ROWS; row++)
        bits[row] = *reinterpret_cast<const uint4*>(p.x + plane * AREA + lane_place(lane, row));
    float w[TAPS];
#pragma unroll
    for (int tap = 0; tap < TAPS; tap++) w[tap] = p.w[filter * TAPS + tap];
    float bias = p.bias ? p.bias[filter] : 0.f;
    Patch patch;
#pragma unroll
    for (int row = 0; row < ROWS; row++) {
        float v[COLUMNS];
        widen(v, bits[row]);
        pack(v, p.packed, plane * AREA + lane_place(lane, row));
#pragma unroll
        for (int c = 0; c < COLUMNS; c++) v[c] = Silu(v[c]).value;
        patch.set(row, v);
    }
    patch.surround(lane);
    float y[ROWS][COLUMNS];
    const Groups& kept = second ? p.second : p.first;
#pragma unroll
    for (int row = 0; row < ROWS; row++) {
#pragma unroll
        for (int c = 0; c < COLUMNS; c++) {
            float sum = bias;
#pragma unroll
            for (int tap = 0; tap < TAPS; tap++) sum += w[tap] * patch.at[row + tap / 3][c + tap % 3];
            y[row][c] = sum;
        }
        pack(y[row], kept, (long long)blockIdx.x * AREA + lane_place(lane, row));
        if (second) {
            float s[COLUMNS];
#pragma unroll
            for (int c = 0; c < COLUMNS; c++) s[c] = Silu(y[row][c]).value;
            gates[row][0][lane] = make_float4(s[0], s[1], s[2], s[3]);
            gates[row][1][lane] = make_float4(s[4], s[5], s[6], s[7]);
        }
    }
    __syncthreads();
    if (second) return;
#pragma unroll
    for (int row = 0; row < ROWS; row++) {
        float4 a = gates[row][0][lane], b = gates[row][1][lane];
        const float g[COLUMNS] = {y[row][0] * a.x, y[row][1] * a.y, y[row][2] * a.z, y[row][3] * a.w,
                                  y[row][4] * b.x, y[row][5] * b.y, y[row][6] * b.z, y[row][7] * b.w};
        *reinterpret_cast<uint4*>(p.gate + (long long)blockIdx.x * AREA + lane_place(lane, row)) = narrowed(g);
    }
}

struct GatedBackwardParams {
    const uint16_t* gate;  // the gate's gradient
    const float* w;
    Groups packed, first, second;  // as the forward kernel left them
    uint16_t* x;                   // the gradient for x, bfloat16
    float* weights;                // gradients of the filters, of their bias, and the sum of x's, one a channel
    float* bias;
    float* sums;
    int batch, channels;
};
// A block takes a channel of both halves through all images, four at a time.
KERNEL_MEETING(gated_backward_3, GatedBackwardParams, 256) {
    constexpr int IMAGES = 4, SUMS = TAPS + 2;
    __shared__ float partial[2 * IMAGES][SUMS];
    int lane = threadIdx.x % 32, warp = threadIdx.x / 32, second = warp % 2, channel = blockIdx.x;
    int filter = channel + second * p.channels;
    float w[TAPS], sums[SUMS] = {};
#pragma unroll
    for (int tap = 0; tap < TAPS; tap++) w[tap] = p.w[filter * TAPS + tap];
    for (int image = warp / 2; image < p.batch; image += IMAGES) {
        long long half = (long long)image * p.channels + channel, plane = (long long)image * 2 * p.channels + filter;
        uint4 gate[ROWS];
#pragma unroll
        for (int row = 0; row < ROWS; row++)
            gate[row] = *reinterpret_cast<const uint4*>(p.gate + half * AREA + lane_place(lane, row));
        Fetched inner(p.second, half, lane), outer(second ? p.first : p.second, half, lane), x(p.packed, plane, lane);
        Patch patch;
#pragma unroll
        for (int row = 0; row < ROWS; row++) {
            float d[COLUMNS], h[COLUMNS], other[COLUMNS];
            widen(d, gate[row]);
            inner.unpack(h, row);
            if (second) {
                outer.unpack(other, row);
#pragma unroll
                for (int c = 0; c < COLUMNS; c++) d[c] *= other[c] * Silu(h[c]).slope();
            } else {
#pragma unroll
                for (int c = 0; c < COLUMNS; c++) d[c] *= Silu(h[c]).value;
            }
#pragma unroll
            for (int c = 0; c < COLUMNS; c++) sums[TAPS] += d[c];
            patch.set(row, d);
        }
        patch.surround(lane);
#pragma unroll
        for (int row = 0; row < ROWS; row++) {
            float v[COLUMNS], g[COLUMNS];
            x.unpack(v, row);
#pragma unroll
            for (int c = 0; c < COLUMNS; c++) {
                Silu s(v[c]);
                float sum = 0.f;
#pragma unroll
                for (int tap = 0; tap < TAPS; tap++) {
                    float d = patch.at[row + 2 - tap / 3][c + 2 - tap % 3];
                    sum += w[tap] * d;
                    sums[tap] += s.value * d;
                }
                g[c] = sum * s.slope();
                sums[TAPS + 1] += g[c];
            }
            *reinterpret_cast<uint4*>(p.x + plane * AREA + lane_place(lane, row)) = narrowed(g);
        }
    }
#pragma unroll
    for (int i = 0; i < SUMS; i++) {
        for (int mask = 16; mask > 0; mask >>= 1) sums[i] += __shfl_xor_sync(WARP, sums[i], mask);
        if (lane == 0) partial[warp][i] = sums[i];
    }
    __syncthreads();
    if (int(threadIdx.x) >= 2 * SUMS) return;
    int half = threadIdx.x / SUMS, what = threadIdx.x % SUMS, to = channel + half * p.channels;
    float total = 0.f;
    for (int i = 0; i < IMAGES; i++) total += partial[2 * i + half][what];
    float* out = what < TAPS ? p.weights + to * TAPS + what : what == TAPS ? p.bias + to : p.sums + to;
    *out = total;
}
