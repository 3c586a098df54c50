package sightline.kernels.cuda;

import java.util.Optional;
import java.util.Set;
import sightline.kernels.cuda.driver.DriverProbe;
import sightline.kernels.cuda.driver.DriverStatus;
import sightline.kernels.cuda.driver.KernelLibrary;
import sightline.kernels.cuda.pattern.Weights32;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.Engine;
import sightline.kernels.engine.EngineException;
import sightline.kernels.engine.SplitSession;
import sightline.kernels.graph.Graph;
import sightline.kernels.tensor.DType;
import sightline.kernels.weights.WeightCheck;
import sightline.kernels.weights.Weights;

/**
 * Graphs on an NVIDIA GPU. Stateless but for the device it was given, which it does not close; sessions of one device
 * share its stream and run one after another.
 *
 * <p>Integers are held in 32 bits on the device: an int64 input or literal that does not fit is refused. Float64 is the
 * reference engine's alone.
 */
public final class CudaEngine implements Engine {
    /** Pictures of a run that fill the devices that we know, whose sides are a few hundred pixels. */
    private static final int BATCH = 32;

    private final CudaDevice device;
    private final Storage storage;
    private final Optional<TileCache> tiles;

    /** An engine that takes for each layer the kernel that usually is the best one. */
    public CudaEngine(CudaDevice device, Storage storage) {
        this(device, storage, Optional.empty());
    }

    /**
     * @param tiles where it is kept which kernel is the fastest on this device; layers that it does not know are tried when
     *     a graph is compiled in float16, for a few seconds at most
     */
    public CudaEngine(CudaDevice device, Storage storage, Optional<TileCache> tiles) {
        this.device = device;
        this.storage = storage;
        this.tiles = tiles;
    }

    /** Whether a device can serve, and if not, why, in one sentence; never throws, never starts JCuda. */
    public static DriverStatus available() {
        DriverStatus driver = DriverProbe.probe();
        if (driver.ready() && !KernelLibrary.present(KernelLibrary.Source.resources())) {
            return new DriverStatus(
                    DriverStatus.State.NO_KERNELS,
                    "A CUDA device is here, but this build carries no kernels: nvcc was absent when it was made.",
                    driver.driverVersion(),
                    driver.devices());
        }
        return driver;
    }

    Storage storage() {
        return storage;
    }

    @Override
    public int batch() {
        return BATCH;
    }

    @Override
    public boolean decodes() {
        return device.decodes();
    }

    @Override
    public String name() {
        return "cuda";
    }

    /**
     * {@inheritDoc}
     *
     * <p>All device memory is taken here: weights once, one arena for everything else.
     *
     * @throws CudaFailure where the device refuses, out of memory and over quota included
     */
    @Override
    public CudaSession compile(Graph graph, Weights weights, CompileOptions options) {
        if (options.precision() != DType.F32) {
            throw new EngineException(
                    "cuda computes in float32; " + options.precision() + " is the reference engine's.");
        }
        Graph bound = graph.isBound() ? graph : graph.bind(options.lengths());
        WeightCheck.verify(bound, weights, options.strict(), options.checkFinite());
        Weights32 found = name -> weights.find(name).orElseThrow();
        if (tiles.isPresent() && storage == Storage.FLOAT16) {
            return new TunedNetwork(device, bound, found, storage, tiles.get()).open();
        }
        return CudaSession.open(
                device, bound, Lowering.program(bound, found, storage, new FirstGuesses(device.facts())));
    }

    @Override
    public CudaSession compile(Graph graph, Weights weights) {
        return compile(graph, weights, CompileOptions.DEFAULT);
    }

    @Override
    public Optional<SplitSession> compileSplit(Graph graph, Weights weights, CompileOptions options, Set<String> late) {
        CudaSession session = compile(graph, weights, options);
        session.splitAt(late);
        return Optional.of(session);
    }
}
