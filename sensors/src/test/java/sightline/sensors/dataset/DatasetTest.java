package sightline.sensors.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.scheduler.Schedulers;
import sightline.config.domain.Box;
import sightline.config.domain.Detections;
import sightline.config.domain.Measurement;
import sightline.config.domain.Origin;
import sightline.config.domain.Scan;
import sightline.config.domain.TruthPoint;
import sightline.config.site.GroundPoint;
import sightline.sensors.geometry.CameraModel;
import sightline.sensors.geometry.GroundProjector;
import sightline.sensors.scene.BoxPerturbation;
import sightline.sensors.source.BrokenSourceException;
import sightline.sensors.source.CameraStamp;
import sightline.sensors.source.DataFolder;

class DatasetTest {
    private static double median(List<Double> values) {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }

    @Test
    void motPixelsCountFromOneSoTheTsaiFootPointMeetsTheAnnotatedGround() {
        CameraModel camera = CameraModel.of(
                PetsCalibration.read(DataFolder.need("pets2009/data/calibration/View_001.xml"), "view-1"));
        assertThat(camera.center().up()).isGreaterThan(3);
        MotSequence sequence = MotSequence.open(DataFolder.need("mot/PETS09-S2L1"));
        List<Double> errors = new ArrayList<>();
        for (List<MotBox> boxes : sequence.groundTruth().values()) {
            for (MotBox box : boxes) {
                GroundPoint truth = box.ground().orElseThrow();
                Box b = box.box();
                camera.ground(b.x() + 0.5 * b.width(), b.bottom())
                        .ifPresent(g -> errors.add(Math.hypot(g.east() - truth.east(), g.north() - truth.north())));
            }
        }
        assertThat(errors.size()).isGreaterThan(4000);
        assertThat(median(errors)).isLessThan(0.06);
    }

    @Test
    void petsRunsAtSevenFramesASecondSoPeopleWalkAtWalkingPace() {
        MotSequence sequence = MotSequence.open(DataFolder.need("mot/PETS09-S2L1"));
        assertThat(sequence.framesPerSecond()).isEqualTo(7);
        assertThat(sequence.length()).isEqualTo(795);
        List<TruthPoint> truth = sequence.truth(1_000);
        assertThat(truth.getFirst().timeNanos()).isEqualTo(1_000);
        List<Double> speeds = truth.stream()
                .map(t -> Math.hypot(t.velocityEast(), t.velocityNorth()))
                .filter(s -> s > 0.3)
                .toList();
        assertThat(median(speeds)).isBetween(0.8, 1.8);
    }

    @Test
    void publicDetectionsAndFramesAreRead() {
        MotSequence sequence = MotSequence.open(DataFolder.need("mot/TUD-Campus"));
        assertThat(sequence.detections()).isNotEmpty();
        assertThat(sequence.groundTruth().get(1).getFirst().box()).isEqualTo(new Box(398, 181, 121, 229));
        assertThat(sequence.truth(0)).isEmpty();
    }

    @Test
    void framesWithoutDetectionsAreStatementsToo() {
        MotSequence sequence = MotSequence.open(DataFolder.need("mot/PETS09-S2L1"));
        List<Detections> frames = sequence.publicDetections(
                        CameraStamp.replay("view-1", 0).calibrated("pets2009"), 5, Schedulers.boundedElastic())
                .open()
                .collectList()
                .block(Duration.ofSeconds(20));
        assertThat(frames).hasSize(795);
        assertThat(frames.get(7).frame().time().exposureNanos()).isEqualTo(1_000_000_005L);
        assertThat(frames).allMatch(d -> d.frame().origin() == Origin.REPLAY);
        assertThat(frames.stream().flatMap(d -> d.detections().stream()))
                .hasSizeGreaterThan(3000)
                .allMatch(d -> d.score() >= 0 && d.score() <= 1);
        assertThat(frames.getFirst().detections().getFirst().foot()).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"001", "002", "003", "004", "005", "006", "007", "008"})
    void everyPetsViewIsARealCameraAboveTheGround(String view) {
        CameraModel camera = CameraModel.of(
                PetsCalibration.read(DataFolder.need("pets2009/data/calibration/View_" + view + ".xml"), view));
        assertThat(camera.center().up()).isBetween(1.0, 20.0);
        assertThat(camera.calibration().width()).isBetween(700, 800);
    }

    @Test
    void petsAnnotationsAreTheSameBoxesAsThoseOfMot() {
        var annotations = PetsAnnotations.read(DataFolder.need("pets2009/data/annotations/PETS2009-S2L1.xml"));
        MotSequence sequence = MotSequence.open(DataFolder.need("mot/PETS09-S2L1"));
        MotBox first = sequence.groundTruth().get(1).getFirst();
        Box same = annotations.get(0).stream()
                .filter(a -> a.id() == first.id())
                .findFirst()
                .orElseThrow()
                .box();
        assertThat(same.iou(first.box())).isGreaterThan(0.95);
    }

    @Test
    void wildtrackFootPointsMeetTheirGroundPositionsInEveryView() {
        Wildtrack data = Wildtrack.open(DataFolder.need("wildtrack"));
        assertThat(data.length()).isEqualTo(400);
        for (int c = 0; c < 7; c++) {
            CameraModel camera = CameraModel.of(data.calibrations().get(c));
            assertThat(camera.center().up()).isBetween(1.0, 6.0);
            List<Double> errors = new ArrayList<>();
            for (int i = 0; i < 400; i += 40) {
                for (Wildtrack.Person person : data.people(i)) {
                    person.boxes()
                            .get(c)
                            .filter(b -> b.bottom() < Wildtrack.HEIGHT - 2)
                            .flatMap(b -> camera.ground(b.x() + 0.5 * b.width(), b.bottom()))
                            .ifPresent(g -> errors.add(Math.hypot(
                                    g.east() - person.ground().east(),
                                    g.north() - person.ground().north())));
                }
            }
            assertThat(median(errors)).as("view %d", c).isLessThan(0.2);
        }
    }

    @Test
    void wildtrackDetectionsAreSimulatedAndComeBackToTheirPeople() {
        Wildtrack data = Wildtrack.open(DataFolder.need("wildtrack"));
        GroundProjector projector =
                new GroundProjector(CameraModel.of(data.calibrations().getFirst()));
        List<Detections> frames = data.detections(0, BoxPerturbation.TYPICAL, 1, 0, Schedulers.boundedElastic())
                .open()
                .take(20)
                .collectList()
                .block(Duration.ofSeconds(20));
        assertThat(frames).hasSize(20).allMatch(d -> d.frame().origin() == Origin.SIMULATED);
        List<Double> errors = new ArrayList<>();
        for (int i = 0; i < frames.size(); i++) {
            List<TruthPoint> truth = data.truth(i, 0);
            for (Measurement m : projector.place(frames.get(i)).measurements()) {
                if (m instanceof Measurement.Position p) {
                    errors.add(truth.stream()
                            .mapToDouble(t -> Math.hypot(t.east() - p.east(), t.north() - p.north()))
                            .min()
                            .orElseThrow());
                }
            }
        }
        assertThat(errors.size()).isGreaterThan(50);
        assertThat(median(errors)).isLessThan(0.6);
        assertThat(data.site(3, 0.9, 0.1).sensors()).hasSize(7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"scenario2", "scenario3", "scenario4", "scenario5", "scenario6", "scenario13"})
    void autoferryRadarSeesTheBoatsWhereTheyAre(String scenario) {
        Autoferry data = Autoferry.open(DataFolder.need("autoferry/" + scenario), Autoferry.Noise.DEFAULT);
        List<Double> errors = new ArrayList<>();
        for (Scan scan : data.scans()) {
            if (scan.sensor().equals("radar") && !scan.measurements().isEmpty()) {
                long time = scan.time().exposureNanos();
                TruthPoint boat = data.truth().stream()
                        .min((a, b) -> Long.compare(Math.abs(a.timeNanos() - time), Math.abs(b.timeNanos() - time)))
                        .orElseThrow();
                errors.add(scan.measurements().stream()
                        .map(Measurement.Position.class::cast)
                        .mapToDouble(p -> Math.hypot(p.east() - boat.east(), p.north() - boat.north()))
                        .min()
                        .orElseThrow());
            }
        }
        assertThat(median(errors)).isLessThan(20);
    }

    @Test
    void autoferryBearingsPointAtABoat() {
        Autoferry data = Autoferry.open(DataFolder.need("autoferry/scenario2"), Autoferry.Noise.DEFAULT);
        List<Double> errors = new ArrayList<>();
        for (Scan scan : data.scans()) {
            if (scan.sensor().equals("optical") && !scan.measurements().isEmpty()) {
                long time = scan.time().exposureNanos();
                // A camera may have only one of the two in view.
                errors.add(data.truth().stream()
                        .filter(t -> Math.abs(t.timeNanos() - time) < 200_000_000)
                        .flatMapToDouble(t -> scan.measurements().stream()
                                .map(Measurement.Bearing.class::cast)
                                .mapToDouble(b -> Math.abs(Math.IEEEremainder(
                                        b.bearing() - Math.atan2(t.north() - scan.north(), t.east() - scan.east()),
                                        2 * Math.PI))))
                        .min()
                        .orElseThrow());
            }
        }
        assertThat(median(errors)).isLessThan(0.03);
    }

    @Test
    void autoferryScansOutOfTheirTimeOrderAreLeftThatWay() {
        Autoferry data = Autoferry.open(DataFolder.need("autoferry/scenario13"), Autoferry.Noise.DEFAULT);
        int backwards = 0;
        for (int i = 1; i < data.scans().size(); i++) {
            backwards += data.scans().get(i).time().exposureNanos()
                            < data.scans().get(i - 1).time().exposureNanos()
                    ? 1
                    : 0;
        }
        assertThat(backwards).isEqualTo(670);
        List<Scan> radar =
                data.source(Autoferry.Sensor.RADAR).open().collectList().block();
        assertThat(radar).extracting(Scan::sequence).isSorted();
        assertThat(radar).allMatch(s -> s.sensor().equals("radar"));
        assertThat(data.site().nodes()).containsExactly("active", "passive");
    }

    @Test
    void aFolderThatIsNoRecordingSaysSo(@TempDir Path folder) {
        assertThatThrownBy(() -> MotSequence.open(folder)).isInstanceOf(BrokenSourceException.class);
        assertThatThrownBy(() -> Autoferry.open(folder, Autoferry.Noise.DEFAULT))
                .isInstanceOf(BrokenSourceException.class);
        assertThatThrownBy(() -> Wildtrack.open(folder)).isInstanceOf(BrokenSourceException.class);
    }
}
