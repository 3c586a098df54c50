package sightline.config.time;

import java.time.Instant;

/** The machine's own clock, at the resolution the platform offers (a microsecond or better on Linux). */
public final class SystemTime implements TimeSource {

    static final SystemTime INSTANCE = new SystemTime();

    private SystemTime() {}

    @Override
    public long nanos() {
        return Instants.toNanos(Instant.now());
    }
}
