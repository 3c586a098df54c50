package sightline.sensors.scene;

import java.util.List;

/**
 * Paint on the ground of a {@link BareScene}: a line, or an outline with a tint inside.
 *
 * @param points {east, north} in metres, at least two
 * @param closed whether the last point joins the first
 * @param width of the line, metres
 * @param colour 0xRRGGBB
 * @param tint how strongly the inside of a closed outline takes the colour, 0..1
 */
public record GroundMark(List<double[]> points, boolean closed, double width, int colour, double tint) {
    public GroundMark {
        points = List.copyOf(points);
        if (points.size() < 2) {
            throw new IllegalArgumentException("a mark on the ground has " + points.size() + " points, needs 2");
        }
    }
}
