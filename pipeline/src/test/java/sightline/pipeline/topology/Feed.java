package sightline.pipeline.topology;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Flux;
import sightline.config.domain.Detections;
import sightline.config.domain.Scan;
import sightline.sensors.kafka.KafkaSink;
import sightline.sensors.kafka.Outbound;
import sightline.sensors.scene.BoxPerturbation;
import sightline.sensors.scene.Plaza;
import sightline.sensors.scene.PlazaSettings;
import sightline.sensors.scene.SimulatedCamera;
import sightline.sensors.scene.SimulatedRadar;
import sightline.sensors.source.Stamped;

/** Some seconds of the plaza's simulated detections and scans, to be stored as fast as a broker takes them. */
final class Feed {
    private record Dated(long nanos, Outbound record) {}

    final Plaza plaza;
    private final List<Dated> all = new ArrayList<>();
    private int sent;

    Feed(long seed, long startNanos, Duration length) {
        this(seed, startNanos, length, Map.of());
    }

    /** @param off by how much the clocks of some cameras are off; what they stamp says nothing of it */
    Feed(long seed, long startNanos, Duration length, Map<String, Duration> off) {
        plaza = Plaza.of(PlazaSettings.of(seed).startingAt(startNanos));
        long end = startNanos + length.toNanos();
        for (SimulatedCamera camera : plaza.cameras()) {
            for (long n = 0; camera.exposureNanos(n) < end; n++) {
                Detections found = camera.detections(n, BoxPerturbation.TYPICAL);
                Duration wrong = off.getOrDefault(camera.name(), Duration.ZERO);
                all.add(new Dated(
                        camera.exposureNanos(n),
                        Records.detections(plaza.site(), Stamped.DETECTIONS.shifted(found, wrong.toNanos()))));
            }
        }
        for (SimulatedRadar radar : plaza.radars()) {
            Scan scan = radar.scan(0);
            for (long n = 0; scan.time().exposureNanos() < end; scan = radar.scan(++n)) {
                all.add(new Dated(scan.time().exposureNanos(), Records.scan(plaza.site(), scan)));
            }
        }
        all.sort(Comparator.comparingLong(Dated::nanos));
    }

    /** Stores the next part, up to that share of the whole. */
    void sendUpTo(double share, KafkaSink sink) {
        int end = (int) Math.round(share * all.size());
        sink.send(Flux.fromIterable(all.subList(sent, end)).map(Dated::record)).blockLast(Duration.ofMinutes(1));
        sent = end;
    }

    /** The last tick of which all scans are among those up to that share. */
    long tickAt(double share) {
        int end = Math.min(all.size() - 1, (int) Math.round(share * all.size()) - 1);
        return all.get(end).nanos() / plaza.site().tickNanos() - 3;
    }
}
