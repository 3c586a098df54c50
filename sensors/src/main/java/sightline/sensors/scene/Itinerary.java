package sightline.sensors.scene;

import java.util.ArrayList;
import java.util.List;

/**
 * A path with its timetable: how far somebody has walked, and whether he lies on the ground, tabulated at 10 Hz, so that
 * the state at any instant costs a look-up.
 */
final class Itinerary {
    private static final double STEP = 0.1;
    private static final double ACCELERATION = 1.3;
    private static final double LOOK_AHEAD = 0.9;
    private static final int LONGEST = 6000;

    /** A stop on the way: at which waypoint, how long, and whether it is a fall. */
    record Stop(int waypoint, double seconds, boolean fall) {}

    /** Says whether a step must wait. */
    interface Hazard {
        Hazard NONE = (east, north, eastAhead, northAhead, seconds) -> false;

        boolean blocks(double east, double north, double eastAhead, double northAhead, double seconds);
    }

    private final Path path;
    private final double[] walked;
    private final double[] lying;
    private final boolean loop;

    private Itinerary(Path path, double[] walked, double[] lying, boolean loop) {
        this.path = path;
        this.walked = walked;
        this.lying = lying;
        this.loop = loop;
    }

    /**
     * Walks a path.
     *
     * @param path where
     * @param loop whether it starts again at its end
     * @param speed metres a second where nothing slows it down
     * @param stops in the order of the waypoints
     * @param hazard what to wait for
     */
    static Itinerary walk(Path path, boolean loop, double speed, List<Stop> stops, Hazard hazard) {
        List<double[]> rows = new ArrayList<>();
        double total = path.length();
        double s = 0;
        double v = loop ? 0 : speed;
        int next = 0;
        while (s < total - 1e-3 && rows.size() < LONGEST) {
            double stopAt = next < stops.size()
                    ? Math.min(total, path.waypoint(stops.get(next).waypoint()))
                    : loop ? total : Double.POSITIVE_INFINITY;
            double allowed = Math.sqrt(2 * ACCELERATION * Math.max(0, stopAt - s)) + 0.05;
            double ahead = s + LOOK_AHEAD;
            if (hazard.blocks(path.east(s), path.north(s), path.east(ahead), path.north(ahead), rows.size() * STEP)) {
                allowed = 0;
            }
            v = Math.min(Math.max(Math.min(speed, allowed), v - 3 * ACCELERATION * STEP), v + ACCELERATION * STEP);
            rows.add(new double[] {s, 0});
            s = Math.min(Math.min(s + v * STEP, stopAt), total);
            if (next < stops.size() && s >= stopAt - 1e-9) {
                Stop stop = stops.get(next++);
                int pause = (int) Math.round(stop.seconds() / STEP);
                for (int i = 0; i < pause; i++) {
                    rows.add(new double[] {s, stop.fall() ? lying(i * STEP, stop.seconds()) : 0});
                }
                v = 0;
            }
        }
        rows.add(new double[] {total, 0});
        double[] walked = new double[rows.size()];
        double[] lying = new double[rows.size()];
        for (int i = 0; i < walked.length; i++) {
            walked[i] = rows.get(i)[0];
            lying[i] = rows.get(i)[1];
        }
        return new Itinerary(path, walked, lying, loop);
    }

    /** Down in 0.7 s, up again in the last 2.5 s. */
    private static double lying(double elapsed, double seconds) {
        double down = Math.clamp((elapsed - 0.6) / 0.7, 0, 1);
        double up = Math.clamp((seconds - 0.3 - elapsed) / 2.5, 0, 1);
        double x = Math.min(down * down, up);
        return x * x * (3 - 2 * x);
    }

    double seconds() {
        return (walked.length - 1) * STEP;
    }

    /** Whether it is on its way at that time; a loop always is. */
    boolean covers(double seconds) {
        return loop || seconds >= 0 && seconds < seconds();
    }

    /** Metres walked since the start; a loop goes on counting. */
    double walked(double seconds) {
        double turns = loop ? Math.floor(seconds / seconds()) : 0;
        return turns * path.length() + at(walked, seconds - turns * seconds());
    }

    double lying(double seconds) {
        double turns = loop ? Math.floor(seconds / seconds()) : 0;
        return Math.clamp(at(lying, seconds - turns * seconds()), 0, 1);
    }

    Path path() {
        return path;
    }

    private static double at(double[] table, double seconds) {
        int n = table.length - 1;
        double x = Math.clamp(seconds / STEP, 0, n);
        int i = Math.min((int) x, n - 1);
        return Curve.through(table[Math.max(0, i - 1)], table[i], table[i + 1], table[Math.min(n, i + 2)], x - i);
    }
}
