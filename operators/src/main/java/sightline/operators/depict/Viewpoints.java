package sightline.operators.depict;

import java.util.List;
import java.util.stream.Stream;
import sightline.config.domain.Brief;
import sightline.config.domain.Viewpoint;
import sightline.config.site.GroundPoint;

/** Places to see a brief from, framed so that those involved fill the picture. */
public final class Viewpoints {
    private static final double ASPECT = 16.0 / 9;
    private static final double LEAST_REACH = 4;
    private static final double MARGIN = 1.4;
    private static final double AIM_UP = 0.5;
    private static final double BODY = 1.3;

    private Viewpoints() {}

    /**
     * From an eye that turns towards what happened and zooms in on it.
     *
     * @param name what the viewpoint is called
     * @param east of the eye, metres
     * @param north of the eye, metres
     * @param up of the eye, metres
     */
    public static Viewpoint framing(Brief brief, String name, double east, double north, double up) {
        List<GroundPoint> subject = subject(brief);
        GroundPoint middle = middle(subject);
        double reach = LEAST_REACH;
        for (GroundPoint p : subject) {
            reach = Math.max(reach, Math.hypot(p.east() - middle.east(), p.north() - middle.north()) + MARGIN);
        }
        double away = Math.max(1, Math.hypot(middle.east() - east, middle.north() - north));
        double pitch = Math.atan2(up - AIM_UP, away);
        double distance = Math.hypot(away, up - AIM_UP);
        double half = Math.max(reach / ASPECT, reach * Math.sin(pitch) + BODY * Math.cos(pitch)) / distance;
        return new Viewpoint(
                name,
                east,
                north,
                up,
                Math.atan2(middle.north() - north, middle.east() - east),
                pitch,
                2 * Math.atan(Math.min(0.9, half)));
    }

    /** Straight down, north up. */
    public static Viewpoint above(Brief brief) {
        List<GroundPoint> subject = subject(brief);
        GroundPoint middle = middle(subject);
        double reach = subject.stream()
                .mapToDouble(p -> Math.hypot(p.east() - middle.east(), p.north() - middle.north()))
                .max()
                .orElse(0);
        return Viewpoint.above(middle.east(), middle.north(), Math.max(6, reach + 4));
    }

    /** From the pavement, at the height of somebody's eyes, some steps away. */
    public static Viewpoint street(Brief brief) {
        GroundPoint middle = middle(subject(brief));
        return framing(brief, "street", middle.east() - 7, middle.north() - 6, 1.7);
    }

    /** Those involved; where the brief names none, everybody; where there is nobody, the zone or the line. */
    private static List<GroundPoint> subject(Brief brief) {
        List<GroundPoint> involved = Stream.concat(
                        brief.people().stream().filter(Brief.Person::involved).map(Brief.Person::at),
                        brief.vehicles().stream()
                                .filter(Brief.Vehicle::involved)
                                .map(Brief.Vehicle::at))
                .toList();
        if (!involved.isEmpty()) {
            return involved;
        }
        List<GroundPoint> all = Stream.concat(
                        brief.people().stream().map(Brief.Person::at),
                        brief.vehicles().stream().map(Brief.Vehicle::at))
                .toList();
        return all.isEmpty()
                ? brief.zones().stream().flatMap(z -> z.outline().stream()).toList()
                : all;
    }

    private static GroundPoint middle(List<GroundPoint> points) {
        return new GroundPoint(
                points.stream().mapToDouble(GroundPoint::east).average().orElse(0),
                points.stream().mapToDouble(GroundPoint::north).average().orElse(0));
    }
}
