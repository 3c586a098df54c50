package sightline.pipeline.recording;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import sightline.config.domain.Measurement;
import sightline.config.domain.ObservationTime;
import sightline.config.domain.Origin;
import sightline.config.domain.Scan;
import sightline.config.site.SensorSpec;
import sightline.config.site.Site;

/** Six sensors of three nodes, each with its own rate, that see three people walk; seeded. */
final class ThreeNodes {
    static final long BEGIN = 1_700_000_000_000_000_000L;

    private ThreeNodes() {}

    static Site site() {
        List<SensorSpec> sensors = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            sensors.add(new SensorSpec(
                    "s" + i, SensorSpec.Kind.POSITION, "node-" + (1 + i / 2), Optional.empty(), 0, 0, 80, 0.9, 0.2));
        }
        return new Site("walk", List.of("node-1", "node-2", "node-3"), sensors, List.of(), List.of(), 100_000_000L);
    }

    /** In order of exposure. */
    static List<Scan> scans(long seed, double seconds) {
        Random random = new Random(seed);
        List<Scan> all = new ArrayList<>();
        for (int sensor = 0; sensor < 6; sensor++) {
            double period = 0.07 + 0.023 * sensor;
            int count = (int) (seconds / period);
            for (int i = 0; i < count; i++) {
                double t = i * period + 0.004 * random.nextDouble();
                List<Measurement> seen = new ArrayList<>();
                for (int person = 0; person < 3; person++) {
                    if (random.nextDouble() < 0.9) {
                        seen.add(new Measurement.Position(
                                6 * person + 0.8 * t + 0.2 * random.nextGaussian(),
                                4 * person - 0.5 * t + 0.2 * random.nextGaussian(),
                                0.04,
                                0,
                                0.04,
                                0.9));
                    }
                }
                all.add(new Scan(
                        "s" + sensor,
                        BEGIN,
                        i,
                        ObservationTime.at(BEGIN + Math.round(t * 1e9), "test"),
                        Origin.SIMULATED,
                        0,
                        0,
                        seen,
                        "",
                        ""));
            }
        }
        all.sort(Comparator.comparingLong(s -> s.time().exposureNanos()));
        return all;
    }

    /** Another order of arrival: each scan up to so much late. */
    static List<Scan> delayed(List<Scan> scans, long seed, long mostNanos) {
        Random random = new Random(seed);
        record Due(long at, Scan scan) {}
        return scans.stream()
                .map(s -> new Due(s.time().exposureNanos() + random.nextLong(mostNanos), s))
                .sorted(Comparator.comparingLong(Due::at))
                .map(Due::scan)
                .toList();
    }
}
