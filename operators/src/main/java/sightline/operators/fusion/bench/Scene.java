package sightline.operators.fusion.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * The twelve-target scene of Vo, Vo and Clark: two kilometres square, straight paths without process noise, targets
 * born at four places between the first and the eightieth second, two of them ending at the seventieth.
 */
final class Scene {
    static final int STEPS = 100;
    static final double HALF_WIDTH = 1000;

    private static final int[] BIRTH = {1, 1, 1, 20, 20, 20, 40, 40, 60, 60, 80, 80};
    private static final int[] DEATH = {70, 100, 70, 100, 100, 100, 100, 100, 100, 100, 100, 100};
    private static final double[][] START = {
        {0, 0, 0, -10},
        {400, -600, -10, 5},
        {-800, -200, 20, -5},
        {400, -600, -7, -4},
        {400, -600, -2.5, 10},
        {0, 0, 7.5, -5},
        {-800, -200, 12, 7},
        {-200, 800, 15, -10},
        {-800, -200, 3, 15},
        {-200, 800, -3, -15},
        {0, 0, -20, -15},
        {-200, 800, 15, -5}
    };
    static final double[][] BIRTH_PLACES = {{0, 0}, {400, -600}, {-800, -200}, {-200, 800}};

    private Scene() {}

    /** A true target at one step: {@code {east, north, velocity east, velocity north, identity}}. */
    static List<List<double[]>> truth() {
        List<List<double[]>> steps = new ArrayList<>();
        for (int k = 0; k < STEPS; k++) {
            steps.add(new ArrayList<>());
        }
        for (int i = 0; i < START.length; i++) {
            double[] s = START[i];
            for (int k = BIRTH[i] - 1; k < DEATH[i]; k++) {
                int age = k - BIRTH[i] + 2;
                double x = s[0] + age * s[2];
                double y = s[1] + age * s[3];
                if (Math.abs(x) > HALF_WIDTH || Math.abs(y) > HALF_WIDTH) {
                    break;
                }
                steps.get(k).add(new double[] {x, y, s[2], s[3], i});
            }
        }
        return steps;
    }
}
