package sightline.kernels.cuda;

import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import sightline.kernels.cuda.driver.CudaFailure;
import sightline.kernels.cuda.driver.DriverStatus;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.Engine;
import sightline.kernels.engine.EngineException;
import sightline.kernels.engine.Session;
import sightline.kernels.engine.SplitSession;
import sightline.kernels.graph.Graph;
import sightline.kernels.weights.Weights;

/**
 * Graphs on the first GPU while it serves, on another engine where it does not: no driver, no device, too little memory, or
 * a context that is lost more often than {@link #REOPENINGS} times. Whatever happens is said once in a sentence; nothing
 * ends the process.
 *
 * <p>Threading: thread-safe; its sessions are used as {@link Session} says. A lost context is reopened by whichever session
 * notices first, and the others compile themselves again. Ownership: closes the device, so close its sessions before.
 */
public final class SteadyEngine implements Engine, AutoCloseable {
    /** A card that loses its context again and again is broken; a driver that was updated under us loses it once. */
    static final int REOPENINGS = 3;

    /** The most bytes that networks may hold on the device together; all of its memory where it is not set. */
    public static final String QUOTA_PROPERTY = "sightline.cuda.bytes";

    private final Gpu gpu;
    private final Engine otherwise;
    private final Consumer<String> say;
    private volatile boolean given;

    /** What is needed of a device; tests have their own. */
    interface Gpu extends AutoCloseable {
        Session compile(Graph graph, Weights weights, CompileOptions options);

        default Optional<SplitSession> compileSplit(
                Graph graph, Weights weights, CompileOptions options, Set<String> late) {
            return Optional.empty();
        }

        default int batch() {
            return 1;
        }

        default boolean decodes() {
            return false;
        }

        /** Counts contexts, from 1. */
        int generation();

        void reopen();

        @Override
        void close();
    }

    SteadyEngine(Gpu gpu, Engine otherwise, Consumer<String> say) {
        this.gpu = gpu;
        this.otherwise = otherwise;
        this.say = say;
        this.given = gpu == null;
    }

    /**
     * @param otherwise serves what the GPU cannot; not closed
     * @param say hears one sentence for each thing that happens
     */
    public static SteadyEngine open(Engine otherwise, Consumer<String> say) {
        DriverStatus driver = CudaEngine.available();
        Gpu gpu = null;
        if (driver.ready()) {
            try {
                CudaDevice device = CudaDevice.open(0, Long.getLong(QUOTA_PROPERTY, Long.MAX_VALUE), 0);
                device.onEviction(say);
                gpu = of(device, new CudaEngine(device, Storage.FLOAT16, TileCache.configured(say)));
                say.accept("Networks run on " + device.facts().name() + " in float16.");
            } catch (CudaFailure failure) {
                say.accept(failure.getMessage() + " Networks run on the " + otherwise.name() + " engine.");
            }
        } else {
            say.accept(driver.sentence() + " Networks run on the " + otherwise.name() + " engine.");
        }
        return new SteadyEngine(gpu, otherwise, say);
    }

    static Gpu of(CudaDevice device, CudaEngine engine) {
        return new Gpu() {
            @Override
            public Session compile(Graph graph, Weights weights, CompileOptions options) {
                return engine.compile(graph, weights, options);
            }

            @Override
            public Optional<SplitSession> compileSplit(
                    Graph graph, Weights weights, CompileOptions options, Set<String> late) {
                return engine.compileSplit(graph, weights, options, late);
            }

            @Override
            public int batch() {
                return engine.batch();
            }

            @Override
            public boolean decodes() {
                return engine.decodes();
            }

            @Override
            public int generation() {
                return device.generation();
            }

            @Override
            public void reopen() {
                device.reopen();
            }

            @Override
            public void close() {
                device.close();
            }
        };
    }

    @Override
    public synchronized String name() {
        return given ? otherwise.name() : "cuda";
    }

    // Asked for every batch, by threads that must not wait until somebody's graph is compiled.
    @Override
    public int batch() {
        return given ? otherwise.batch() : gpu.batch();
    }

    @Override
    public boolean decodes() {
        return given ? otherwise.decodes() : gpu.decodes();
    }

    @Override
    public Session compile(Graph graph, Weights weights, CompileOptions options) {
        return new SteadySession(this, graph, weights, options);
    }

    /**
     * {@inheritDoc}
     *
     * <p>Whatever becomes of the device, a run that is cut in two cannot be done again elsewhere: then it fails, and whoever
     * compiles another one, split or whole, gets it where networks run from then on.
     */
    @Override
    public synchronized Optional<SplitSession> compileSplit(
            Graph graph, Weights weights, CompileOptions options, Set<String> late) {
        if (!given) {
            try {
                return gpu.compileSplit(graph, weights, options, late)
                        .map(session -> new SteadySplitSession(this, session));
            } catch (CudaFailure | EngineException refusal) {
                say.accept(refusal.getMessage() + " " + graph.name() + " does not run in two halves.");
            }
        }
        return Optional.empty();
    }

    /** A session on the other engine, after the device had no room for its memory. */
    synchronized Session elsewhere(Graph graph, Weights weights, CompileOptions options, CudaFailure failure) {
        say.accept(failure.getMessage() + " " + graph.name() + " runs on the " + otherwise.name() + " engine.");
        return otherwise.compile(graph, weights, options);
    }

    /** A session on the device, or elsewhere once it was given up or does not take this graph. */
    synchronized Session begin(Graph graph, Weights weights, CompileOptions options) {
        if (!given) {
            try {
                return gpu.compile(graph, weights, options);
            } catch (CudaFailure | EngineException refusal) {
                say.accept(refusal.getMessage() + " " + graph.name() + " runs on the " + otherwise.name() + " engine.");
            }
        }
        return otherwise.compile(graph, weights, options);
    }

    /** Without the lock, which compiling a graph holds for seconds: it is asked for before every run. */
    int generation() {
        return given ? 0 : gpu.generation();
    }

    /** After a failure in a context of that generation: reopened, by somebody else perhaps, or given up. */
    synchronized void recover(int generation, CudaFailure failure) {
        if (given || gpu.generation() != generation) {
            return;
        }
        if (failure.kind() == CudaFailure.Kind.STICKY && generation <= REOPENINGS) {
            try {
                gpu.reopen();
                say.accept(failure.getMessage() + " It was reopened.");
                return;
            } catch (CudaFailure again) {
                failure.addSuppressed(again);
            }
        }
        given = true;
        say.accept(failure.getMessage() + " Networks run on the " + otherwise.name() + " engine from now on.");
    }

    @Override
    public synchronized void close() {
        given = true;
        if (gpu != null) {
            gpu.close();
        }
    }
}
