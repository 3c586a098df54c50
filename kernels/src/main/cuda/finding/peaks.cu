// Joints in heat maps: the highest local maxima, and the place that a tag points to. A picture's maps are C heat maps and C
// tag maps of h x w cells, and C finer heat maps of 2h x 2w; both are enlarged to 4h x 4w without that being stored:
// heat = up((up(coarse) + fine) / 2), tag = up(up(coarse)), bilinear.
//
// Roofline: the maps are read once (448 x 448, 14 joints: 2.4 MB a picture in float16 NHWC, so 16 pictures take 12 us of an
// H100's memory), but 2.8 million enlarged values a picture want some 40 instructions each: about 100 us for 16 pictures.
// Tiles without a value near the threshold are left before they are enlarged, which is most of them where few people are.
//
// `tops` looks at a tile of 32 x 32 enlarged values and keeps its best maxima as keys, `best_tops`, a block a map, the best of
// all tiles. `tile_bounds` says what a tile holds at most, `search` looks for a tag's place in tiles that may hold it, `place`
// takes the best of them. Every value is worked out as the
// reference engine does, rounding by rounding.
#include "maps.cuh"

constexpr int THREADS = 256;
constexpr int TILE = 32;
constexpr int REACH = 2;                            // a maximum is the largest of its 5 x 5
// What a tile needs of each size: enlarged values come in quads, of which the first begins one before.
constexpr int QUADS = (TILE + 2 * REACH) / 2 + 1, FULL = 2 * QUADS, MIDDLE = QUADS + 1;
constexpr int FINER_QUADS = MIDDLE / 2 + 1, FINER = 2 * FINER_QUADS, COARSE = FINER_QUADS + 1;
constexpr int TOGETHER = 8;                     // maps of a block of `tops`: sixteen bytes of a cell
constexpr int SHARE = 4;                        // of them to a thread
constexpr int PIECES = 4;                       // blocks of a query of `search`
constexpr int PEAK = 6, SOUGHT = 3, FOUND = 5;  // numbers of a row

struct Pyramid {
    Maps coarse, fine;
    int maps, height, width;  // of `coarse`
    int across, tiles, pictures;
};

// Between which two of n values the i-th of 2n lies, and how much of the second it is.
struct Tap {
    int first, second;
    float share;
};
__device__ __forceinline__ Tap tap(int i, int n) {
    float at = max(0.0f, i * 0.5f - 0.25f);
    int first = min(int(at), n - 1);
    return {first, min(first + 1, n - 1), at - first};
}
__device__ __forceinline__ float mix(float a, float b, float share) {
    return __fadd_rn(__fmul_rn(a, 1 - share), __fmul_rn(b, share));
}
// A value of an image twice as large as the one of which `at` tells.
template <typename At>
__device__ __forceinline__ float enlarged(At at, int height, int width, int y, int x) {
    Tap down = tap(y, height), across = tap(x, width);
    float above = mix(at(down.first, across.first), at(down.first, across.second), across.share);
    float below = mix(at(down.second, across.first), at(down.second, across.second), across.share);
    return mix(above, below, down.share);
}

// At one place, straight from memory.
__device__ float tag_at(const Pyramid& p, int picture, int map, int y, int x) {
    auto coarse = [&](int v, int u) { return p.coarse.at(picture, p.maps + map, v * p.width + u); };
    auto middle = [&](int v, int u) { return enlarged(coarse, p.height, p.width, v, u); };
    return enlarged(middle, 2 * p.height, 2 * p.width, y, x);
}
__device__ float heat_at(const Pyramid& p, int picture, int map, int y, int x) {
    auto coarse = [&](int v, int u) { return p.coarse.at(picture, map, v * p.width + u); };
    auto middle = [&](int v, int u) {
        float fine = p.fine.at(picture, map, v * 2 * p.width + u);
        return __fadd_rn(enlarged(coarse, p.height, p.width, v, u), fine) / 2;
    };
    return enlarged(middle, 2 * p.height, 2 * p.width, y, x);
}
// A quarter towards the larger neighbour of two, which are beside a place or above and below it.
__device__ __forceinline__ float nudge(const Pyramid& p, int picture, int map, int y, int x, int down, int right) {
    float behind = heat_at(p, picture, map, min(y + down, 4 * p.height - 1), min(x + right, 4 * p.width - 1));
    float before = heat_at(p, picture, map, max(y - down, 0), max(x - right, 0));
    return behind > before ? 0.25f : -0.25f;
}

// Four values of an image twice as large, in rows 2 y + 1 and 2 y + 2 and columns likewise: they lie between the same four.
// `low` says that y or x is -1: then the second of the two is the image's first, which is no mixture.
struct Quad {
    float v[2][2];
};
template <typename At>
__device__ __forceinline__ Quad quad(At at, int height, int width, int y, int x) {
    int top = max(y, 0), left = max(x, 0), bottom = min(top + 1, height - 1), right = min(left + 1, width - 1);
    float across = x < 0 ? 0 : 0.75f, down = y < 0 ? 0 : 0.75f;
    float a = at(top, left), b = at(top, right), c = at(bottom, left), d = at(bottom, right);
    float above[2] = {mix(a, b, 0.25f), mix(a, b, across)}, below[2] = {mix(c, d, 0.25f), mix(c, d, across)};
    return {{{mix(above[0], below[0], 0.25f), mix(above[1], below[1], 0.25f)},
             {mix(above[0], below[0], down), mix(above[1], below[1], down)}}};
}

// A tile of some maps, enlarged step by step in shared memory. Sizes are enlarged from where they begin above and left of it.
template <int MAPS>
struct Tile {
    static constexpr int EACH = MAPS < SHARE ? MAPS : SHARE;
    float coarse[MAPS][COARSE * COARSE];
    float finer[MAPS][FINER * FINER];
    int lively[MAPS];

    // The maps from `first` on, heat with the finer maps, tags without. Lively is what reaches `bound` somewhere.
    __device__ __forceinline__ void read(const Pyramid& p, int picture, int first, int count, bool heat, int tile, float bound) {
        int top = tile / p.across * TILE / 4 - 2, left = tile % p.across * TILE / 4 - 2;
        if (threadIdx.x < MAPS) lively[threadIdx.x] = 0;
        for (int i = threadIdx.x; i < COARSE * COARSE; i += THREADS) {
            int y = top + i / COARSE, x = left + i % COARSE;
            if (unsigned(y) < unsigned(p.height) && unsigned(x) < unsigned(p.width))
                for (int m = 0; m < count; m++)
                    coarse[m][i] = p.coarse.at(picture, (heat ? 0 : p.maps) + first + m, y * p.width + x);
        }
        __syncthreads();
        constexpr int ALL = FINER_QUADS * FINER_QUADS;
        for (int i = threadIdx.x; i < ALL * (MAPS / EACH); i += THREADS) {
            int y = i % ALL / FINER_QUADS, x = i % FINER_QUADS;
            if (unsigned(top + y + 1) > unsigned(p.height) || unsigned(left + x + 1) > unsigned(p.width)) continue;
            for (int m = i / ALL * EACH; m < min(count, i / ALL * EACH + EACH); m++) {
                auto at = [&](int v, int u) { return coarse[m][(v - top) * COARSE + u - left]; };
                Quad values = quad(at, p.height, p.width, top + y, left + x);
                for (int k = 0; k < 4; k++) {
                    int v = 2 * (top + y) + 1 + k / 2, u = 2 * (left + x) + 1 + k % 2;
                    if (unsigned(v) >= unsigned(2 * p.height) || unsigned(u) >= unsigned(2 * p.width)) continue;
                    float value = values.v[k / 2][k % 2];
                    if (heat) value = __fadd_rn(value, p.fine.at(picture, first + m, v * 2 * p.width + u)) / 2;
                    finer[m][(2 * y + k / 2) * FINER + 2 * x + k % 2] = value;
                    if (value >= bound) lively[m] = 1;
                }
            }
        }
        __syncthreads();
    }

    // Calls `each` with the place of every enlarged value, counted from one before what the tile reaches, and the value;
    // outside of the picture it is `outside`.
    template <typename Each>
    __device__ __forceinline__ void enlarge(const Pyramid& p, int m, int tile, float outside, Each each) const {
        int height = 2 * p.height, width = 2 * p.width;
        int top = tile / p.across * TILE / 2 - 2, left = tile % p.across * TILE / 2 - 2;
        auto at = [&](int v, int u) { return finer[m][(v - top + 1) * FINER + u - left + 1]; };
        for (int i = threadIdx.x; i < QUADS * QUADS; i += THREADS) {
            int y = i / QUADS, x = i % QUADS;
            bool near = unsigned(top + y + 1) <= unsigned(height) && unsigned(left + x + 1) <= unsigned(width);
            Quad values = {};
            if (near) values = quad(at, height, width, top + y, left + x);
            for (int k = 0; k < 4; k++) {
                int v = 2 * (top + y) + 1 + k / 2, u = 2 * (left + x) + 1 + k % 2;
                bool inside = unsigned(v) < unsigned(2 * height) && unsigned(u) < unsigned(2 * width);
                each(2 * y + k / 2, 2 * x + k % 2, inside ? values.v[k / 2][k % 2] : outside);
            }
        }
    }
};

// The largest over the block, to every thread.
__device__ __forceinline__ uint64_t largest(uint64_t key, uint64_t* scratch) {
    for (int mask = 16; mask > 0; mask >>= 1) key = max(key, __shfl_xor_sync(0xffffffffu, key, mask));
    __syncthreads();
    if (threadIdx.x % 32 == 0) scratch[threadIdx.x / 32] = key;
    __syncthreads();
    for (int w = 0; w < THREADS / 32; w++) key = max(key, scratch[w]);
    return key;
}

struct PeaksParams {
    Pyramid pyramid;
    uint64_t* keys;  // `most` a tile
    int* counts;     // of a tile's keys
    float* out;
    int most;
    float least;
};
KERNEL_MEETING(tops, PeaksParams, THREADS) {
    __shared__ Tile<TOGETHER> maps;
    __shared__ float heat[FULL * FULL];
    __shared__ uint64_t found[TILE * TILE], scratch[THREADS / 32];
    __shared__ int count;
    const Pyramid& of = p.pyramid;
    int tile = blockIdx.x, first = blockIdx.y * TOGETHER, picture = blockIdx.z;
    int top = tile / of.across * TILE, left = tile % of.across * TILE;
    int height = 4 * of.height, width = 4 * of.width;
    // A mixture of values below the threshold may be rounded up to it, but not farther.
    maps.read(of, picture, first, min(TOGETHER, of.maps - first), true, tile, p.least - 1e-6f * fabsf(p.least));
    for (int m = 0; m < min(TOGETHER, of.maps - first); m++) {
        long slot = (long(picture) * of.maps + first + m) * of.tiles + tile;
        uint64_t* keys = p.keys + slot * p.most;
        if (threadIdx.x == 0) count = 0;
        if (maps.lively[m])
            maps.enlarge(of, m, tile, -INFINITY, [&](int y, int x, float value) { heat[y * FULL + x] = value; });
        __syncthreads();
        if (maps.lively[m])
            for (int i = threadIdx.x; i < TILE * TILE; i += THREADS) {
                int y = top + i / TILE, x = left + i % TILE;
                const float* at = heat + (i / TILE + REACH + 1) * FULL + i % TILE + REACH + 1;
                float value = *at;
                if (y >= height || x >= width || !(value > p.least)) continue;
                // Few get past their next neighbours.
                if (at[-1] > value || at[1] > value || at[-FULL] > value || at[FULL] > value) continue;
                bool highest = true;
                for (int v = -REACH; v <= REACH; v++)
                    for (int u = -REACH; u <= REACH; u++) highest &= !(at[v * FULL + u] > value);
                if (highest) found[atomicAdd(&count, 1)] = key_of(value, y * width + x);
            }
        __syncthreads();
        int all = count;
        if (all <= p.most) {
            for (int i = threadIdx.x; i < all; i += THREADS) keys[i] = found[i];
        } else {
            uint64_t last = ~uint64_t(0);
            for (int k = 0; k < p.most; k++) {
                uint64_t next = 0;
                for (int i = threadIdx.x; i < all; i += THREADS)
                    if (found[i] < last) next = max(next, found[i]);
                last = largest(next, scratch);
                if (threadIdx.x == 0) keys[k] = last;
            }
        }
        if (threadIdx.x == 0) p.counts[slot] = min(all, p.most);
        __syncthreads();
    }
}

KERNEL_MEETING(best_tops, PeaksParams, THREADS) {
    __shared__ uint64_t chosen[THREADS], scratch[THREADS / 32];
    const Pyramid& of = p.pyramid;
    int map = blockIdx.x, picture = blockIdx.y, width = 4 * of.width;
    long slot = long(picture) * of.maps + map;
    const int* counts = p.counts + slot * of.tiles;
    const uint64_t* keys = p.keys + slot * of.tiles * p.most;
    float* out = p.out + slot * p.most * PEAK;
    auto below = [&](uint64_t last) {
        uint64_t next = 0;
        for (int tile = threadIdx.x; tile < of.tiles; tile += THREADS)
            for (int i = 0; i < counts[tile]; i++) {
                uint64_t key = keys[long(tile) * p.most + i];
                if (key < last) next = max(next, key);
            }
        return next;
    };
    // Only whose best was taken has to look for another.
    uint64_t mine = below(~uint64_t(0));
    int peaks = 0;
    for (; peaks < p.most; peaks++) {
        uint64_t last = largest(mine, scratch);
        if (last == 0) break;
        if (mine == last) mine = below(last);
        if (threadIdx.x == 0) chosen[peaks] = last;
    }
    __syncthreads();
    for (int i = threadIdx.x; i < p.most * PEAK; i += THREADS) {
        int column = i % PEAK;
        if (i / PEAK >= peaks) {
            out[i] = column == 0 ? -1.0f : 0.0f;
            continue;
        }
        uint64_t key = chosen[i / PEAK];
        int at = ~int(uint32_t(key)), y = at / width, x = at % width;
        out[i] = column == 0   ? x
                 : column == 1 ? y
                 : column == 2 ? value_of(key)
                 : column == 3 ? tag_at(of, picture, map, y, x)
                               : nudge(of, picture, map, y, x, column - 4, 5 - column);
    }
}

struct Place {
    double worth;
    int at, unused;
    __device__ __forceinline__ void meet(const Place& other) {
        if (other.worth > worth || (other.worth == worth && other.at < at)) *this = other;
    }
};
// The best over the block, to every thread.
__device__ __forceinline__ Place best(Place mine, Place* scratch) {
    scratch[threadIdx.x] = mine;
    for (int half = THREADS / 2; half > 0; half /= 2) {
        __syncthreads();
        if (int(threadIdx.x) < half) scratch[threadIdx.x].meet(scratch[threadIdx.x + half]);
    }
    __syncthreads();
    return scratch[0];
}

// What no value of a tile is beyond.
struct Bounds {
    float heat, low, high;  // the highest heat, the lowest and the highest tag
    float unused;
    // No place of the tile is worth more to a tag.
    __device__ __forceinline__ double worth(double tag) const {
        double away = max(0.0, max(low - tag, tag - high));
        return heat - rint(away);
    }
};

struct SummitsParams {
    Pyramid pyramid;
    const float* sought;  // picture, map and tag of a query
    Bounds* bounds;       // of a map's tiles
    Place* places;        // of a query's pieces
    float* out;
    int count;
};
// What is looked for where; in a picture or map that there is not, nothing.
struct Query {
    int picture, map;
    double tag;
    __device__ __forceinline__ static Query of(const SummitsParams& p, int query) {
        const float* row = p.sought + long(query) * SOUGHT;
        return {int(row[0]), int(row[1]), row[2]};
    }
    __device__ __forceinline__ bool in(const Pyramid& of) const {
        return unsigned(picture) < unsigned(of.pictures) && unsigned(map) < unsigned(of.maps);
    }
};
// A warp a tile. A value lies between those that it is mixed of, but for what rounding adds.
KERNEL_MEETING(tile_bounds, SummitsParams, THREADS) {
    const Pyramid& of = p.pyramid;
    __shared__ int sought;
    int tile = blockIdx.x * (THREADS / 32) + threadIdx.x / 32, map = blockIdx.y, picture = blockIdx.z;
    if (threadIdx.x == 0) sought = 0;
    __syncthreads();
    for (int i = threadIdx.x; i < p.count; i += THREADS) {
        Query query = Query::of(p, i);
        if (query.picture == picture && query.map == map) sought = 1;
    }
    __syncthreads();
    if (!sought || tile >= of.tiles) return;
    int top = tile / of.across * TILE, left = tile % of.across * TILE;
    float heat = -INFINITY, finer = -INFINITY, low = INFINITY, high = -INFINITY;
    for (int i = threadIdx.x % 32; i < COARSE * COARSE; i += 32) {
        int y = top / 4 - 2 + i / COARSE, x = left / 4 - 2 + i % COARSE;
        if (unsigned(y) >= unsigned(of.height) || unsigned(x) >= unsigned(of.width)) continue;
        heat = fmaxf(heat, of.coarse.at(picture, map, y * of.width + x));
        float tag = of.coarse.at(picture, of.maps + map, y * of.width + x);
        low = fminf(low, tag);
        high = fmaxf(high, tag);
    }
    for (int i = threadIdx.x % 32; i < FINER * FINER; i += 32) {
        int y = top / 2 - 3 + i / FINER, x = left / 2 - 3 + i % FINER;
        if (unsigned(y) >= unsigned(2 * of.height) || unsigned(x) >= unsigned(2 * of.width)) continue;
        finer = fmaxf(finer, of.fine.at(picture, map, y * 2 * of.width + x));
    }
    for (int mask = 16; mask > 0; mask >>= 1) {
        heat = fmaxf(heat, __shfl_xor_sync(0xffffffffu, heat, mask));
        finer = fmaxf(finer, __shfl_xor_sync(0xffffffffu, finer, mask));
        low = fminf(low, __shfl_xor_sync(0xffffffffu, low, mask));
        high = fmaxf(high, __shfl_xor_sync(0xffffffffu, high, mask));
    }
    if (threadIdx.x % 32 == 0) {
        constexpr float ROUNDING = 1e-5f;
        Bounds& bounds = p.bounds[(long(picture) * of.maps + map) * of.tiles + tile];
        bounds.heat = (heat + finer) / 2 + ROUNDING * (fabsf(heat) + fabsf(finer));
        bounds.low = low - ROUNDING * fabsf(low);
        bounds.high = high + ROUNDING * fabsf(high);
    }
}

// Every PIECES-th tile of a query, those first that may be worth most, until none may be worth as much as what is found.
KERNEL_MEETING(search, SummitsParams, THREADS) {
    __shared__ Tile<1> heat, tags;
    __shared__ float tag_there[FULL * FULL];
    __shared__ Place scratch[THREADS];
    __shared__ uint64_t keys[THREADS / 32];
    const Pyramid& of = p.pyramid;
    int piece = blockIdx.x;
    Query query = Query::of(p, blockIdx.y);
    if (!query.in(of)) return;
    int picture = query.picture, map = query.map;
    double tag = query.tag;
    const Bounds* bounds = p.bounds + (long(picture) * of.maps + map) * of.tiles;
    Place found = {-INFINITY, 0x7fffffff, 0};
    uint64_t last = ~uint64_t(0);
    while (true) {
        uint64_t next = 0;
        for (int tile = piece + threadIdx.x * PIECES; tile < of.tiles; tile += THREADS * PIECES) {
            float worth = float(bounds[tile].worth(tag));
            // Rounded to float32, a bound may be too low; one that is no number bounds nothing.
            worth = worth == worth ? worth + 1e-6f * fabsf(worth) : INFINITY;
            uint64_t key = key_of(worth, tile);
            if (worth >= found.worth && key < last) next = max(next, key);
        }
        last = largest(next, keys);
        if (last == 0) break;
        int tile = ~int(uint32_t(last));
        heat.read(of, picture, map, 1, true, tile, 0);
        tags.read(of, picture, map, 1, false, tile, 0);
        // Each thread meets its own values again.
        tags.enlarge(of, 0, tile, 0, [&](int y, int x, float value) { tag_there[y * FULL + x] = value; });
        Place mine = {-INFINITY, 0x7fffffff, 0};
        heat.enlarge(of, 0, tile, NAN, [&](int y, int x, float value) {
            int v = y - REACH - 1, u = x - REACH - 1;
            double worth = double(value) - rint(fabs(double(tag_there[y * FULL + x]) - tag));
            if (unsigned(v) >= TILE || unsigned(u) >= TILE || worth != worth) return;
            int row = tile / of.across * TILE + v, column = tile % of.across * TILE + u;
            mine.meet({worth, row * 4 * of.width + column, 0});
        });
        found.meet(best(mine, scratch));
        __syncthreads();
    }
    if (threadIdx.x == 0) p.places[long(blockIdx.y) * PIECES + piece] = found;
}

KERNEL_MEETING(place, SummitsParams, THREADS) {
    __shared__ Place scratch[THREADS];
    const Pyramid& of = p.pyramid;
    Query query = Query::of(p, blockIdx.x);
    int picture = query.picture, map = query.map;
    float* row = p.out + long(blockIdx.x) * FOUND;
    if (!query.in(of)) {
        if (threadIdx.x < FOUND) row[threadIdx.x] = threadIdx.x == 0 ? -1.0f : 0.0f;
        return;
    }
    Place mine = {-INFINITY, 0x7fffffff, 0};
    if (threadIdx.x < PIECES) mine = p.places[long(blockIdx.x) * PIECES + threadIdx.x];
    mine = best(mine, scratch);
    if (threadIdx.x == 0) {
        int at = mine.worth == -INFINITY ? 0 : mine.at, y = at / (4 * of.width), x = at % (4 * of.width);
        row[0] = x;
        row[1] = y;
        row[2] = heat_at(of, picture, map, y, x);
        row[3] = nudge(of, picture, map, y, x, 0, 1);
        row[4] = nudge(of, picture, map, y, x, 1, 0);
    }
}
