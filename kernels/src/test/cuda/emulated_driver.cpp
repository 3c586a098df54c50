// The few driver calls that the engine makes, over host memory: linked with the kernel sources it is a libcuda.so.1
// for machines without a GPU. Streams are as late as they may be: nothing runs until somebody waits for it, on the host or in
// another stream, so that a wait that is missing shows. A capture records closures and a graph replays them.
#include <dlfcn.h>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <functional>
#include <mutex>
#include <vector>
#include "emulated.h"
#include "ptx.h"

EmulatedIndex threadIdx, blockIdx, blockDim, gridDim;
unsigned char* emulatedShared;

namespace {
constexpr size_t STACK = 256 * 1024;
struct Fiber {
    void* stackPointer;
    EmulatedIndex index;
    bool done;
};
std::vector<Fiber> fibers;
std::vector<unsigned char> stacks;
void* schedulerStack;
int current;
int alive;
void (*body)(const void*);
const void* arguments;
struct Meeting {
    int arrived = 0, generation = 0, members = 0;
};
Meeting blockMeeting;
std::vector<Meeting> warpMeetings;
std::vector<unsigned char> warpBuffers;
long launches, failAllocationsAbove = -1;

extern "C" void emulatedSwitch(void** save, void* load);
asm(R"(
.text
.globl emulatedSwitch
.hidden emulatedSwitch
emulatedSwitch:
    push %rbp
    push %rbx
    push %r12
    push %r13
    push %r14
    push %r15
    mov %rsp, (%rdi)
    mov %rsi, %rsp
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbx
    pop %rbp
    ret
)");

void yieldToScheduler() { emulatedSwitch(&fibers[current].stackPointer, schedulerStack); }

void release(Meeting& meeting) {
    meeting.arrived = 0;
    meeting.generation++;
}

void fiberMain() {
    body(arguments);
    fibers[current].done = true;
    alive--;
    // A thread that left is not waited for any more.
    if (--blockMeeting.members > 0 && blockMeeting.arrived == blockMeeting.members) release(blockMeeting);
    Meeting& warp = warpMeetings[current / 32];
    if (--warp.members > 0 && warp.arrived == warp.members) release(warp);
    yieldToScheduler();
}

void meet(Meeting& meeting) {
    int generation = meeting.generation;
    if (++meeting.arrived == meeting.members) {
        release(meeting);
        return;
    }
    while (meeting.generation == generation) yieldToScheduler();
}

void runBlockOfFibers() {
    int count = int(blockDim.x * blockDim.y * blockDim.z);
    fibers.assign(count, Fiber{});
    if (stacks.size() < count * STACK) stacks.resize(count * STACK);
    blockMeeting = Meeting{0, 0, count};
    int warps = (count + 31) / 32;
    warpMeetings.assign(warps, Meeting{});
    warpBuffers.assign(size_t(warps) * 32 * 128, 0);
    for (int t = 0; t < count; t++) {
        warpMeetings[t / 32].members++;
        fibers[t].index = EmulatedIndex{
            t % blockDim.x, t / blockDim.x % blockDim.y, t / (blockDim.x * blockDim.y)};
        uintptr_t top = (reinterpret_cast<uintptr_t>(stacks.data()) + (t + 1) * STACK) & ~uintptr_t(63);
        void** frame = reinterpret_cast<void**>(top) - 2;
        *--frame = nullptr;  // keeps the stack 16-byte aligned at the entry, as after a call
        *--frame = reinterpret_cast<void*>(&fiberMain);
        for (int r = 0; r < 6; r++) *--frame = nullptr;
        fibers[t].stackPointer = frame;
    }
    alive = count;
    while (alive > 0) {
        for (current = 0; current < count; current++) {
            if (fibers[current].done) continue;
            threadIdx = fibers[current].index;
            emulatedSwitch(&schedulerStack, fibers[current].stackPointer);
        }
    }
}
}  // namespace

int emulatedLane() { return current & 31; }
unsigned char* emulatedWarpBuffer() { return warpBuffers.data() + size_t(current / 32) * 32 * 128; }
void emulatedBlockBarrier() {
    meet(blockMeeting);
    threadIdx = fibers[current].index;
}
void emulatedWarpBarrier() {
    meet(warpMeetings[current / 32]);
    threadIdx = fibers[current].index;
}

namespace {
struct Function {
    void (*entry)(const void*);
    bool meets;
    const ptx::Kernel* compiled;
};
struct Graph {
    std::vector<std::function<void()>> steps;
};
/// Work that nobody has waited for yet, by its place in the stream.
struct Stream {
    std::deque<std::function<void()>> waiting;
    long enqueued = 0, done = 0;
};
using Instant = std::chrono::steady_clock::time_point;
struct Event {
    Instant at;
    Stream* stream = nullptr;
    long place = 0;
};
/// There is one multiprocessor, whichever thread calls.
std::recursive_mutex everything;
using Call = std::lock_guard<std::recursive_mutex>;
std::vector<Stream*> streams;
Graph* capturing;
Stream* captured;

void reach(Stream* stream, long place) {
    while (stream->done < place && !stream->waiting.empty()) {
        auto step = std::move(stream->waiting.front());
        stream->waiting.pop_front();
        step();
        stream->done++;
    }
}

void reachAll() {
    for (Stream* stream : streams) reach(stream, stream->enqueued);
}

void enqueue(Stream* stream, std::function<void()> step) {
    stream->waiting.push_back(std::move(step));
    stream->enqueued++;
}
}  // namespace
// What every call that has to do with the device's work returns while it is not 0: a context that is lost. Tests write it.
extern "C" __attribute__((visibility("default"))) int emulatedLoss = 0;
namespace {
int submit(void* to, std::function<void()> step) {
    Call call(everything);
    if (emulatedLoss) return emulatedLoss;
    Stream* stream = static_cast<Stream*>(to);
    if (capturing && stream == captured)
        capturing->steps.push_back(std::move(step));
    else
        enqueue(stream, std::move(step));
    return 0;
}

void launch(Function function, EmulatedIndex grid, EmulatedIndex block, size_t shared, const void* raw) {
    launches++;
    static std::vector<uint64_t> memory;
    memory.assign(shared / 8 + 32, 0x7fc07fc07fc07fc0ull);  // NaN: reading what nothing wrote shows
    emulatedShared = reinterpret_cast<unsigned char*>((reinterpret_cast<uintptr_t>(memory.data()) + 127) & ~uintptr_t(127));
    gridDim = grid;
    blockDim = block;
    body = function.entry;
    arguments = raw;
    for (blockIdx.z = 0; blockIdx.z < grid.z; blockIdx.z++)
        for (blockIdx.y = 0; blockIdx.y < grid.y; blockIdx.y++)
            for (blockIdx.x = 0; blockIdx.x < grid.x; blockIdx.x++) {
                if (function.meets) {
                    runBlockOfFibers();
                    continue;
                }
                for (threadIdx.z = 0; threadIdx.z < block.z; threadIdx.z++)
                    for (threadIdx.y = 0; threadIdx.y < block.y; threadIdx.y++)
                        for (threadIdx.x = 0; threadIdx.x < block.x; threadIdx.x++) function.entry(raw);
            }
}
}  // namespace

#define API extern "C" __attribute__((visibility("default"))) int

API cuInit(unsigned) { return 0; }
API cuDriverGetVersion(int* version) { return *version = 13000, 0; }
API cuDeviceGetCount(int* count) { return *count = 1, 0; }
API cuDeviceGet(int* device, int) { return *device = 0, 0; }
API cuDeviceGetName(char* name, int size, int) { return snprintf(name, size, "emulated device"), 0; }
API cuDeviceTotalMem_v2(size_t* bytes, int) { return *bytes = size_t(4) << 30, 0; }
API cuDeviceGetAttribute(int* value, int attribute, int) {
    switch (attribute) {
        case 16: return *value = 4, 0;             // multiprocessors
        case 75: return *value = 9, 0;             // compute capability, major
        case 76: return *value = 1, 0;             // minor: newer than Hopper, whose own instructions it cannot run
        case 97: return *value = 227 * 1024, 0;    // opt-in shared memory a block
        case 38: return *value = 50 << 20, 0;      // level 2 cache
        default: return *value = 0, 0;
    }
}
API cuDevicePrimaryCtxRetain(void** context, int) { return *context = &fibers, 0; }
API cuDevicePrimaryCtxRelease_v2(int) { return 0; }
API cuDevicePrimaryCtxReset_v2(int) {
    Call call(everything);
    for (Stream* stream : streams) stream->waiting.clear();
    return emulatedLoss = 0;
}
API cuCtxSetCurrent(void*) { return 0; }
API cuCtxSynchronize() {
    Call call(everything);
    return reachAll(), emulatedLoss;
}
API cuCtxGetStreamPriorityRange(int* least, int* greatest) { return *least = 0, *greatest = -5, 0; }
API cuMemGetInfo_v2(size_t* available, size_t* total) { return *available = *total = size_t(4) << 30, 0; }
// Whether there is a compiler for text. Tests write it.
extern "C" __attribute__((visibility("default"))) int emulatedCompiler = 1;
// The kernel sources are linked to this library; text is evaluated, or refused as the driver's compiler refuses it.
API cuModuleLoadData(void** module, const char* image) {
    *module = &fibers;
    if (std::strncmp(image, ".version", 8)) return 0;
    if (!emulatedCompiler) return 221;
    try {
        *module = ptx::read(image).release();
        return 0;
    } catch (const std::exception& refused) {
        fprintf(stderr, "emulated device: %s\n", refused.what());
        return 218;
    }
}
API cuModuleUnload(void*) { return 0; }
API cuModuleGetFunction(Function** function, void* module, const char* name) {
    if (module != &fibers) {
        ptx::Module& text = *static_cast<ptx::Module*>(module);
        return text.count(name) ? (*function = new Function{nullptr, false, text.at(name).get()}, 0) : 500;
    }
    static void* self = [] {
        Dl_info info;
        dladdr(reinterpret_cast<void*>(&cuInit), &info);
        return dlopen(info.dli_fname, RTLD_NOW | RTLD_NOLOAD);
    }();
    void* entry = dlsym(self, name);
    if (!entry) return 500;
    char meets[256];
    snprintf(meets, sizeof meets, "%s_meets", name);
    *function = new Function{reinterpret_cast<void (*)(const void*)>(entry), dlsym(self, meets) != nullptr, nullptr};
    return 0;
}
// Checks what the copy engine would refuse, and encodes nothing: emulated kernels read through pointers.
API cuTensorMapEncodeTiled(
    void*, int type, unsigned rank, void* address, const uint64_t* lengths, const uint64_t* strides, const unsigned* box,
    const unsigned* steps, int, int, int, int) {
    bool fits = rank >= 2 && rank <= 5 && reinterpret_cast<uintptr_t>(address) % 16 == 0;
    unsigned bytes = type == 9 ? 2 : 1;
    for (unsigned i = 0; fits && i < rank; i++) fits = lengths[i] > 0 && box[i] > 0 && box[i] <= 256 && steps[i] == 1;
    for (unsigned i = 0; fits && i + 1 < rank; i++) fits = strides[i] % 16 == 0;
    return fits && box[0] * bytes == 128 ? 0 : 1;
}
API cuFuncSetAttribute(void*, int, int) { return 0; }
API cuLaunchKernel(
    Function* function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, unsigned shared,
    void* stream, void** parameters, void**) {
    if (!gx || !gy || !gz || gy > 65535 || gz > 65535 || bx * by * bz > 1024 || shared > 227 * 1024) return 1;
    std::vector<unsigned char> copy(4096, 0);
    std::memcpy(copy.data(), parameters[0], 1024);  // callers pass one structure, padded to 1 KiB
    Function f = *function;
    return submit(stream, [=] {
        if (f.compiled)
            ptx::launch(*f.compiled, {gx, gy, gz}, {bx, by, bz}, copy.data());
        else
            launch(f, {gx, gy, gz}, {bx, by, bz}, shared, copy.data());
    });
}
API cuMemAlloc_v2(void** pointer, size_t bytes) {
    const char* limit = getenv("EMULATED_MEMORY_LIMIT");
    if (bytes > (limit ? size_t(atoll(limit)) : size_t(4) << 30)) return 2;
    *pointer = aligned_alloc(512, (bytes + 511) / 512 * 512);
    std::memset(*pointer, 0xff, bytes);  // NaN as float: poison
    return 0;
}
API cuMemFree_v2(void* pointer) {
    Call call(everything);
    return reachAll(), free(pointer), 0;
}
API cuMemHostAlloc(void** pointer, size_t bytes, unsigned) {
    *pointer = aligned_alloc(4096, (bytes + 4095) / 4096 * 4096);
    return 0;
}
API cuMemFreeHost(void* pointer) {
    Call call(everything);
    return reachAll(), free(pointer), 0;
}
API cuMemcpyHtoD_v2(void* to, const void* from, size_t bytes) { return std::memcpy(to, from, bytes), 0; }
API cuMemcpyDtoH_v2(void* to, const void* from, size_t bytes) { return std::memcpy(to, from, bytes), 0; }
API cuMemcpyHtoDAsync_v2(void* to, const void* from, size_t bytes, void* stream) {
    return submit(stream, [=] { std::memcpy(to, from, bytes); });
}
API cuMemcpyDtoHAsync_v2(void* to, const void* from, size_t bytes, void* stream) {
    return submit(stream, [=] { std::memcpy(to, from, bytes); });
}
API cuMemcpyDtoDAsync_v2(void* to, const void* from, size_t bytes, void* stream) {
    return submit(stream, [=] { std::memmove(to, from, bytes); });
}
// Whether devices reach each other: 0 no, 1 through the driver alone, 2 directly. Tests write it.
extern "C" __attribute__((visibility("default"))) int emulatedPeers = 2;
API cuDeviceCanAccessPeer(int* can, int, int) { return *can = emulatedPeers == 2, 0; }
API cuCtxEnablePeerAccess(void*, unsigned) { return emulatedPeers == 2 ? 704 : 217; }
API cuMemcpyPeerAsync(void* to, void*, const void* from, void*, size_t bytes, void* stream) {
    return emulatedPeers == 0 ? 217 : submit(stream, [=] { std::memcpy(to, from, bytes); });
}
API cuMemsetD8Async(void* to, unsigned char value, size_t bytes, void* stream) {
    return submit(stream, [=] { std::memset(to, value, bytes); });
}
API cuLaunchHostFunc(void* stream, void (*function)(void*), void* data) {
    return submit(stream, [=] { function(data); });
}
API cuStreamCreateWithPriority(Stream** stream, unsigned, int) {
    Call call(everything);
    return streams.push_back(*stream = new Stream), 0;
}
// What is in it is done before, as on a device; its place stays, for events that remember it.
API cuStreamDestroy_v2(Stream* stream) {
    Call call(everything);
    return reach(stream, stream->enqueued), 0;
}
API cuStreamSynchronize(Stream* stream) {
    Call call(everything);
    if (!emulatedLoss) reach(stream, stream->enqueued);
    return emulatedLoss;
}
API cuStreamBeginCapture_v2(Stream* stream, int) {
    Call call(everything);
    return captured = stream, capturing = new Graph, 0;
}
API cuStreamEndCapture(Stream*, Graph** graph) {
    Call call(everything);
    return *graph = capturing, capturing = nullptr, 0;
}
API cuGraphInstantiateWithFlags(Graph** exec, Graph* graph, unsigned long long) { return *exec = new Graph(*graph), 0; }
API cuGraphLaunch(Graph* exec, void* stream) {
    auto steps = exec->steps;
    return submit(stream, [steps] {
        for (auto& step : steps) step();
    });
}
API cuGraphDestroy(Graph* graph) { return delete graph, 0; }
API cuGraphExecDestroy(Graph* exec) { return delete exec, 0; }
API cuEventCreate(Event** event, unsigned) { return *event = new Event, 0; }
API cuEventRecord(Event* event, Stream* stream) {
    Call call(everything);
    if (emulatedLoss) return emulatedLoss;
    enqueue(stream, [=] { event->at = std::chrono::steady_clock::now(); });
    return event->stream = stream, event->place = stream->enqueued, 0;
}
API cuStreamWaitEvent(void* to, Event* event, unsigned) {
    Stream* of = event->stream;
    long place = event->place;
    return submit(to, [=] {
        if (of) reach(of, place);
    });
}
API cuEventSynchronize(Event* event) {
    Call call(everything);
    if (event->stream && !emulatedLoss) reach(event->stream, event->place);
    return emulatedLoss;
}
API cuEventDestroy_v2(Event* event) {
    Call call(everything);
    return event->stream ? reach(event->stream, event->place) : void(), delete event, 0;
}
API cuEventElapsedTime(float* milliseconds, Event* start, Event* end) {
    Call call(everything);
    if (start->stream->done < start->place || end->stream->done < end->place) return 600;  // not ready
    *milliseconds = std::chrono::duration<float, std::milli>(end->at - start->at).count();
    return 0;
}
API cuGetErrorName(int, const char** name) { return *name = "EMULATED", 0; }
API cuGetErrorString(int, const char** text) { return *text = "emulated", 0; }
