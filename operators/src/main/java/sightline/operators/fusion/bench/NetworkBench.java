package sightline.operators.fusion.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import sightline.operators.fusion.FusionSettings;

/**
 * Decentralised fusion under partial views and faults: nodes on a ring, four that see a quarter of a yard each with
 * overlaps or ten that see more together; walkers; beliefs as bytes of the wire format along the edges, forwarded once. Each row is compared with a
 * central filter that hears the same scans.
 */
public final class NetworkBench {
    /** Alpha-cuts at which coverage is reported. */
    public static final List<Double> ALPHAS = List.of(0.5, 0.3, 0.1, 0.05, 0.01);

    /**
     * One condition.
     *
     * @param title of the row
     * @param nodes on the ring, each with its own view
     * @param rule how beliefs come together
     * @param lagTicks late window of the nodes
     * @param deadNodes nodes that fall silent after a third of the time
     * @param loss share of messages lost on an edge
     * @param delayTicks most ticks that a message takes on an edge
     * @param copies share of messages that arrive twice
     */
    public record Condition(
            String title,
            int nodes,
            FusionSettings.Rule rule,
            int lagTicks,
            int deadNodes,
            double loss,
            int delayTicks,
            double copies) {}

    /**
     * What came out, means over runs.
     *
     * @param condition of the row
     * @param gospa rms GOSPA (c = 2 m, p = 2) at a living node
     * @param centralGospa of the central filter on the same scans
     * @param missed share of targets in a living node's view that its picture lacks
     * @param centralMissed of the central filter
     * @param overconfident share of matched tracks with det P below .99 of the central filter's
     * @param coverage of the position marginal at {@link #ALPHAS}
     * @param tracks matched tracks behind the coverage
     * @param bytes of beliefs a node and second
     * @param share of the bytes of beliefs in those of the scans that they tell of
     */
    public record Result(
            Condition condition,
            double gospa,
            double centralGospa,
            double missed,
            double centralMissed,
            double overconfident,
            double[] coverage,
            int tracks,
            double bytes,
            double share) {
        /** Whether coverage is at least claimed, less three binomial standard errors, at every alpha-cut. */
        public boolean honest() {
            for (int i = 0; i < ALPHAS.size(); i++) {
                double alpha = ALPHAS.get(i);
                if (coverage[i] < 1 - alpha - 3 * Math.sqrt(alpha * (1 - alpha) / tracks)) {
                    return false;
                }
            }
            return true;
        }
    }

    private NetworkBench() {}

    /** Rules compared without faults, then growing faults. */
    public static List<Condition> standard() {
        FusionSettings.Rule split = FusionSettings.Rule.SPLIT_PRODUCT;
        FusionSettings.Rule mean = FusionSettings.Rule.GEOMETRIC_MEAN;
        List<Condition> out = new ArrayList<>(List.of(
                new Condition("split + product", Yard.NODES, split, 1, 0, 0, 0, 0),
                new Condition("geometric mean", Yard.NODES, mean, 1, 0, 0, 0, 0),
                new Condition("split + product, late window 5 ticks", Yard.NODES, split, 5, 0, 0, 0, 0),
                new Condition("copies of every message", Yard.NODES, split, 5, 0, 0, 0, 1)));
        for (int ticks = 1; ticks <= 2; ticks++) {
            out.add(new Condition("0-" + 100 * ticks + " ms on an edge", Yard.NODES, split, 5, 0, 0, ticks, 0.2));
        }
        for (int tenths = 1; tenths <= 5; tenths++) {
            out.add(new Condition(10 * tenths + " % of messages lost", Yard.NODES, split, 5, 0, tenths / 10.0, 2, 0.2));
        }
        for (int dead = 1; dead <= 2; dead++) {
            out.add(new Condition(dead + " of 4 nodes dead", Yard.NODES, split, 5, dead, 0.1, 2, 0.2));
        }
        for (int dead = 0; dead <= 5; dead++) {
            out.add(new Condition(dead + " of 10 nodes dead", 10, split, 5, dead, 0.1, 2, 0.2));
        }
        return out;
    }

    public static List<Result> run(List<Condition> conditions, int runs, long seed, Consumer<String> progress) {
        List<Result> out = new ArrayList<>();
        for (Condition condition : conditions) {
            NetworkTally tally = new NetworkTally();
            for (int run = 0; run < runs; run++) {
                new NetworkRun(condition, seed + run).play(tally);
            }
            Result result = tally.result(condition);
            out.add(result);
            progress.accept(row(result));
        }
        return out;
    }

    public static String markdown(List<Result> results) {
        StringBuilder out = new StringBuilder("| condition | GOSPA m | central | missed % | central |"
                + " over-confident % | coverage at alpha .5 .3 .1 .05 .01 | honest | kB/s a node | bytes, of the scans' |\n"
                + "|---|---|---|---|---|---|---|---|---|---|\n");
        results.forEach(result -> out.append(row(result)).append('\n'));
        return out.toString();
    }

    private static String row(Result r) {
        double[] c = r.coverage();
        return String.format(
                Locale.ROOT,
                "| %s | %.2f | %.2f | %.1f | %.1f | %.2f | %.3f %.3f %.3f %.3f %.3f | %s | %.1f | %.0f %% |",
                r.condition().title(),
                r.gospa(),
                r.centralGospa(),
                100 * r.missed(),
                100 * r.centralMissed(),
                100 * r.overconfident(),
                c[0],
                c[1],
                c[2],
                c[3],
                c[4],
                r.honest() ? "yes" : "no",
                r.bytes() / 1000,
                100 * r.share());
    }
}
