package sightline.operators.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import sightline.operators.phd.ReplayWindow;

/**
 * What became of each exposure of many cameras: at most the newest of each camera waits, those that have waited longest are
 * taken first, and ages count from the planned exposure to the fused state, so that waiting is not hidden. Thread-safe.
 *
 * @param <P> what came of an exposure
 */
final class CameraLedger<P> {
    /** Exposures a second of each camera. */
    static final int RATE = 30;

    static final String HEADS = String.format(
            Locale.ROOT,
            "%8s %8s %9s %7s %9s %9s %7s %6s %8s %9s %8s %8s %8s",
            "cameras",
            "seconds",
            "exposed",
            "behind",
            "fused",
            "replaced",
            "late",
            "failed",
            "% of all",
            "% of kept",
            "p50 ms",
            "p95 ms",
            "p99 ms");

    private final Map<Integer, Shot<P>> waiting = new LinkedHashMap<>();
    private final List<Fused> fused = new ArrayList<>();
    private long exposed;
    private long arrived;
    private long superseded;
    private long late;
    private long failed;
    private boolean over;

    /** @param legs see {@link Shot#legs} */
    private record Fused(long age, long[] legs) {}

    /** One that counts was made. */
    synchronized void exposed() {
        exposed++;
    }

    /** One was made that never arrives. */
    synchronized void withdrawn() {
        exposed--;
    }

    /** One arrived; gives the one back that it replaces, or itself once all is over. */
    synchronized Optional<Shot<P>> arrive(Shot<P> shot) {
        if (over) {
            return Optional.of(shot);
        }
        shot.arrive();
        Optional<Shot<P>> older = Optional.ofNullable(waiting.put(shot.camera, shot));
        arrived += shot.counted ? 1 : 0;
        superseded += older.filter(s -> s.counted).isPresent() ? 1 : 0;
        notifyAll();
        return older;
    }

    /** Those that have waited longest, at least one; none once all is over. */
    synchronized List<Shot<P>> take(int most) {
        try {
            while (waiting.isEmpty() && !over) {
                wait();
            }
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
        List<Shot<P>> taken = waiting.values().stream().limit(most).toList();
        for (Shot<P> shot : taken) {
            waiting.remove(shot.camera);
            shot.take();
        }
        return taken;
    }

    /** What fusion did with one. */
    synchronized void fused(Shot<P> shot, ReplayWindow.Outcome outcome) {
        if (shot.counted) {
            shot.fuse();
            switch (outcome) {
                case IN_ORDER, REPLAYED -> fused.add(new Fused(shot.age(), shot.legs()));
                case TOO_LATE, DUPLICATE -> late++;
            }
        }
    }

    synchronized void failed(List<Shot<P>> shots) {
        failed += shots.stream().filter(s -> s.counted).count();
    }

    synchronized long missing() {
        return exposed - arrived;
    }

    /** No more arrives; what waits is still taken. */
    synchronized void end() {
        over = true;
        notifyAll();
    }

    private List<Fused> sorted() {
        return fused.stream().sorted(Comparator.comparingLong(Fused::age)).toList();
    }

    private static double age(List<Fused> sorted, double share) {
        return sorted.isEmpty()
                ? Double.NaN
                : sorted.get((int) (share * (sorted.size() - 1))).age() / 1e6;
    }

    /** Whether 99 % are no older and so large a share of what nothing newer replaced was fused. */
    synchronized boolean meets(double p99, double share) {
        return age(sorted(), 0.99) <= p99 && fused.size() >= share * (exposed - superseded);
    }

    /**
     * One line under {@link #HEADS}. What was exposed and had not arrived when the count ended is behind; all that arrived
     * is accounted for, or the line says that it is not.
     */
    synchronized String report(Schedule schedule) {
        List<Fused> sorted = sorted();
        long behind = missing();
        boolean balanced = behind >= 0 && arrived == sorted.size() + superseded + late + failed;
        return String.format(
                Locale.ROOT,
                "%8d %8d %9d %7d %9d %9d %7d %6d %8.2f %9.2f %8.2f %8.2f %8.2f%s",
                schedule.cameras(),
                schedule.seconds(),
                exposed,
                behind,
                sorted.size(),
                superseded,
                late,
                failed,
                100.0 * sorted.size() / Math.max(1, exposed),
                100.0 * sorted.size() / Math.max(1, exposed - superseded),
                age(sorted, 0.5),
                age(sorted, 0.95),
                age(sorted, 0.99),
                balanced ? "" : "  LEDGER UNBALANCED");
    }

    /** Where the oldest hundredth lost its time, and all on average. */
    synchronized String legs() {
        List<Fused> sorted = sorted();
        List<Fused> oldest = sorted.subList(sorted.size() - (sorted.size() + 99) / 100, sorted.size());
        return "         " + legs("all", sorted) + "; " + legs("the oldest hundredth", oldest);
    }

    private static String legs(String whose, List<Fused> shots) {
        double[] mean = new double[5];
        for (Fused shot : shots) {
            long[] legs = shot.legs();
            for (int i = 0; i < mean.length; i++) {
                mean[i] += legs[i] / 1e6 / shots.size();
            }
        }
        return String.format(
                Locale.ROOT,
                "%s: sent late %.1f ms, on its way %.1f, waiting %.1f, to boxes %.1f, to the fused state %.1f",
                whose,
                mean[0],
                mean[1],
                mean[2],
                mean[3],
                mean[4]);
    }
}
