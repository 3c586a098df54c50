package sightline.config.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import sightline.config.contract.Codecs;
import sightline.config.contract.FrameHeaders;
import sightline.config.domain.Box;
import sightline.config.domain.Detection;
import sightline.config.domain.Detections;
import sightline.config.domain.FrameHeader;
import sightline.config.domain.GaussianTerm;
import sightline.config.domain.ImagePoint;
import sightline.config.domain.ObjectClass;
import sightline.config.domain.ObservationTime;
import sightline.config.domain.Origin;
import sightline.config.domain.TrackBelief;
import sightline.config.ledger.Disposition;
import sightline.config.ledger.Ledger;
import sightline.config.time.StampGuard;
import sightline.config.time.StampRules;
import sightline.config.time.TimeSource;

/**
 * What the parts that every observation passes cost: nanoseconds and bytes allocated an operation, median of rounds after
 * warm-up. Run with {@code mvn -pl config test -Dtest=HotPartsBench -Dsightline.tests.excluded=none}.
 */
@Tag("bench")
class HotPartsBench {

    private static final int ROUNDS = 9;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private long sink;

    private interface Step {
        long run(int i);
    }

    @Test
    void table() throws Exception {
        System.out.printf(Locale.ROOT, "%-46s %10s %10s%n", "part", "ns/op", "bytes/op");
        Ledger ledger = Ledger.create(TimeSource.system());
        measure("ledger: open and close", 200_000, i -> closed(ledger, i, false));
        measure("ledger: open (epoch, sequence) and close", 200_000, i -> closed(ledger, i, true));
        contended(ledger);
        StampGuard guard = new StampGuard(StampRules.CAMERA);
        long start = TimeSource.system().nanos();
        measure("stamp guard", 500_000, i -> guard.accept(start + i * 1000L, start + i * 1000L)
                .nanos());

        Detections detections = detections(10);
        byte[] detectionBytes = Codecs.DETECTIONS.encode(detections);
        measure("detections of 10: encode", 20_000, i -> Codecs.DETECTIONS.encode(detections).length);
        measure(
                "detections of 10: decode (" + detectionBytes.length + " B)",
                20_000,
                i -> Codecs.DETECTIONS.decode(detectionBytes).detections().size());

        var belief = belief(20);
        byte[] beliefBytes = Codecs.BELIEF.encode(belief);
        measure("belief of 20 tracks: encode", 5_000, i -> Codecs.BELIEF.encode(belief).length);
        measure(
                "belief of 20 tracks: decode (" + beliefBytes.length + " B)",
                5_000,
                i -> Codecs.BELIEF.decode(beliefBytes).tracks().size());

        Map<String, String> headers = FrameHeaders.frame(detections.frame(), "image/jpeg");
        measure("frame headers: write", 20_000, i -> FrameHeaders.frame(detections.frame(), "image/jpeg")
                .size());
        measure("frame headers: read", 20_000, i -> FrameHeaders.read(
                        "c1", name -> Optional.ofNullable(headers.get(name)))
                .sequence());
        assertThat(sink).isNotZero();
        assertThat(ledger.snapshot().unaccounted()).isZero();
    }

    private void contended(Ledger ledger) throws Exception {
        int each = 400_000;
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            long[] rounds = new long[ROUNDS];
            for (int r = 0; r < ROUNDS; r++) {
                Callable<Long> work = () -> {
                    long done = 0;
                    for (int i = 0; i < each; i++) {
                        done += closed(ledger, i, false);
                    }
                    return done;
                };
                long start = System.nanoTime();
                for (var one : threads.invokeAll(List.of(work, work))) {
                    sink += one.get();
                }
                rounds[r] = (System.nanoTime() - start) / each;
            }
            Arrays.sort(rounds);
            System.out.printf(
                    Locale.ROOT, "%-46s %10d %10s%n", "ledger: same row from 2 threads", rounds[ROUNDS / 2], "");
        }
    }

    private void measure(String name, int count, Step step) {
        double[] nanos = new double[ROUNDS];
        double[] bytes = new double[ROUNDS];
        long self = Thread.currentThread().threadId();
        for (int round = -3; round < ROUNDS; round++) {
            long allocated = THREADS.getThreadAllocatedBytes(self);
            long start = System.nanoTime();
            for (int i = 0; i < count; i++) {
                sink += step.run(i);
            }
            if (round >= 0) {
                nanos[round] = (System.nanoTime() - start) / (double) count;
                bytes[round] = (THREADS.getThreadAllocatedBytes(self) - allocated) / (double) count;
            }
        }
        Arrays.sort(nanos);
        Arrays.sort(bytes);
        System.out.printf(Locale.ROOT, "%-46s %10.0f %10.0f%n", name, nanos[ROUNDS / 2], bytes[ROUNDS / 2]);
    }

    private static long closed(Ledger ledger, int i, boolean numbered) {
        var ticket = numbered ? ledger.open("c1", "numbered", 1, i) : ledger.open("c1", "decode");
        return ticket.close(Disposition.DONE) ? 1 : 0;
    }

    private static Detections detections(int count) {
        FrameHeader header = new FrameHeader(
                "c1",
                1,
                2,
                new ObservationTime(1_772_366_400_123_456_789L, 1000, "ntp", 5, 6),
                Origin.LIVE,
                1920,
                1080,
                "v1",
                "");
        Detection one = new Detection(
                ObjectClass.PERSON, .9, new Box(1.5, 2.5, 30.5, 40.5), Optional.of(new ImagePoint(16, 43, 4, 0, 9)));
        return new Detections(
                header, IntStream.range(0, count).mapToObj(i -> one).toList(), "sha256:model");
    }

    private static sightline.config.domain.Belief belief(int tracks) {
        double[] covariance = {1, .1, .1, .1, .1, 1, .1, .1, .1, .1, 1, .1, .1, .1, .1, 1};
        GaussianTerm term = new GaussianTerm(-.5, new double[] {1.25, 2.5, .3, .4}, covariance);
        List<TrackBelief> all = IntStream.range(0, tracks)
                .mapToObj(i -> new TrackBelief("plaza/n1/0." + i, 1, .1, List.of(term, term), ObjectClass.PERSON))
                .toList();
        return new sightline.config.domain.Belief("plaza", "n1", 1, 2, 3, "d", .5, all, List.of(), Origin.LIVE);
    }
}
