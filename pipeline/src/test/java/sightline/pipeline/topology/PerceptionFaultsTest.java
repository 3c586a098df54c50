package sightline.pipeline.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import sightline.config.contract.Codecs;
import sightline.config.contract.Topics;
import sightline.config.domain.EncodedFrame;
import sightline.config.domain.SensorStatus;
import sightline.config.ledger.Ledger;
import sightline.config.ledger.LedgerRow;
import sightline.config.time.TimeSource;
import sightline.sensors.broker.EmbeddedBroker;
import sightline.sensors.decode.JpegEncoder;
import sightline.sensors.kafka.Intake;
import sightline.sensors.kafka.KafkaSource;
import sightline.sensors.scene.Plaza;
import sightline.sensors.scene.PlazaSettings;
import sightline.sensors.scene.SimulatedCamera;

/** What cameras can do to perception, on a real broker: nothing else is lost, and every frame is accounted for. */
class PerceptionFaultsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int FRAMES = 200;
    private static EmbeddedBroker broker;

    private final TimeSource time = TimeSource.system();
    private final Disposable.Composite readers = Disposables.composite();
    private final Plaza plaza = Plaza.of(
            PlazaSettings.of(3).withPicture(160, 96, 20).withCrowd(2, 0).startingAt(time.nanos()));
    private final List<AutoCloseable> open = new ArrayList<>();
    private final JpegEncoder encoder = JpegEncoder.best(70);

    @BeforeAll
    static void start() throws IOException {
        broker = EmbeddedBroker.temporary();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @AfterEach
    void close() throws Exception {
        readers.dispose();
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    private Bus perception(FakeDetector detector) {
        Bus bus = Bus.connect(broker.bootstrapServers(), plaza.site(), Ledger.create(time), time);
        open.add(bus);
        PerceptionStage stage = PerceptionStage.start(
                bus,
                plaza.site(),
                new PerceptionStage.Networks(
                        new SwappableDetector(detector, DetectorTrial.Terms.DEFAULT),
                        Optional.empty(),
                        Optional.empty()),
                PerceptionStage.Limits.DEFAULT);
        open.add(stage);
        // A group begins at the end of its topic: what is sent before it has joined is not its business.
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).until(() -> {
            send(bus, frame("cam-1", 0));
            return rows(bus).mapToLong(LedgerRow::received).sum() > 0;
        });
        return bus;
    }

    /** A frame of the camera that is exposed now, with the picture of that number. */
    private EncodedFrame frame(String camera, long number) {
        SimulatedCamera source = plaza.camera(camera).orElseThrow();
        EncodedFrame drawn = source.frame(number, encoder);
        var header = source.header(sequence++);
        var now = header.time();
        return new EncodedFrame(
                header.withTime(new sightline.config.domain.ObservationTime(
                        time.nanos(), now.sigmaNanos(), now.clockId(), 0, 0)),
                drawn.contentType(),
                drawn.payload());
    }

    private long sequence;

    private static void send(Bus bus, EncodedFrame frame) {
        bus.sink().send(Flux.just(Records.frame(frame))).blockLast(PATIENCE);
    }

    private static java.util.stream.Stream<LedgerRow> rows(Bus bus) {
        return bus.ledger().snapshot().rows().stream();
    }

    private void settled(Bus bus, long sent) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(rows(bus).mapToLong(LedgerRow::received).sum()).isGreaterThanOrEqualTo(sent);
            assertThat(rows(bus)).allSatisfy(row -> {
                assertThat(row.inFlight()).isZero();
                assertThat(row.unaccounted()).isZero();
            });
        });
    }

    @Test
    void onePercentOfPoisonedFramesIsBuriedWithItsCauseAndCostsNothingElse() {
        Bus bus = perception(FakeDetector.shifted("fake", 0));
        Queue<String> buried = new ConcurrentLinkedQueue<>();
        readers.add(KafkaSource.builder(broker.bootstrapServers())
                .name("test-buried")
                .intake(Intake.all(Topics.FRAME_CAMERA.name() + ".dlq", Intake.oldest()))
                .build()
                .records()
                .subscribe(inbound -> {
                    buried.add(inbound.key());
                    inbound.acknowledge();
                }));
        EncodedFrame good = frame("cam-1", 1);
        int poisoned = 0;
        for (int i = 0; i < FRAMES; i++) {
            EncodedFrame frame = again(good, i);
            boolean poison = i % 100 == 50;
            poisoned += poison ? 1 : 0;
            send(bus, poison ? cut(frame) : frame);
        }
        settled(bus, FRAMES);
        int expected = poisoned;
        await().atMost(PATIENCE).until(() -> buried.size() >= expected);
        assertThat(buried).hasSize(expected);
        assertThat(rows(bus).mapToLong(LedgerRow::invalid).sum()).isEqualTo(expected);
        assertThat(rows(bus).mapToLong(LedgerRow::failed).sum()).isZero();
        assertThat(rows(bus).mapToLong(r -> r.done() + r.superseded()).sum()).isGreaterThanOrEqualTo(FRAMES - expected);
    }

    /** The same picture with its last bytes changed, as noise would, taken now. */
    private EncodedFrame again(EncodedFrame frame, int number) {
        return new EncodedFrame(
                frame("cam-" + (1 + number % 4), 2 + number % 3).header(), frame.contentType(), noisy(frame, number));
    }

    /** Bytes after the end of a JPEG are ignored by every decoder. */
    private static ByteBuffer noisy(EncodedFrame frame, int number) {
        ByteBuffer payload = frame.payload().duplicate();
        return ByteBuffer.allocate(payload.remaining() + 4)
                .put(payload)
                .putInt(number)
                .flip();
    }

    private static EncodedFrame cut(EncodedFrame frame) {
        return new EncodedFrame(
                frame.header(), frame.contentType(), frame.payload().duplicate().limit(40));
    }

    @Test
    void threeTimesTheLoadIsShedByAgeAndNotQueued() {
        Bus bus = perception(FakeDetector.taking("slow", Duration.ofMillis(30)));
        Queue<Long> ages = new ConcurrentLinkedQueue<>();
        readers.add(Reading.newest(bus, Topics.DETECTION_CAMERA, Codecs.DETECTIONS, "test-overload")
                .subscribe(d -> ages.add(time.nanos() - d.frame().time().exposureNanos())));
        EncodedFrame picture = frame("cam-1", 1);
        // Some 100 frames a second where 33 can be seen to; the flux is paced, and what it sends does not wait for
        // answers.
        bus.sink()
                .send(Flux.interval(Duration.ofMillis(10))
                        .onBackpressureDrop()
                        .take(300)
                        .map(i -> Records.frame(again(picture, i.intValue()))))
                .blockLast(PATIENCE);
        settled(bus, 200);
        assertThat(rows(bus).mapToLong(LedgerRow::superseded).sum()).isPositive();
        assertThat(ages).isNotEmpty();
        assertThat(ages.stream().mapToLong(a -> a).max().orElseThrow())
                .as("no frame is older than what is not worth a look, when it was sent at once")
                .isLessThan(
                        PerceptionStage.Limits.DEFAULT.oldest().plusSeconds(3).toNanos());
    }

    @Test
    void frozenCameraIsLeftOutWithAReasonUntilItsPictureChanges() {
        Bus bus = perception(FakeDetector.shifted("fake", 0));
        Queue<SensorStatus> told = new ConcurrentLinkedQueue<>();
        readers.add(Reading.all(bus, Topics.STATUS_SENSOR, Codecs.STATUS, "test-status", Intake.oldest())
                .subscribe(told::add));
        EncodedFrame frozen = frame("cam-2", 1);
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).until(() -> {
            send(bus, new EncodedFrame(frame("cam-2", 1).header(), frozen.contentType(), frozen.payload()));
            return told.stream().anyMatch(s -> s.state() == SensorStatus.State.STALLED);
        });
        assertThat(told.stream()
                        .filter(s -> s.sensor().equals("cam-2"))
                        .findFirst()
                        .orElseThrow()
                        .reason())
                .contains("stands still");
        assertThat(rows(bus).mapToLong(LedgerRow::stale).sum()).isPositive();
        send(bus, frame("cam-2", 7));
        await().atMost(PATIENCE).until(() -> told.stream().anyMatch(s -> s.state() == SensorStatus.State.LIVE));
        settled(bus, 1);
    }
}
