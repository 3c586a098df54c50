package sightline.operators.baselines;

import java.util.ArrayList;
import java.util.List;
import sightline.operators.phd.FieldOfView;
import sightline.operators.phd.Motion;
import sightline.operators.phd.Observation;
import sightline.operators.phd.PositionUpdate;
import sightline.operators.possibility.MaxMixture;

/**
 * Gaussian-mixture PHD filter (Vo and Ma 2006). Several sensors are applied in turn (iterated corrector), whose known
 * weakness is that a miss of the last sensor leaves weight {@code 1 - p_D}. Mutable, one thread.
 */
public final class GmPhd {
    static final double PRUNE = 1e-5;
    static final double MERGE = 4;
    static final int CAP = 100;
    private static final double GATE = 16;

    private final Motion motion;
    private final double survival;
    private MaxMixture intensity = new MaxMixture(4, 128);
    private final PositionUpdate update = new PositionUpdate();
    private final GaussianSum sums = new GaussianSum();

    public GmPhd(Motion motion, double survival) {
        this.motion = motion;
        this.survival = survival;
    }

    /** The live intensity; weights add. */
    public MaxMixture intensity() {
        return intensity;
    }

    public void intensity(MaxMixture value) {
        intensity = value;
    }

    public void predict(double seconds, MaxMixture births) {
        motion.predict(intensity, seconds, 1);
        intensity.shift(Math.log(survival));
        for (int i = 0; i < births.size(); i++) {
            intensity.addTerm(births, i);
        }
    }

    /**
     * @param kappa clutter density, per unit of measurement space
     */
    public void update(List<Observation> seen, double detectionProbability, double kappa) {
        update(seen, FieldOfView.EVERYWHERE, detectionProbability, kappa);
    }

    /** Outside the field of view the detection probability is 0. */
    public void update(List<Observation> seen, FieldOfView view, double detectionProbability, double kappa) {
        boolean[] visible = new boolean[intensity.size()];
        for (int i = 0; i < visible.length; i++) {
            visible[i] = view.sees(intensity.means()[i * 4], intensity.means()[i * 4 + 1]);
        }
        MaxMixture out = new MaxMixture(4, 2 * intensity.size() + 1);
        for (int i = 0; i < intensity.size(); i++) {
            int at = out.append(intensity.logWeight(i) + (visible[i] ? Math.log1p(-detectionProbability) : 0));
            System.arraycopy(intensity.means(), i * 4, out.means(), at * 4, 4);
            System.arraycopy(intensity.covariances(), i * 16, out.covariances(), at * 16, 16);
        }
        double logDetection = Math.log(detectionProbability);
        for (Observation y : seen) {
            int first = out.size();
            double sum = kappa;
            for (int i = 0; i < intensity.size(); i++) {
                if (!visible[i]) {
                    continue;
                }
                double d2 = update.prepare(intensity, i, y);
                if (d2 < GATE) {
                    double logWeight = logDetection
                            + intensity.logWeight(i)
                            - 0.5 * (d2 + Math.log(update.determinant()) + update.dimension() * Math.log(2 * Math.PI));
                    update.apply(intensity, i, logWeight, out);
                    sum += Math.exp(logWeight);
                }
            }
            double logSum = Math.log(sum);
            for (int k = first; k < out.size(); k++) {
                out.logWeight(k, out.logWeight(k) - logSum);
            }
        }
        sums.reduce(out, PRUNE, MERGE, CAP);
        intensity = out;
    }

    /** Means of all terms above a threshold, repeated by their rounded weight (one to three times). */
    public static List<double[]> extract(MaxMixture f, double threshold) {
        List<double[]> out = new ArrayList<>();
        for (int i = 0; i < f.size(); i++) {
            double w = Math.exp(f.logWeight(i));
            if (w > threshold) {
                long copies = Math.min(3, Math.max(1, Math.round(w)));
                for (int c = 0; c < copies; c++) {
                    out.add(new double[] {f.means()[i * 4], f.means()[i * 4 + 1]});
                }
            }
        }
        return out;
    }
}
