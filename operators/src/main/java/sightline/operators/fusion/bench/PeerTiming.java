package sightline.operators.fusion.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import sightline.operators.metrics.Ospa;
import sightline.operators.phd.Observation;

/**
 * How long the scans of one run of the reference scene take, filter by filter, on one thread; and the scans themselves as
 * a file, so that filters of other projects can be timed on the very same. Extraction of the targets is in the time,
 * scoring is not.
 */
public final class PeerTiming {
    /** Passes before the measured ones: compiled code is what runs for hours. */
    private static final int WARM_UP = 20;

    private static final int PASSES = 21;

    /**
     * @param method and its reading
     * @param micros a scan, median over passes of a pass's mean
     * @param firstMicros a scan of the very first pass, which loads and interprets the code
     * @param ospa mean over the run (c = 100 m, p = 1): that it was tracked at all
     */
    public record Row(String method, double micros, double firstMicros, double ospa) {}

    private PeerTiming() {}

    public static List<Row> run(Column column, long seed) {
        Recording recording = Recording.of(column, Scene.truth(), seed);
        PresenceParts places = new PresenceParts(PresenceContender.plainSettings(), 0);
        List<Contender.Maker> makers = List.of(
                GmContenders.ITERATED,
                new PlainContender(2),
                new PresenceContender(Presets.REFERENCE_CENTRAL, PresenceContender.Form.CENTRAL, places),
                new PresenceContender(Presets.REFERENCE_SPLIT, PresenceContender.Form.SPLIT_PRODUCT, places),
                Presets.improvedRows().get(0),
                Presets.improvedRows().get(1));
        List<Row> out = new ArrayList<>();
        for (Contender.Maker maker : makers) {
            out.add(time(maker, recording));
        }
        return out;
    }

    private static Row time(Contender.Maker maker, Recording recording) {
        double[] micros = new double[PASSES];
        double first = 0;
        double ospa = 0;
        List<List<double[]>> truth = Scene.truth();
        int scans = truth.size() * recording.column().sensors();
        for (int pass = -WARM_UP; pass < PASSES; pass++) {
            Contender contender = maker.make(recording.column());
            List<List<double[]>> estimates = new ArrayList<>(truth.size());
            long start = System.nanoTime();
            for (int k = 0; k < truth.size(); k++) {
                estimates.add(contender.step(k, recording.scans().get(k)).getFirst());
            }
            double each = (System.nanoTime() - start) / 1e3 / scans;
            if (pass == -WARM_UP) {
                first = each;
                for (int k = 0; k < truth.size(); k++) {
                    ospa += Ospa.of(truth.get(k), estimates.get(k), 100, 1).total() / truth.size();
                }
            } else if (pass >= 0) {
                micros[pass] = each;
            }
        }
        Arrays.sort(micros);
        return new Row(maker.readings().getFirst(), micros[PASSES / 2], first, ospa);
    }

    /** Writes {@code step,sensor,east,north}, one observation a line; sensor -1 for the true places. */
    public static void write(Column column, long seed, Path file) throws IOException {
        List<List<double[]>> truth = Scene.truth();
        Recording recording = Recording.of(column, truth, seed);
        try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(file))) {
            out.printf(
                    Locale.ROOT,
                    "# detection %s clutter %s sensors %d sigma %s%nstep,sensor,east,north%n",
                    column.detectionProbability(),
                    column.clutter(),
                    column.sensors(),
                    column.sigma());
            for (int k = 0; k < truth.size(); k++) {
                for (double[] target : truth.get(k)) {
                    out.printf(Locale.ROOT, "%d,-1,%s,%s%n", k, target[0], target[1]);
                }
                for (int s = 0; s < column.sensors(); s++) {
                    for (Observation seen : recording.scans().get(k).get(s)) {
                        Observation.Position at = (Observation.Position) seen;
                        out.printf(Locale.ROOT, "%d,%d,%s,%s%n", k, s, at.east(), at.north());
                    }
                }
            }
        }
    }

    public static String markdown(Column column, List<Row> rows) {
        StringBuilder out = new StringBuilder(
                "| " + column.title() + " | µs a scan | µs a scan, first pass | OSPA m |\n|---|---|---|---|\n");
        for (Row r : rows) {
            out.append(String.format(
                    Locale.ROOT, "| %s | %.1f | %.0f | %.2f |%n", r.method(), r.micros(), r.firstMicros(), r.ospa()));
        }
        return out.toString();
    }
}
