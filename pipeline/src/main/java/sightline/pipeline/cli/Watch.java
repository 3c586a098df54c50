package sightline.pipeline.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import sightline.config.ledger.LedgerRow;
import sightline.pipeline.metrics.ProcessMemory;
import sightline.pipeline.metrics.StageLatency;
import sightline.pipeline.topology.Assembly;
import sightline.pipeline.topology.PerceptionStage;
import sightline.pipeline.web.SystemFacts;

/** A live one-line status of a running pipeline, and what was measured at its end. */
final class Watch implements AutoCloseable {
    private static final long SECOND = 1_000_000_000L;
    private static final long MINUTE = 60 * SECOND;

    private final Assembly assembly;
    private final long beganNanos;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread hook = new Thread(stop::countDown, "stop");
    private final AtomicLong firstTrackMillis = new AtomicLong(-1);
    private final long listeningSince = System.nanoTime();
    private final boolean terminal = Progress.isTerminal();
    private long lineDue = System.nanoTime();
    private final Trend resident = new Trend();
    private final Trend kept = new Trend();
    private final Trend threads = new Trend();
    private final Trend tracks = new Trend();

    Watch(Assembly assembly, long beganNanos) {
        this.assembly = assembly;
        this.beganNanos = beganNanos;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Until the process is asked to stop, or for so long. */
    void await(Optional<Integer> seconds) throws InterruptedException {
        long end = seconds.map(s -> System.nanoTime() + TimeUnit.SECONDS.toNanos(s))
                .orElse(Long.MAX_VALUE);
        long nextLook = 0;
        while (System.nanoTime() < end && !stop.await(100, TimeUnit.MILLISECONDS)) {
            SystemFacts facts = assembly.observing().facts();
            if (firstTrackMillis.get() < 0 && fused(facts).isPresent()) {
                firstTrackMillis.set((System.nanoTime() - beganNanos) / 1_000_000);
            }
            if (System.nanoTime() > nextLook) {
                nextLook = System.nanoTime() + SECOND;
                double ran = (System.nanoTime() - listeningSince) / 1e9;
                resident.add(ran, (double) ProcessMemory.resident());
                kept.add(ran, (double) ProcessMemory.kept());
                threads.add(ran, Thread.activeCount());
                tracks.add(ran, assembly.observing().tracks());
                show(facts);
            }
        }
        if (terminal) {
            System.out.println();
        }
    }

    /** Every second over the last one where somebody watches; a log gets a line a minute. */
    private void show(SystemFacts facts) {
        if (terminal) {
            System.out.print("\r" + line(facts) + "   ");
            System.out.flush();
        } else if (System.nanoTime() >= lineDue) {
            lineDue += MINUTE;
            System.out.println(line(facts));
        }
    }

    private String line(SystemFacts facts) {
        double seconds = Math.max(1, (System.nanoTime() - listeningSince) / 1e9);
        long done = perceived(facts).mapToLong(LedgerRow::done).sum();
        long superseded = perceived(facts).mapToLong(LedgerRow::superseded).sum();
        long unaccounted =
                facts.ledger().stream().mapToLong(LedgerRow::unaccounted).sum();
        String age = fused(facts)
                .map(l -> String.format(Locale.ROOT, "%.0f/%.0f ms", l.p50Seconds() * 1e3, l.p99Seconds() * 1e3))
                .orElse("none yet");
        return String.format(
                Locale.ROOT,
                "%.1f frames/s seen, %d tracks, %d superseded, %d unaccounted, exposure to fused p50/p99 %s",
                done / seconds,
                assembly.observing().tracks(),
                superseded,
                unaccounted,
                age);
    }

    /** Of the stage that looks at frames; others book the same observations again. */
    private static Stream<LedgerRow> perceived(SystemFacts facts) {
        return facts.ledger().stream().filter(row -> row.stage().equals(PerceptionStage.STAGE));
    }

    private static Optional<StageLatency> fused(SystemFacts facts) {
        return facts.latencies().stream()
                .filter(l -> l.stage().equals(StageLatency.EXPOSURE_TO_FUSED) && !Double.isNaN(l.p50Seconds()))
                .findFirst();
    }

    /** Frames, latencies, ledger, first track and memory, as JSON. */
    String report() {
        SystemFacts facts = assembly.observing().facts();
        ObjectMapper json = new ObjectMapper();
        ObjectNode root = json.createObjectNode();
        double seconds = (System.nanoTime() - listeningSince) / 1e9;
        root.put("seconds", seconds);
        root.put("first_track_ms", firstTrackMillis.get());
        ObjectNode cameras = root.putObject("cameras");
        for (LedgerRow row : perceived(facts).toList()) {
            cameras.putObject(row.camera())
                    .put("stage", row.stage())
                    .put("received", row.received())
                    .put("done", row.done())
                    .put("done_per_s", row.done() / seconds)
                    .put("superseded", row.superseded())
                    .put("stale", row.stale())
                    .put("invalid", row.invalid())
                    .put("failed", row.failed())
                    .put("in_flight", row.inFlight())
                    .put("unaccounted", row.unaccounted());
        }
        ObjectNode latencies = root.putObject("latency_ms");
        for (StageLatency l : facts.latencies()) {
            latencies.putObject(l.stage()).put("p50", l.p50Seconds() * 1e3).put("p99", l.p99Seconds() * 1e3);
        }
        root.put(
                "heap_bytes",
                Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
        root.put("heap_kept_bytes", ProcessMemory.kept());
        root.put("rss_bytes", ProcessMemory.resident());
        root.put("second_half_tracks", tracks.mean());
        ObjectNode slopes = root.putObject("second_half_per_minute");
        slopes.put("rss_bytes", resident.perMinute());
        slopes.put("heap_kept_bytes", kept.perMinute());
        slopes.put("threads", threads.perMinute());
        try {
            return json.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        stop.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is going down already, which is what the hook waits for.
        }
    }
}
