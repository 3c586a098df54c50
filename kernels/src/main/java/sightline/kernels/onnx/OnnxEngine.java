package sightline.kernels.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import java.lang.foreign.Arena;
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
import sightline.kernels.weights.WeightCheck;
import sightline.kernels.weights.Weights;

/**
 * ONNX Runtime on the CPU. The model exists in memory only; float32 weights are read where they lie, in the mapped file,
 * and only merged or widened ones are written, once, to the session's own memory. Threads never spin: this engine shares
 * its cores with the rest of a pipeline.
 */
public final class OnnxEngine implements Engine {
    @Override
    public String name() {
        return "onnx";
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
        try {
            Folded ready = prepare(bound, weights, arena);
            return new OnnxSession(bound, ready.graph(), ready.weights(), options, environment(), arena);
        } catch (OrtException refused) {
            arena.close();
            throw new EngineException("ONNX Runtime refuses " + graph.name() + ": " + refused.getMessage(), refused);
        } catch (RuntimeException failure) {
            arena.close();
            throw failure;
        }
    }

    /** Folds, then decomposes: the graph that is written as ONNX. */
    static Folded prepare(Graph bound, Weights weights, Arena arena) {
        Folded folded = BatchNormFolding.fold(bound, weights, arena);
        return new Folded(Decompositions.apply(folded.graph()), folded.weights());
    }

    private static OrtEnvironment environment() {
        return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "sightline");
    }
}
