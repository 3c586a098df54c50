package sightline.pipeline.cli.produce;

import java.time.Instant;
import picocli.CommandLine.Option;
import sightline.config.time.Instants;
import sightline.config.time.TimeSource;

/** When a recording's first observation is to have been exposed. */
final class StartOption {

    @Option(
            names = "--start",
            paramLabel = "INSTANT",
            description =
                    "Exposure time of the first frame, as in 2026-01-31T12:00:00Z (default: now). The broker deletes"
                            + " by exposure time, so what is long past may be gone at once.")
    private Instant start;

    /** Whether the recording is to look as if it happened now. */
    boolean isNow() {
        return start == null;
    }

    long nanos(TimeSource time) {
        return start == null ? time.nanos() : Instants.toNanos(start);
    }
}
