package sightline.operators.phd;

import sightline.operators.possibility.MaxMixture;
import sightline.operators.possibility.MixtureReduction;

/**
 * Turns of unknown rate as a maximum of models: each term goes on straight, and, less credibly, along a turn of each
 * given rate. The kernel is the maximum of the models' kernels, so the prediction is again a max-mixture; it is reduced
 * to a bounded number of terms. The state stays at four numbers.
 *
 * @param straight motion without a turn, and the noise of all models
 * @param rates turn rates, radians a second, either sign
 * @param logTurn log-credibility of a turn over one prediction, at most 0
 * @param terms most terms kept
 */
public record CoordinatedTurn(ConstantVelocity straight, double[] rates, double logTurn, int terms) implements Motion {
    public CoordinatedTurn {
        rates = rates.clone();
        Checks.logCredibility(logTurn);
        if (terms < 1) {
            throw new IllegalArgumentException("terms " + terms);
        }
    }

    @Override
    public void predict(MaxMixture state, double seconds, double split) {
        if (seconds == 0) {
            return;
        }
        MaxMixture before = state.copy();
        straight.predict(state, seconds, split);
        double[] noise = noise(seconds, split);
        for (double rate : rates) {
            MaxMixture turned = before.copy();
            turned.supConvolve(transition(rate, seconds), noise);
            turned.shift(split * logTurn);
            for (int i = 0; i < turned.size(); i++) {
                state.addTerm(turned, i);
            }
        }
        new MixtureReduction(4).reduce(state, Double.NEGATIVE_INFINITY, 0.05, terms);
    }

    /** Process noise of the straight model: what it adds to a point. */
    private double[] noise(double seconds, double split) {
        MaxMixture point = new MaxMixture(4, 1);
        point.append(0);
        straight.predict(point, seconds, split);
        return java.util.Arrays.copyOf(point.covariances(), 16);
    }

    private static double[] transition(double rate, double t) {
        double angle = rate * t;
        double s = StrictMath.sin(angle);
        double c = StrictMath.cos(angle);
        double along = Math.abs(rate) < 1e-9 ? t : s / rate;
        double across = Math.abs(rate) < 1e-9 ? 0 : (1 - c) / rate;
        return new double[] {1, 0, along, -across, 0, 1, across, along, 0, 0, c, -s, 0, 0, s, c};
    }
}
