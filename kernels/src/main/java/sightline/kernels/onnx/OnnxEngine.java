package sightline.kernels.onnx;

import ai.onnxruntime.OrtException;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.Engine;
import sightline.kernels.engine.EngineException;
import sightline.kernels.engine.Session;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.GraphException;
import sightline.kernels.lowering.BatchNormFolding;
import sightline.kernels.lowering.BatchNormFolding.Folded;
import sightline.kernels.lowering.Decompositions;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.weights.WeightCheck;
import sightline.kernels.weights.Weights;

/**
 * ONNX Runtime on the CPU. The model exists in memory only; float32 weights are read where they lie, in the mapped file,
 * and only merged or widened ones are written, once, to the session's own memory. Threads spin only where the
 * options say so: this engine shares its cores with the rest of a pipeline.
 */
public final class OnnxEngine implements Engine {
    private final List<Map<String, Tensor>> samples;

    /** Float32 throughout. */
    public OnnxEngine() {
        this(List.of());
    }

    private OnnxEngine(List<Map<String, Tensor>> samples) {
        this.samples = samples;
    }

    /**
     * An engine that runs convolutions with stored weights in eight bits, with ranges taken from sample inputs of the
     * graph that is compiled. The samples must stay valid while it compiles.
     *
     * <p>Worth it only where convolutions dominate and what stands between them is a ReLU: around any other activation
     * the images are widened and narrowed again, which costs what the convolution saves. Ranges are those of whole
     * images, so a network whose channels differ by orders of magnitude loses accuracy: compare before use.
     */
    public static OnnxEngine int8(List<Map<String, Tensor>> samples) {
        if (samples.isEmpty()) {
            throw new IllegalArgumentException("Eight bits need samples to take their ranges from");
        }
        return new OnnxEngine(List.copyOf(samples));
    }

    @Override
    public String name() {
        return samples.isEmpty() ? "onnx" : "onnx-int8";
    }

    @Override
    @SuppressWarnings("MustBeClosedChecker") // the session closes the arena
    public Session compile(Graph graph, Weights weights, CompileOptions options) {
        if (options.precision() != DType.F32) {
            throw new EngineException("The onnx engine computes in F32; for F64 there is the reference engine");
        }
        Graph bound = graph.isBound() ? graph : graph.bind(options.lengths());
        if (!bound.isBound()) {
            throw new GraphException(graph.name() + " has named dimensions that the options do not bind");
        }
        WeightCheck.verify(bound, weights, options.strict(), options.checkFinite());
        Arena arena = Arena.ofShared();
        NativeCalls.get().enter();
        try {
            Folded ready = prepare(bound, weights, arena);
            Quantization plan = samples.isEmpty()
                    ? Quantization.NONE
                    : Quantization.calibrate(ready.graph(), ready.weights(), samples);
            return new OnnxSession(
                    bound, ready.graph(), ready.weights(), options, plan, RuntimeEnvironment.get(), arena);
        } catch (OrtException refused) {
            arena.close();
            throw new EngineException("ONNX Runtime refuses " + graph.name() + ": " + refused.getMessage(), refused);
        } catch (RuntimeException failure) {
            arena.close();
            throw failure;
        } finally {
            NativeCalls.get().leave();
        }
    }

    /** Folds, then decomposes: the graph that is written as ONNX. */
    static Folded prepare(Graph bound, Weights weights, Arena arena) {
        Folded folded = BatchNormFolding.fold(bound, weights, arena);
        return new Folded(Decompositions.apply(folded.graph()), folded.weights());
    }
}
