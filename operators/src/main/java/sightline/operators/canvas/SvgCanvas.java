package sightline.operators.canvas;

import java.util.List;
import java.util.Locale;

/** Draws as SVG 1.1, the same picture at any size. */
public final class SvgCanvas implements Canvas {
    private final StringBuilder svg = new StringBuilder();

    public SvgCanvas(int width, int height, String description) {
        svg.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\">"
                        + "<title>%s</title>%n",
                width,
                height,
                width,
                height,
                escape(description)));
    }

    @Override
    public void fill(List<double[]> polygon, int colour, double alpha) {
        if (polygon.size() > 2) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<polygon points=\"%s\" fill=\"#%06x\" fill-opacity=\"%.3f\"/>%n",
                    points(polygon),
                    colour,
                    alpha));
        }
    }

    @Override
    public void stroke(List<double[]> points, boolean closed, double width, int colour, double alpha) {
        if (points.size() > 1) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<%s points=\"%s\" fill=\"none\" stroke=\"#%06x\" stroke-opacity=\"%.3f\" stroke-width=\"%.2f\""
                            + " stroke-linecap=\"round\" stroke-linejoin=\"round\"/>%n",
                    closed ? "polygon" : "polyline",
                    points(points),
                    colour,
                    alpha,
                    width));
        }
    }

    @Override
    public void disc(double x, double y, double radius, int colour, double alpha) {
        svg.append(String.format(
                Locale.ROOT,
                "<circle cx=\"%.2f\" cy=\"%.2f\" r=\"%.2f\" fill=\"#%06x\" fill-opacity=\"%.3f\"/>%n",
                x,
                y,
                radius,
                colour,
                alpha));
    }

    @Override
    public void text(double x, double y, double size, String text, int colour) {
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%.2f\" y=\"%.2f\" font-family=\"sans-serif\" font-size=\"%.1f\" fill=\"#%06x\">%s</text>%n",
                x,
                y,
                size,
                colour,
                escape(text)));
    }

    public String finish() {
        return svg + "</svg>\n";
    }

    private static String points(List<double[]> points) {
        StringBuilder text = new StringBuilder();
        for (double[] point : points) {
            text.append(String.format(Locale.ROOT, "%.2f,%.2f ", point[0], point[1]));
        }
        return text.toString().trim();
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
