// The instructions of Hopper's own matrix path (sm_90a): barriers in shared memory that count bytes, tile copies by the
// bulk copy engine, and products of a warpgroup whose operands stay in shared memory.
#pragma once
#include "kernel.cuh"
#include <cuda.h>

__device__ __forceinline__ uint32_t shared_at(const void* p) { return uint32_t(__cvta_generic_to_shared(p)); }

__device__ __forceinline__ void barrier_open(uint64_t* barrier, int arrivals) {
    asm volatile("mbarrier.init.shared::cta.b64 [%0], %1;" ::"r"(shared_at(barrier)), "r"(arrivals));
}
__device__ __forceinline__ void barrier_expect(uint64_t* barrier, int bytes) {
    asm volatile("mbarrier.arrive.expect_tx.shared::cta.b64 _, [%0], %1;" ::"r"(shared_at(barrier)), "r"(bytes) : "memory");
}
__device__ __forceinline__ void barrier_wait(uint64_t* barrier, int phase) {
    asm volatile(
        "{\n.reg .pred done;\nagain:\n"
        "mbarrier.try_wait.parity.shared::cta.b64 done, [%0], %1;\n"
        "@done bra over;\nbra again;\nover:\n}" ::"r"(shared_at(barrier)), "r"(phase) : "memory");
}
// Arrives at the same barrier of a block of the cluster: what it guards has been read, and products that read it were waited
// for. Released to this block alone, since a release to the cluster waits for every store under way.
__device__ __forceinline__ void barrier_arrive(uint64_t* barrier, int block) {
    asm volatile(
        "{\n.reg .b32 there;\nmapa.shared::cluster.u32 there, %0, %1;\n"
        "mbarrier.arrive.shared::cluster.b64 _, [there];\n}" ::"r"(shared_at(barrier)), "r"(block) : "memory");
}
__device__ __forceinline__ void barrier_arrive(uint64_t* barrier) {
    asm volatile("mbarrier.arrive.release.cta.shared::cta.b64 _, [%0];" ::"r"(shared_at(barrier)) : "memory");
}
__device__ __forceinline__ void cluster_meet() {
    asm volatile("barrier.cluster.arrive.aligned;\nbarrier.cluster.wait.aligned;" ::: "memory");
}
__device__ __forceinline__ int cluster_rank() {
    int rank;
    asm volatile("mov.u32 %0, %%cluster_ctarank;" : "=r"(rank));
    return rank;
}
// Copies a tile of a two-dimensional tensor to this block.
__device__ __forceinline__ void tile_load(void* to, const CUtensorMap* map, uint64_t* barrier, int x, int y) {
    asm volatile(
        "cp.async.bulk.tensor.2d.shared::cluster.global.tile.mbarrier::complete_tx::bytes [%0], [%1, {%3, %4}], [%2];" ::"r"(
            shared_at(to)),
        "l"(map), "r"(shared_at(barrier)), "r"(x), "r"(y)
        : "memory");
}
// A box of a four-dimensional tensor; what lies outside of it becomes zeros.
__device__ __forceinline__ void box_load(void* to, const void* map, uint64_t* barrier, int x, int y, int z, int w) {
    asm volatile(
        "cp.async.bulk.tensor.4d.shared::cluster.global.tile.mbarrier::complete_tx::bytes "
        "[%0], [%1, {%3, %4, %5, %6}], [%2];" ::"r"(shared_at(to)),
        "l"(map), "r"(shared_at(barrier)), "r"(x), "r"(y), "r"(z), "r"(w)
        : "memory");
}
// The same to the same place of every block in the mask.
__device__ __forceinline__ void tile_load_all(
    void* to, const CUtensorMap* map, uint64_t* barrier, int x, int y, uint16_t mask) {
    asm volatile(
        "cp.async.bulk.tensor.2d.shared::cluster.global.tile.mbarrier::complete_tx::bytes.multicast::cluster "
        "[%0], [%1, {%3, %4}], [%2], %5;" ::"r"(shared_at(to)),
        "l"(map), "r"(shared_at(barrier)), "r"(x), "r"(y), "h"(mask)
        : "memory");
}

__device__ __forceinline__ void products_fence() { asm volatile("wgmma.fence.sync.aligned;" ::: "memory"); }
__device__ __forceinline__ void products_commit() { asm volatile("wgmma.commit_group.sync.aligned;" ::: "memory"); }
template <int PENDING>
__device__ __forceinline__ void products_wait() {
    asm volatile("wgmma.wait_group.sync.aligned %0;" ::"n"(PENDING) : "memory");
}
// A tile whose rows are 128 bytes, swizzled in groups of eight rows.
__device__ __forceinline__ uint64_t tile_descriptor(const void* tile) {
    return uint64_t((shared_at(tile) & 0x3ffff) >> 4) | (uint64_t(1) << 16) | (uint64_t(64) << 32) | (uint64_t(1) << 62);
}

// Sums of a thread, as registers of one instruction and as their names in it.
#define SUMS8(d) \
    "+f"((d)[0]), "+f"((d)[1]), "+f"((d)[2]), "+f"((d)[3]), "+f"((d)[4]), "+f"((d)[5]), "+f"((d)[6]), "+f"((d)[7])
#define SUMS16(d) \
    SUMS8(d), SUMS8(d + 8)
#define NAMES16 \
    "{%0,%1,%2,%3,%4,%5,%6,%7,%8,%9,%10,%11,%12,%13,%14,%15}"
#define SUMS32(d) \
    SUMS8(d), SUMS8(d + 8), SUMS8(d + 16), SUMS8(d + 24)
#define NAMES32 \
    "{%0,%1,%2,%3,%4,%5,%6,%7,%8,%9,%10,%11,%12,%13,%14,%15,%16,%17,%18,%19,%20,%21,%22,%23,%24,%25,%26," \
    "%27,%28,%29,%30,%31}"
#define SUMS64(d) \
    SUMS8(d), SUMS8(d + 8), SUMS8(d + 16), SUMS8(d + 24), SUMS8(d + 32), SUMS8(d + 40), SUMS8(d + 48), \
    SUMS8(d + 56)
#define NAMES64 \
    "{%0,%1,%2,%3,%4,%5,%6,%7,%8,%9,%10,%11,%12,%13,%14,%15,%16,%17,%18,%19,%20,%21,%22,%23,%24,%25,%26," \
    "%27,%28,%29,%30,%31,%32,%33,%34,%35,%36,%37,%38,%39,%40,%41,%42,%43,%44,%45,%46,%47,%48,%49,%50," \
    "%51,%52,%53,%54,%55,%56,%57,%58,%59,%60,%61,%62,%63}"
#define SUMS96(d) \
    SUMS64(d), SUMS32(d + 64)
#define NAMES96 \
    "{%0,%1,%2,%3,%4,%5,%6,%7,%8,%9,%10,%11,%12,%13,%14,%15,%16,%17,%18,%19,%20,%21,%22,%23,%24,%25,%26," \
    "%27,%28,%29,%30,%31,%32,%33,%34,%35,%36,%37,%38,%39,%40,%41,%42,%43,%44,%45,%46,%47,%48,%49,%50," \
    "%51,%52,%53,%54,%55,%56,%57,%58,%59,%60,%61,%62,%63,%64,%65,%66,%67,%68,%69,%70,%71,%72,%73,%74," \
    "%75,%76,%77,%78,%79,%80,%81,%82,%83,%84,%85,%86,%87,%88,%89,%90,%91,%92,%93,%94,%95}"
#define SUMS128(d) \
    SUMS8(d), SUMS8(d + 8), SUMS8(d + 16), SUMS8(d + 24), SUMS8(d + 32), SUMS8(d + 40), SUMS8(d + 48), \
    SUMS8(d + 56), SUMS8(d + 64), SUMS8(d + 72), SUMS8(d + 80), SUMS8(d + 88), SUMS8(d + 96), \
    SUMS8(d + 104), SUMS8(d + 112), SUMS8(d + 120)
#define NAMES128 \
    "{%0,%1,%2,%3,%4,%5,%6,%7,%8,%9,%10,%11,%12,%13,%14,%15,%16,%17,%18,%19,%20,%21,%22,%23,%24,%25,%26," \
    "%27,%28,%29,%30,%31,%32,%33,%34,%35,%36,%37,%38,%39,%40,%41,%42,%43,%44,%45,%46,%47,%48,%49,%50," \
    "%51,%52,%53,%54,%55,%56,%57,%58,%59,%60,%61,%62,%63,%64,%65,%66,%67,%68,%69,%70,%71,%72,%73,%74," \
    "%75,%76,%77,%78,%79,%80,%81,%82,%83,%84,%85,%86,%87,%88,%89,%90,%91,%92,%93,%94,%95,%96,%97,%98," \
    "%99,%100,%101,%102,%103,%104,%105,%106,%107,%108,%109,%110,%111,%112,%113,%114,%115,%116,%117,%118," \
    "%119,%120,%121,%122,%123,%124,%125,%126,%127}"

// 64 rows by COLUMNS sums += rows of A times rows of B over 32 bytes of their inner dimension, both in shared memory as
// tile_descriptor says; where `add` is 0 the sums begin anew.
#define PRODUCT(COLUMNS, COUNT, A, B, ADD, DEPTH, TYPES, FLAGS)                                                       \
    static __device__ __forceinline__ void multiply(float (&d)[COUNT], uint64_t a, uint64_t b, int add) {             \
        asm volatile("{\n.reg .pred add;\nsetp.ne.b32 add, %" #ADD ", 0;\n"                                          \
                     "wgmma.mma_async.sync.aligned.m64n" #COLUMNS "k" #DEPTH ".f32." TYPES " " NAMES##COUNT ", %" #A  \
                     ", %" #B ", add, 1, 1" FLAGS ";\n}"                                                             \
                     : SUMS##COUNT(d)                                                                                 \
                     : "l"(a), "l"(b), "r"(add));                                                                    \
    }
struct Bfloat16Products {
    PRODUCT(192, 96, 96, 97, 98, 16, "bf16.bf16", ", 0, 0")
};
struct Float8Products {
    PRODUCT(192, 96, 96, 97, 98, 32, "e4m3.e4m3", "")
};
struct Float16Products {
    PRODUCT(32, 16, 16, 17, 18, 16, "f16.f16", ", 0, 0")
    PRODUCT(64, 32, 32, 33, 34, 16, "f16.f16", ", 0, 0")
    PRODUCT(128, 64, 64, 65, 66, 16, "f16.f16", ", 0, 0")
};
