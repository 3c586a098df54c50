package sightline.pipeline.topology;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import sightline.config.contract.Codecs;
import sightline.config.contract.FrameHeaders;
import sightline.config.contract.MalformedRecordException;
import sightline.config.domain.FrameHeader;
import sightline.config.domain.Origin;
import sightline.config.domain.Track;
import sightline.sensors.kafka.Inbound;

/**
 * Whole ticks out of the records of {@code track.fused.v1}: the tracks of a tick follow each other there, and a heartbeat
 * of the scene ends them, also where there are none. Where it is missing, as in topics written before there was one, the
 * first track of a later tick ends the one before.
 *
 * <p>Threading: one caller, who is told on his own thread. Failure: what can't be read goes to the dead letters.
 */
final class TickGathering {
    private final Consumer<SceneTick> whole;
    private final List<Track> tracks = new ArrayList<>();
    /** The last tick that was handed over. */
    private long told = Long.MIN_VALUE;

    TickGathering(Consumer<SceneTick> whole) {
        this.whole = whole;
    }

    void take(Inbound record) {
        if (FrameHeaders.isHeartbeat(record::header)) {
            mark(record);
        } else {
            Reading.decode(record, Codecs.TRACK, (track, inbound) -> {
                inbound.acknowledge();
                take(track);
            });
        }
    }

    private void mark(Inbound record) {
        try {
            end(FrameHeaders.read(record.key(), record::header));
            record.acknowledge();
        } catch (MalformedRecordException e) {
            record.deadLetter("decode", e);
        }
    }

    void take(Track track) {
        if (!tracks.isEmpty() && track.tick() != tracks.getFirst().tick()) {
            tellGathered();
        }
        tracks.add(track);
    }

    /** @param mark its number is the tick */
    void end(FrameHeader mark) {
        if (!tracks.isEmpty() && tracks.getFirst().tick() != mark.sequence()) {
            tellGathered();
        }
        tell(new SceneTick(mark.sequence(), mark.time().exposureNanos(), tracks, mark.origin()));
    }

    private void tellGathered() {
        Track any = tracks.getFirst();
        Origin origin = tracks.stream().map(Track::origin).reduce(Origin.LIVE, Origin::join);
        tell(new SceneTick(any.tick(), any.timeNanos(), tracks, origin));
    }

    /** Ticks rise; one that was told already adds nothing. */
    private void tell(SceneTick tick) {
        tracks.clear();
        if (tick.tick() > told) {
            told = tick.tick();
            whole.accept(tick);
        }
    }
}
