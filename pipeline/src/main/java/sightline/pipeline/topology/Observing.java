package sightline.pipeline.topology;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import reactor.core.Disposable;
import reactor.core.Disposables;
import sightline.config.domain.Detections;
import sightline.config.domain.FrameHeader;
import sightline.config.domain.ObservationTime;
import sightline.pipeline.metrics.Lag;
import sightline.pipeline.metrics.MemoryLine;
import sightline.pipeline.metrics.PipelineMetrics;
import sightline.pipeline.metrics.ProcessMemory;
import sightline.pipeline.metrics.SpanExport;
import sightline.pipeline.metrics.StageLatency;
import sightline.pipeline.web.SystemFacts;

/**
 * Watches what passes and keeps the figures: how old tracks are when they are fused, how long perception takes, what the
 * ledger says. Reads topics like any other stage, so that what it measures is what a consumer would see.
 */
public final class Observing implements Stage {
    private final Bus bus;
    private final Lookout lookout;
    private final PipelineMetrics metrics;
    private final Reports reports;
    private final Optional<SpanExport> spans = SpanExport.fromEnvironment();
    private final Disposable.Composite subscriptions = Disposables.composite();
    private volatile int tracks;

    /** What others know of themselves. Asked about once a second, from any thread. */
    public interface Reports {
        /** The networks at work. */
        List<SystemFacts.Model> models();

        /** Plain sentences that people should know. */
        List<String> notes();

        /** How far consumer groups are behind. */
        List<Lag> lags();

        /** Bounded memory besides the heap. */
        List<MemoryLine> memory();
    }

    Observing(Bus bus, Lookout lookout, PipelineMetrics metrics, Reports reports) {
        this.bus = bus;
        this.lookout = lookout;
        this.metrics = metrics;
        this.reports = reports;
    }

    Observing start() {
        metrics.stampsFrom(bus::stampCounts);
        subscriptions.add(lookout.ticks().subscribe(this::fused));
        subscriptions.add(lookout.detections().subscribe(this::perceived));
        subscriptions.add(lookout.events().subscribe(metrics::event));
        return this;
    }

    private void perceived(Detections detections) {
        FrameHeader frame = detections.frame();
        ObservationTime time = frame.time();
        if (time.processedNanos() > 0 && time.receivedNanos() > 0) {
            metrics.latency("perception", time.processedNanos() - time.receivedNanos(), frame.trace());
            metrics.latency("exposure-to-perception", bus.time().nanos() - time.exposureNanos(), frame.trace());
            spans.ifPresent(export -> export.frame(
                    frame.trace(), "perception", time.exposureNanos(), time.receivedNanos(), time.processedNanos()));
        }
    }

    /** Once a tick with tracks: from the exposure that the state is valid for to the record's arrival at a consumer. */
    private void fused(SceneTick tick) {
        tracks = tick.tracks().size();
        if (!tick.tracks().isEmpty()) {
            metrics.latency(StageLatency.EXPOSURE_TO_FUSED, bus.time().nanos() - tick.timeNanos(), "");
        }
    }

    /** How many tracks the newest tick has. */
    public int tracks() {
        return tracks;
    }

    /** The figures now. */
    public SystemFacts facts() {
        return new SystemFacts(
                bus.ledger().snapshot().rows(),
                metrics.latencies(),
                reports.lags(),
                Stream.concat(ProcessMemory.lines().stream(), reports.memory().stream())
                        .toList(),
                reports.models(),
                reports.notes());
    }

    public PipelineMetrics metrics() {
        return metrics;
    }

    @Override
    public String name() {
        return "observing";
    }

    @Override
    public String trouble() {
        return "";
    }

    @Override
    public void close() {
        subscriptions.dispose();
        spans.ifPresent(SpanExport::close);
        metrics.close();
    }
}
