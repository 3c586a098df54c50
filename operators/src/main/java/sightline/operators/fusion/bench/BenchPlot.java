package sightline.operators.fusion.bench;

import java.util.List;
import sightline.operators.canvas.Canvas;
import sightline.operators.canvas.Plot;

/** Bars of mean OSPA with their standard errors, one group a row of the table, one bar a column of it. */
public final class BenchPlot {
    private static final int WIDTH = 980;
    private static final int BAR = 9;
    private static final int LEFT = 400;
    private static final double PIXELS_PER_METRE = 6;
    private static final int AXIS_METRES = 10;
    private static final int BLACK = 0x000000;
    private static final int GREY = 0xbbbbbb;
    private static final int[] COLOURS = {0x1b9e77, 0xd95f02, 0x7570b3, 0xe7298a, 0x66a61e, 0xe6ab02};

    private BenchPlot() {}

    public static Plot of(BenchTable table) {
        int height = top(table) + table.rows().size() * group(table) + 20;
        return new Plot(WIDTH, height, "Mean OSPA of every method", canvas -> draw(table, canvas));
    }

    private static int group(BenchTable table) {
        return table.columns().size() * BAR + 8;
    }

    /** Below the legend and the numbers of the axis. */
    private static int top(BenchTable table) {
        return 14 * table.columns().size() + 36;
    }

    private static void draw(BenchTable table, Canvas canvas) {
        for (int c = 0; c < table.columns().size(); c++) {
            canvas.text(LEFT, 14 * (c + 1), 11, table.columns().get(c).title(), COLOURS[c % COLOURS.length]);
        }
        double y = top(table);
        axis(y, y + table.rows().size() * group(table), canvas);
        for (BenchTable.Row row : table.rows()) {
            canvas.text(8, y + group(table) / 2.0, 11, row.title(), BLACK);
            for (int c = 0; c < row.cells().size(); c++) {
                bar(row.cells().get(c), y + c * BAR, COLOURS[c % COLOURS.length], canvas);
            }
            y += group(table);
        }
    }

    private static void axis(double top, double bottom, Canvas canvas) {
        canvas.text(8, top - 8, 11, "mean OSPA in metres, with its standard error", BLACK);
        for (int metres = 0; LEFT + PIXELS_PER_METRE * metres < WIDTH; metres += AXIS_METRES) {
            double x = LEFT + PIXELS_PER_METRE * metres;
            canvas.stroke(List.of(new double[] {x, top - 4}, new double[] {x, bottom}), false, 1, GREY, 1);
            canvas.text(x - 4, top - 8, 11, Integer.toString(metres), BLACK);
        }
    }

    private static void bar(BenchTable.Cell cell, double y, int colour, Canvas canvas) {
        double end = LEFT + PIXELS_PER_METRE * cell.ospa();
        double error = PIXELS_PER_METRE * cell.standardError();
        canvas.fill(
                List.of(new double[] {LEFT, y}, new double[] {end, y}, new double[] {end, y + BAR - 1}, new double[] {
                    LEFT, y + BAR - 1
                }),
                colour,
                1);
        double middle = y + (BAR - 1) / 2.0;
        canvas.stroke(
                List.of(new double[] {end - error, middle}, new double[] {end + error, middle}), false, 1, BLACK, 1);
    }
}
