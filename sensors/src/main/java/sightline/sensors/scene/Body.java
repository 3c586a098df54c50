package sightline.sensors.scene;

import sightline.config.domain.Skeleton;
import sightline.sensors.geometry.WorldPoint;

/**
 * A person's joints in the world, from the phase of the gait: legs swing, knees bend in the swing, arms go against the
 * legs, and the pelvis rides on whichever foot is down.
 *
 * <p>Proportions are those of the average adult (Winter, Biomechanics and Motor Control of Human Movement, ch. 4).
 * Indices of {@link #joint} follow {@link Skeleton#CROWDPOSE_14}; the constants beyond are for drawing.
 */
public final class Body {
    static final int TOE_LEFT = 14;
    static final int TOE_RIGHT = 15;
    static final int HAND_LEFT = 16;
    static final int HAND_RIGHT = 17;
    static final int CROWN = 18;
    static final int PELVIS = 19;
    static final int CHEST = 20;
    private static final int COUNT = 21;

    private static final double HIP_HALF = 0.052;
    private static final double SHOULDER_HALF = 0.105;
    private static final double THIGH = 0.243;
    private static final double SHIN = 0.242;
    private static final double ANKLE = 0.042;
    private static final double TRUNK = 0.295;
    private static final double UPPER_ARM = 0.18;
    private static final double FOREARM = 0.15;

    /** How far a thigh swings at an ordinary walk, radians. */
    private static final double STRIDE_SWING = 0.41;

    /** Forward, left, up for every joint, in the person's own frame; then world coordinates. */
    private final double[] x = new double[COUNT];

    private final double[] y = new double[COUNT];
    private final double[] z = new double[COUNT];
    private final double height;

    private Body(PersonState person) {
        height = person.looks().height();
        double h = height;
        double effort = Math.min(1.25, person.speed() / 1.35);
        double swing = STRIDE_SWING * effort;
        leg(person.gait(), swing, effort, 0, HIP_HALF * h);
        leg(person.gait() + Math.PI, swing, effort, 1, -HIP_HALF * h);
        double lowest = Math.min(z[10], z[11]);
        double rise = ANKLE * h - lowest;
        for (int j = 6; j <= 11; j++) {
            z[j] += rise;
        }
        z[TOE_LEFT] += rise;
        z[TOE_RIGHT] += rise;
        double pelvis = z[6];
        double lean = 0.02 + 0.05 * effort;
        put(PELVIS, 0, 0, pelvis);
        double shoulderUp = pelvis + TRUNK * h;
        double shoulderForward = lean * TRUNK * h;
        put(CHEST, 0.75 * shoulderForward, 0, pelvis + 0.72 * TRUNK * h);
        double half = SHOULDER_HALF * h * Math.sqrt(person.looks().build());
        double twist = 0.12 * effort * Math.sin(person.gait() + Math.PI);
        put(0, shoulderForward + half * twist, half, shoulderUp);
        put(1, shoulderForward - half * twist, -half, shoulderUp);
        arm(0, -swing * 0.85 * person.looks().swing() * Math.sin(person.gait()), effort, 1);
        arm(1, swing * 0.85 * person.looks().swing() * Math.sin(person.gait()), effort, -1);
        put(13, shoulderForward + 0.01 * h, 0, shoulderUp + 0.035 * h);
        put(12, shoulderForward + 0.035 * h, 0, shoulderUp + 0.115 * h);
        put(CROWN, shoulderForward + 0.03 * h, 0, shoulderUp + 0.18 * h);
        lieDown(person.lying());
        place(person);
    }

    public static Body of(PersonState person) {
        return new Body(person);
    }

    private void put(int joint, double forward, double left, double up) {
        x[joint] = forward;
        y[joint] = left;
        z[joint] = up;
    }

    private void leg(double phase, double swing, double effort, int side, double left) {
        double thigh = swing * Math.sin(phase);
        // The knee bends while the leg comes forward, and gives a little as it takes the weight.
        double bend = (0.06 + 0.85 * effort * Math.max(0, Math.cos(phase + 0.35)) * swing / STRIDE_SWING);
        double shin = thigh - Math.min(1.1, bend);
        double kneeX = THIGH * height * Math.sin(thigh);
        double kneeZ = -THIGH * height * Math.cos(thigh);
        double ankleX = kneeX + SHIN * height * Math.sin(shin);
        double ankleZ = kneeZ - SHIN * height * Math.cos(shin);
        put(6 + side, 0, left, 0);
        put(8 + side, kneeX, left, kneeZ);
        put(10 + side, ankleX, left, ankleZ);
        double foot = 0.5 * shin;
        put(
                TOE_LEFT + side,
                ankleX + 0.1 * height * Math.cos(foot),
                left * 1.2,
                ankleZ - 0.028 * height + 0.1 * height * Math.sin(foot));
    }

    private void arm(int side, double swing, double effort, int sign) {
        double bend = 0.18 + 0.25 * effort + 0.3 * Math.max(0, swing);
        double out = 0.07;
        double elbowX = x[side] + UPPER_ARM * height * Math.sin(swing);
        double elbowY = y[side] + sign * out * UPPER_ARM * height;
        double elbowZ = z[side] - UPPER_ARM * height * Math.cos(swing);
        double fore = swing + bend;
        double wristX = elbowX + FOREARM * height * Math.sin(fore);
        double wristZ = elbowZ - FOREARM * height * Math.cos(fore);
        put(2 + side, elbowX, elbowY, elbowZ);
        put(4 + side, wristX, elbowY, wristZ);
        put(HAND_LEFT + side, wristX + 0.05 * height * Math.sin(fore), elbowY, wristZ - 0.05 * height * Math.cos(fore));
    }

    /** Tips the body forward about the feet, keeping its middle over the same place. */
    private void lieDown(double lying) {
        if (lying <= 0) {
            return;
        }
        double angle = lying * Math.PI / 2;
        double cos = Math.cos(angle);
        double sin = Math.sin(angle);
        double back = 0.5 * height * sin;
        for (int j = 0; j < COUNT; j++) {
            double forward = x[j] * cos + z[j] * sin - back;
            double up = -x[j] * sin + z[j] * cos;
            x[j] = forward;
            z[j] = Math.max(up, -0.05) + 0.11 * lying;
        }
    }

    private void place(PersonState person) {
        double cos = Math.cos(person.heading());
        double sin = Math.sin(person.heading());
        for (int j = 0; j < COUNT; j++) {
            double forward = x[j];
            double left = y[j];
            x[j] = person.east() + forward * cos - left * sin;
            y[j] = person.north() + forward * sin + left * cos;
        }
    }

    /** A joint in the order of {@link Skeleton#CROWDPOSE_14}. */
    public WorldPoint joint(int index) {
        return new WorldPoint(x[index], y[index], z[index]);
    }

    double east(int joint) {
        return x[joint];
    }

    double north(int joint) {
        return y[joint];
    }

    double up(int joint) {
        return z[joint];
    }

    double height() {
        return height;
    }

    static int joints() {
        return COUNT;
    }
}
