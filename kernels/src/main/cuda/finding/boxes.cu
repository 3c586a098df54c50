// The strongest boxes of a detection head, less those that a stronger one covers: threshold, order, suppression.
//
// Roofline: the logits are read once (640 x 640: 8,400 cells, 134 KB a picture in float16 NHWC, so 16 pictures take a
// microsecond of an H100's memory); everything after works on the few hundred boxes above the threshold and is bound by
// latency: some 50 steps of a sort in shared memory, then a few steps for each 32 of them.
//
// `nominate` looks at 256 cells a block and leaves a key for each logit above the threshold; `suppress`, a block a picture,
// sorts the keys, works out their boxes and keeps the best ones. A key orders as the result does: falling logit, then rising
// place; so what comes out does not depend on which thread was first. Edges are worked out in float64 and rounded to float32,
// as the reference engine does, products without being fused into sums.
#include "maps.cuh"

constexpr int LEVELS = 8;
constexpr int CELLS = 256;      // of a block of `nominate`
constexpr int THREADS = 1024;   // of `suppress`, the most candidates
#define ALONE THREADS, 1        // a block a multiprocessor, so that it has all registers
constexpr int SORTED = 2048;    // keys that are sorted in shared memory
constexpr int ROW = 6;

struct Level {
    Maps logits, distances;
    // `piece` is the first of its blocks, `place` that of its first logit among all.
    int stride, width, cells, piece, place;
};
struct BoxesParams {
    Level levels[LEVELS];
    uint64_t* keys;  // a block's lie together
    int* counts;     // of a block's keys
    float* out;
    double overlap;
    int count, classes, pieces, candidates, most;
    float reach, least;
};

KERNEL_MEETING(nominate, BoxesParams, CELLS) {
    __shared__ int count;
    if (threadIdx.x == 0) count = 0;
    __syncthreads();
    int piece = blockIdx.x, picture = blockIdx.y;
    int l = 0;
    while (l + 1 < p.count && p.levels[l + 1].piece <= piece) l++;
    const Level& level = p.levels[l];
    int cell = (piece - level.piece) * CELLS + threadIdx.x;
    long slot = long(picture) * p.pieces + piece;
    uint64_t* keys = p.keys + slot * (CELLS * p.classes);
    if (cell < level.cells)
        for (int c = 0; c < p.classes; c++) {
            float logit = level.logits.at(picture, c, cell);
            if (logit > p.least) keys[atomicAdd(&count, 1)] = key_of(logit, level.place + c * level.cells + cell);
        }
    __syncthreads();
    if (threadIdx.x == 0) p.counts[slot] = count;
}

// Calls `each` with every key of the picture, the threads of the block side by side.
template <typename Each>
__device__ __forceinline__ void every_key(const BoxesParams& p, Each each) {
    const int* counts = p.counts + long(blockIdx.x) * p.pieces;
    const uint64_t* keys = p.keys + long(blockIdx.x) * p.pieces * (CELLS * p.classes);
    for (int piece = threadIdx.x / 32; piece < p.pieces; piece += THREADS / 32)
        for (int i = threadIdx.x % 32; i < counts[piece]; i += 32) each(keys[long(piece) * (CELLS * p.classes) + i]);
}

// The least key that has to be sorted: below it lie only keys that come after the last candidate. Reads the keys once for
// each eight bits, and is wanted only where more are above the threshold than can be sorted.
__device__ uint64_t least_key(const BoxesParams& p) {
    __shared__ int bins[256];
    __shared__ int chosen, above, inside;
    uint64_t prefix = 0;
    if (threadIdx.x == 0) above = 0;
    for (int shift = 56;; shift -= 8) {
        if (threadIdx.x < 256) bins[threadIdx.x] = 0;
        __syncthreads();
        every_key(p, [&](uint64_t key) {
            if (shift == 56 || key >> (shift + 8) == prefix) atomicAdd(&bins[key >> shift & 255], 1);
        });
        __syncthreads();
        if (threadIdx.x == 0) {
            int bin = 255;
            while (bin > 0 && above + bins[bin] < p.candidates) above += bins[bin--];
            chosen = bin;
            inside = bins[bin];
        }
        __syncthreads();
        prefix = prefix << 8 | uint64_t(chosen);
        if (above + inside <= SORTED || shift == 0) return prefix << shift;
    }
}

struct Box {
    float left, top, right, bottom;
    int label;
    __device__ __forceinline__ double area() const {
        return __dmul_rn(double(right) - left, double(bottom) - top);
    }
    __device__ __forceinline__ bool covers(const Box& other, double overlap) const {
        if (label != other.label) return false;
        double width = double(min(right, other.right)) - max(left, other.left);
        double height = double(min(bottom, other.bottom)) - max(top, other.top);
        if (!(width > 0 && height > 0)) return false;
        double both = __dmul_rn(width, height), all = area() + other.area() - both;
        // The quotient decides; it is worked out only where a product cannot say how it will.
        double limit = overlap * all;
        if (both > limit * (1 + 1e-14)) return true;
        if (both < limit * (1 - 1e-14)) return false;
        return both / all > overlap;
    }
};
__device__ __forceinline__ Box box_of(const BoxesParams& p, uint64_t key) {
    int place = ~int(uint32_t(key)), l = 0;
    while (l + 1 < p.count && p.levels[l + 1].place <= place) l++;
    const Level& level = p.levels[l];
    int label = (place - level.place) / level.cells, cell = (place - level.place) % level.cells;
    double centre[2] = {(cell % level.width + 0.5) * level.stride, (cell / level.width + 0.5) * level.stride};
    float edge[4];
    for (int side = 0; side < 4; side++) {
        float v = level.distances.at(blockIdx.x, side, cell);
        v = v < -p.reach ? -p.reach : v > p.reach ? p.reach : v;
        double away = __dmul_rn(level.stride, exp(double(v)));
        edge[side] = float(side < 2 ? centre[side % 2] - away : centre[side % 2] + away);
    }
    return {edge[0], edge[1], edge[2], edge[3], label};
}

KERNEL_MEETING(suppress, BoxesParams, ALONE) {
    __shared__ uint64_t keys[SORTED];
    __shared__ Box boxes[THREADS];
    __shared__ uint32_t covered[THREADS / 32], among[32];
    __shared__ int all, count;
    int me = threadIdx.x, lane = me % 32;
    if (me == 0) all = count = 0;
    __syncthreads();
    for (int piece = me; piece < p.pieces; piece += THREADS) {
        int here = p.counts[long(blockIdx.x) * p.pieces + piece];
        if (here) atomicAdd(&all, here);
    }
    __syncthreads();
    uint64_t least = all > SORTED ? least_key(p) : 0;
    every_key(p, [&](uint64_t key) {
        if (key >= least) keys[atomicAdd(&count, 1)] = key;
    });
    __syncthreads();
    int size = 32;
    while (size < count) size *= 2;
    for (int i = count + me; i < size; i += THREADS) keys[i] = 0;
    for (int run = 2; run <= size; run *= 2)
        for (int apart = run / 2; apart > 0; apart /= 2) {
            __syncthreads();
            for (int i = me; i < size / 2; i += THREADS) {
                int low = i / apart * apart * 2 + i % apart, high = low + apart;
                uint64_t a = keys[low], b = keys[high];
                if ((a < b) == ((low & run) == 0)) {
                    keys[low] = b;
                    keys[high] = a;
                }
            }
        }
    __syncthreads();
    int considered = min(count, p.candidates);
    Box mine = {};
    if (me < considered) boxes[me] = mine = box_of(p, keys[me]);
    if (me < THREADS / 32) covered[me] = 0;
    float* out = p.out + long(blockIdx.x) * p.most * ROW;
    int kept = 0, warp = me / 32;
    // 32 at a time: who of them covers whom, a warp a box; then, in order, who is kept; then whom these cover behind.
    for (int first = 0; first < considered && kept < p.most; first += 32) {
        __syncthreads();
        int other = first + lane;
        bool covers = warp < lane && other < considered && boxes[first + warp].covers(boxes[other], p.overlap);
        uint32_t row = __ballot_sync(0xffffffffu, covers);
        if (lane == 0) among[warp] = row;
        __syncthreads();
        uint32_t open = ~covered[first / 32], chosen = 0;
        if (considered - first < 32) open &= (1u << (considered - first)) - 1;
        int before = kept;
        while (open && kept < p.most) {
            int best = __ffs(open) - 1;
            chosen |= 1u << best;
            open &= ~(among[best] | 1u << best);
            kept++;
        }
        int place = me - first;
        if (place >= 0 && place < 32 && (chosen >> place & 1)) {
            float* to = out + (before + __popc(chosen & ((1u << place) - 1))) * ROW;
            float from[ROW] = {mine.left, mine.top, mine.right, mine.bottom, value_of(keys[me]), float(mine.label)};
            for (int i = 0; i < ROW; i++) to[i] = from[i];
        }
        if (chosen >> warp & 1)
            for (int behind = first + 32; behind < considered; behind += 32) {
                int weaker = behind + lane;
                bool goes = weaker < considered && boxes[first + warp].covers(boxes[weaker], p.overlap);
                uint32_t all = __ballot_sync(0xffffffffu, goes);
                if (lane == 0 && all) atomicOr(&covered[behind / 32], all);
            }
    }
    for (int i = kept * ROW + me; i < p.most * ROW; i += THREADS) out[i] = i % ROW == ROW - 1 ? -1.0f : 0.0f;
}
