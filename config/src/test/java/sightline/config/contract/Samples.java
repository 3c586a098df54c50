package sightline.config.contract;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import sightline.config.domain.Belief;
import sightline.config.domain.Box;
import sightline.config.domain.Brief;
import sightline.config.domain.Contribution;
import sightline.config.domain.DeadLetter;
import sightline.config.domain.Detection;
import sightline.config.domain.Detections;
import sightline.config.domain.Event;
import sightline.config.domain.FrameHeader;
import sightline.config.domain.GaussianTerm;
import sightline.config.domain.ImagePoint;
import sightline.config.domain.Keypoint;
import sightline.config.domain.Lease;
import sightline.config.domain.Mask;
import sightline.config.domain.Masks;
import sightline.config.domain.Measurement;
import sightline.config.domain.NodeState;
import sightline.config.domain.ObjectClass;
import sightline.config.domain.ObservationTime;
import sightline.config.domain.Origin;
import sightline.config.domain.Pose;
import sightline.config.domain.Poses;
import sightline.config.domain.Receipt;
import sightline.config.domain.RenderRequest;
import sightline.config.domain.RenderResult;
import sightline.config.domain.Scan;
import sightline.config.domain.Segmentation;
import sightline.config.domain.SensorStatus;
import sightline.config.domain.Skeleton;
import sightline.config.domain.Track;
import sightline.config.domain.TrackBelief;
import sightline.config.domain.TruthPoint;
import sightline.config.domain.Viewpoint;
import sightline.config.site.Calibration;
import sightline.config.site.Distortion;
import sightline.config.site.GroundPoint;
import sightline.config.site.Line;
import sightline.config.site.Projection;
import sightline.config.site.Zone;

/** One message of each kind with nothing left at its default, different for each seed. */
final class Samples {

    private static final long NOW = 1_772_366_400_123_456_789L;

    private final SplittableRandom random;

    Samples(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /** Each codec with a value for it. */
    Map<Codec<?>, Object> all() {
        Map<Codec<?>, Object> all = new LinkedHashMap<>();
        all.put(Codecs.DETECTIONS, detections());
        all.put(Codecs.POSES, poses());
        all.put(Codecs.SEGMENTATION, segmentation());
        all.put(Codecs.MASKS, masks());
        all.put(Codecs.SCAN, scan());
        all.put(Codecs.BELIEF, belief());
        all.put(Codecs.NODE_STATE, new NodeState("plaza", "n1", 3, 77, new byte[] {1, 2, 3}, origin()));
        all.put(Codecs.LEASE, new Lease("plaza", "host-1", 4, origin()));
        all.put(
                Codecs.TRUTH,
                new TruthPoint("p1", label(), stamp(), number(), number(), number(), number(), Origin.SIMULATED));
        all.put(
                Codecs.STATUS,
                new SensorStatus("c1", pick(SensorStatus.State.values()), stamp(), 25, "ntp", 500, "why", origin()));
        all.put(Codecs.CALIBRATION, calibration());
        all.put(
                Codecs.DEAD_LETTER,
                new DeadLetter(
                        "frame.camera.v1",
                        3,
                        77,
                        "decode",
                        "java.lang.IllegalStateException",
                        "no picture",
                        "at ...",
                        "ab".repeat(32),
                        1234,
                        2,
                        true,
                        stamp(),
                        random.nextBoolean() ? Optional.of(origin()) : Optional.empty()));
        all.put(Codecs.TRACK, track());
        all.put(Codecs.EVENT, event());
        all.put(Codecs.RENDER_REQUEST, new RenderRequest(brief(), "schematic", 7, 500, stamp(), 2, 960, 540, origin()));
        all.put(
                Codecs.RENDER_RESULT,
                new RenderResult(
                        "e1",
                        "above",
                        "schematic",
                        7,
                        "sha256:y",
                        .5,
                        pick(RenderResult.Verdict.values()),
                        "exempt",
                        "schematic/1",
                        "d3",
                        .5,
                        stamp(),
                        Origin.SYNTHETIC));
        return all;
    }

    FrameHeader header() {
        return new FrameHeader(
                "c1",
                NOW,
                random.nextLong(1000),
                time(),
                origin(),
                640,
                480,
                "v3",
                "00-4bf92f3577b34da6a3ce929d0e0e4736");
    }

    Detections detections() {
        return new Detections(header(), List.of(detection(true), detection(false)), "sha256:abc");
    }

    Segmentation segmentation() {
        byte[] labels = new byte[40 * 30];
        int run = 0;
        byte label = 0;
        for (int i = 0; i < labels.length; i++) {
            if (run-- == 0) {
                run = random.nextInt(300);
                label = (byte) random.nextInt(256);
            }
            labels[i] = label;
        }
        return new Segmentation(header(), 40, 30, labels, List.of("road", "person"), List.of(detection(true)), "m");
    }

    Masks masks() {
        return new Masks(
                header(), List.of(mask(Optional.of(detection(true)), 17, 9), mask(Optional.empty(), 0, 0)), "m");
    }

    private Mask mask(Optional<Detection> thing, int width, int height) {
        BitSet pixels = new BitSet();
        for (int i = 0; i < width * height; i++) {
            pixels.set(i, random.nextInt(4) > 0);
        }
        return new Mask(thing, .5, .25, 3, 5, width, height, pixels);
    }

    Scan scan() {
        return new Scan(
                "radar",
                NOW,
                9,
                time(),
                origin(),
                number(),
                number(),
                List.of(
                        new Measurement.Position(number(), number(), 1, .5, 2, .9),
                        new Measurement.RangeBearing(30, number(), 1, .01, 1),
                        new Measurement.Bearing(number(), .02, .5)),
                "v1",
                "m");
    }

    Belief belief() {
        List<TrackBelief> tracks = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            tracks.add(new TrackBelief(
                    "plaza/n1/" + i, 1, random.nextDouble(), List.of(term(), term()), i == 0 ? null : label()));
        }
        return new Belief("plaza", "n1", 2, 17, stamp(), "d1", .25, tracks, List.of(contribution()), origin());
    }

    Track track() {
        Receipt receipt = new Receipt(List.of(contribution(), contribution()), List.of("n2"), List.of("n3"), "d2");
        return new Track(
                "plaza",
                "plaza/n1/0.4",
                18,
                stamp(),
                new double[] {number(), number(), number(), number()},
                covariance(),
                1,
                .25,
                label(),
                pick(Track.Phase.values()),
                receipt,
                origin());
    }

    Event event() {
        return new Event(
                "e1",
                "dwell",
                pick(Event.Kind.values()),
                "gate",
                stamp(),
                1,
                .5,
                List.of(track()),
                List.of("sha256:x"),
                "someone waits",
                origin());
    }

    Calibration calibration() {
        double[] rotation = {1, 0, 0, 0, 0, -1, 0, 1, 0};
        double[] translation = {number(), number(), number()};
        List<Projection> projections = List.of(
                new Projection.Pinhole(500, 501, 320.5, 240.5, rotation, translation, new Distortion.None()),
                new Projection.Pinhole(
                        500, 501, 320.5, 240.5, rotation, translation, new Distortion.PlumbBob(.1, .2, .3, .4, .5)),
                new Projection.Pinhole(
                        500, 501, 320.5, 240.5, rotation, translation, new Distortion.Rational(1, 2, 3, 4, 5, 6, 7, 8)),
                new Projection.Pinhole(
                        500, 501, 320.5, 240.5, rotation, translation, new Distortion.Fisheye(1, 2, 3, 4)),
                new Projection.Tsai(4.5, .01, 320, 240, 1.1, .02, .03, rotation, translation));
        return new Calibration("c1", "v2", stamp(), 640, 480, projections.get(random.nextInt(projections.size())), 1.5);
    }

    Brief brief() {
        double[] uncertainty = {1, .5, .5, 2};
        GroundPoint at = new GroundPoint(number(), number());
        return new Brief(
                "e1",
                pick(Event.Kind.values()),
                "someone fell",
                stamp(),
                Viewpoint.above(number(), number(), 10),
                List.of(new Brief.Person("t1", at, 1, 1.5, 1.8, pick(Brief.Posture.values()), uncertainty, true)),
                List.of(new Brief.Vehicle("t2", ObjectClass.CAR, at, 1, 5, 4.5, 1.8, 1.5, uncertainty, false)),
                List.of(new Zone("gate", List.of(at, new GroundPoint(1, 2), new GroundPoint(3, 4)))),
                List.of(new Line("kerb", at, new GroundPoint(5, 6))),
                .7,
                origin());
    }

    private Poses poses() {
        Skeleton skeleton = pick(Skeleton.values());
        List<Keypoint> joints = new ArrayList<>();
        for (int i = 0; i < skeleton.joints().size(); i++) {
            joints.add(new Keypoint((float) number(), (float) number(), .5));
        }
        return new Poses(header(), skeleton, List.of(new Pose(joints, .75)), "m");
    }

    private Detection detection(boolean foot) {
        Optional<ImagePoint> point =
                foot ? Optional.of(new ImagePoint(number(), number(), 4, -1, 9)) : Optional.empty();
        return new Detection(label(), random.nextDouble(), new Box(number(), number(), 20, 50), point);
    }

    private Contribution contribution() {
        return new Contribution("c1", "n1", 5, stamp(), pick(Contribution.Status.values()), "late", "m", "v1");
    }

    private GaussianTerm term() {
        return new GaussianTerm(
                -random.nextDouble(), new double[] {number(), number(), number(), number()}, covariance());
    }

    private double[] covariance() {
        double[] full = new double[16];
        for (int row = 0; row < 4; row++) {
            for (int column = row; column < 4; column++) {
                double value = row == column ? 1 + random.nextDouble() : random.nextDouble() - .5;
                full[row * 4 + column] = value;
                full[column * 4 + row] = value;
            }
        }
        return full;
    }

    private ObservationTime time() {
        return new ObservationTime(stamp(), 1_000_000, "ptp", stamp(), stamp());
    }

    private long stamp() {
        return NOW + random.nextLong(1_000_000_000_000L);
    }

    private double number() {
        return random.nextDouble(-100, 100);
    }

    private ObjectClass label() {
        return pick(ObjectClass.values());
    }

    private Origin origin() {
        return pick(Origin.values());
    }

    private <E> E pick(E[] values) {
        return values[random.nextInt(values.length)];
    }
}
