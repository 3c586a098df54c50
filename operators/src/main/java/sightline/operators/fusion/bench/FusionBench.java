package sightline.operators.fusion.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import sightline.operators.metrics.Gospa;
import sightline.operators.metrics.Ospa;

/**
 * Runs every method on the same scans and scores it: mean OSPA (c = 100 m, p = 1) with its standard error over runs, and
 * rms GOSPA (c = 50 m, p = 2) with its parts. Deterministic for a seed, whatever the number of threads: each run has its
 * own scans and its own filters.
 */
public final class FusionBench {
    /** The five columns of the reference table. */
    public static final List<Column> REFERENCE = List.of(
            new Column(0.9, 20, 4, 10),
            new Column(0.7, 20, 4, 10),
            new Column(0.5, 20, 4, 10),
            new Column(0.9, 50, 4, 10),
            new Column(0.95, 10, 2, 10));

    /**
     * @param runs Monte Carlo runs a column
     * @param seed of the first run; run r uses seed + r
     * @param columns what to measure
     * @param threads that share the runs
     */
    public record Options(int runs, long seed, List<Column> columns, int threads) {
        public Options {
            columns = List.copyOf(columns);
            if (runs < 1 || threads < 1) {
                throw new IllegalArgumentException("runs " + runs + ", threads " + threads);
            }
        }

        public Options(int runs, long seed, List<Column> columns) {
            this(runs, seed, columns, 1);
        }
    }

    private FusionBench() {}

    /** @param progress told each finished run in a sentence, by any of the threads */
    public static BenchTable run(Options options, List<? extends Contender.Maker> makers, Consumer<String> progress) {
        List<BenchTable.Row> rows = new ArrayList<>();
        for (Contender.Maker maker : makers) {
            for (String reading : maker.readings()) {
                rows.add(new BenchTable.Row(reading, new ArrayList<>()));
            }
        }
        try (ExecutorService workers = Executors.newFixedThreadPool(options.threads())) {
            for (Column column : options.columns()) {
                List<Future<List<Score>>> runs = new ArrayList<>();
                for (int run = 0; run < options.runs(); run++) {
                    long seed = options.seed() + run;
                    String title = column.title() + ": run " + (run + 1) + " of " + options.runs();
                    runs.add(workers.submit(() -> {
                        List<Score> scores = play(column, makers, seed);
                        progress.accept(title);
                        return scores;
                    }));
                }
                List<List<Score>> scores =
                        runs.stream().map(FusionBench::result).toList();
                for (int r = 0; r < rows.size(); r++) {
                    int row = r;
                    rows.get(r)
                            .cells()
                            .add(new BenchTable.Cell(
                                    scores.stream().map(run -> run.get(row)).toList()));
                }
            }
        }
        return new BenchTable(options.columns(), rows);
    }

    private static List<Score> result(Future<List<Score>> run) {
        try {
            return run.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a run failed: " + e.getCause(), e.getCause());
        }
    }

    private static List<Score> play(Column column, List<? extends Contender.Maker> makers, long seed) {
        List<List<double[]>> truth = Scene.truth();
        Recording recording = Recording.of(column, truth, seed);
        List<Score> out = new ArrayList<>();
        for (Contender.Maker maker : makers) {
            out.addAll(score(maker, recording, truth));
        }
        return out;
    }

    private static List<Score> score(Contender.Maker maker, Recording recording, List<List<double[]>> truth) {
        Contender contender = maker.make(recording.column());
        int readings = maker.readings().size();
        double[][] sums = new double[readings][5];
        for (int k = 0; k < truth.size(); k++) {
            List<List<double[]>> estimates = contender.step(k, recording.scans().get(k));
            for (int r = 0; r < readings; r++) {
                Ospa ospa = Ospa.of(truth.get(k), estimates.get(r), 100, 1);
                Gospa gospa = Gospa.of(truth.get(k), estimates.get(r), 50, 2);
                sums[r][0] += ospa.total();
                sums[r][1] += gospa.powered();
                sums[r][2] += gospa.localisation();
                sums[r][3] += gospa.missed();
                sums[r][4] += gospa.falses();
            }
        }
        List<Score> out = new ArrayList<>();
        for (double[] sum : sums) {
            double n = truth.size();
            out.add(new Score(sum[0] / n, sum[1] / n, sum[2] / n, sum[3] / n, sum[4] / n));
        }
        return out;
    }
}
