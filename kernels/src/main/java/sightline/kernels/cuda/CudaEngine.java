package sightline.kernels.cuda;

import java.util.Optional;
import java.util.Set;
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
    private final CudaDevice device;
    private final Storage storage;

    public CudaEngine(CudaDevice device, Storage storage) {
        this.device = device;
        this.storage = storage;
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
        Program program = Lowering.program(bound, name -> weights.find(name).orElseThrow(), storage);
        return CudaSession.open(device, bound, program);
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
