package sightline.kernels.cuda;

import java.util.List;
import sightline.kernels.cuda.half.Candidate;
import sightline.kernels.cuda.program.Program;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.Engine;
import sightline.kernels.engine.Session;
import sightline.kernels.graph.Graph;
import sightline.kernels.weights.RandomWeights;
import sightline.kernels.weights.Weights;

/** Computes every layer by its n-th candidate, or by its last where it has fewer. */
final class ChoosingEngine implements Engine {
    private final CudaDevice device;
    private final int n;

    ChoosingEngine(CudaDevice device, int n) {
        this.device = device;
        this.n = n;
    }

    /** The most candidates that a layer of a graph has on the device. */
    static int most(ParityCase parity, CudaDevice device) {
        int[] most = {1};
        Weights weights = RandomWeights.of(parity.graph(), 5);
        Lowering.program(
                parity.graph(), name -> weights.find(name).orElseThrow(), Storage.FLOAT16, (layer, candidates) -> {
                    List<Candidate> able = FirstGuesses.runnable(candidates, device.facts());
                    most[0] = Math.max(most[0], able.size());
                    return able.getFirst();
                });
        return most[0];
    }

    @Override
    public String name() {
        return "cuda by candidate " + n;
    }

    @Override
    public Session compile(Graph graph, Weights weights, CompileOptions options) {
        Program program = Lowering.program(
                graph, name -> weights.find(name).orElseThrow(), Storage.FLOAT16, (layer, candidates) -> {
                    List<Candidate> able = FirstGuesses.runnable(candidates, device.facts());
                    return able.get(Math.min(n, able.size() - 1));
                });
        return CudaSession.open(device, graph, program);
    }
}
