package sightline.pipeline.topology;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import reactor.core.Disposable;
import sightline.config.contract.Codecs;
import sightline.config.contract.Topics;
import sightline.config.domain.Track;
import sightline.sensors.kafka.Intake;

/** What a scene's fused topic holds: digest and track ids of each tick. A track that is there twice is kept as such. */
final class Published implements AutoCloseable {
    private final NavigableMap<Long, Map<String, String>> ticks = new ConcurrentSkipListMap<>();
    private final Disposable subscription;

    Published(Bus bus) {
        subscription = Reading.all(bus, Topics.TRACK_FUSED, Codecs.TRACK, "test-published", Intake.oldest())
                .subscribe(this::take);
    }

    private void take(Track track) {
        ticks.computeIfAbsent(track.tick(), t -> new TreeMap<>())
                .merge(track.id(), track.receipt().digest(), (first, again) -> "published twice");
    }

    long lastTick() {
        return ticks.isEmpty() ? Long.MIN_VALUE : ticks.lastKey();
    }

    /** Up to a tick, which must be complete. */
    Map<Long, Map<String, String>> upTo(long tick) {
        return new TreeMap<>(ticks.headMap(tick, true));
    }

    @Override
    public void close() {
        subscription.dispose();
    }
}
