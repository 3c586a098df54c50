package sightline.kernels.cuda;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import sightline.kernels.cuda.driver.CudaFailure;
import sightline.kernels.cuda.driver.EventTimer;
import sightline.kernels.cuda.half.Candidate;
import sightline.kernels.cuda.half.Chooser;
import sightline.kernels.cuda.pattern.Weights32;
import sightline.kernels.cuda.program.Program;
import sightline.kernels.graph.Graph;

/**
 * A network whose kernels were picked by trying. Those that are the fastest one by one need not be so together, since small
 * kernels of a graph overlap: so the network is also timed whole, with all that was picked, with what saves much alone, and
 * with the first guesses, and the fastest is taken. Which one that was is kept in the {@link TileCache} like a layer's choice.
 */
final class TunedNetwork {
    private static final int TURNS = 2;
    private static final int RUNS = 15;

    /**
     * A network's kernels, by how much one must save for its first guess to be left.
     *
     * @param name in the cache
     * @param least milliseconds a run
     */
    private record Way(String name, float least) {}

    private static final List<Way> WAYS = List.of(
            new Way("all that was picked", 0),
            new Way("what saves a microsecond", 0.001f),
            new Way("what saves three microseconds", 0.003f),
            new Way("first guesses", Float.POSITIVE_INFINITY));
    private static final List<String> NAMES = WAYS.stream().map(Way::name).toList();

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
        String network = "network " + graph.name() + " "
                + Integer.toHexString(graph.toString().hashCode());
        Optional<String> verdict = known.find(network, NAMES);
        if (verdict.isPresent()) {
            Way way = WAYS.get(NAMES.indexOf(verdict.get()));
            return CudaSession.open(device, graph, program(saving(way.least)));
        }
        boolean complete = tryLayers();
        Program picked = program(saving(0));
        Best best = new Best(CudaSession.open(device, graph, picked));
        Set<String> seen = new HashSet<>(Set.of(cut(picked)));
        for (Way way : WAYS.subList(1, WAYS.size())) {
            Program other = program(saving(way.least));
            if (seen.add(cut(other))) {
                best.against(other, way.name);
            }
        }
        if (complete) {
            known.keep(network, NAMES, best.name, best.time, 0);
            known.save();
        }
        return best.session;
    }

    /** Whether all were tried. */
    private boolean tryLayers() {
        try (LayerTrial trial = new LayerTrial(device)) {
            Tuner tuner = new Tuner(device.facts(), known, trial, System::nanoTime);
            program(tuner);
            known.save();
            cache.say(tuner.sentence(graph.name()));
            return tuner.complete();
        }
    }

    private Program program(Chooser chooser) {
        return Lowering.program(graph, weights, storage, chooser);
    }

    /** What is known to save so much, first guesses elsewhere. */
    private Chooser saving(float least) {
        return (layer, candidates) -> {
            List<Candidate> able = FirstGuesses.runnable(candidates, device.facts());
            List<String> names = able.stream().map(Candidate::name).toList();
            boolean enough = known.saved(layer, names) >= least;
            int at = enough ? names.indexOf(known.find(layer, names).orElse("")) : -1;
            return able.get(Math.max(0, at));
        };
    }

    /** The fastest session so far; the others are closed. */
    private final class Best {
        private CudaSession session;
        private String name = NAMES.getFirst();
        private float time;

        Best(CudaSession first) {
            session = first;
        }

        /** Takes the other if it is faster; where there is no room for both at once, this one stays. */
        void against(Program program, String way) {
            CudaSession other;
            try {
                other = CudaSession.open(device, graph, program);
            } catch (CudaFailure failure) {
                if (failure.kind() == CudaFailure.Kind.STICKY) {
                    session.close();
                    throw failure;
                }
                return;
            }
            float mine = Float.POSITIVE_INFINITY;
            float others = Float.POSITIVE_INFINITY;
            for (int turn = 0; turn < TURNS; turn++) {
                mine = Math.min(mine, median(session));
                others = Math.min(others, median(other));
            }
            time = Math.min(mine, others);
            if (others < mine) {
                session.close();
                session = other;
                name = way;
            } else {
                other.close();
            }
        }
    }

    private static float median(CudaSession session) {
        return EventTimer.median(session.time(RUNS, false));
    }

    /** What tells two programs of a graph apart: kernels and their grids. */
    private static String cut(Program program) {
        return Integer.toHexString(program.steps().stream()
                .map(step -> step.kernel() + step.grid())
                .toList()
                .hashCode());
    }
}
