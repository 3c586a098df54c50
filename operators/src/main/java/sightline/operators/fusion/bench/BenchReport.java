package sightline.operators.fusion.bench;

import java.util.List;
import java.util.Locale;

/** What the table says when runs are compared pair by pair on common scans. */
public final class BenchReport {
    private static final double NORMAL_95 = 1.96;
    private static final String BASELINE = "GM-PHD";
    private static final int BAR = 9;
    private static final int LEFT = 330;

    private BenchReport() {}

    /**
     * The improved rows less the best baseline reading of each column (picked afterwards, in the baseline's favour), and
     * split less central, with 95 % intervals; empty where the rows are not in the table.
     */
    static String differences(BenchTable table) {
        boolean complete = has(table, Presets.CENTRAL)
                && has(table, Presets.SPLIT)
                && table.rows().stream().anyMatch(r -> r.title().startsWith(BASELINE));
        if (!complete) {
            return "";
        }
        StringBuilder out = new StringBuilder("\nPaired differences of mean OSPA, 95 % intervals:\n\n| column |"
                + " best baseline | central less baseline | split less baseline | split / central |\n"
                + "|---|---|---|---|---|\n");
        for (int c = 0; c < table.columns().size(); c++) {
            BenchTable.Row best = best(table, c);
            BenchTable.Cell central = table.cell(Presets.CENTRAL, c);
            BenchTable.Cell split = table.cell(Presets.SPLIT, c);
            out.append(String.format(
                    Locale.ROOT,
                    "| %s | %s: %.2f | %s | %s | %.3f |%n",
                    table.columns().get(c).title(),
                    best.title(),
                    best.cells().get(c).ospa(),
                    interval(central.difference(best.cells().get(c))),
                    interval(split.difference(best.cells().get(c))),
                    split.ospa() / central.ospa()));
        }
        return out.toString();
    }

    private static boolean has(BenchTable table, String title) {
        return table.rows().stream().anyMatch(r -> r.title().equals(title));
    }

    private static BenchTable.Row best(BenchTable table, int column) {
        BenchTable.Row best = null;
        for (BenchTable.Row row : table.rows()) {
            if (row.title().startsWith(BASELINE)
                    && (best == null
                            || row.cells().get(column).ospa()
                                    < best.cells().get(column).ospa())) {
                best = row;
            }
        }
        return best;
    }

    private static String interval(double[] difference) {
        return String.format(Locale.ROOT, "%+.2f ± %.2f", difference[0], NORMAL_95 * difference[1]);
    }

    /** Bars of mean OSPA, one group a row, one bar a column of the table. */
    public static String svg(BenchTable table) {
        List<String> colours = List.of("#1b9e77", "#d95f02", "#7570b3", "#e7298a", "#66a61e", "#e6ab02");
        int group = table.columns().size() * BAR + 8;
        int height = table.rows().size() * group + 30 + 14 * table.columns().size();
        StringBuilder out = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"960\" height=\"%d\" font-family=\"sans-serif\""
                        + " font-size=\"11\">%n<rect width=\"960\" height=\"%d\" fill=\"#fff\"/>%n",
                height,
                height));
        int y = 10;
        for (BenchTable.Row row : table.rows()) {
            out.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>%n",
                    LEFT - 6,
                    y + group / 2,
                    row.title()));
            for (int c = 0; c < row.cells().size(); c++) {
                double ospa = row.cells().get(c).ospa();
                double error = row.cells().get(c).standardError();
                out.append(String.format(
                        Locale.ROOT,
                        "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>"
                                + "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"#000\"/>%n",
                        LEFT,
                        y + c * BAR,
                        6 * ospa,
                        BAR - 1,
                        colours.get(c % colours.size()),
                        LEFT + 6 * (ospa - error),
                        LEFT + 6 * (ospa + error),
                        y + c * BAR + BAR / 2,
                        y + c * BAR + BAR / 2));
            }
            y += group;
        }
        for (int c = 0; c < table.columns().size(); c++) {
            out.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%d\" y=\"%d\" fill=\"%s\">%s, mean OSPA, 6 px a metre</text>%n",
                    LEFT,
                    y + 14 * (c + 1),
                    colours.get(c % colours.size()),
                    table.columns().get(c).title()));
        }
        return out + "</svg>\n";
    }
}
