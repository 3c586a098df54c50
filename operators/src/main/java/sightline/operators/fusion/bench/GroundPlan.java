package sightline.operators.fusion.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import sightline.operators.canvas.Canvas;

/**
 * A panel of a plot that shows the ground: metres in, north up, its south-west corner at the panel's lower left. Strokes
 * are collected and drawn in order; what lies outside is drawn too. Not thread-safe.
 */
final class GroundPlan {
    static final int BLACK = 0x222222;
    static final int RED = 0xd7191c;
    static final int BLUE = 0x2c7bb6;

    private static final int FRAME = 0xbbbbbb;
    private static final int CORNERS = 36;
    private static final int[] COLOURS = {
        0x1b9e77, 0xd95f02, 0x7570b3, 0xe7298a, 0x66a61e, 0xe6ab02, 0xa6761d, 0x1f78b4, 0xb2df8a, 0xfb9a99
    };

    private final double west;
    private final double north;
    private final double left;
    private final double top;
    private final double scale;
    private final List<Consumer<Canvas>> strokes = new ArrayList<>();

    /**
     * @param left pixels from the plot's left edge
     * @param top pixels from its upper edge
     */
    GroundPlan(double west, double south, double east, double north, double pixelsPerMetre, double left, double top) {
        this.west = west;
        this.north = north;
        this.left = left;
        this.top = top;
        this.scale = pixelsPerMetre;
        polygon(List.of(at(west, south), at(east, south), at(east, north), at(west, north)), FRAME, 1);
    }

    static int colour(String id) {
        return COLOURS[Math.floorMod(id.hashCode(), COLOURS.length)];
    }

    void draw(Canvas canvas) {
        strokes.forEach(stroke -> stroke.accept(canvas));
    }

    void dot(double x, double y, double radius, int colour, double alpha) {
        double[] p = at(x, y);
        strokes.add(canvas -> canvas.disc(p[0], p[1], radius * scale, colour, alpha));
    }

    void ring(double x, double y, double radius, int colour, double width) {
        polygon(ellipsePoints(x, y, radius * radius, 0, radius * radius, 1), colour, width);
    }

    void cross(double x, double y, double reach, int colour, double width) {
        for (int sign = -1; sign <= 1; sign += 2) {
            List<double[]> line = List.of(at(x - reach, y - sign * reach), at(x + reach, y + sign * reach));
            strokes.add(canvas -> canvas.stroke(line, false, width, colour, 1));
        }
    }

    /** The set of squared Mahalanobis distance below a bound. */
    void ellipse(double x, double y, double xx, double xy, double yy, double bound, int colour) {
        List<double[]> outline = ellipsePoints(x, y, xx, xy, yy, bound);
        strokes.add(canvas -> canvas.fill(outline, colour, 0.2));
        polygon(outline, colour, 1);
    }

    /** A line above the panel. */
    void title(String text) {
        strokes.add(canvas -> canvas.text(left, top - 6, 12, text, BLACK));
    }

    private void polygon(List<double[]> points, int colour, double width) {
        strokes.add(canvas -> canvas.stroke(points, true, width, colour, 1));
    }

    private List<double[]> ellipsePoints(double x, double y, double xx, double xy, double yy, double bound) {
        // Columns of the Cholesky factor carry a circle to the ellipse.
        double a = Math.sqrt(xx);
        double b = xy / a;
        double c = Math.sqrt(Math.max(0, yy - b * b));
        double radius = Math.sqrt(bound);
        List<double[]> points = new ArrayList<>(CORNERS);
        for (int k = 0; k < CORNERS; k++) {
            double u = radius * Math.cos(2 * Math.PI * k / CORNERS);
            double v = radius * Math.sin(2 * Math.PI * k / CORNERS);
            points.add(at(x + a * u, y + b * u + c * v));
        }
        return points;
    }

    private double[] at(double x, double y) {
        return new double[] {left + (x - west) * scale, top + (north - y) * scale};
    }
}
