package sightline.operators.fusion.bench;

import java.util.Locale;

/** A plan of the ground as SVG: metres in, north up. Not thread-safe. */
final class SvgPlan {
    private static final String[] COLOURS = {
        "#1b9e77", "#d95f02", "#7570b3", "#e7298a", "#66a61e", "#e6ab02", "#a6761d", "#1f78b4", "#b2df8a", "#fb9a99"
    };

    private final double west;
    private final double north;
    private final double scale;
    private final StringBuilder out = new StringBuilder();

    SvgPlan(double west, double south, double east, double north, double pixelsPerMetre) {
        this.west = west;
        this.north = north;
        this.scale = pixelsPerMetre;
        double w = (east - west) * scale;
        double h = (north - south) * scale;
        out.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" viewBox=\"0 0 %.0f %.0f\">%n"
                        + "<rect width=\"%.0f\" height=\"%.0f\" fill=\"#fafafa\" stroke=\"#ccc\"/>%n",
                w,
                h,
                w,
                h,
                w,
                h));
    }

    static String colour(String id) {
        return COLOURS[Math.floorMod(id.hashCode(), COLOURS.length)];
    }

    void dot(double x, double y, double radius, String colour, double opacity) {
        out.append(String.format(
                Locale.ROOT,
                "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"%s\" fill-opacity=\"%.2f\"/>%n",
                px(x),
                py(y),
                radius * scale,
                colour,
                opacity));
    }

    void ring(double x, double y, double radius, String colour) {
        out.append(String.format(
                Locale.ROOT,
                "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"none\" stroke=\"%s\"/>%n",
                px(x),
                py(y),
                radius * scale,
                colour));
    }

    /** The set of squared Mahalanobis distance below a bound. */
    void ellipse(double x, double y, double xx, double xy, double yy, double bound, String colour) {
        double mean = (xx + yy) / 2;
        double spread = Math.hypot((xx - yy) / 2, xy);
        double angle = -0.5 * Math.toDegrees(Math.atan2(2 * xy, xx - yy));
        out.append(String.format(
                Locale.ROOT,
                "<ellipse rx=\"%.1f\" ry=\"%.1f\" transform=\"translate(%.1f %.1f) rotate(%.1f)\" fill=\"%s\""
                        + " fill-opacity=\"0.2\" stroke=\"%s\"/>%n",
                scale * Math.sqrt(bound * (mean + spread)),
                scale * Math.sqrt(bound * Math.max(0, mean - spread)),
                px(x),
                py(y),
                angle,
                colour,
                colour));
    }

    void title(String text) {
        out.append(String.format(
                Locale.ROOT,
                "<text x=\"6\" y=\"16\" font-family=\"sans-serif\" font-size=\"11\">%s</text>%n",
                text.replace("&", "&amp;").replace("<", "&lt;")));
    }

    String finish() {
        return out + "</svg>\n";
    }

    private double px(double x) {
        return (x - west) * scale;
    }

    private double py(double y) {
        return (north - y) * scale;
    }
}
