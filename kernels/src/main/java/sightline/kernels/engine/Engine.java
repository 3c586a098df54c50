package sightline.kernels.engine;

import java.util.Optional;
import java.util.Set;
import sightline.kernels.graph.Graph;
import sightline.kernels.weights.Weights;

/** Turns graphs into sessions. Engines are stateless and thread-safe; sessions are neither. */
public interface Engine {
    /** {@code reference}, {@code onnx} or {@code cuda}. */
    String name();

    /**
     * Compiles a graph for fixed shapes.
     *
     * <p>The weights must stay open as long as the session: engines may read them in place. Named dimensions of the graph
     * are bound from the options; compile once a bucket.
     *
     * @throws sightline.kernels.weights.WeightsException where parameters are missing, superfluous, misshapen or not
     *     finite; all of them in one message
     * @throws EngineException where the engine cannot run this graph, with the operation's name
     */
    Session compile(Graph graph, Weights weights, CompileOptions options);

    /** Compiles with {@link CompileOptions#DEFAULT}. */
    default Session compile(Graph graph, Weights weights) {
        return compile(graph, weights, CompileOptions.DEFAULT);
    }

    /** Pictures that are better run together than one after another; 1 where there is nothing to gain. */
    default int batch() {
        return 1;
    }

    /**
     * Whether {@link Session#runPictures} takes pictures that are compressed still ({@code Pixels.compressed}) and decodes
     * them where it runs.
     */
    default boolean decodes() {
        return false;
    }

    /**
     * Compiles a graph that can stop on its way: what does not depend on the {@code late} inputs is computed before they
     * are known. Empty where the engine cannot.
     */
    default Optional<SplitSession> compileSplit(
            Graph graph, Weights weights, CompileOptions options, Set<String> late) {
        return Optional.empty();
    }
}
