// Elements found by computed positions, and counter-based random numbers.
#include "kernel.cuh"

// out[o, j, i] = data[o, index[j], i]; element-wise: index has the shape [o, j, i] itself.
struct GatherParams {
    const int* data;
    const int* index;
    int* out;
    int* fault;  // becomes 1 where an index lies outside: the run then fails
    int outer, axis, inner, picks, elementwise;
};
KERNEL(gather, GatherParams) {
    int i = GLOBAL_INDEX;
    if (i >= p.outer * p.picks * p.inner) return;
    int inner = i % p.inner, pick = i / p.inner % p.picks, outer = i / p.inner / p.picks;
    int at = p.index[p.elementwise ? i : pick];
    if (unsigned(at) >= unsigned(p.axis)) {
        *p.fault = 1;
        p.out[i] = 0;
        return;
    }
    p.out[i] = p.data[(outer * p.axis + at) * p.inner + inner];
}

// Each element of the axis sums, in order, the picks that chose it: no atomics, the same bits every time.
KERNEL(scatter_add, GatherParams) {
    int i = GLOBAL_INDEX;
    if (i >= p.outer * p.axis * p.inner) return;
    int inner = i % p.inner, at = i / p.inner % p.axis, outer = i / p.inner / p.axis;
    const float* dy = reinterpret_cast<const float*>(p.data);
    float sum = 0;
    for (int pick = 0; pick < p.picks; pick++)
        if (p.index[pick] == at) sum += dy[(outer * p.picks + pick) * p.inner + inner];
    reinterpret_cast<float*>(p.out)[i] = sum;
}

// One block a row: `take` rounds of a block-wide search for the best element after the last one taken. Fine for the few
// hundred detections of a frame; equal values come by rising index.
struct TopKParams {
    const void* in;
    void* values;
    int* indices;
    int rows, inner, count, take, whole;
};
__device__ __forceinline__ bool before(float v, int i, float w, int j) {
    // NaN comes last.
    bool a = v != v, b = w != w;
    if (a || b) return b && (!a || i < j);
    return v > w || (v == w && i < j);
}
KERNEL_MEETING(top_k, TopKParams, 256) {
    __shared__ float bestValue[256];
    __shared__ int bestIndex[256];
    int row = blockIdx.x, base = row / p.inner * p.count * p.inner + row % p.inner;
    int out = row / p.inner * p.take * p.inner + row % p.inner;
    float lastValue = 0;
    int lastIndex = -1;
    auto at = [&](int k) {
        return p.whole ? float(static_cast<const int*>(p.in)[base + k * p.inner])
                       : static_cast<const float*>(p.in)[base + k * p.inner];
    };
    for (int round = 0; round < p.take; round++) {
        float value = 0;
        int index = -1;
        for (int k = threadIdx.x; k < p.count; k += blockDim.x) {
            float v = at(k);
            if (lastIndex >= 0 && !before(lastValue, lastIndex, v, k)) continue;
            if (index < 0 || before(v, k, value, index)) {
                value = v;
                index = k;
            }
        }
        bestValue[threadIdx.x] = value;
        bestIndex[threadIdx.x] = index;
        for (int half = 128; half > 0; half /= 2) {
            __syncthreads();
            int other = threadIdx.x + half;
            if (int(threadIdx.x) < half && bestIndex[other] >= 0
                && (bestIndex[threadIdx.x] < 0
                    || before(bestValue[other], bestIndex[other], bestValue[threadIdx.x], bestIndex[threadIdx.x]))) {
                bestValue[threadIdx.x] = bestValue[other];
                bestIndex[threadIdx.x] = bestIndex[other];
            }
        }
        __syncthreads();
        lastValue = bestValue[0];
        lastIndex = bestIndex[0];
        __syncthreads();
        if (threadIdx.x == 0) {
            p.indices[out + round * p.inner] = lastIndex;
            static_cast<int*>(p.values)[out + round * p.inner] = static_cast<const int*>(p.in)[base + lastIndex * p.inner];
        }
    }
}
