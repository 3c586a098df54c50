package sightline.pipeline.cli.produce;

import java.time.Duration;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import sightline.config.settings.Settings;
import sightline.config.time.TimeSource;
import sightline.pipeline.cli.SettingsOptions;
import sightline.sensors.source.Fault;
import sightline.sensors.source.Pacing;
import sightline.sensors.source.Stamped;

/** How fast, how much, and what is to go wrong. */
final class FlowOptions {

    @Option(
            names = "--speed",
            defaultValue = "1",
            description = "1 as recorded, 2 twice as fast (default " + "${DEFAULT-VALUE}).")
    private double speed;

    @Option(names = "--fast", description = "As fast as the broker takes it.")
    private boolean fast;

    @Option(
            names = {"-n", "--limit"},
            paramLabel = "N",
            description = "Stop after so many observations of each sensor.")
    Long limit;

    @Option(names = "--seconds", paramLabel = "S", description = "Stop after so many seconds.")
    Integer seconds;

    @Option(names = "--loss", paramLabel = "P", description = "Fault: lose each observation with this probability.")
    private double loss;

    @Option(names = "--jitter-ms", paramLabel = "MS", description = "Fault: deliver up to so much late.")
    private long jitterMillis;

    @Option(names = "--clock-offset-ms", paramLabel = "MS", description = "Fault: a clock that is off by so much.")
    private long clockOffsetMillis;

    @Option(names = "--clock-drift-ppm", paramLabel = "PPM", description = "Fault: a clock that runs fast by so much.")
    private double clockDriftPpm;

    @Option(names = "--fault-seed", defaultValue = "1", description = "Seed of the faults (default ${DEFAULT-VALUE}).")
    private long faultSeed;

    @Mixin
    private SettingsOptions settings;

    private boolean now = true;

    /** Says that exposure times are not of now, so that only the time between them can pace. */
    void startingAt(StartOption start) {
        now = start.isNow();
    }

    /** What is in force for the edge. */
    Settings settings() {
        return settings.load();
    }

    <T> Flux<T> flow(Flux<T> source, Stamped<T> stamped, TimeSource time, Scheduler timer) {
        Flux<T> flow = paced(source, stamped, time, timer);
        if (loss > 0) {
            flow = new Fault.Loss(loss, faultSeed).spoil(flow, stamped);
        }
        if (jitterMillis > 0) {
            flow = new Fault.Jitter(Duration.ofMillis(jitterMillis), faultSeed, timer).spoil(flow, stamped);
        }
        if (clockOffsetMillis != 0 || clockDriftPpm != 0) {
            flow = new Fault.ClockSkew(Duration.ofMillis(clockOffsetMillis), clockDriftPpm).spoil(flow, stamped);
        }
        return limit == null ? flow : flow.take(limit);
    }

    private <T> Flux<T> paced(Flux<T> source, Stamped<T> stamped, TimeSource time, Scheduler timer) {
        if (fast) {
            return source;
        }
        // By exposure what comes late is caught up with; by distance a slow start would delay all that follows.
        return now && speed == 1
                ? Pacing.atExposure(source, stamped, time, timer)
                : Pacing.asRecorded(source, stamped, speed, time, timer);
    }
}
