package sightline.pipeline.web;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** People who walk smooth closed curves over the plaza; where they are is a function of time and the seed alone. */
final class Crowd {
    /** One person now. */
    record Person(int number, double east, double north, double velocityEast, double velocityNorth) {}

    private final double[][] curves;

    Crowd(long seed, int people) {
        var random = new Random(seed);
        curves = IntStream.range(0, people)
                .mapToObj(i -> random.doubles(6, 0, 1).toArray())
                .toArray(double[][]::new);
    }

    List<Person> at(double seconds) {
        return IntStream.range(0, curves.length)
                .mapToObj(i -> person(i, seconds))
                .toList();
    }

    private Person person(int i, double t) {
        double[] c = curves[i];
        double wx = 0.09 + 0.08 * c[0];
        double wy = 0.07 + 0.09 * c[1];
        double ax = 3 + 6 * c[2];
        double ay = 2 + 4 * c[3];
        double px = 7 * c[4];
        double py = 7 * c[5];
        double cx = Plaza.EAST / 2 + 3 * (c[3] - 0.5);
        double cy = Plaza.NORTH / 2 + 2 * (c[2] - 0.5);
        return new Person(
                i,
                cx + ax * Math.sin(wx * t + px),
                cy + ay * Math.sin(wy * t + py),
                ax * wx * Math.cos(wx * t + px),
                ay * wy * Math.cos(wy * t + py));
    }
}
