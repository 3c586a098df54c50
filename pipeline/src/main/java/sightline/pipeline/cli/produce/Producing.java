package sightline.pipeline.cli.produce;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import sightline.config.contract.Codecs;
import sightline.config.contract.Topics;
import sightline.config.domain.EncodedFrame;
import sightline.config.domain.Origin;
import sightline.config.domain.SensorStatus;
import sightline.config.domain.TruthPoint;
import sightline.config.evidence.EvidenceSettings;
import sightline.config.ledger.Ledger;
import sightline.config.ledger.LedgerRow;
import sightline.config.settings.Settings;
import sightline.config.site.SensorSpec;
import sightline.config.site.Site;
import sightline.config.time.TimeSource;
import sightline.pipeline.cli.Progress;
import sightline.pipeline.cli.Stop;
import sightline.pipeline.topology.Bus;
import sightline.pipeline.topology.KafkaKeys;
import sightline.pipeline.topology.LargeFrames;
import sightline.pipeline.topology.Production;
import sightline.pipeline.topology.Records;
import sightline.pipeline.topology.SourceKeys;
import sightline.sensors.kafka.Finding;
import sightline.sensors.kafka.Outbound;
import sightline.sensors.kafka.Preflight;
import sightline.sensors.kafka.TopicSpec;
import sightline.sensors.source.Source;
import sightline.sensors.source.Stamped;

/** What all kinds of {@code produce} share: connect, run until the end, show progress, report. */
final class Producing implements AutoCloseable {

    private static final Duration GLANCE = Duration.ofMillis(500);

    private static final Duration TO_ARRIVE = Duration.ofSeconds(5);

    private final TimeSource time = TimeSource.system();
    private final Scheduler timer = Schedulers.newParallel("pace", 1, true);
    private final FlowOptions flow;
    private final Bus bus;
    private final Production production;
    private final LargeFrames large;

    Producing(String bootstrapServers, Site site, Origin origin, FlowOptions flow) {
        this.flow = flow;
        Settings settings = flow.settings();
        this.bus = Bus.connect(bootstrapServers, site, Ledger.create(time), time, KafkaKeys.habits(settings));
        this.large = new LargeFrames(
                EvidenceSettings.frames(settings.get(EvidenceSettings.DIRECTORY)),
                EvidenceSettings.frameLimits(settings),
                time);
        refuseUnfit(bootstrapServers, site);
        this.production = new Production(bus, SourceKeys.policy(settings));
        production.send(Flux.fromStream(site.sensors().stream().flatMap(s -> s.calibration().stream()))
                .map(c -> Bus.message(
                        Topics.CALIBRATION_SENSOR, Codecs.calibration(origin), c.camera(), time.nanos(), c)));
    }

    /** A record for a partition that is not there would wait a minute and then fail, each of them. */
    private void refuseUnfit(String bootstrapServers, Site site) {
        int cameras = (int) site.sensors().stream()
                .filter(s -> s.kind() == SensorSpec.Kind.CAMERA)
                .count();
        List<TopicSpec> wanted = TopicSpec.contract(site.nodes().size(), Math.min(1, cameras));
        for (Finding finding : new Preflight(bootstrapServers).check(wanted)) {
            if (finding.blocking()) {
                bus.close();
                throw new IllegalStateException(finding.sentence());
            }
        }
    }

    void frames(Source<EncodedFrame> source, Origin origin) {
        add(source, Stamped.FRAMES, origin, large::record);
    }

    <T> void add(Source<T> source, Stamped<T> stamped, Origin origin, Function<T, Outbound> record) {
        production.add(source, stamped, origin, flux -> flow.flow(flux, stamped, time, timer), record);
    }

    /** Truth, each when its time has come. */
    void truth(Flux<TruthPoint> points) {
        production.send(points.concatMap(
                        point -> Mono.just(point)
                                .delayElement(Duration.ofNanos(Math.max(0, point.timeNanos() - time.nanos())), timer),
                        1)
                .map(Records::truth));
    }

    /** Runs to the end and returns the exit code. */
    int run(PrintWriter out) throws InterruptedException {
        long start = System.nanoTime();
        Progress progress = Progress.onTerminal();
        try (Stop stop = Stop.onSignal()) {
            while (!stop.asked() && seconds(start) < limit() && !production.await(GLANCE)) {
                progress.show(share(start), glance(start));
            }
            progress.done();
            production.stop();
            production.await(TO_ARRIVE);
            production.close();
        }
        return report(out, seconds(start));
    }

    private int report(PrintWriter out, double seconds) {
        int code = 0;
        for (SensorStatus status : production.statuses()) {
            LedgerRow row =
                    production.ledger().row(status.sensor(), Production.STAGE).orElse(null);
            long done = row == null ? 0 : row.done();
            out.printf(
                    Locale.ROOT,
                    "%-16s %8d stored in %.1f s (%.1f/s), %d superseded, %d refused, %d stamps re-based, %d"
                            + " unaccounted",
                    status.sensor(),
                    done,
                    seconds,
                    done / seconds,
                    row == null ? 0 : row.superseded(),
                    row == null ? 0 : row.failed(),
                    production.anomalies(status.sensor()),
                    row == null ? 0 : row.unaccounted());
            if (status.state() == SensorStatus.State.FAILED) {
                out.print("; failed: " + status.reason());
                code = 1;
            }
            out.println();
        }
        out.flush();
        return code;
    }

    private String glance(long start) {
        LedgerRow all = production.ledger().stage(Production.STAGE);
        return String.format(
                Locale.ROOT,
                "%d sensors, %d stored, %.1f/s, %d refused",
                production.statuses().size(),
                all.done(),
                all.done() / seconds(start),
                all.failed());
    }

    private double share(long start) {
        if (flow.limit != null) {
            double wanted = (double) flow.limit * production.statuses().size();
            return production.ledger().stage(Production.STAGE).done() / wanted;
        }
        return flow.seconds == null ? Double.NaN : seconds(start) / flow.seconds;
    }

    private double limit() {
        return flow.seconds == null ? Double.POSITIVE_INFINITY : flow.seconds;
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    TimeSource time() {
        return time;
    }

    @Override
    public void close() {
        production.close();
        timer.dispose();
        bus.close();
    }
}
