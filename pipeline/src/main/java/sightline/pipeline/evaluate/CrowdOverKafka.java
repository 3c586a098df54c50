package sightline.pipeline.evaluate;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import reactor.core.Disposable;
import reactor.core.Disposables;
import sightline.config.contract.Codec;
import sightline.config.contract.Codecs;
import sightline.config.contract.Topics;
import sightline.config.domain.Track;
import sightline.config.ledger.LedgerRow;
import sightline.config.site.Site;
import sightline.operators.fusion.bench.Crowd;
import sightline.pipeline.settings.AllSettings;
import sightline.pipeline.topology.Assembly;
import sightline.pipeline.topology.Assembly.Role;
import sightline.pipeline.topology.Bus;
import sightline.pipeline.topology.Reading;
import sightline.pipeline.topology.Records;
import sightline.pipeline.web.WebSettings;
import sightline.sensors.kafka.Outbound;

/**
 * The {@link Crowd} through Kafka in real time: an embedded broker, the ten fusion nodes as a process runs them, and the
 * cameras' schedule, which waits for nobody. Everything shares this machine. One caller, who is kept for the length of the
 * run; the simulation is on its thread.
 */
public final class CrowdOverKafka {
    private static final Duration DRAIN = Duration.ofSeconds(5);

    private final Assembly assembly;
    private final Site site;
    private final int cameras;
    private final Consumer<String> progress;
    private final ConcurrentLinkedQueue<Double> ages = new ConcurrentLinkedQueue<>();
    private final AtomicInteger tracks = new AtomicInteger();
    private final AtomicLong beliefBytes = new AtomicLong();
    private final AtomicInteger beliefs = new AtomicInteger();
    private long lastTick = Long.MIN_VALUE;
    private long scanBytes;

    /**
     * What was seen after the warm-up.
     *
     * @param cameras of the hundred
     * @param seconds measured
     * @param scans sent
     * @param taken scans that the nodes took in
     * @param late scans that came after their tick was frozen
     * @param unaccounted of all that was sent
     * @param ages of fused ticks when a consumer had them, milliseconds, rising
     * @param tracks mean of a fused tick
     * @param beliefs sent
     * @param beliefShare bytes of beliefs in those of the scans
     */
    public record Result(
            int cameras,
            double seconds,
            long scans,
            long taken,
            long late,
            long unaccounted,
            double[] ages,
            double tracks,
            int beliefs,
            double beliefShare) {
        private double millis(double share) {
            return ages.length == 0 ? Double.NaN : ages[(int) Math.round(share * (ages.length - 1))];
        }

        /** What the numbers of a row are. */
        public static final String HEAD = """
                | cameras | scans/s sent | taken | late | unaccounted | fused ticks/s | exposure to fused p50, p99 ms | tracks a tick | beliefs/s | bytes of beliefs, of the scans' |
                |---|---|---|---|---|---|---|---|---|---|""";

        /** A row of a table. */
        public String row() {
            return String.format(
                    Locale.ROOT,
                    "| %d | %.0f | %.0f | %.1f | %d | %.1f | %.0f, %.0f | %.0f | %.0f | %.0f %% |",
                    cameras,
                    scans / seconds,
                    taken / seconds,
                    late / seconds,
                    unaccounted,
                    ages.length / seconds,
                    millis(0.5),
                    millis(0.99),
                    tracks,
                    beliefs / seconds,
                    100 * beliefShare);
        }
    }

    private CrowdOverKafka(Assembly assembly, Site site, Consumer<String> progress) {
        this.assembly = assembly;
        this.site = site;
        this.cameras = site.sensors().size();
        this.progress = progress;
    }

    /**
     * @param folder for what the process keeps; nothing is left in it
     * @param cameras how many of the hundred, whole nodes of ten
     * @param warmUp seconds before the measurement
     * @param seconds of the measurement
     */
    public static Result run(Path folder, int cameras, int warmUp, int seconds, long seed, Consumer<String> progress)
            throws IOException {
        Site site = Crowd.site(cameras);
        try (Assembly assembly = Assembly.start(new Assembly.Options(
                Set.of(Role.FUSION),
                Optional.empty(),
                site,
                Optional.empty(),
                WebSettings.defaults(),
                Optional.empty(),
                folder,
                true,
                AllSettings.REGISTRY.defaults()))) {
            return new CrowdOverKafka(assembly, site, progress).play(warmUp, seconds, new Crowd(seed));
        }
    }

    private Result play(int warmUp, int seconds, Crowd crowd) {
        Bus bus = assembly.bus();
        Disposable.Composite readers = Disposables.composite();
        readers.add(Reading.newest(bus, Topics.TRACK_FUSED, Codecs.TRACK, "crowd-tracks")
                .subscribe(this::fused));
        readers.add(Reading.newest(bus, Topics.BELIEF_NODE, new Size(Codecs.BELIEF), "crowd-beliefs")
                .subscribe(bytes -> {
                    beliefs.incrementAndGet();
                    beliefBytes.addAndGet(bytes);
                }));
        try {
            long began = bus.time().nanos();
            send(crowd, began, 0, warmUp * Crowd.RATE);
            LedgerRow before = books();
            ages.clear();
            tracks.set(0);
            beliefs.set(0);
            beliefBytes.set(0);
            scanBytes = 0;
            send(crowd, began, warmUp * Crowd.RATE, (warmUp + seconds) * Crowd.RATE);
            LedgerRow after = books();
            double[] sorted = ages.stream().mapToDouble(a -> a).toArray();
            Arrays.sort(sorted);
            int said = beliefs.get();
            double share = beliefBytes.get() / (double) scanBytes;
            double held = tracks.get() / (double) Math.max(1, sorted.length);
            settle();
            return new Result(
                    cameras,
                    seconds,
                    (long) seconds * Crowd.RATE * cameras,
                    after.done() - before.done(),
                    after.stale() - before.stale(),
                    bus.ledger().snapshot().unaccounted(),
                    sorted,
                    held,
                    said,
                    share);
        } finally {
            readers.dispose();
        }
    }

    /** Every scan at its camera's own phase, whether or not anybody keeps up. */
    private void send(Crowd crowd, long began, int from, int to) {
        Bus bus = assembly.bus();
        for (int period = from; period < to; period++) {
            crowd.walk();
            for (int camera = 0; camera < cameras; camera++) {
                long exposure = began + period * Crowd.PERIOD_NANOS + Crowd.phaseNanos(camera);
                while (bus.time().nanos() < exposure) {
                    LockSupport.parkNanos(exposure - bus.time().nanos());
                }
                Outbound scan = Records.scan(site, crowd.scan(camera, period, exposure));
                scanBytes += scan.value().length;
                bus.sink().send(scan).subscribe(stored -> {}, failure -> {});
            }
            if (period % Crowd.RATE == 0) {
                progress.accept(period / Crowd.RATE + " s");
            }
        }
    }

    private void fused(Track track) {
        tracks.incrementAndGet();
        if (track.tick() != lastTick) {
            lastTick = track.tick();
            ages.add((assembly.bus().time().nanos() - track.timeNanos()) / 1e6);
        }
    }

    private LedgerRow books() {
        return assembly.bus().ledger().snapshot().stage("fusion");
    }

    private void settle() {
        long end = System.nanoTime() + DRAIN.toNanos();
        while (books().inFlight() > 0 && System.nanoTime() < end) {
            LockSupport.parkNanos(10_000_000);
        }
    }

    /** Reads only how large a message is. */
    private record Size(Codec<?> of) implements Codec<Integer> {
        @Override
        public String type() {
            return of.type();
        }

        @Override
        public byte[] encode(Integer value) {
            throw new UnsupportedOperationException("a size is only read");
        }

        @Override
        public Integer decode(byte[] value) {
            return value.length;
        }
    }
}
