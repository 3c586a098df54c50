package sightline.pipeline.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import sightline.config.contract.Codecs;
import sightline.config.contract.Topics;
import sightline.config.domain.Detection;
import sightline.config.domain.Detections;
import sightline.config.domain.Frame;
import sightline.config.domain.Mask;
import sightline.config.domain.Masks;
import sightline.config.evidence.EvidenceLimits;
import sightline.config.ledger.Ledger;
import sightline.config.time.TimeSource;
import sightline.operators.perception.CloserLook;
import sightline.operators.perception.Perceiver.Identity;
import sightline.sensors.broker.EmbeddedBroker;
import sightline.sensors.decode.JpegEncoder;
import sightline.sensors.scene.Plaza;
import sightline.sensors.scene.PlazaSettings;

/** Masks of things on their way through a real broker. */
class InstanceMasksTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path shared;

    /** An upright triangle in every picture, after something else. */
    private record TriangleCutter(Consumer<Frame> before) implements CloserLook<Masks> {
        private static final int SIDE = 12;

        static Mask triangle() {
            BitSet pixels = new BitSet();
            for (int y = 0; y < SIDE; y++) {
                pixels.set(y * SIDE, y * SIDE + y + 1);
            }
            return new Mask(Optional.empty(), 0.75, 0.5, 20, 30, SIDE, SIDE, pixels);
        }

        @Override
        public Identity identity() {
            return new Identity("fake-cutter", "cut", "none");
        }

        @Override
        public Masks look(Frame frame, List<Detection> found) {
            assertThat(found).hasSize(1);
            before.accept(frame);
            return new Masks(frame.header(), List.of(triangle()), "cut");
        }

        @Override
        public void close() {}
    }

    private final Queue<Masks> masks = new ConcurrentLinkedQueue<>();
    private final Queue<Detections> detections = new ConcurrentLinkedQueue<>();

    /** Sends frames through a broker until something has come of it; says what the stage complains of then. */
    private String send(TriangleCutter cutter, Callable<Boolean> until) throws IOException {
        TimeSource time = TimeSource.system();
        Plaza plaza = Plaza.of(
                PlazaSettings.of(3).withPicture(160, 96, 20).withCrowd(2, 0).startingAt(time.nanos()));
        JpegEncoder encoder = JpegEncoder.best(70);
        Disposable.Composite readers = Disposables.composite();
        try (EmbeddedBroker broker = EmbeddedBroker.temporary();
                Bus bus = Bus.connect(broker.bootstrapServers(), plaza.site(), Ledger.create(time), time)) {
            readers.add(Reading.newest(bus, Topics.INSTANCE_CAMERA, Codecs.MASKS, "test-masks")
                    .subscribe(masks::add));
            readers.add(Reading.newest(bus, Topics.DETECTION_CAMERA, Codecs.DETECTIONS, "test-detections")
                    .subscribe(detections::add));
            var networks = new PerceptionStage.Networks(
                    new SwappableDetector(FakeDetector.shifted("fake", 0), DetectorTrial.Terms.DEFAULT),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(cutter),
                    List.of());
            var large = new LargeFrames(shared, new EvidenceLimits(1L << 30, Duration.ofMinutes(10)), time);
            try (PerceptionStage stage =
                    PerceptionStage.start(bus, plaza.site(), networks, large, PerceptionStage.Limits.DEFAULT)) {
                var camera = plaza.camera("cam-1").orElseThrow();
                // A group begins at the end of its topic, so the first few may come before it has joined.
                await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).until(() -> {
                    bus.sink()
                            .send(Flux.just(Records.frame(camera.frame(camera.sequenceAt(time.nanos()), encoder))))
                            .blockLast(PATIENCE);
                    return until.call();
                });
                return stage.trouble();
            }
        } finally {
            readers.dispose();
        }
    }

    @Test
    void masksOfThingsTellTheFrameTheyWereCutOutOf() throws IOException {
        assertThat(send(new TriangleCutter(frame -> {}), () -> !masks.isEmpty()))
                .isEmpty();
        Masks first = masks.element();
        assertThat(first.frame().camera()).isEqualTo("cam-1");
        assertThat(first.model()).isEqualTo("cut");
        assertThat(first.masks()).containsExactly(TriangleCutter.triangle());
    }

    @Test
    void networkThatTakesLongForAMaskHoldsUpNoDetection() throws IOException {
        CountDownLatch enough = new CountDownLatch(1);
        AtomicInteger without = new AtomicInteger();
        TriangleCutter slow = new TriangleCutter(frame -> {
            try {
                assertThat(enough.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        send(slow, () -> {
            if (detections.size() >= 5 && enough.getCount() > 0) {
                without.set(masks.size());
                enough.countDown();
            }
            return !masks.isEmpty();
        });
        assertThat(without).hasValue(0);
    }

    @Test
    void networkThatFailsOnAMaskIsSaidAndCostsNoDetection() throws IOException {
        TriangleCutter broken = new TriangleCutter(frame -> {
            throw new IllegalStateException("no such layer");
        });
        assertThat(send(broken, () -> detections.size() >= 5)).contains("masks failed", "no such layer");
        assertThat(masks).isEmpty();
    }
}
