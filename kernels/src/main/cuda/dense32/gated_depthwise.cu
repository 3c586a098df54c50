// The gated feed-forward of a mixed COAT step between its two pointwise products: silu, a depthwise 3 x 3, and the gate
// h1 silu(h2) of its two halves, forward and backward, with all that is kept packed on the way. A warp convolves a
// plane of 32 x 32 from shared memory, a lane four rows of eight columns, of which it holds three at a time. Memory-bound:
// 5.25 bytes an element of either half, where single kernels move 13 forward and 31 backward; 37 instructions an element
// forward and 47 backward come close behind.
#include "e4m3.cuh"
#include "either.cuh"
#include "quick.cuh"

constexpr int SIDE = 32, AREA = SIDE * SIDE, ROWS = 4, COLUMNS = 8, GROUP = 16, TAPS = 9;
constexpr unsigned WARP = 0xffffffffu;
#ifdef SIGHTLINE_EMULATED
#define KERNEL_BESIDE(name, Params, threads, blocks) KERNEL_MEETING(name, Params, threads)
#else
#define KERNEL_BESIDE(name, Params, threads, blocks) KERNEL_WITH(name, Params, __launch_bounds__(threads, blocks))
#endif

// E4M3 codes with a scale for every 16 neighbours, as eight.cu has them.
struct Groups {
    unsigned char* codes;
    __nv_bfloat16* scales;
};

// NaN stays NaN.
#ifdef SIGHTLINE_EMULATED
__device__ __forceinline__ float larger(float a, float b) { return a > b || a != a ? a : b; }
#else
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
        v[2 * i] = low_of(words[i]);
        v[2 * i + 1] = high_of(words[i]);
    }
}
__device__ __forceinline__ uint4 narrowed(const float (&v)[COLUMNS]) {
    return make_uint4(
        packed_bfloat16(v[0], v[1]), packed_bfloat16(v[2], v[3]), packed_bfloat16(v[4], v[5]),
        packed_bfloat16(v[6], v[7]));
}

__device__ __forceinline__ unsigned encoded_four(const float* v, float by) {
    return encoded_four(v[0] * by, v[1] * by, v[2] * by, v[3] * by);
}
__device__ __forceinline__ void decoded_four(float* v, unsigned codes, float scale) {
    decoded_four(v, codes);
#pragma unroll
    for (int i = 0; i < 4; i++) v[i] *= scale;
}

// Eight neighbours of a group, the other eight with the lane beside.
__device__ __forceinline__ void pack(const float (&v)[COLUMNS], const Groups& to, int at) {
    float most = 0.f;
#pragma unroll
    for (int c = 0; c < COLUMNS; c++) most = larger(most, fabsf(v[c]));
    most = larger(most, __shfl_xor_sync(WARP, most, 1));
    float scale = scale_of(most), by = quick_reciprocal(scale);
    *reinterpret_cast<uint2*>(to.codes + at) = uint2{encoded_four(v, by), encoded_four(v + 4, by)};
    if (at % GROUP == 0) to.scales[at / GROUP] = __float2bfloat16(scale);
}

// Where a lane's eight columns begin: of a row of a strip of four, as the convolution goes, and of the rows of a warp's
// access, which lie one behind the other.
__device__ __forceinline__ int lane_column(int lane) { return lane % 4 * COLUMNS; }
__device__ __forceinline__ int strip_place(int lane, int row) { return (lane / 4 * ROWS + row) * SIDE + lane_column(lane); }
__device__ __forceinline__ int access_place(int lane, int access) { return (access * 8 + lane / 4) * SIDE + lane_column(lane); }

// A plane of float32 in shared memory between two rows of zeros. Some rows have their lanes' halves exchanged, so that eight
// lanes meet all banks, be it in two rows of a strip or in two strips.
struct Plane {
    float4 at[SIDE + 2][SIDE / 4];
    __device__ __forceinline__ static int swaps(int row) { return (row ^ row >> 2) & 1; }
    __device__ __forceinline__ void clear(int lane) {
        if (lane < 16) at[lane < 8 ? 0 : SIDE + 1][lane % 8] = make_float4(0.f, 0.f, 0.f, 0.f);
    }
    __device__ __forceinline__ void set(int place, const float (&v)[COLUMNS]) {
        int row = place / SIDE, column = place % SIDE / 4, swap = swaps(row);
        at[row + 1][column + swap] = make_float4(v[0], v[1], v[2], v[3]);
        at[row + 1][column + 1 - swap] = make_float4(v[4], v[5], v[6], v[7]);
    }
};
// Three rows of a lane's eight columns with those beside them; zeros around the plane.
struct Window {
    float at[3][COLUMNS + 2];
    __device__ __forceinline__ Window(const Plane& plane, int lane) {
        get(plane, lane, -1);
        get(plane, lane, 0);
    }
    // The row that lies `row` below the strip's first takes the place of the third before it.
    __device__ __forceinline__ void get(const Plane& plane, int lane, int row) {
        int from = lane / 4 * ROWS + row, column = lane % 4 * 2, swap = Plane::swaps(from), to = (row + 1) % 3;
        float4 a = plane.at[from + 1][column + swap], b = plane.at[from + 1][column + 1 - swap];
        at[to][1] = a.x, at[to][2] = a.y, at[to][3] = a.z, at[to][4] = a.w;
        at[to][5] = b.x, at[to][6] = b.y, at[to][7] = b.z, at[to][8] = b.w;
        float before = __shfl_sync(WARP, b.w, lane + 31 & 31), behind = __shfl_sync(WARP, a.x, lane + 1 & 31);
        at[to][0] = lane % 4 == 0 ? 0.f : before;
        at[to][COLUMNS + 1] = lane % 4 == 3 ? 0.f : behind;
    }
    // What lies (y, x) of the three rows around a strip's row from above, and of the three columns around its column.
    __device__ __forceinline__ float around(int row, int column, int y, int x) const { return at[(row + y) % 3][column + x]; }
};

// Where values were packed, fetched before they are needed.
struct Fetched {
    uint2 codes;
    __nv_bfloat16 scale;
    Fetched() = default;
    __device__ __forceinline__ Fetched(const Groups& from, int at)
        : codes(*reinterpret_cast<const uint2*>(from.codes + at)), scale(from.scales[at / GROUP]) {}
    __device__ __forceinline__ void unpack(float (&v)[COLUMNS]) const {
        float by = __bfloat162float(scale);
        decoded_four(v, codes.x, by);
        decoded_four(v + 4, codes.y, by);
    }
};

constexpr int SHARE = ROWS / 2;

struct GatedForwardParams {
    const uint16_t* x;  // before silu, bfloat16 [batch][2 channels][32][32]
    const float* w;     // [2 channels][3][3]
    const float* bias;  // may be null
    Groups packed, first, second;  // x, and the two halves of what the convolution made of it
    uint16_t* gate;                // bfloat16 [batch][channels][32][32]
    int channels;
};
// A block makes a plane of the gate: a warp convolves a plane of either half, then each multiplies half of the rows.
KERNEL_BESIDE(gated_forward_3, GatedForwardParams, 64, 13) {
    __shared__ Plane planes[2];
    __shared__ float4 given[2][SHARE][2][32];
    int lane = threadIdx.x % 32, second = threadIdx.x / 32, image = blockIdx.x / p.channels;
    int channel = blockIdx.x - image * p.channels, filter = channel + second * p.channels;
    int plane = (image * 2 * p.channels + filter) * AREA, half = int(blockIdx.x) * AREA;
    uint4 bits[ROWS];
#pragma unroll
    for (int i = 0; i < ROWS; i++)
        bits[i] = *reinterpret_cast<const uint4*>(p.x + plane + access_place(lane, i));
    float w[TAPS];
#pragma unroll
    for (int tap = 0; tap < TAPS; tap++) w[tap] = p.w[filter * TAPS + tap];
    float bias = p.bias ? p.bias[filter] : 0.f;
    Plane& activated = planes[second];
    activated.clear(lane);
#pragma unroll
    for (int i = 0; i < ROWS; i++) {
        int at = access_place(lane, i);
        float v[COLUMNS];
        widen(v, bits[i]);
        pack(v, p.packed, plane + at);
#pragma unroll
        for (int c = 0; c < COLUMNS; c++) v[c] = Silu(v[c]).value;
        activated.set(at, v);
    }
    __syncwarp();
    const Groups& kept = second ? p.second : p.first;
    float own[SHARE][COLUMNS];
    Window window(activated, lane);
#pragma unroll
    for (int row = 0; row < ROWS; row++) {
        window.get(activated, lane, row + 1);
        float y[COLUMNS];
#pragma unroll
        for (int c = 0; c < COLUMNS; c++) {
            y[c] = bias;
#pragma unroll
            for (int tap = 0; tap < TAPS; tap++) y[c] += w[tap] * window.around(row, c, tap / 3, tap % 3);
        }
        pack(y, kept, half + strip_place(lane, row));
        if (second)
#pragma unroll
            for (int c = 0; c < COLUMNS; c++) y[c] = Silu(y[c]).value;
        int share = row % SHARE;
        if (row / SHARE == second) {
#pragma unroll
            for (int c = 0; c < COLUMNS; c++) own[share][c] = y[c];
        } else {
            given[second][share][0][lane] = make_float4(y[0], y[1], y[2], y[3]);
            given[second][share][1][lane] = make_float4(y[4], y[5], y[6], y[7]);
        }
    }
    __syncthreads();
#pragma unroll
    for (int share = 0; share < SHARE; share++) {
        float4 a = given[1 - second][share][0][lane], b = given[1 - second][share][1][lane];
        const float(&o)[COLUMNS] = own[share];
        const float g[COLUMNS] = {o[0] * a.x, o[1] * a.y, o[2] * a.z, o[3] * a.w,
                                  o[4] * b.x, o[5] * b.y, o[6] * b.z, o[7] * b.w};
        *reinterpret_cast<uint4*>(p.gate + half + strip_place(lane, second * SHARE + share)) = narrowed(g);
    }
}

struct GatedBackwardParams {
    const uint16_t* gate;  // the gate's gradient
    const float* w;
    Groups packed, first, second;  // as the forward kernel left them
    uint16_t* x;                   // the gradient for x, bfloat16
    uint16_t* again;               // the gate itself, likewise, may be null
    float* weights;                // gradients of the filters, of their bias, and the sum of x's, one a channel
    float* bias;
    float* sums;
    int batch, channels;
};
// A block takes a channel of both halves through all images, two at a time with two warps each: they share the rows of the
// gradients for what the convolution made, then each convolves one half.
KERNEL_BESIDE(gated_backward_3, GatedBackwardParams, 128, 6) {
    constexpr int IMAGES = 2, RESULTS = TAPS + 2, SUMS = TAPS + 3;
    __shared__ Plane planes[IMAGES][2];
    __shared__ float partial[2 * IMAGES][SUMS];
    int lane = threadIdx.x % 32, warp = threadIdx.x / 32, second = warp % 2, channel = blockIdx.x;
    int filter = channel + second * p.channels;
    Plane(&both)[2] = planes[warp / 2];
    both[second].clear(lane);
    // The filters' gradients, x's sum, and those of both halves over this warp's rows.
    float w[TAPS], sums[SUMS] = {};
#pragma unroll
    for (int tap = 0; tap < TAPS; tap++) w[tap] = p.w[filter * TAPS + tap];
    for (int from = 0; from < p.batch; from += IMAGES) {
        bool within = from + warp / 2 < p.batch;
        int image = within ? from + warp / 2 : 0;
        int half = (image * p.channels + channel) * AREA, plane = (image * 2 * p.channels + filter) * AREA;
        uint4 gate[SHARE];
        Fetched inner[SHARE], outer[SHARE], x[ROWS];
#pragma unroll
        for (int i = 0; i < SHARE; i++) {
            int at = half + access_place(lane, second * SHARE + i);
            gate[i] = within ? *reinterpret_cast<const uint4*>(p.gate + at) : make_uint4(0u, 0u, 0u, 0u);
            inner[i] = Fetched(p.second, at);
            outer[i] = Fetched(p.first, at);
        }
#pragma unroll
        for (int row = 0; row < ROWS; row++) x[row] = Fetched(p.packed, plane + strip_place(lane, row));
#pragma unroll
        for (int i = 0; i < SHARE; i++) {
            float d[COLUMNS], h[COLUMNS], other[COLUMNS], again[COLUMNS];
            widen(d, gate[i]);
            inner[i].unpack(h);
            outer[i].unpack(other);
#pragma unroll
            for (int c = 0; c < COLUMNS; c++) {
                Silu s(h[c]);
                again[c] = other[c] * s.value;
                other[c] *= d[c] * s.slope();
                d[c] *= s.value;
                sums[TAPS + 1] += d[c];
                sums[TAPS + 2] += other[c];
            }
            if (p.again && within)
                *reinterpret_cast<uint4*>(p.again + half + access_place(lane, second * SHARE + i)) = narrowed(again);
            both[0].set(access_place(lane, second * SHARE + i), d);
            both[1].set(access_place(lane, second * SHARE + i), other);
        }
        __syncthreads();
        const Plane& mine = both[second];
        Window window(mine, lane);
#pragma unroll
        for (int row = 0; row < ROWS; row++) {
            window.get(mine, lane, row + 1);
            float v[COLUMNS], g[COLUMNS];
            x[row].unpack(v);
#pragma unroll
            for (int c = 0; c < COLUMNS; c++) {
                Silu s(v[c]);
                float sum = 0.f;
#pragma unroll
                for (int tap = 0; tap < TAPS; tap++) {
                    float d = window.around(row, c, 2 - tap / 3, 2 - tap % 3);
                    sum += w[tap] * d;
                    sums[tap] += s.value * d;
                }
                g[c] = sum * s.slope();
                sums[TAPS] += g[c];
            }
            if (within) *reinterpret_cast<uint4*>(p.x + plane + strip_place(lane, row)) = narrowed(g);
        }
        __syncthreads();
    }
#pragma unroll
    for (int i = 0; i < SUMS; i++) {
        for (int mask = 16; mask > 0; mask >>= 1) sums[i] += __shfl_xor_sync(WARP, sums[i], mask);
        if (lane == 0) partial[warp][i] = sums[i];
    }
    __syncthreads();
    if (int(threadIdx.x) >= 2 * RESULTS) return;
    int half = threadIdx.x / RESULTS, what = threadIdx.x % RESULTS, to = channel + half * p.channels;
    float total = 0.f;
    for (int i = 0; i < IMAGES; i++)
        total += what <= TAPS ? partial[2 * i + half][what]
                              : partial[2 * i][what + half] + partial[2 * i + 1][what + half];
    float* out = what < TAPS ? p.weights + to * TAPS + what : what == TAPS ? p.sums + to : p.bias + to;
    *out = total;
}
