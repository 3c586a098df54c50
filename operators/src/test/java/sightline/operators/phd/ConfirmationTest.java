package sightline.operators.phd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import sightline.operators.possibility.MaxMixture;

/** A track is confirmed at one credibility of absence and released at a higher one, so that it does not flicker. */
class ConfirmationTest {
    private static final PresenceSettings SETTINGS = PresenceSettings.standard();

    private static boolean after(boolean confirmed, double presence, double absence) {
        MaxMixture where = new MaxMixture(4);
        double[] covariance = new double[16];
        for (int k = 0; k < 4; k++) {
            covariance[k * 5] = 1;
        }
        where.add(0, new double[4], 0, covariance, 0);
        TrackHypothesis track =
                new TrackHypothesis(new TrackLabel("n", 1, 1), 0, Math.log(presence), Math.log(absence), where);
        track.confirmed(confirmed);
        PresenceFilter filter = new PresenceFilter(
                SETTINGS, new ConstantVelocity(1, ConstantVelocity.Kind.CONTINUOUS), LabelSource.counting("n", 1));
        filter.restore(new PresenceState(0, 0, List.of(track)));
        filter.reduce();
        return filter.tracks().getFirst().confirmed();
    }

    @Test
    void betweenTheTwoThresholdsATrackStaysWhatItWas() {
        double between = (SETTINGS.confirmAbsence() + SETTINGS.releaseAbsence()) / 2;
        assertThat(after(false, 1, between)).isFalse();
        assertThat(after(true, 1, between)).isTrue();
    }

    @Test
    void beyondThemItsPastDoesNotCount() {
        assertThat(after(false, 1, 0.9 * SETTINGS.confirmAbsence())).isTrue();
        assertThat(after(true, 1, 1.1 * SETTINGS.releaseAbsence())).isFalse();
        assertThat(after(true, 0.9, 1)).isFalse();
    }
}
