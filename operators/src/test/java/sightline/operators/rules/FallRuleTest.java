package sightline.operators.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sightline.config.domain.Event;
import sightline.config.domain.FrameHeader;
import sightline.config.domain.Keypoint;
import sightline.config.domain.ObservationTime;
import sightline.config.domain.Origin;
import sightline.config.domain.Pose;
import sightline.config.domain.Poses;
import sightline.config.domain.Skeleton;
import sightline.config.domain.Track;
import sightline.config.site.Calibration;
import sightline.config.site.Distortion;
import sightline.config.site.SensorSpec;
import sightline.config.site.Site;
import sightline.sensors.geometry.CameraModel;
import sightline.sensors.geometry.Mount;
import sightline.sensors.geometry.WorldPoint;

class FallRuleTest {
    /** Height (metres) of each CrowdPose joint of somebody upright. */
    private static final double[] HEIGHTS = {
        1.42, 1.42, 1.15, 1.15, 0.9, 0.9, 0.95, 0.95, 0.5, 0.5, 0.06, 0.06, 1.72, 1.5
    };

    private static final Calibration CALIBRATION = new Mount(
                    new WorldPoint(0, -10, 4), new WorldPoint(0, 0, 0.5), Math.toRadians(60))
            .calibration("cam", "v1", 1280, 720, new Distortion.None(), 1);
    private static final CameraModel CAMERA = CameraModel.of(CALIBRATION);
    private static final Site SITE = new Site(
            "yard",
            List.of("a"),
            List.of(new SensorSpec("cam", SensorSpec.Kind.CAMERA, "a", Optional.of(CALIBRATION), 0, -10, 40, 0.9, 0.1)),
            List.of(),
            List.of(),
            Walk.TICK);
    private static final RuleSettings FALL = new RuleSettings.Fall("fall", Duration.ofSeconds(1), Thresholds.DEFAULT);

    private final RuleEngine engine = new RuleEngine(SITE, List.of(FALL), Evidence.NONE);
    private final List<Event> events = new ArrayList<>();
    private long tick;

    /** Ticks with somebody who leans by an angle from upright, towards a heading. */
    private void pose(int ticks, double lean, double heading, double score) {
        pose(ticks, lean, heading, score, List.of(Walk.person("p", 0, 0, 0.1)));
    }

    private void pose(int ticks, double lean, double heading, double score, List<Track> tracks) {
        for (int i = 0; i < ticks; i++) {
            tick++;
            List<Keypoint> joints = new ArrayList<>();
            for (int j = 0; j < HEIGHTS.length; j++) {
                double along = HEIGHTS[j] * Math.sin(lean);
                double side = j % 2 == 0 ? -0.15 : 0.15;
                var at = CAMERA.project(new WorldPoint(
                                along * Math.cos(heading) - side * Math.sin(heading),
                                along * Math.sin(heading) + side * Math.cos(heading),
                                0.1 + HEIGHTS[j] * Math.cos(lean)))
                        .orElseThrow();
                joints.add(new Keypoint(at.u(), at.v(), score));
            }
            var header = new FrameHeader(
                    "cam", 0, tick, ObservationTime.at(tick * Walk.TICK, "c"), Origin.LIVE, 1280, 720, "v1", "");
            engine.onPoses(new Poses(header, Skeleton.CROWDPOSE_14, List.of(new Pose(joints, score)), "m"));
            events.addAll(engine.onTick(tick, tick * Walk.TICK, tracks));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.8, 1.57, 2.4, 3.14})
    void whoWasUprightAndLiesHasFallenWhicheverWay(double heading) {
        pose(20, 0, heading, 0.9);
        pose(25, Math.PI / 2, heading, 0.9);
        assertThat(events).singleElement().matches(Event::isNecessary).matches(e -> e.kind() == Event.Kind.FALL);
    }

    @Test
    void whoIsLostWhileFallingAndFoundLyingAsSomebodyNewHasFallen() {
        pose(20, 0, 0, 0.9);
        pose(25, Math.PI / 2, 0, 0.9, List.of(Walk.person("q", 0.9, 0.5, 0.1)));
        assertThat(events).singleElement().matches(e -> e.kind() == Event.Kind.FALL);
        assertThat(events.getFirst().tracks()).singleElement().matches(t -> t.id().equals("q"));
    }

    @Test
    void whomTheDetectorLosesWhileFallingHasFallenByTheirPoseAlone() {
        pose(20, 0, 0, 0.9);
        pose(25, Math.PI / 2, 0, 0.9, List.of(Walk.person("far", 8, 8, 0.1)));
        assertThat(events).singleElement().matches(e -> e.kind() == Event.Kind.FALL);
        assertThat(events.getFirst().tracks()).singleElement().matches(t -> t.id().equals("p"));
    }

    @Test
    void whoIsFoundLyingBesideSomebodyWhoIsStillThereDidNotFall() {
        pose(20, 0, 0, 0.9);
        pose(40, Math.PI / 2, 0, 0.9, List.of(Walk.person("q", 0.8, 0, 0.1), Walk.person("p", 0, -1.8, 0.1)));
        assertThat(events).isEmpty();
    }

    @Test
    void bendingDownShortlyIsNoFall() {
        pose(20, 0, 0, 0.9);
        pose(8, Math.PI / 2, 0, 0.9);
        pose(20, 0, 0, 0.9);
        assertThat(events).isEmpty();
    }

    @Test
    void whoLayFromTheStartDidNotFall() {
        pose(60, Math.PI / 2, 0, 0.9);
        assertThat(events).isEmpty();
    }

    @Test
    void aPoseThatTheNetworkIsUnsureOfIsIgnoranceAndNoCertainFall() {
        pose(20, 0, 0, 0.9);
        pose(40, Math.PI / 2, 0, 0.25);
        assertThat(events).noneMatch(Event::isNecessary);
    }
}
