package sightline.sensors.source;

import java.time.Duration;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import sightline.config.domain.Origin;
import sightline.config.domain.SensorStatus;
import sightline.config.domain.SensorStatus.State;
import sightline.config.time.TimeSource;

/** The state of one source and everyone who watches it. Any thread. */
final class StatusBoard {
    private final String sensor;
    private final Origin origin;
    private final TimeSource time;
    private final Sinks.Many<SensorStatus> watchers = Sinks.many().replay().latest();
    private SensorStatus now;
    private long published;
    private long counted;
    private long countedSince;

    StatusBoard(String sensor, Origin origin, TimeSource time) {
        this.sensor = sensor;
        this.origin = origin;
        this.time = time;
        this.countedSince = time.nanos();
        change(State.CONNECTING, "not started");
    }

    synchronized SensorStatus now() {
        return now;
    }

    Flux<SensorStatus> flux() {
        return watchers.asFlux().onBackpressureLatest();
    }

    /** An observation arrived: whatever the state was, it is live now. */
    synchronized void observed() {
        counted++;
        if (now.state() != State.LIVE && !ended()) {
            publish(State.LIVE, "");
        }
    }

    synchronized void change(State state, String reason) {
        if (now == null || !ended()) {
            publish(state, reason);
        }
    }

    synchronized void end(State state, String reason) {
        if (!ended()) {
            publish(state, reason);
            watchers.tryEmitComplete();
        }
    }

    /** Publishes the state again if a heartbeat has passed since it was last published. */
    synchronized void beat(Duration heartbeat) {
        long at = time.nanos();
        if (!ended() && at - published >= heartbeat.toNanos()) {
            double seconds = (at - countedSince) / 1e9;
            double rate = seconds > 0 ? counted / seconds : 0;
            counted = 0;
            countedSince = at;
            now = new SensorStatus(
                    sensor, now.state(), at, rate, now.clockId(), now.clockSigmaNanos(), now.reason(), origin);
            published = at;
            watchers.tryEmitNext(now);
        }
    }

    private boolean ended() {
        return now.state() == State.FAILED || now.state() == State.REMOVED;
    }

    private void publish(State state, String reason) {
        double rate = now == null ? 0 : now.rateHz();
        now = new SensorStatus(sensor, state, time.nanos(), rate, "", 0, reason, origin);
        published = now.timeNanos();
        watchers.tryEmitNext(now);
    }
}
