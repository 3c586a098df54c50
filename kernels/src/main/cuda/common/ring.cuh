// Blocks of a few warpgroups that multiply and a warp that orders copies for them, Hopper alone: rings of places in shared
// memory, each filled by the bulk copy engine and read by all warpgroups.
#pragma once
#include "hopper.cuh"

// A box of a five-dimensional tensor; what lies outside of it becomes zeros.
__device__ __forceinline__ void box_load(
    void* to, const void* map, uint64_t* barrier, int x, int y, int z, int v, int w) {
    asm volatile(
        "cp.async.bulk.tensor.5d.shared::cluster.global.tile.mbarrier::complete_tx::bytes "
        "[%0], [%1, {%3, %4, %5, %6, %7}], [%2];" ::"r"(shared_at(to)),
        "l"(map), "r"(shared_at(barrier)), "r"(x), "r"(y), "r"(z), "r"(v), "r"(w)
        : "memory");
}
__device__ __forceinline__ void tile_load(void* to, const TileMap* map, uint64_t* barrier, int x, int y) {
    tile_load(to, reinterpret_cast<const CUtensorMap*>(map), barrier, x, y);
}
// Rows of 64 or 128 bytes; groups of eight rows lie `apart` bytes from one another. The swizzle goes by the address in shared
// memory, whatever place reading begins at.
template <int ROW>
__device__ __forceinline__ uint64_t rows_descriptor(uint32_t at, int apart) {
    static_assert(ROW == 64 || ROW == 128, "as wide as a swizzle");
    return uint64_t((at & 0x3ffff) >> 4) | (uint64_t(1) << 16) | (uint64_t(apart / 16) << 32) | (uint64_t(ROW == 128 ? 1 : 2) << 62);
}

// As in Float16Products, where A's 64 rows by 16 columns are four words of a thread: sums of products, rounded, lie just so.
#define PRODUCT_OF_REGISTERS(COLUMNS, COUNT, A0, A1, A2, A3, B, ADD)                                                   \
    static __device__ __forceinline__ void multiply(float (&d)[COUNT], const uint32_t* a, uint64_t b, int add) {       \
        asm volatile("{\n.reg .pred add;\nsetp.ne.b32 add, %" #ADD ", 0;\n"                                           \
                     "wgmma.mma_async.sync.aligned.m64n" #COLUMNS "k16.f32.f16.f16 " NAMES##COUNT ", {%" #A0 ", %" #A1  \
                     ", %" #A2 ", %" #A3 "}, %" #B ", add, 1, 1, 0;\n}"                                                \
                     : SUMS##COUNT(d)                                                                                  \
                     : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "l"(b), "r"(add));                                  \
    }
struct RegisterProducts {
    PRODUCT_OF_REGISTERS(64, 32, 32, 33, 34, 35, 36, 37)
    PRODUCT_OF_REGISTERS(128, 64, 64, 65, 66, 67, 68, 69)
};

// This thread's warpgroup, as a number that the compiler knows to be the same for a warp: places in shared memory are then computed
// in uniform registers, and products need not wait for them to be moved there.
__device__ __forceinline__ int warpgroup() { return __shfl_sync(0xffffffffu, threadIdx.x / 128, 0); }

// Whose turn it is in a ring of COUNT places, and the parity of how often it was.
template <int COUNT>
struct Turn {
    int at = 0, phase = 0;
    __device__ __forceinline__ void next() {
        if (++at == COUNT) at = 0, phase ^= 1;
    }
};

// COUNT places of BYTES each; all that reads them says when it is done.
template <int COUNT, int BYTES>
struct Ring {
    static constexpr int SHARED = COUNT * (BYTES + 16);
    unsigned char* places;
    uint64_t *full, *empty;

    // Places lie at `memory`, barriers at `barriers`. One thread opens them before the block meets.
    __device__ __forceinline__ Ring(unsigned char* memory, uint64_t* barriers, int readers)
        : places(memory), full(barriers), empty(barriers + COUNT) {
        if (threadIdx.x == 0)
            for (int i = 0; i < COUNT; i++) barrier_open(full + i, 1), barrier_open(empty + i, readers);
    }
    // Waits until a place may be overwritten; so many bytes are then to come.
    __device__ __forceinline__ unsigned char* room(const Turn<COUNT>& turn, int bytes) const {
        barrier_wait(empty + turn.at, turn.phase ^ 1);
        barrier_expect(full + turn.at, bytes);
        return places + turn.at * BYTES;
    }
    // Waits until a place is filled.
    __device__ __forceinline__ unsigned char* filled(const Turn<COUNT>& turn) const {
        barrier_wait(full + turn.at, turn.phase);
        return places + turn.at * BYTES;
    }
    __device__ __forceinline__ void release(int at) const { barrier_arrive(empty + at); }
};

// The threads of UNITS warpgroups that multiply, and of one more whose first thread orders copies.
template <int UNITS>
struct Warpgroups {
    static constexpr int THREADS = UNITS * 128 + 128;
    // Takes registers from those that only order copies. A launch gives 168, 128 or 96 a thread.
    static constexpr int MANY = UNITS == 2 ? 232 : UNITS == 3 ? 160 : 112, FEW = UNITS == 2 ? 40 : UNITS == 3 ? 32 : 24;

    template <typename Work>
    static __device__ __forceinline__ void share(const Work& work) {
        if (warpgroup() == UNITS) {
            asm volatile("setmaxnreg.dec.sync.aligned.u32 %0;" ::"n"(FEW));
            if (threadIdx.x == UNITS * 128) work.fetch();
        } else {
            asm volatile("setmaxnreg.inc.sync.aligned.u32 %0;" ::"n"(MANY));
            work.compute();
        }
    }
    // Half of the warpgroups begin a few products after the others, so that some multiply while others activate and store: these
    // wait here until one of those says that it is so far.
    static __device__ __forceinline__ void wait_for_others(int unit) {
        if (unit >= UNITS / 2) asm volatile("bar.sync 1, %0;" ::"n"(UNITS * 128) : "memory");
    }
    static __device__ __forceinline__ void let_others_begin(bool& waiting) {
        if (waiting) asm volatile("bar.arrive 1, %0;" ::"n"(UNITS * 128) : "memory");
        waiting = false;
    }
    // Warpgroups may also multiply in turn, each told by the one before; the last one lets the first begin.
    static __device__ __forceinline__ void wait_for_turn(int unit) {
        asm volatile("bar.sync %0, 256;" ::"r"(2 + unit) : "memory");
    }
    static __device__ __forceinline__ void pass_turn_on(int unit) {
        asm volatile("bar.arrive %0, 256;" ::"r"(2 + (unit + 1 == UNITS ? 0 : unit + 1)) : "memory");
    }
};
