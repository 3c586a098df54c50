package sightline.sensors.scene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import sightline.config.domain.Detection;
import sightline.config.domain.Detections;
import sightline.config.domain.Measurement;
import sightline.config.domain.Scan;
import sightline.config.domain.TruthPoint;
import sightline.sensors.geometry.GroundProjector;

class SimulatedSensorsTest {
    private final Plaza plaza = Plaza.of(PlazaSettings.of(21));

    @Test
    void detectionsComeBackToThePeopleWhoCausedThem() {
        List<Double> errors = new ArrayList<>();
        List<Double> normalised = new ArrayList<>();
        for (SimulatedCamera camera : plaza.cameras()) {
            GroundProjector projector = new GroundProjector(camera.model());
            for (long k = 0; k < 600; k += 7) {
                Detections detections = camera.detections(k, BoxPerturbation.TYPICAL);
                List<TruthPoint> truth = plaza.truth(camera.exposureNanos(k));
                for (Measurement m : projector.place(detections).measurements()) {
                    if (!(m instanceof Measurement.Position p) || p.score() < 0.7) {
                        continue;
                    }
                    TruthPoint nearest = nearest(truth, p.east(), p.north());
                    if (nearest.label().isVehicle()) {
                        continue;
                    }
                    double e = p.east() - nearest.east();
                    double n = p.north() - nearest.north();
                    errors.add(Math.hypot(e, n));
                    double det = p.varEast() * p.varNorth() - p.covEastNorth() * p.covEastNorth();
                    normalised.add((e * e * p.varNorth() - 2 * e * n * p.covEastNorth() + n * n * p.varEast()) / det);
                }
            }
        }
        assertThat(errors.size()).isGreaterThan(500);
        assertThat(quantile(errors, 0.5)).isLessThan(0.45);
        // Two degrees of freedom: an honest covariance puts 95 % below 6; leave room for bodies that are not points.
        assertThat(quantile(normalised, 0.95)).isBetween(2.0, 12.0);
    }

    private static TruthPoint nearest(List<TruthPoint> truth, double east, double north) {
        return Collections.min(
                truth,
                (a, b) -> Double.compare(
                        Math.hypot(a.east() - east, a.north() - north),
                        Math.hypot(b.east() - east, b.north() - north)));
    }

    private static double quantile(List<Double> values, double q) {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get((int) (q * (sorted.size() - 1)));
    }

    @Test
    void anIdealDetectorFindsEverythingThatShowsAndInventsNothing() {
        SimulatedCamera camera = plaza.cameras().get(1);
        for (long k = 0; k < 200; k += 9) {
            List<ObjectLabel> labels = camera.labels(k);
            List<Detection> found = camera.detections(k, BoxPerturbation.NONE).detections();
            assertThat(found).hasSize((int) labels.stream()
                    .filter(l -> l.visibility() >= BoxPerturbation.NONE.hiddenBelow()
                            && l.visible().height() >= BoxPerturbation.NONE.smallest())
                    .count());
        }
    }

    @Test
    void falseAlarmsComeAtTheirRate() {
        BoxPerturbation blind = new BoxPerturbation(1, 12, 0.25, 0.02, 0.6, 0.5);
        SimulatedCamera camera = plaza.cameras().getFirst();
        int invented = 0;
        for (long k = 0; k < 2000; k++) {
            invented += camera.detections(k, blind).detections().size();
        }
        assertThat(invented / 2000.0).isCloseTo(0.5, within(0.06));
    }

    @Test
    void boxesStayInThePictureAndFeetShowOnlyWhereTheyDo() {
        for (SimulatedCamera camera : plaza.cameras()) {
            for (long k = 0; k < 300; k += 3) {
                for (Detection d : camera.detections(k, BoxPerturbation.TYPICAL).detections()) {
                    assertThat(d.box().x()).isGreaterThanOrEqualTo(0);
                    assertThat(d.box().right()).isLessThanOrEqualTo(640);
                    assertThat(d.box().bottom()).isLessThanOrEqualTo(360);
                    if (d.box().bottom() >= 359) {
                        assertThat(d.foot()).isEmpty();
                    }
                }
            }
        }
    }

    @Test
    void radarErrorsAreAsLargeAsItSays() {
        SimulatedRadar radar = plaza.radars().getFirst();
        double sum = 0;
        int count = 0;
        int echoes = 0;
        int scans = 400;
        double expected = 0;
        for (long k = 0; k < scans; k++) {
            Scan scan = radar.scan(k);
            echoes += scan.measurements().size();
            for (ActorState actor : plaza.cast(radar.exposureNanos(k))) {
                double range = Math.hypot(actor.east() - scan.east(), actor.north() - scan.north());
                if (range > SimulatedRadar.RANGE) {
                    continue;
                }
                expected += SimulatedRadar.DETECTION;
                double bearing = Math.atan2(actor.north() - scan.north(), actor.east() - scan.east());
                for (Measurement m : scan.measurements()) {
                    Measurement.RangeBearing echo = (Measurement.RangeBearing) m;
                    double off = Math.IEEEremainder(echo.bearing() - bearing, 2 * Math.PI);
                    double d2 = (echo.range() - range) * (echo.range() - range) / echo.varRange()
                            + off * off / echo.varBearing();
                    if (d2 < 12) {
                        sum += d2;
                        count++;
                    }
                }
            }
        }
        assertThat(sum / count).isBetween(1.5, 2.6);
        assertThat((double) echoes / scans).isCloseTo(expected / scans + SimulatedRadar.CLUTTER, within(0.3));
    }
}
