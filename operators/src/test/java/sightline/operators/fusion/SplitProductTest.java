package sightline.operators.fusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sightline.operators.phd.ConstantVelocity;
import sightline.operators.phd.Observation;
import sightline.operators.phd.PositionUpdate;
import sightline.operators.possibility.MaxMixture;
import sightline.operators.possibility.MixtureProduct;

/**
 * One Gaussian that three nodes share: each holds a third of the information, all its own measurements, and noise of three
 * times the covariance. Against a Kalman filter in matrices that hears all.
 */
class SplitProductTest {
    private static final int NODES = 3;
    private static final double SECONDS = 0.5;
    private static final double NOISE = 0.7;
    private static final double VARIANCE = 0.3;
    private static final DMatrixRMaj H = new DMatrixRMaj(2, 4, true, 1, 0, 0, 0, 0, 1, 0, 0);

    private final Random random = new Random(21);
    private DMatrixRMaj mean = new DMatrixRMaj(4, 1, true, 3, -2, 0.5, 1);
    private DMatrixRMaj covariance = CommonOps_DDRM.diag(4, 5, 2, 1);
    private MaxMixture fused = gaussian(mean, covariance);
    private List<MaxMixture> shares = split(fused);

    private static MaxMixture gaussian(DMatrixRMaj mean, DMatrixRMaj covariance) {
        MaxMixture out = new MaxMixture(4);
        out.add(0, mean.data, 0, covariance.data, 0);
        return out;
    }

    private static List<MaxMixture> split(MaxMixture whole) {
        List<MaxMixture> out = new ArrayList<>();
        for (int s = 0; s < NODES; s++) {
            MaxMixture share = whole.copy();
            share.power(1.0 / NODES);
            out.add(share);
        }
        return out;
    }

    private static DMatrixRMaj times(DMatrixRMaj a, DMatrixRMaj b) {
        return CommonOps_DDRM.mult(a, b, null);
    }

    /** A B A'. */
    private static DMatrixRMaj around(DMatrixRMaj a, DMatrixRMaj b) {
        return CommonOps_DDRM.multTransB(times(a, b), a, null);
    }

    private void predict() {
        double t = SECONDS;
        DMatrixRMaj f = CommonOps_DDRM.identity(4);
        f.set(0, 2, t);
        f.set(1, 3, t);
        DMatrixRMaj q = new DMatrixRMaj(4, 4);
        for (int axis = 0; axis < 2; axis++) {
            q.set(axis, axis, NOISE * t * t * t / 3);
            q.set(axis, axis + 2, NOISE * t * t / 2);
            q.set(axis + 2, axis, NOISE * t * t / 2);
            q.set(axis + 2, axis + 2, NOISE * t);
        }
        mean = times(f, mean);
        covariance = CommonOps_DDRM.add(around(f, covariance), q, null);
        ConstantVelocity motion = new ConstantVelocity(NOISE, ConstantVelocity.Kind.CONTINUOUS);
        shares.forEach(share -> motion.predict(share, t, 1.0 / NODES));
    }

    private void observe(int node) {
        DMatrixRMaj z = new DMatrixRMaj(2, 1, true, 3 + random.nextGaussian(), -2 + random.nextGaussian());
        DMatrixRMaj inverse = CommonOps_DDRM.add(around(H, covariance), CommonOps_DDRM.diag(VARIANCE, VARIANCE), null);
        CommonOps_DDRM.invert(inverse);
        DMatrixRMaj gain = times(CommonOps_DDRM.multTransB(covariance, H, null), inverse);
        DMatrixRMaj innovation = CommonOps_DDRM.subtract(z, times(H, mean), null);
        mean = CommonOps_DDRM.add(mean, times(gain, innovation), null);
        covariance = CommonOps_DDRM.subtract(covariance, times(times(gain, H), covariance), null);
        PositionUpdate update = new PositionUpdate();
        MaxMixture posterior = new MaxMixture(4);
        update.prepare(shares.get(node), 0, new Observation.Position(z.get(0), z.get(1), VARIANCE, 0, VARIANCE, 0));
        update.apply(shares.get(node), 0, 0, posterior);
        shares.set(node, posterior);
    }

    private void fuse() {
        MixtureProduct product = new MixtureProduct(4);
        fused = shares.getFirst();
        for (MaxMixture other : shares.subList(1, NODES)) {
            MaxMixture both = new MaxMixture(4);
            product.multiply(fused, other, Double.POSITIVE_INFINITY, both);
            fused = both;
        }
        shares = split(fused);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void fusedAfterEveryStepItIsTheKalmanFilterAndLaterItIsNeverSurer(int every) {
        for (int step = 1; step <= 40; step++) {
            predict();
            for (int node = 0; node < NODES; node++) {
                observe(node);
            }
            if (step % every == 0) {
                fuse();
                DMatrixRMaj difference = CommonOps_DDRM.subtract(
                        new DMatrixRMaj(4, 4, true, Arrays.copyOf(fused.covariances(), 16)), covariance, null);
                if (every == 1) {
                    assertThat(Arrays.copyOf(fused.means(), 4)).containsExactly(mean.data, within(1e-12));
                    assertThat(CommonOps_DDRM.elementMaxAbs(difference)).isLessThan(1e-12);
                } else {
                    EigenDecomposition_F64<DMatrixRMaj> values = DecompositionFactory_DDRM.eig(4, false, true);
                    values.decompose(difference);
                    for (int k = 0; k < 4; k++) {
                        assertThat(values.getEigenvalue(k).real).isGreaterThan(-1e-12);
                    }
                }
            }
        }
    }
}
