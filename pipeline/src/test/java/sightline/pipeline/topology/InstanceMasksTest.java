package sightline.pipeline.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import sightline.config.contract.Codecs;
import sightline.config.contract.Topics;
import sightline.config.domain.Frame;
import sightline.config.domain.Mask;
import sightline.config.domain.Masks;
import sightline.config.evidence.EvidenceLimits;
import sightline.config.ledger.Ledger;
import sightline.config.time.TimeSource;
import sightline.operators.perception.Perceiver;
import sightline.sensors.broker.EmbeddedBroker;
import sightline.sensors.decode.JpegEncoder;
import sightline.sensors.kafka.Inbound;
import sightline.sensors.kafka.Intake;
import sightline.sensors.kafka.KafkaSource;
import sightline.sensors.scene.Plaza;
import sightline.sensors.scene.PlazaSettings;

/** Masks of things on their way through a real broker. */
class InstanceMasksTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path shared;

    /** An upright triangle in every picture. */
    private static final class TriangleCutter implements Perceiver<Masks> {
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
        public List<Masks> perceive(List<Frame> frames) {
            return frames.stream()
                    .map(f -> new Masks(f.header(), List.of(triangle()), "cut"))
                    .toList();
        }

        @Override
        public void close() {}
    }

    @Test
    void masksOfThingsLeaveWithTheFrameTheyWereCutOutOf() throws Exception {
        TimeSource time = TimeSource.system();
        Plaza plaza = Plaza.of(
                PlazaSettings.of(3).withPicture(160, 96, 20).withCrowd(2, 0).startingAt(time.nanos()));
        JpegEncoder encoder = JpegEncoder.best(70);
        Queue<Masks> seen = new ConcurrentLinkedQueue<>();
        try (EmbeddedBroker broker = EmbeddedBroker.temporary();
                Bus bus = Bus.connect(broker.bootstrapServers(), plaza.site(), Ledger.create(time), time)) {
            var reading = KafkaSource.builder(broker.bootstrapServers())
                    .name("test-masks")
                    .intake(Intake.all(Topics.INSTANCE_CAMERA.name(), Intake.oldest()))
                    .build()
                    .records()
                    .doOnNext(Inbound::acknowledge)
                    .subscribe(inbound -> seen.add(Codecs.MASKS.decode(inbound.value())));
            var networks = new PerceptionStage.Networks(
                    new SwappableDetector(FakeDetector.shifted("fake", 0), DetectorTrial.Terms.DEFAULT),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(new TriangleCutter()));
            var large = new LargeFrames(shared, new EvidenceLimits(1L << 30, Duration.ofMinutes(10)), time);
            try (PerceptionStage stage =
                    PerceptionStage.start(bus, plaza.site(), networks, large, PerceptionStage.Limits.DEFAULT)) {
                var camera = plaza.camera("cam-1").orElseThrow();
                // A group begins at the end of its topic, so the first few may come before it has joined.
                await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).until(() -> {
                    bus.sink()
                            .send(Flux.just(Records.frame(camera.frame(camera.sequenceAt(time.nanos()), encoder))))
                            .blockLast(PATIENCE);
                    return !seen.isEmpty();
                });
                assertThat(stage.trouble()).isEmpty();
            } finally {
                reading.dispose();
            }
        }
        Masks masks = seen.element();
        assertThat(masks.frame().camera()).isEqualTo("cam-1");
        assertThat(masks.model()).isEqualTo("cut");
        assertThat(masks.masks()).containsExactly(TriangleCutter.triangle());
    }
}
