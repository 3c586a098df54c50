package sightline.kernels.cuda;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import sightline.config.domain.Pixels;
import sightline.kernels.cuda.driver.EventTimer;
import sightline.kernels.cuda.driver.LaunchGraph;
import sightline.kernels.cuda.program.HostArrays;
import sightline.kernels.cuda.program.Launch;
import sightline.kernels.cuda.program.Program;
import sightline.kernels.cuda.program.Slot;
import sightline.kernels.engine.EngineException;
import sightline.kernels.engine.PendingRun;
import sightline.kernels.engine.Ports;
import sightline.kernels.engine.SplitSession;
import sightline.kernels.graph.Graph;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.vision.Framing;
import sightline.kernels.vision.Normalisation;
import sightline.kernels.vision.Resampling;

/**
 * A program on a device: its memory, its pinned ports and one CUDA graph that copies in, computes and copies out.
 *
 * <p>Threading and ownership as {@link Session} says; every driver call is made on the device's thread. A run allocates
 * nothing on the device. After the device was reopened a session is dead and must be compiled again.
 *
 * <p>An idle session may give its memory on the device up for another one; its next run takes it again first, with the same
 * kernels and states. Its outputs and pinned inputs are not concerned.
 */
public final class CudaSession implements SplitSession {
    private final CudaDevice device;
    private final Graph graph;
    private final Program program;
    private final SessionMemory memory;
    private List<Launch> launches = List.of();
    private LaunchGraph replay;
    /** The same without copying inputs, made when it is first wanted. */
    private LaunchGraph filled;
    /** The same in two halves, where that was asked for. */
    private SplitReplay halves;

    private final PictureFeeds<CudaPictures> pictures = new PictureFeeds<>(
            kind -> CudaPictures.own(this, kind.framing(), kind.resampling(), kind.normalisation()), () -> {});
    /** Runs that overlap, once one was begun; empty where the device has no room for them. */
    private volatile Optional<Overlapped> overlapped;

    private final Map<String, Tensor> outputs = new LinkedHashMap<>();
    private final AtomicReference<Thread> user = new AtomicReference<>();
    /** Who relies on its memory staying where it is. */
    private final AtomicInteger relying = new AtomicInteger();

    private volatile boolean closed;

    private CudaSession(CudaDevice device, Graph graph, Program program, SessionMemory memory) {
        this.device = device;
        this.graph = graph;
        this.program = program;
        this.memory = memory;
    }

    static CudaSession open(CudaDevice device, Graph graph, Program program) {
        return device.call(() -> {
            SessionMemory memory = SessionMemory.open(device, program);
            try {
                CudaSession session = new CudaSession(device, graph, program, memory);
                session.capture();
                device.residents().used(session);
                return session;
            } catch (RuntimeException failure) {
                memory.close();
                throw failure;
            }
        });
    }

    private void capture() {
        launches = memory.bind(program.steps());
        replay = LaunchGraph.capture(device.context(), memory::copyIn, launches, memory::copyOut);
    }

    /** Does work on the device's thread, with the session's memory there. */
    private void onDevice(Runnable work) {
        device.run(() -> {
            wake();
            work.run();
        });
    }

    /** Takes back what was given up; on the device's thread. */
    void wake() {
        device.residents().used(this);
        if (!memory.resident()) {
            memory.restore();
            capture();
        }
    }

    /** Gives its memory up if nobody is using it; on the device's thread. */
    boolean evict() {
        if (relying.get() > 0 || !user.compareAndSet(null, Thread.currentThread())) {
            return false;
        }
        try {
            if (closed || halves != null || !memory.resident()) {
                return false;
            }
            closeFeeds();
            closeGraphs();
            memory.evict();
            return true;
        } finally {
            user.set(null);
        }
    }

    /** From now on its memory stays where it is, until {@link #release}. */
    void rely() {
        relying.incrementAndGet();
    }

    void release() {
        relying.decrementAndGet();
    }

    @Override
    public Graph graph() {
        return graph;
    }

    @Override
    public Map<String, Tensor> run(Map<String, Tensor> inputs) {
        run(inputs, ownOutputs());
        return outputs;
    }

    private Map<String, Tensor> ownOutputs() {
        if (outputs.isEmpty()) {
            program.outputs()
                    .forEach((name, port) ->
                            outputs.put(name, ownOutput(name, port.type().dtype())));
        }
        return outputs;
    }

    /** The pinned memory itself where its elements are those of the type, else a tensor to convert into. */
    private Tensor ownOutput(String name, DType dtype) {
        Program.Port port = program.outputs().get(name);
        long[] shape = port.type().shape().toArray();
        return dtype == DType.F32 || dtype == DType.I32
                ? Tensor.view(dtype, memory.output(port.array()), shape)
                : Tensor.allocate(dtype, shape);
    }

    @Override
    public void run(Map<String, Tensor> inputs, Map<String, Tensor> wanted) {
        exclusively(() -> {
            Ports.inputs(graph.inputs(), inputs, true);
            Ports.outputs(graph.outputs(), wanted, true);
            program.inputs().forEach((name, port) -> {
                MemorySegment pinned = memory.input(port.array());
                if (inputs.get(name).data().address() != pinned.address()) {
                    HostArrays.store(inputs.get(name), pinned);
                }
            });
            onDevice(() -> {
                replay.replay();
                device.synchronize("running " + graph.name());
            });
            deliver(wanted);
        });
    }

    private void deliver(Map<String, Tensor> wanted) {
        if (memory.faulted()) {
            throw new EngineException("An index of " + graph.name() + " lies outside its axis");
        }
        wanted.forEach((name, tensor) -> {
            MemorySegment pinned = memory.output(program.outputs().get(name).array());
            if (tensor.data().address() != pinned.address()) {
                HostArrays.load(pinned, tensor);
            }
        });
    }

    /** Prepares {@link #begin} and {@link #finish}; {@code late} inputs are known only in between. */
    void splitAt(Set<String> late) {
        onDevice(() -> halves = SplitReplay.capture(device, program, memory, late));
    }

    @Override
    public Map<String, Tensor> begin() {
        return half(halves.first(), "beginning ");
    }

    @Override
    public Map<String, Tensor> finish() {
        return half(halves.second(), "finishing ");
    }

    private Map<String, Tensor> half(LaunchGraph part, String doing) {
        Map<String, Tensor> wanted = ownOutputs();
        exclusively(() -> {
            onDevice(() -> {
                part.replay();
                device.synchronize(doing + graph.name());
            });
            deliver(wanted);
        });
        return wanted;
    }

    /**
     * Runs on inputs that are made on the device itself.
     *
     * @param fill called on the device's thread ahead of the kernels: issues in stream order what writes every input
     */
    Map<String, Tensor> runOnDevice(Runnable fill) {
        Map<String, Tensor> wanted = ownOutputs();
        exclusively(() -> {
            onDevice(() -> {
                LaunchGraph early = halves == null ? whole() : halves.filled();
                fill.run();
                early.replay();
                device.synchronize("running " + graph.name());
            });
            deliver(wanted);
        });
        return wanted;
    }

    private LaunchGraph whole() {
        if (filled == null) {
            filled = LaunchGraph.capture(device.context(), memory::forgetFaults, launches, memory::copyOut);
        }
        return filled;
    }

    /** Inputs that are known before it runs: all of them, but for a session that was split. */
    Set<String> early() {
        Set<String> early = new LinkedHashSet<>(graph.inputs().keySet());
        if (halves != null) {
            early.removeAll(halves.late());
        }
        return early;
    }

    @Override
    public Optional<Map<String, Tensor>> runPictures(
            List<Pixels> shown, Framing framing, Resampling resampling, Normalisation normalisation) {
        List<Optional<Map<String, Tensor>>> made = new ArrayList<>(1);
        PictureFeeds.Kind kind = new PictureFeeds.Kind(framing, resampling, normalisation);
        exclusively(() -> made.add(pictures.feed(kind).map(feed -> feed.run(shown))));
        return made.getFirst();
    }

    @Override
    public Optional<PendingRun> beginPictures(
            List<Pixels> shown, Framing framing, Resampling resampling, Normalisation normalisation) {
        PictureFeeds.Kind kind = new PictureFeeds.Kind(framing, resampling, normalisation);
        return overlap(runs -> runs.pictures(shown, kind));
    }

    @Override
    public Optional<PendingRun> beginTensors(Consumer<Map<String, Tensor>> write) {
        return overlap(runs -> runs.tensors(write));
    }

    private Optional<PendingRun> overlap(Function<Overlapped, Optional<PendingRun>> how) {
        List<Optional<PendingRun>> begun = new ArrayList<>(1);
        exclusively(() -> {
            rely();
            try {
                onDevice(() -> {
                    if (overlapped == null) {
                        overlapped = PictureFeeds.unlessFull(() -> new Overlapped(this, program, memory));
                    }
                });
                begun.add(overlapped.flatMap(how));
            } finally {
                release();
            }
        });
        return begun.getFirst();
    }

    @Override
    public void awaitTurn() {
        Optional<Overlapped> runs = overlapped;
        if (runs != null && runs.isPresent()) {
            try {
                runs.get().awaitTurn();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Where the time of the runs went that overlapped, since the first of them. */
    public RunTimes times() {
        Optional<Overlapped> runs = overlapped;
        return runs == null ? RunTimes.NONE : runs.map(Overlapped::times).orElse(RunTimes.NONE);
    }

    /** Where an input's float32 elements lie on the device. */
    long inputAddress(String name) {
        return memory.address(program.inputs().get(name).array());
    }

    CudaDevice device() {
        return device;
    }

    /**
     * The pinned memory that an input is read from, as a float32 or int32 tensor: a run whose input is this very tensor
     * copies nothing on the host. The session's, valid until it closes; not to be written during a run.
     */
    @Override
    public Tensor input(String name) {
        Program.Port port = program.inputs().get(name);
        if (port == null) {
            throw new EngineException("There is no input " + name);
        }
        DType dtype = HostArrays.whole(port.type().dtype()) ? DType.I32 : DType.F32;
        return Tensor.view(
                dtype, memory.input(port.array()), port.type().shape().toArray());
    }

    private void exclusively(Runnable work) {
        Thread me = Thread.currentThread();
        if (user.get() == me) {
            work.run();
            return;
        }
        if (!user.compareAndSet(null, me)) {
            throw new IllegalStateException("The session is already running on another thread");
        }
        try {
            if (closed) {
                throw new IllegalStateException("The session is closed");
            }
            work.run();
        } finally {
            user.set(null);
        }
    }

    /**
     * Device time of whole runs on the inputs of the last one, copies in and out included if {@code copies}: one value a
     * run, in milliseconds, after three that are not counted.
     */
    public float[] time(int runs, boolean copies) {
        float[] times = new float[runs];
        exclusively(() -> onDevice(() -> {
            try (EventTimer timer = new EventTimer(device.context());
                    LaunchGraph compute = LaunchGraph.capture(device.context(), () -> {}, launches, () -> {})) {
                LaunchGraph timed = copies ? replay : compute;
                for (int i = -3; i < runs; i++) {
                    float elapsed = timer.milliseconds(timed::replay);
                    if (i >= 0) {
                        times[i] = elapsed;
                    }
                }
            }
        }));
        return times;
    }

    /** Device time of each launch on its own, the least of {@code repeats}: launch gaps included, overlap excluded. */
    List<LaunchTime> profile(int repeats) {
        List<LaunchTime> times = new ArrayList<>();
        exclusively(() -> onDevice(() -> {
            try (EventTimer timer = new EventTimer(device.context())) {
                for (Launch launch : launches) {
                    float least = Float.MAX_VALUE;
                    for (int i = 0; i < repeats; i++) {
                        least = Math.min(least, timer.milliseconds(() -> device.issue(launch)));
                    }
                    times.add(new LaunchTime(launch.label(), launch.kernel(), least, launch.flops(), launch.bytes()));
                }
            }
        }));
        return times;
    }

    /** The roofline of a run as it is cut into kernels: the sum of each one's least possible time. */
    double leastMilliseconds(Card card) {
        return launches.stream()
                .mapToDouble(l -> card.leastMilliseconds(l.flops(), l.bytes()))
                .sum();
    }

    /** Bytes of device memory that this session holds. */
    public long deviceBytes() {
        return memory.deviceBytes();
    }

    /** Kernels of one run. */
    public int launchCount() {
        return launches.size();
    }

    @Override
    public Tensor state(String name) {
        Program.Port port = program.states().get(name);
        if (port == null) {
            throw new EngineException("There is no state " + name);
        }
        Tensor copy = Tensor.allocate(port.type().dtype(), port.type().shape().toArray());
        exclusively(() -> onDevice(() -> memory.readState(port.array(), copy)));
        return copy;
    }

    /**
     * Takes over the states of another session of the same graph, on this device or another one: from card to card where
     * the driver can. Neither may run meanwhile.
     */
    public void takeStates(CudaSession from) {
        exclusively(() -> from.exclusively(() -> {
            onDevice(() -> {});
            from.onDevice(() -> {});
            from.rely();
            rely();
            try {
                program.states()
                        .forEach((name, port) -> memory.copyState(
                                port.array().slot(),
                                from.memory,
                                from.program.states().get(name).array().slot()));
                onDevice(memory::statesWritten);
            } finally {
                release();
                from.release();
            }
        }));
    }

    /** Replaces states' contents. */
    void setStates(Map<String, MemorySegment> contents) {
        Map<Slot, MemorySegment> bySlot = new LinkedHashMap<>();
        contents.forEach(
                (name, content) -> bySlot.put(program.states().get(name).array().slot(), content));
        exclusively(() -> onDevice(() -> {
            memory.writeStates(bySlot);
            memory.statesWritten();
        }));
    }

    @Override
    public void resetState() {
        exclusively(() -> onDevice(() -> {
            memory.zeroStates();
            memory.statesWritten();
        }));
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            device.run(this::giveBack);
        }
    }

    private void giveBack() {
        device.residents().forget(this);
        try {
            closeFeeds();
        } finally {
            closeGraphs();
            memory.close();
        }
    }

    private void closeFeeds() {
        Optional<Overlapped> runs = overlapped;
        overlapped = null;
        try {
            if (runs != null) {
                runs.ifPresent(Overlapped::close);
            }
        } finally {
            pictures.closeAll();
        }
    }

    private void closeGraphs() {
        if (replay != null) {
            replay.close();
            replay = null;
        }
        if (filled != null) {
            filled.close();
            filled = null;
        }
        if (halves != null) {
            halves.close();
        }
    }
}
