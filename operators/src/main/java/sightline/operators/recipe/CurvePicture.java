package sightline.operators.recipe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The loss over a run, as an SVG that shows anywhere: each step pale, their moving average dark. */
final class CurvePicture {
    private static final int WIDTH = 800;
    private static final int HEIGHT = 400;
    private static final int MARGIN = 40;
    /** More points than pixels only make the file larger. */
    private static final int POINTS = 720;

    private static final double MEMORY = 0.95;

    private CurvePicture() {}

    static void write(Path svg, List<Double> losses) throws IOException {
        double top = losses.stream()
                .skip(losses.size() / 50)
                .mapToDouble(x -> x)
                .max()
                .orElse(1);
        double[] smooth = new double[losses.size()];
        double average = losses.isEmpty() ? 0 : losses.getFirst();
        for (int i = 0; i < smooth.length; i++) {
            average = MEMORY * average + (1 - MEMORY) * losses.get(i);
            smooth[i] = average;
        }
        double[] raw = losses.stream().mapToDouble(x -> x).toArray();
        Files.writeString(
                svg,
                String.format(
                        Locale.ROOT,
                        """
                        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" font-family="sans-serif" font-size="13">
                        <rect width="%1$d" height="%2$d" fill="white"/>
                        <rect x="%3$d" y="%3$d" width="%4$d" height="%5$d" fill="none" stroke="#ccc"/>
                        <text x="%3$d" y="%6$d">loss, 0 to %7$.3g, over %8$d steps; last average %9$.3g</text>
                        <polyline fill="none" stroke="#b0c4de" points="%10$s"/>
                        <polyline fill="none" stroke="#1f4e79" stroke-width="2" points="%11$s"/>
                        </svg>
                        """,
                        WIDTH,
                        HEIGHT,
                        MARGIN,
                        WIDTH - 2 * MARGIN,
                        HEIGHT - 2 * MARGIN,
                        MARGIN - 10,
                        top,
                        losses.size(),
                        average,
                        points(raw, top),
                        points(smooth, top)));
    }

    private static String points(double[] values, double top) {
        var out = new StringBuilder();
        int every = Math.max(1, values.length / POINTS);
        for (int i = 0; i < values.length; i += every) {
            double x = MARGIN + (WIDTH - 2.0 * MARGIN) * i / Math.max(1, values.length - 1);
            double y = HEIGHT - MARGIN - (HEIGHT - 2.0 * MARGIN) * Math.clamp(values[i] / top, 0, 1);
            out.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y));
        }
        return out.toString();
    }
}
