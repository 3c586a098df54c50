package sightline.sensors.scene;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** What all walkers share: gates, places worth walking to, and the state that an itinerary gives them. */
final class Walking {
    private static final double MOMENT = 0.05;
    private static final double FADE = 1.5;
    private static final double CURB = -5.8;

    private Walking() {}

    /** A way in, in the order in which it is walked: beyond the service lane people first cross it squarely. */
    static List<double[]> gate(SplittableRandom random) {
        List<double[]> way = new ArrayList<>();
        switch (random.nextInt(5)) {
            case 0 -> way.add(new double[] {-25, random.nextDouble(CURB, 12)});
            case 1 -> way.add(new double[] {25, random.nextDouble(CURB, 12)});
            case 2, 3 -> {
                double east = random.nextDouble(-16, 16);
                way.add(new double[] {east, Layout.KERB_NORTH + 0.4});
                way.add(new double[] {east + random.nextDouble(-1, 1), CURB});
            }
            default -> way.add(new double[] {-12 + 8 * random.nextInt(4), Layout.HOUSES_NORTH});
        }
        return way;
    }

    static double[] place(SplittableRandom random) {
        return new double[] {random.nextDouble(-15, 15), random.nextDouble(CURB, 11.5)};
    }

    static Actors.Entry entry(String id, Itinerary way, Looks looks, double seconds) {
        double walked = way.walked(seconds);
        double speed = (way.walked(seconds + MOMENT) - way.walked(seconds - MOMENT)) / (2 * MOMENT);
        double heading = way.path().heading(walked);
        PersonState state = new PersonState(
                id,
                way.path().east(walked),
                way.path().north(walked),
                speed * Math.cos(heading),
                speed * Math.sin(heading),
                heading,
                2 * Math.PI * walked / (looks.stride() * looks.height()),
                way.lying(seconds),
                looks);
        // Those who stay start far from every gate; those who pass are noticed little by little.
        double weight = way.covers(-1) ? 1 : Math.min(1, Math.min(seconds, way.seconds() - seconds) / FADE);
        return new Actors.Entry(state, Math.max(0, weight));
    }
}
