package sightline.kernels.cuda;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import sightline.kernels.graph.Graph;

/**
 * A network whose kernels were picked by trying. Those that are the fastest one by one need not be so together, since small
 * kernels of a graph overlap: so the network is also timed whole, beside the one of first guesses, and the faster is taken.
 * Which one that was is kept in the {@link TileCache} like a layer's choice.
 */
final class TunedNetwork {
    private static final int TURNS = 2;
    private static final int RUNS = 15;

    private static final String TRIED = "tried ";
    private static final String GUESSED = "guessed ";

    private final CudaDevice device;
    private final Graph graph;
    private final Weights32 weights;
    private final Storage storage;
    private final TileCache cache;
    private final TileCache.Choices known;

    TunedNetwork(CudaDevice device, Graph graph, Weights32 weights, Storage storage, TileCache cache) {
        this.device = device;
        this.graph = graph;
        this.weights = weights;
        this.storage = storage;
        this.cache = cache;
        known = device.choices(cache);
    }

    CudaSession open() {
        Program guessed = Lowering.program(graph, weights, storage, Chooser.firstOn(device.facts()));
        Program tried = tried();
        List<String> ways = List.of(TRIED + cut(tried), GUESSED + cut(guessed));
        String network = "network " + ways.getLast();
        Optional<String> verdict = known.find(network, ways);
        if (verdict.isPresent()) {
            return CudaSession.open(device, graph, verdict.get().startsWith(GUESSED) ? guessed : tried);
        }
        CudaSession session = CudaSession.open(device, graph, tried);
        if (!cut(tried).equals(cut(guessed))) {
            session = faster(session, guessed, network, ways);
            known.save();
        }
        return session;
    }

    private Program tried() {
        try (LayerTrial trial = new LayerTrial(device)) {
            Tuner tuner = new Tuner(device.facts(), known, trial, System::nanoTime);
            Program program = Lowering.program(graph, weights, storage, tuner);
            known.save();
            cache.say(tuner.sentence(graph.name()));
            return program;
        }
    }

    /** Where there is no room for both at once, what was tried is taken, and nothing kept. */
    private CudaSession faster(CudaSession tried, Program guesses, String network, List<String> ways) {
        CudaSession guessed;
        try {
            guessed = CudaSession.open(device, graph, guesses);
        } catch (CudaFailure failure) {
            if (failure.kind() == CudaFailure.Kind.STICKY) {
                tried.close();
                throw failure;
            }
            return tried;
        }
        float triedTime = Float.POSITIVE_INFINITY;
        float guessedTime = Float.POSITIVE_INFINITY;
        for (int turn = 0; turn < TURNS; turn++) {
            triedTime = Math.min(triedTime, median(tried));
            guessedTime = Math.min(guessedTime, median(guessed));
        }
        boolean better = guessedTime < triedTime;
        known.keep(network, ways, better ? ways.getLast() : ways.getFirst(), Math.min(triedTime, guessedTime));
        (better ? tried : guessed).close();
        return better ? guessed : tried;
    }

    private static float median(CudaSession session) {
        float[] times = session.time(RUNS, false);
        Arrays.sort(times);
        return times[RUNS / 2];
    }

    /** What tells two programs of a graph apart: kernels and their grids. */
    private static String cut(Program program) {
        return Integer.toHexString(program.steps().stream()
                .map(step -> step.kernel() + step.grid())
                .toList()
                .hashCode());
    }
}
