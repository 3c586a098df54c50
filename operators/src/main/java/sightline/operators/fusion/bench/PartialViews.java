package sightline.operators.fusion.bench;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Supplier;
import sightline.config.domain.Scan;
import sightline.operators.fusion.FusionSettings;
import sightline.operators.metrics.Gospa;

/**
 * Four nodes on a ring, each seeing a different quarter with overlaps: who loses targets that only some nodes see?
 * Possibilistic fusion against generalised covariance intersection and arithmetic average on the same scans. Messages
 * go round the ring without loss, so all nodes hold the same picture.
 */
public final class PartialViews {
    private static final double CUTOFF = 2;
    private static final int TICKS = 400;
    private static final int WALKERS = 8;
    /** A target counts once it has been in somebody's view so long, ticks. */
    private static final int SETTLED = 30;
    /** A target without a track for so long is lost, ticks. */
    private static final int LOST = 10;

    /**
     * One method.
     *
     * @param method name
     * @param gospa rms (c = 2 m, p = 2) over targets in anybody's view
     * @param missedByOne share of target ticks without a track, of targets that exactly one node sees
     * @param missedByMore the same of targets that several nodes see
     * @param lost times that a target which somebody saw for three seconds then had no track for a second; one can be lost again
     * @param targets spells of targets in view
     */
    public record Row(String method, double gospa, double missedByOne, double missedByMore, int lost, int targets) {}

    /** A way to get one picture from the scans of a tick. */
    interface Method {
        List<double[]> tick(long tick, List<Scan> scans);
    }

    private PartialViews() {}

    public static List<Row> run(int runs, long seed, Consumer<String> progress) {
        FusionSettings settings = YardNodes.settings();
        List<Row> out = new ArrayList<>();
        out.add(play("central", () -> YardNodes.central(settings), runs, seed));
        out.add(play("(w,a) split + product", () -> YardNodes.network(settings), runs, seed));
        out.add(play(
                "(w,a) geometric mean",
                () -> YardNodes.network(settings.withRule(FusionSettings.Rule.GEOMETRIC_MEAN)),
                runs,
                seed));
        for (double tau : GmContenders.THRESHOLDS) {
            out.add(play("GM-PHD GCI, tau " + tau, () -> new YardPhds(true, tau), runs, seed));
        }
        for (double tau : GmContenders.THRESHOLDS) {
            out.add(play("GM-PHD AA, tau " + tau, () -> new YardPhds(false, tau), runs, seed));
        }
        out.forEach(row -> progress.accept(row.method() + " done"));
        return out;
    }

    private static Row play(String title, Supplier<Method> maker, int runs, long seed) {
        double gospa = 0;
        long[] seen = new long[2];
        long[] missed = new long[2];
        int lost = 0;
        int targets = 0;
        for (int run = 0; run < runs; run++) {
            Yard yard = new Yard(WALKERS, Yard.NODES, seed + run);
            Method method = maker.get();
            IdentityHashMap<double[], int[]> spells = new IdentityHashMap<>();
            for (long tick = 1; tick <= TICKS; tick++) {
                List<Scan> scans = yard.advance(tick);
                List<double[]> picture = method.tick(tick, scans);
                List<double[]> inView = new ArrayList<>();
                for (double[] walker : yard.walkers()) {
                    int views = views(yard, walker);
                    int[] spell = spells.computeIfAbsent(walker, w -> new int[2]);
                    if (views == 0) {
                        spell[0] = 0;
                        continue;
                    }
                    inView.add(walker);
                    targets += spell[0] == 0 ? 1 : 0;
                    spell[0]++;
                    if (spell[0] > SETTLED) {
                        boolean tracked =
                                picture.stream().anyMatch(p -> Math.hypot(p[0] - walker[0], p[1] - walker[1]) < CUTOFF);
                        seen[views == 1 ? 0 : 1]++;
                        missed[views == 1 ? 0 : 1] += tracked ? 0 : 1;
                        spell[1] = tracked ? 0 : spell[1] + 1;
                        lost += spell[1] == LOST ? 1 : 0;
                    }
                }
                gospa += Gospa.of(inView, picture, CUTOFF, 2).powered() / ((double) TICKS * runs);
            }
        }
        return new Row(
                title,
                Math.sqrt(gospa),
                missed[0] / (double) Math.max(1, seen[0]),
                missed[1] / (double) Math.max(1, seen[1]),
                lost,
                targets);
    }

    private static int views(Yard yard, double[] walker) {
        int views = 0;
        for (int s = 0; s < Yard.NODES; s++) {
            views += yard.sees(s, walker) ? 1 : 0;
        }
        return views;
    }

    public static String markdown(List<Row> rows) {
        StringBuilder out =
                new StringBuilder("| method | GOSPA m | missed %, seen by one node | missed %, seen by more |"
                        + " times lost | targets |\n|---|---|---|---|---|---|\n");
        for (Row r : rows) {
            out.append(String.format(
                    Locale.ROOT,
                    "| %s | %.2f | %.2f | %.2f | %d | %d |%n",
                    r.method(),
                    r.gospa(),
                    100 * r.missedByOne(),
                    100 * r.missedByMore(),
                    r.lost(),
                    r.targets()));
        }
        return out.toString();
    }
}
