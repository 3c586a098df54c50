// Reductions and row-wise normalisations in float32. A row is `count` elements `step` apart; many rows run one a
// thread (coalesced when rows are neighbours), few long ones run one a block, very few very long ones many blocks each.
// Memory-bound.
#include "kernel.cuh"

// In the order of the graph's Reduction.Kind, then what only we need.
struct Reduce {
    enum Code { SUM, MEAN, MAX, MIN, ARG_MAX, ARG_MIN, WHOLE = 16 };
};

struct ReduceParams {
    const void* in;
    void* out;
    int outputs, count, op;
    int divisor;  // of a mean: what was summed may be sums already
    Walk kept;
    int keptStrides[1][RANK];
    Walk reduced;
    int reducedStrides[1][RANK];
};

__device__ __forceinline__ float start_of(int op) {
    return op == Reduce::MAX ? -INFINITY : op == Reduce::MIN ? INFINITY : 0.f;
}
__device__ __forceinline__ float joined(int op, float a, float b) {
    if (op == Reduce::MAX) return a > b || a != a ? a : b;
    if (op == Reduce::MIN) return a < b || a != a ? a : b;
    return a + b;
}
__device__ void reduce_whole(const ReduceParams& p, int i, const int* in) {
    int op = p.op - Reduce::WHOLE, total = 0, where = 0;
    for (int k = 0; k < p.count; k++) {
        int v = in[walk<1>(p.reduced, p.reducedStrides, k).at[0]];
        bool better = k == 0 || (op == Reduce::MAX || op == Reduce::ARG_MAX ? v > total : v < total);
        if (op == Reduce::SUM || op == Reduce::MEAN) {
            total += v;
        } else if (better) {
            total = v;
            where = k;
        }
    }
    static_cast<int*>(p.out)[i] =
        op == Reduce::ARG_MAX || op == Reduce::ARG_MIN ? where : op == Reduce::MEAN ? total / p.count : total;
}

KERNEL(reduce_thread, ReduceParams) {
    int i = GLOBAL_INDEX;
    if (i >= p.outputs) return;
    int base = walk<1>(p.kept, p.keptStrides, i).at[0];
    if (p.op >= Reduce::WHOLE) return reduce_whole(p, i, static_cast<const int*>(p.in) + base);
    const float* in = static_cast<const float*>(p.in) + base;
    float total = start_of(p.op), lost = 0;
    if (p.op == Reduce::ARG_MAX || p.op == Reduce::ARG_MIN) {
        int where = 0;
        total = in[0];
        for (int k = 1; k < p.count; k++) {
            float v = in[walk<1>(p.reduced, p.reducedStrides, k).at[0]];
            if (p.op == Reduce::ARG_MAX ? v > total : v < total) {
                total = v;
                where = k;
            }
        }
        static_cast<int*>(p.out)[i] = where;
        return;
    }
    for (int k = 0; k < p.count; k++) {
        float v = in[walk<1>(p.reduced, p.reducedStrides, k).at[0]];
        if (p.op <= Reduce::MEAN) {
            // Compensated: a long sum by one thread loses no more than a tree would.
            float y = v - lost, t = total + y;
            lost = t - total - y;
            total = t;
        } else {
            total = joined(p.op, total, v);
        }
    }
    static_cast<float*>(p.out)[i] = p.op == Reduce::MEAN ? total / p.divisor : total;
}

// One row a block, or a piece of it each where blocks lie along y: their results lie side by side, to be reduced again.
KERNEL_MEETING(reduce_block, ReduceParams, 256) {
    __shared__ float partial[256];
    const float* in = static_cast<const float*>(p.in) + walk<1>(p.kept, p.keptStrides, blockIdx.x).at[0];
    float total = start_of(p.op);
    int from = int((long long)p.count * blockIdx.y / gridDim.y), to = int((long long)p.count * (blockIdx.y + 1) / gridDim.y);
    for (int k = from + threadIdx.x; k < to; k += blockDim.x)
        total = joined(p.op, total, in[walk<1>(p.reduced, p.reducedStrides, k).at[0]]);
    partial[threadIdx.x] = total;
    for (int half = 128; half > 0; half /= 2) {
        __syncthreads();
        if (int(threadIdx.x) < half)
            partial[threadIdx.x] = joined(p.op, partial[threadIdx.x], partial[threadIdx.x + half]);
    }
    if (threadIdx.x == 0)
        static_cast<float*>(p.out)[blockIdx.x * gridDim.y + blockIdx.y] =
            p.op == Reduce::MEAN ? partial[0] / p.divisor : partial[0];
}

// Sums down columns: in is [outer][rows][columns], neighbours along columns; blocks along z take a piece of the rows each,
// whose results lie one behind the other, to be reduced again.
struct ColumnsParams {
    const float* in;
    float* out;
    int outer, rows, columns, op, divisor;
};
KERNEL_MEETING(reduce_columns, ColumnsParams, 256) {
    __shared__ float partial[8][32];
    int lane = threadIdx.x % 32, line = threadIdx.x / 32, column = blockIdx.x * 32 + lane;
    int from = int((long long)p.rows * blockIdx.z / gridDim.z), to = int((long long)p.rows * (blockIdx.z + 1) / gridDim.z);
    const float* in = p.in + (long long)blockIdx.y * p.rows * p.columns + column;
    float total = start_of(p.op);
    if (column < p.columns)
#pragma unroll 4
        for (int row = from + line; row < to; row += 8) total = joined(p.op, total, in[(long long)row * p.columns]);
    partial[line][lane] = total;
    __syncthreads();
    if (line > 0 || column >= p.columns) return;
    for (int other = 1; other < 8; other++) total = joined(p.op, total, partial[other][lane]);
    p.out[((long long)blockIdx.z * p.outer + blockIdx.y) * p.columns + column] =
        p.op == Reduce::MEAN ? total / p.divisor : total;
}

// Rows for norms and softmax: row r starts at (r / inner) * outerStep + (r % inner) and walks `step`.
struct RowParams {
    const float* x;
    const float* scale;  // may be null
    const float* bias;   // may be null
    float* y;
    const int* mask;  // softmax only, may be null
    int rows, inner, outerStep, count, step;
    float epsilon;      // norms: added to the mean of squares; softmax: what every element is multiplied by before
    int centred;        // 1: layer or group norm, 0: root mean square
    int channelPeriod;  // element k of a row has channel (row % groups) * channelsAGroup + k / channelPeriod
    int groups;
    Walk shape;  // softmax: of x, for the mask's broadcasting
    int maskStrides[1][RANK];
    int maskStep;  // along a row
    // Softmax a warp a row only: x in bfloat16, instead of x where it is not null; y rounded as well, may be null.
    const __nv_bfloat16* narrowX;
    __nv_bfloat16* narrow;
};

struct Alone {
    __device__ float sum(float v) const { return v; }
    __device__ float largest(float v) const { return v; }
    __device__ int first() const { return 0; }
    __device__ int stride() const { return 1; }
};
struct Together {
    float* scratch;
    __device__ float sum(float v) const { return block_sum(v, scratch); }
    __device__ float largest(float v) const {
        for (int mask = 16; mask > 0; mask >>= 1) v = fmaxf(v, __shfl_xor_sync(0xffffffffu, v, mask));
        __syncthreads();
        if (threadIdx.x % 32 == 0) scratch[threadIdx.x / 32] = v;
        __syncthreads();
        for (int w = 0; w < int(blockDim.x) / 32; w++) v = fmaxf(v, scratch[w]);
        return v;
    }
    __device__ int first() const { return threadIdx.x; }
    __device__ int stride() const { return blockDim.x; }
};

template <typename Team>
__device__ void norm_row(const RowParams& p, int row, Team team) {
    int base = row / p.inner * p.outerStep + row % p.inner;
    float mean = 0;
    if (p.centred) {
        float sum = 0;
        for (int k = team.first(); k < p.count; k += team.stride()) sum += p.x[base + k * p.step];
        mean = team.sum(sum) / p.count;
    }
    float square = 0;
    for (int k = team.first(); k < p.count; k += team.stride()) {
        float d = p.x[base + k * p.step] - mean;
        square += d * d;
    }
    float factor = 1.f / sqrtf(team.sum(square) / p.count + p.epsilon);
    int channels = p.count / p.channelPeriod;
    for (int k = team.first(); k < p.count; k += team.stride()) {
        int channel = row % p.groups * channels + k / p.channelPeriod;
        float v = (p.x[base + k * p.step] - mean) * factor;
        if (p.scale) v *= p.scale[channel];
        if (p.bias) v += p.bias[channel];
        p.y[base + k * p.step] = v;
    }
}
KERNEL(norm_thread, RowParams) {
    if (GLOBAL_INDEX < p.rows) norm_row(p, GLOBAL_INDEX, Alone{});
}
KERNEL_MEETING(norm_block, RowParams, 256) {
    __shared__ float scratch[32];
    norm_row(p, blockIdx.x, Together{scratch});
}

template <typename Team>
__device__ void softmax_row(const RowParams& p, int row, Team team) {
    int base = row / p.inner * p.outerStep + row % p.inner;
    const int* mask = p.mask ? p.mask + walk<1>(p.shape, p.maskStrides, base).at[0] : nullptr;
    auto seen = [&](int k) { return !mask || mask[k * p.maskStep]; };
    float largest = -INFINITY;
    for (int k = team.first(); k < p.count; k += team.stride())
        if (seen(k)) largest = fmaxf(largest, p.x[base + k * p.step] * p.epsilon);
    largest = team.largest(largest);
    float sum = 0;
    for (int k = team.first(); k < p.count; k += team.stride())
        if (seen(k)) sum += expf(p.x[base + k * p.step] * p.epsilon - largest);
    sum = team.sum(sum);
    for (int k = team.first(); k < p.count; k += team.stride())
        p.y[base + k * p.step] = seen(k) ? expf(p.x[base + k * p.step] * p.epsilon - largest) / sum : 0.f;
}
KERNEL(softmax_thread, RowParams) {
    if (GLOBAL_INDEX < p.rows) softmax_row(p, GLOBAL_INDEX, Alone{});
}
KERNEL_MEETING(softmax_block, RowParams, 256) {
    __shared__ float scratch[32];
    softmax_row(p, blockIdx.x, Together{scratch});
}

// A row a warp, in its registers: attention's rows are too many for a block each and too long for a thread.
constexpr int WARP_ROW = 16;
__device__ __forceinline__ float largest_of_warp(float v) {
    for (int mask = 16; mask > 0; mask >>= 1) v = fmaxf(v, __shfl_xor_sync(0xffffffffu, v, mask));
    return v;
}
__device__ __forceinline__ float sum_of_warp(float v) {
    for (int mask = 16; mask > 0; mask >>= 1) v += __shfl_xor_sync(0xffffffffu, v, mask);
    return v;
}
KERNEL_MEETING(softmax_warp, RowParams, 256) {
    int row = GLOBAL_INDEX / 32, lane = threadIdx.x % 32;
    if (row >= p.rows) return;
    int base = row * p.count;
    const int* mask = p.mask ? p.mask + walk<1>(p.shape, p.maskStrides, base).at[0] : nullptr;
    float v[WARP_ROW], largest = -INFINITY, sum = 0;
#pragma unroll
    for (int i = 0; i < WARP_ROW; i++) {
        int k = i * 32 + lane;
        bool seen = k < p.count && (!mask || mask[k * p.maskStep]);
        v[i] = seen ? (p.narrowX ? __bfloat162float(p.narrowX[base + k]) : p.x[base + k]) * p.epsilon : -INFINITY;
        largest = fmaxf(largest, v[i]);
    }
    largest = largest_of_warp(largest);
#pragma unroll
    for (int i = 0; i < WARP_ROW; i++) {
        v[i] = v[i] == -INFINITY ? 0.f : expf(v[i] - largest);
        sum += v[i];
    }
    sum = sum_of_warp(sum);
#pragma unroll
    for (int i = 0; i < WARP_ROW; i++) {
        int k = i * 32 + lane;
        if (k >= p.count) continue;
        float y = v[i] == 0.f ? 0.f : v[i] / sum;
        p.y[base + k] = y;
        if (p.narrow) p.narrow[base + k] = __float2bfloat16(y);
    }
}

struct BatchNormParams {
    const float* x;
    const float* scale;
    const float* bias;
    const float* mean;
    const float* variance;
    float* y;
    int batch, channels, area;
    float epsilon;
};
KERNEL(batch_norm, BatchNormParams) {
    int i = GLOBAL_INDEX;
    if (i >= p.batch * p.channels * p.area) return;
    int c = i / p.area % p.channels;
    p.y[i] = (p.x[i] - p.mean[c]) * (p.scale[c] / sqrtf(p.variance[c] + p.epsilon)) + p.bias[c];
}
