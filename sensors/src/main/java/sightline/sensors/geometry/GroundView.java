package sightline.sensors.geometry;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sightline.config.site.GroundPoint;

/**
 * The part of the ground that a camera sees, as a polygon: the picture's outline carried to the ground and cut off at a
 * range. Outside it a camera says nothing about presence or absence.
 *
 * <p>The polygon is walked along the picture's edge, so it may be concave for strong distortion but never crosses itself.
 * A camera whose picture lies wholly above the horizon has an empty one. Immutable; any thread.
 */
public final class GroundView {
    private static final int STEPS = 24;

    private final List<GroundPoint> outline;

    private GroundView(List<GroundPoint> outline) {
        this.outline = List.copyOf(outline);
    }

    /**
     * The view of a camera.
     *
     * @param camera which
     * @param rangeMetres farthest distance over the ground that counts
     */
    public static GroundView of(CameraModel camera, double rangeMetres) {
        double w = camera.calibration().width();
        double h = camera.calibration().height();
        List<GroundPoint> outline = new ArrayList<>();
        edge(camera, rangeMetres, 0, h, w, h, outline);
        edge(camera, rangeMetres, w, h, w, 0, outline);
        edge(camera, rangeMetres, w, 0, 0, 0, outline);
        edge(camera, rangeMetres, 0, 0, 0, h, outline);
        boolean any = false;
        for (int i = 0; i <= STEPS && !any; i++) {
            any = camera.ground(w * i / STEPS, h).isPresent();
        }
        return new GroundView(any ? outline : List.of());
    }

    private static void edge(
            CameraModel camera, double range, double u0, double v0, double u1, double v1, List<GroundPoint> out) {
        for (int i = 0; i < STEPS; i++) {
            double f = (double) i / STEPS;
            Ray ray = camera.ray(u0 + f * (u1 - u0), v0 + f * (v1 - v0));
            WorldPoint c = camera.center();
            Optional<GroundPoint> at = ray.atHeight(0);
            double distance = at.map(g -> Math.hypot(g.east() - c.east(), g.north() - c.north()))
                    .orElse(Double.POSITIVE_INFINITY);
            if (distance <= range) {
                out.add(at.get());
            } else {
                double bearing = ray.bearing();
                out.add(new GroundPoint(c.east() + range * Math.cos(bearing), c.north() + range * Math.sin(bearing)));
            }
        }
    }

    /** Corners in order, not closed; empty if no ground is in view. */
    public List<GroundPoint> outline() {
        return outline;
    }

    /** Whether a place lies in view. */
    public boolean contains(double east, double north) {
        boolean inside = false;
        for (int i = 0, j = outline.size() - 1; i < outline.size(); j = i++) {
            GroundPoint a = outline.get(i);
            GroundPoint b = outline.get(j);
            if (a.north() > north != b.north() > north
                    && east < (b.east() - a.east()) * (north - a.north()) / (b.north() - a.north()) + a.east()) {
                inside = !inside;
            }
        }
        return inside;
    }
}
