package sightline.operators.fusion.bench;

import java.util.Comparator;
import java.util.Locale;

/** What the table says when runs are compared pair by pair on common scans. */
public final class BenchReport {
    private static final double NORMAL_95 = 1.96;
    private static final String PHD_BASELINE = "GM-PHD";
    private static final String LMB_BASELINE = "LMB";

    private BenchReport() {}

    /**
     * Central and split less the best reading of the GM-PHD baselines and of the LMB (picked afterwards in each column, in
     * the baseline's favour), and split less 1.1 times central, with 95 % intervals; empty where rows are lacking.
     */
    static String differences(BenchTable table) {
        boolean complete = has(table, Presets.CENTRAL)
                && has(table, Presets.SPLIT)
                && has(table, PHD_BASELINE)
                && has(table, LMB_BASELINE);
        if (!complete) {
            return "";
        }
        StringBuilder out = new StringBuilder("\nPaired differences of mean OSPA, 95 % intervals:\n\n| column |"
                + " best GM-PHD reading | central less it | split less it | best LMB reading | central less it |"
                + " split / central | split less 1.1 central |\n|---|---|---|---|---|---|---|---|\n");
        for (int c = 0; c < table.columns().size(); c++) {
            BenchTable.Row phd = best(table, c, PHD_BASELINE);
            BenchTable.Row lmb = best(table, c, LMB_BASELINE);
            BenchTable.Cell central = table.cell(Presets.CENTRAL, c);
            BenchTable.Cell split = table.cell(Presets.SPLIT, c);
            out.append(String.format(
                    Locale.ROOT,
                    "| %s | %s: %.2f | %s | %s | %s: %.2f | %s | %.3f | %s |%n",
                    table.columns().get(c).title(),
                    phd.title(),
                    phd.cells().get(c).ospa(),
                    interval(central.difference(phd.cells().get(c), 1)),
                    interval(split.difference(phd.cells().get(c), 1)),
                    lmb.title(),
                    lmb.cells().get(c).ospa(),
                    interval(central.difference(lmb.cells().get(c), 1)),
                    split.ospa() / central.ospa(),
                    interval(split.difference(central, 1.1))));
        }
        return out.toString();
    }

    private static boolean has(BenchTable table, String beginning) {
        return table.rows().stream().anyMatch(r -> r.title().startsWith(beginning));
    }

    private static BenchTable.Row best(BenchTable table, int column, String beginning) {
        return table.rows().stream()
                .filter(row -> row.title().startsWith(beginning))
                .min(Comparator.comparingDouble(row -> row.cells().get(column).ospa()))
                .orElseThrow();
    }

    private static String interval(double[] difference) {
        return String.format(Locale.ROOT, "%+.2f ± %.2f", difference[0], NORMAL_95 * difference[1]);
    }
}
