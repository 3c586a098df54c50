package sightline.operators.fusion.bench;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Results, with all single runs kept so that differences can be taken run by run. */
public record BenchTable(List<Column> columns, List<Row> rows) {
    /**
     * @param title method and reading
     * @param cells one a column
     */
    public record Row(String title, List<Cell> cells) {}

    /** The runs of one method in one column. */
    public record Cell(List<Score> runs) {
        public Cell {
            runs = List.copyOf(runs);
        }

        public double mean(ToDoubleFunction<Score> value) {
            return runs.stream().mapToDouble(value).average().orElse(Double.NaN);
        }

        public double ospa() {
            return mean(Score::ospa);
        }

        /** Standard error of the mean OSPA over runs. */
        public double standardError() {
            double mean = ospa();
            double sum = runs.stream()
                    .mapToDouble(s -> (s.ospa() - mean) * (s.ospa() - mean))
                    .sum();
            return Math.sqrt(sum / Math.max(1, runs.size() - 1) / runs.size());
        }

        public double gospa() {
            return Math.sqrt(mean(Score::gospa2));
        }

        /** Mean and standard error of this cell's OSPA less a multiple of another's, run by run on common scans. */
        public double[] difference(Cell other, double factor) {
            int n = runs.size();
            double[] d = new double[n];
            double mean = 0;
            for (int i = 0; i < n; i++) {
                d[i] = runs.get(i).ospa() - factor * other.runs.get(i).ospa();
                mean += d[i] / n;
            }
            double sum = 0;
            for (double value : d) {
                sum += (value - mean) * (value - mean);
            }
            return new double[] {mean, Math.sqrt(sum / Math.max(1, n - 1) / n)};
        }
    }

    public Cell cell(String title, int column) {
        return rows.stream()
                .filter(r -> r.title().equals(title))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no row " + title))
                .cells()
                .get(column);
    }

    /** OSPA with standard error and rms GOSPA in brackets. */
    public String markdown() {
        StringBuilder out = new StringBuilder("| method |");
        columns.forEach(c -> out.append(' ').append(c.title()).append(" |"));
        out.append("\n|---|").append("---|".repeat(columns.size())).append('\n');
        for (Row row : rows) {
            out.append("| ").append(row.title()).append(" |");
            for (Cell cell : row.cells()) {
                out.append(String.format(
                        Locale.ROOT, " %.2f ± %.2f (%.0f) |", cell.ospa(), cell.standardError(), cell.gospa()));
            }
            out.append('\n');
        }
        return out + BenchReport.differences(this);
    }
}
