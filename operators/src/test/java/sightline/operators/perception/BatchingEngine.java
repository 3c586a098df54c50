package sightline.operators.perception;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.Engine;
import sightline.kernels.engine.Session;
import sightline.kernels.engine.SplitSession;
import sightline.kernels.graph.Graph;
import sightline.kernels.weights.Weights;

/** Another engine that says that batches pay, or that it decodes, once it is told so. One thread at a time. */
public class BatchingEngine implements Engine {
    private final Engine inner;
    private final List<Integer> compiled = new ArrayList<>();
    private int pays = 1;
    private boolean decodes;

    public BatchingEngine(Engine inner) {
        this.inner = inner;
    }

    /** How many pictures are better run together from now on. */
    public void pays(int pictures) {
        pays = pictures;
    }

    /** Says that it decodes, which it does not. */
    public void decodes(boolean said) {
        decodes = said;
    }

    /** Batch sizes, in the order in which they were compiled. */
    public List<Integer> compiled() {
        return compiled;
    }

    @Override
    public String name() {
        return inner.name();
    }

    @Override
    public int batch() {
        return pays;
    }

    @Override
    public boolean decodes() {
        return decodes || inner.decodes();
    }

    @Override
    public Optional<SplitSession> compileSplit(Graph graph, Weights weights, CompileOptions options, Set<String> late) {
        return inner.compileSplit(graph, weights, options, late);
    }

    @Override
    public Session compile(Graph graph, Weights weights, CompileOptions options) {
        compiled.add(Math.toIntExact(graph.inputs().values().iterator().next().size(0)));
        return inner.compile(graph, weights, options);
    }
}
