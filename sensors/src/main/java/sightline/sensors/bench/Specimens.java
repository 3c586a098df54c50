package sightline.sensors.bench;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import sightline.config.domain.Belief;
import sightline.config.domain.Box;
import sightline.config.domain.Detection;
import sightline.config.domain.Detections;
import sightline.config.domain.FrameHeader;
import sightline.config.domain.GaussianTerm;
import sightline.config.domain.ImagePoint;
import sightline.config.domain.ObjectClass;
import sightline.config.domain.ObservationTime;
import sightline.config.domain.Origin;
import sightline.config.domain.TrackBelief;

/** Messages as large as usual ones. */
final class Specimens {
    private static final long NANOS = 1_772_366_400_123_456_789L;

    private Specimens() {}

    static Detections detections(int count) {
        FrameHeader header = new FrameHeader(
                "c1", 1, 2, new ObservationTime(NANOS, 1000, "ntp", 5, 6), Origin.LIVE, 1920, 1080, "v1", "");
        Detection one = new Detection(
                ObjectClass.PERSON, .9, new Box(1.5, 2.5, 30.5, 40.5), Optional.of(new ImagePoint(16, 43, 4, 0, 9)));
        return new Detections(
                header, IntStream.range(0, count).mapToObj(i -> one).toList(), "sha256:model");
    }

    static Belief belief(int tracks) {
        double[] covariance = {1, .1, .1, .1, .1, 1, .1, .1, .1, .1, 1, .1, .1, .1, .1, 1};
        GaussianTerm term = new GaussianTerm(-.5, new double[] {1.25, 2.5, .3, .4}, covariance);
        List<TrackBelief> all = IntStream.range(0, tracks)
                .mapToObj(i -> new TrackBelief("plaza/n1/0." + i, 1, .1, List.of(term, term), ObjectClass.PERSON))
                .toList();
        return new Belief("plaza", "n1", 1, 2, 3, "d", .5, all, List.of(), Origin.LIVE);
    }
}
