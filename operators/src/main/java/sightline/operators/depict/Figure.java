package sightline.operators.depict;

import java.util.List;
import sightline.config.domain.Brief;
import sightline.config.domain.Brief.Posture;

/**
 * A person as joints in the world: what the schematic draws and the layout raster labels. Joints are in CrowdPose order
 * (see {@link sightline.config.domain.Skeleton#CROWDPOSE_14}), each {east, north, up} in metres.
 */
final class Figure {
    /** Forward, left and up of each joint, as fractions of the body height, standing. */
    private static final double[][] STANDING = {
        {0, 0.115, 0.82}, {0, -0.115, 0.82}, {0.01, 0.14, 0.63}, {0.01, -0.14, 0.63}, {0.03, 0.145, 0.47},
        {0.03, -0.145, 0.47}, {0, 0.07, 0.52}, {0, -0.07, 0.52}, {0.01, 0.075, 0.28}, {0.01, -0.075, 0.28},
        {0, 0.075, 0.03}, {0, -0.075, 0.03}, {0.01, 0, 0.935}, {0, 0, 0.86}
    };

    private Figure() {}

    static List<double[]> joints(Brief.Person person) {
        double stride =
                switch (person.posture()) {
                    case STANDING, FALLEN -> 0;
                    case WALKING -> 0.14;
                    case RUNNING -> 0.24;
                };
        double[][] body = new double[STANDING.length][];
        for (int j = 0; j < body.length; j++) {
            body[j] = STANDING[j].clone();
        }
        swing(body, stride);
        if (person.posture() == Posture.FALLEN) {
            layDown(body);
        }
        double cos = Math.cos(person.heading());
        double sin = Math.sin(person.heading());
        double h = person.height();
        return java.util.Arrays.stream(body)
                .map(j -> new double[] {
                    person.at().east() + h * (cos * j[0] - sin * j[1]),
                    person.at().north() + h * (sin * j[0] + cos * j[1]),
                    h * j[2]
                })
                .toList();
    }

    /** Legs and arms in opposite phase, the left leg forward. */
    private static void swing(double[][] body, double stride) {
        body[8][0] += stride * 0.7;
        body[10][0] += stride;
        body[9][0] -= stride * 0.5;
        body[11][0] -= stride;
        body[11][2] += stride * 0.25;
        body[2][0] -= stride * 0.4;
        body[4][0] -= stride * 0.8;
        body[3][0] += stride * 0.4;
        body[5][0] += stride * 0.9;
        body[4][2] += stride * 0.2;
        body[5][2] += stride * 0.3;
    }

    /** Forward along the ground, a hand's breadth above it, centred on the foot point. */
    private static void layDown(double[][] body) {
        for (double[] j : body) {
            double up = j[2];
            j[2] = 0.06 + Math.abs(j[0]) * 0.2;
            j[0] = up - 0.5;
        }
    }
}
