package sightline.operators.baselines;

import java.util.List;
import sightline.operators.possibility.MaxMixture;

/** Fusion of the intensities of several GM-PHD filters with equal weights. */
public final class GmPhdFusion {
    private final GaussianSum sums = new GaussianSum();

    /**
     * Generalised covariance intersection (exponential mixture density of Poisson processes): the product of the powers.
     * Powers of sums are only known for separated terms, hence the strong reduction first; without it the powers of
     * many small terms add up and the mass explodes. Weights are bounded at 3 for the same reason.
     */
    public MaxMixture gci(List<MaxMixture> intensities) {
        double o = 1.0 / intensities.size();
        MaxMixture fused = null;
        for (MaxMixture intensity : intensities) {
            MaxMixture share = intensity.copy();
            sums.reduce(share, 1e-3, 16, 30);
            sums.power(share, o);
            if (fused == null) {
                fused = share;
            } else {
                fused = sums.multiply(fused, share, 25);
                sums.reduce(fused, 1e-7, 1, 100);
            }
        }
        if (fused == null) {
            throw new IllegalArgumentException("nothing to fuse");
        }
        sums.reduce(fused, GmPhd.PRUNE, 16, GmPhd.CAP);
        for (int i = 0; i < fused.size(); i++) {
            fused.logWeight(i, Math.min(Math.log(3), fused.logWeight(i)));
        }
        return fused;
    }

    /** Arithmetic average: all terms with their weights divided by the number of nodes, merged. */
    public MaxMixture average(List<MaxMixture> intensities) {
        MaxMixture out = new MaxMixture(4, 128);
        for (MaxMixture intensity : intensities) {
            int first = out.size();
            for (int i = 0; i < intensity.size(); i++) {
                out.addTerm(intensity, i);
            }
            for (int i = first; i < out.size(); i++) {
                out.logWeight(i, out.logWeight(i) - Math.log(intensities.size()));
            }
        }
        sums.reduce(out, GmPhd.PRUNE, GmPhd.MERGE, GmPhd.CAP);
        return out;
    }
}
