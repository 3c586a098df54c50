// Depthwise convolution over NCHW from tiles in shared memory, and its gradient for the weights; sums and tiles are float32,
// arrays that or bfloat16. A thread makes four neighbours of a row. Memory-bound by design: one read (and a halo) and one
// write of the activation; the shared
// memory's bandwidth is the next limit, three 16-byte reads for 28 FMA with 7 x 7 kernels.
#include "either.cuh"
#include "elementwise.cuh"

struct TileParams {
    const float* x;
    const float* w;     // weights [c][k][k]; for their gradient, the output's gradient
    const float* bias;  // may be null
    float* y;           // for the gradient, partial [split][c][k][k]
    int batch, channels, height, width, outHeight, outWidth, padY, padX;
    int strips, rows, planes;  // of a tile: fours of a row, rows, images or planes side by side; 256 in all
    int splits;
    int activation;  // of x, as it is read; in the gradient of 3 x 3 weights alone
    const uint16_t* narrow;   // x in bfloat16, instead of x where it is not null
    uint16_t* rounded;        // likewise y
    const uint16_t* narrowW;  // likewise the output's gradient
};

// Four outputs of a row read 3 S + K inputs, in float4s from the strip's start.
template <int K, int S>
struct Tile {
    static constexpr int VECTORS = (3 * S + K + 3) / 4;
    static constexpr int TAPS = (K + 3) / 4 * 4;
    static constexpr int AT_ONCE = 4;  // loads of a thread that are under way together
    int pitch, height;
    __device__ __forceinline__ explicit Tile(const TileParams& p)
        : pitch(p.strips * 4 * S + VECTORS * 4 - 4 * S), height((p.rows - 1) * S + K) {}

    // Where a thread is among `per` elements, or fours, of every row of every plane, and where 256 places on. No division on
    // the way: that would be most of what a load takes.
    struct Walk {
        int per, height, stepAt, stepRow, at, row, plane;
        __device__ __forceinline__ Walk(int per_, int height_)
            : per(per_), height(height_), stepAt(256 % per_), stepRow(256 / per_), at(threadIdx.x % per_) {
            row = threadIdx.x / per, plane = row / height, row -= plane * height;
        }
        __device__ __forceinline__ void next() {
            at += stepAt, row += stepRow;
            if (at >= per) at -= per, row++;
            while (row >= height) row -= height, plane++;
        }
    };

    // Plane i of the tile is plane `first + i * step` of x. AS_IT_IS: no activation applies.
    template <bool AS_IT_IS>
    __device__ __forceinline__ void load(
        const TileParams& p, float* to, int first, int step, int count, int oy0, int ox0) const {
        if (ox0 == 0 && p.width % 4 == 0 && p.padX + p.width <= pitch) {
            load_rows<AS_IT_IS>(p, to, first, step, count, oy0 * S - p.padY);
            return;
        }
        int iy0 = oy0 * S - p.padY, ix0 = ox0 * S - p.padX;
        for (Walk w(pitch, height); w.plane < p.planes;) {
            float v[AT_ONCE];
            int place[AT_ONCE];
#pragma unroll
            for (int i = 0; i < AT_ONCE; i++, w.next()) {
                int iy = iy0 + w.row, ix = ix0 + w.at;
                place[i] = w.plane < p.planes ? (w.plane * height + w.row) * pitch + w.at : -1;
                v[i] = 0.f;
                if (w.plane < count && unsigned(iy) < unsigned(p.height) && unsigned(ix) < unsigned(p.width)) {
                    long long from = ((long long)(first + w.plane * step) * p.height + iy) * p.width + ix;
                    v[i] = p.narrow ? one_of(p.narrow[from]) : p.x[from];
                }
            }
#pragma unroll
            for (int i = 0; i < AT_ONCE; i++)
                if (place[i] >= 0) to[place[i]] = AS_IT_IS ? v[i] : activated(p.activation, v[i]);
        }
    }
    // The same where a tile holds whole rows: four neighbours at a time, then zeros on both sides. Four elements of a thread lie
    // where no four banks do, so eights of threads begin with another one each.
    template <bool AS_IT_IS>
    __device__ __forceinline__ void load_rows(
        const TileParams& p, float* to, int first, int step, int count, int iy0) const {
        int rows = p.planes * height, beside = pitch - p.width, turn = threadIdx.x / 8 % 4;
        for (Walk w(p.width / 4, height); w.plane < p.planes;) {
            float4 fours[2];
            int places[2];
#pragma unroll
            for (int i = 0; i < 2; i++, w.next()) {
                int at = w.at * 4, iy = iy0 + w.row;
                places[i] = w.plane < p.planes ? (w.plane * height + w.row) * pitch + p.padX + at : -1;
                fours[i] = make_float4(0.f, 0.f, 0.f, 0.f);
                if (w.plane < count && unsigned(iy) < unsigned(p.height)) {
                    long long from = ((long long)(first + w.plane * step) * p.height + iy) * p.width + at;
                    fours[i] = p.narrow ? four_of(*reinterpret_cast<const uint2*>(p.narrow + from)) : *reinterpret_cast<const float4*>(p.x + from);
                }
            }
#pragma unroll
            for (int i = 0; i < 2; i++) {
                if (places[i] < 0) break;
                float4 v = fours[i];
                if (!AS_IT_IS && p.activation == SILU_ACT)
                    v = make_float4(v.x * sigmoid(v.x), v.y * sigmoid(v.y), v.z * sigmoid(v.z), v.w * sigmoid(v.w));
                else if (!AS_IT_IS && p.activation)
                    v = make_float4(
                        activated(p.activation, v.x), activated(p.activation, v.y), activated(p.activation, v.z),
                        activated(p.activation, v.w));
                if (turn & 1) v = make_float4(v.y, v.z, v.w, v.x);
                if (turn & 2) v = make_float4(v.z, v.w, v.x, v.y);
                float* place = to + places[i];
                place[turn] = v.x, place[(turn + 1) % 4] = v.y, place[(turn + 2) % 4] = v.z, place[(turn + 3) % 4] = v.w;
            }
        }
        for (int e = threadIdx.x; e < rows * beside; e += 256) {
            int row = e / beside, c = e - row * beside;
            to[row * pitch + (c < p.padX ? c : p.width + c)] = 0.f;
        }
    }
    __device__ __forceinline__ void read(float (&v)[VECTORS * 4], const float* row) const {
#pragma unroll
        for (int i = 0; i < VECTORS; i++) {
            float4 f = reinterpret_cast<const float4*>(row)[i];
            v[4 * i] = f.x, v[4 * i + 1] = f.y, v[4 * i + 2] = f.z, v[4 * i + 3] = f.w;
        }
    }
};

struct Place {
    int strip, row, plane;
    __device__ __forceinline__ explicit Place(const TileParams& p)
        : strip(threadIdx.x % p.strips), row(threadIdx.x / p.strips % p.rows),
          plane(threadIdx.x / (p.strips * p.rows)) {}
};

template <int K, int S>
__device__ __forceinline__ void depthwise_tile(const TileParams& p, float* shared) {
    Tile<K, S> tile(p);
    int across = (p.outWidth + p.strips * 4 - 1) / (p.strips * 4), down = (p.outHeight + p.rows - 1) / p.rows;
    int block = blockIdx.x, tx = block % across, ty = block / across % down, first = block / (across * down) * p.planes;
    int oy0 = ty * p.rows, ox0 = tx * p.strips * 4, all = p.batch * p.channels;
    int count = min(p.planes, all - first);
    float* w = shared + p.planes * tile.height * tile.pitch;
    tile.template load<false>(p, shared, first, 1, count, oy0, ox0);
    for (int e = threadIdx.x; e < count * K * K; e += 256) {
        int plane = e / (K * K), tap = e - plane * K * K;
        w[(plane * K + tap / K) * Tile<K, S>::TAPS + tap % K] = p.w[(first + plane) % p.channels * K * K + tap];
    }
    __syncthreads();
    Place at(p);
    int oy = oy0 + at.row, ox = ox0 + at.strip * 4;
    if (at.plane >= count || oy >= p.outHeight || ox >= p.outWidth) return;
    float bias = p.bias ? p.bias[(first + at.plane) % p.channels] : 0.f;
    float sum[4] = {bias, bias, bias, bias};
#pragma unroll
    for (int ky = 0; ky < K; ky++) {
        float v[Tile<K, S>::VECTORS * 4];
        tile.read(v, shared + (at.plane * tile.height + at.row * S + ky) * tile.pitch + at.strip * 4 * S);
        const float* taps = w + (at.plane * K + ky) * Tile<K, S>::TAPS;
#pragma unroll
        for (int kx = 0; kx < K; kx++) {
            float tap = taps[kx];
#pragma unroll
            for (int i = 0; i < 4; i++) sum[i] += v[i * S + kx] * tap;
        }
    }
    long long place = ((long long)(first + at.plane) * p.outHeight + oy) * p.outWidth + ox;
    put_four(p.y, p.rounded, place, ox, p.outWidth, sum);
}

// Block (channel, split) sums its share of the tiles of one channel over all images.
template <int K, int S>
__device__ __forceinline__ void depthwise_weight(const TileParams& p, float* shared) {
    Tile<K, S> tile(p);
    int channel = blockIdx.x, split = blockIdx.y;
    int across = (p.outWidth + p.strips * 4 - 1) / (p.strips * 4), down = (p.outHeight + p.rows - 1) / p.rows;
    int groups = (p.batch + p.planes - 1) / p.planes, total = groups * across * down;
    int from = int((long long)total * split / p.splits), to = int((long long)total * (split + 1) / p.splits);
    Place at(p);
    float sum[K][K] = {};
    for (int item = from; item < to; item++) {
        int tx = item % across, ty = item / across % down, image = item / (across * down) * p.planes;
        int count = min(p.planes, p.batch - image);
        __syncthreads();
        // Larger kernels have no registers left for it.
        tile.template load<(K > 3)>(p, shared, image * p.channels + channel, p.channels, count, ty * p.rows, tx * p.strips * 4);
        int oy = ty * p.rows + at.row, ox = tx * p.strips * 4 + at.strip * 4;
        float d[4] = {};
        if (at.plane < count && oy < p.outHeight && ox < p.outWidth) {
            long long from = (((long long)(image + at.plane) * p.channels + channel) * p.outHeight + oy) * p.outWidth + ox;
            if (p.outWidth % 4 == 0) {
                float4 f = p.narrowW ? four_of(*reinterpret_cast<const uint2*>(p.narrowW + from))
                                     : *reinterpret_cast<const float4*>(p.w + from);
                d[0] = f.x, d[1] = f.y, d[2] = f.z, d[3] = f.w;
            } else {
#pragma unroll
                for (int i = 0; i < 4; i++)
                    if (ox + i < p.outWidth) d[i] = p.narrowW ? one_of(p.narrowW[from + i]) : p.w[from + i];
            }
        }
        __syncthreads();
        if (at.plane >= count) continue;
#pragma unroll
        for (int ky = 0; ky < K; ky++) {
            float v[Tile<K, S>::VECTORS * 4];
            tile.read(v, shared + (at.plane * tile.height + at.row * S + ky) * tile.pitch + at.strip * 4 * S);
#pragma unroll
            for (int kx = 0; kx < K; kx++)
#pragma unroll
                for (int i = 0; i < 4; i++) sum[ky][kx] += v[i * S + kx] * d[i];
        }
    }
    __syncthreads();
#pragma unroll
    for (int ky = 0; ky < K; ky++)
#pragma unroll
        for (int kx = 0; kx < K; kx++) {
            float v = sum[ky][kx];
            for (int mask = 16; mask > 0; mask >>= 1) v += __shfl_xor_sync(0xffffffffu, v, mask);
            if (threadIdx.x % 32 == 0) shared[threadIdx.x / 32 * K * K + ky * K + kx] = v;
        }
    __syncthreads();
    if (int(threadIdx.x) < K * K) {
        float total_ = 0;
        for (int warp = 0; warp < 8; warp++) total_ += shared[warp * K * K + threadIdx.x];
        p.y[((long long)split * p.channels + channel) * K * K + threadIdx.x] = total_;
    }
}

#define DEPTHWISE(K, S)                                             \
    KERNEL_MEETING(depthwise_tile32_##K##_##S, TileParams, 256) {   \
        DYNAMIC_SHARED(shared);                                     \
        depthwise_tile<K, S>(p, reinterpret_cast<float*>(shared));  \
    }                                                               \
    KERNEL_MEETING(depthwise_weight32_##K##_##S, TileParams, 256) { \
        DYNAMIC_SHARED(shared);                                     \
        depthwise_weight<K, S>(p, reinterpret_cast<float*>(shared)); \
    }
DEPTHWISE(3, 1)
DEPTHWISE(3, 2)
DEPTHWISE(5, 1)
DEPTHWISE(5, 2)
DEPTHWISE(7, 1)
DEPTHWISE(7, 2)
