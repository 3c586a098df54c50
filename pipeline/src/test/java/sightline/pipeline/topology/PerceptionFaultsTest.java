package sightline.pipeline.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import sightline.config.contract.Codecs;
import sightline.config.contract.FrameHeaders;
import sightline.config.contract.Headers;
import sightline.config.contract.Topics;
import sightline.config.domain.DeadLetter;
import sightline.config.domain.Detections;
import sightline.config.domain.EncodedFrame;
import sightline.config.domain.FrameHeader;
import sightline.config.domain.Origin;
import sightline.config.domain.SensorStatus;
import sightline.config.evidence.EvidenceLimits;
import sightline.config.ledger.Ledger;
import sightline.config.ledger.LedgerRow;
import sightline.config.time.Stamp;
import sightline.config.time.TimeSource;
import sightline.pipeline.metrics.StampCount;
import sightline.sensors.broker.EmbeddedBroker;
import sightline.sensors.decode.JpegEncoder;
import sightline.sensors.kafka.Inbound;
import sightline.sensors.kafka.Intake;
import sightline.sensors.kafka.KafkaSource;
import sightline.sensors.kafka.Outbound;
import sightline.sensors.scene.Plaza;
import sightline.sensors.scene.PlazaSettings;
import sightline.sensors.scene.SimulatedCamera;

/** What cameras can do to perception, on a real broker: nothing else is lost, and every frame is accounted for. */
class PerceptionFaultsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int FRAMES = 200;
    private static final LedgerRow NOTHING = new LedgerRow("", "", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    private static EmbeddedBroker broker;

    private final TimeSource time = TimeSource.system();

    @TempDir
    private Path shared;

    private LargeFrames large;

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

    @BeforeEach
    void shareADirectory() {
        large = new LargeFrames(shared, new EvidenceLimits(1L << 30, Duration.ofMinutes(10)), time);
    }

    private Bus perception(FakeDetector detector) {
        Bus bus = Bus.connect(broker.bootstrapServers(), plaza.site(), Ledger.create(time), time);
        open.add(bus);
        PerceptionStage stage = PerceptionStage.start(
                bus,
                plaza.site(),
                new PerceptionStage.Networks(new SwappableDetector(detector, DetectorTrial.Terms.DEFAULT)),
                large,
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
                .doOnNext(Inbound::acknowledge)
                .filter(inbound -> inbound.header(Headers.EPOCH).orElseThrow().equals(Long.toString(epoch())))
                .subscribe(inbound -> buried.add(inbound.key())));
        EncodedFrame good = frame("cam-1", 1);
        int poisoned = 0;
        for (int i = 0; i < FRAMES; i++) {
            EncodedFrame frame = again(good, i);
            boolean poison = i % 100 == 50;
            send(bus, poison ? cut(frame) : frame);
            if (poison) {
                poisoned++;
                // Before the camera's next one, which would supersede it were perception behind.
                int so = poisoned;
                await().atMost(PATIENCE).until(() -> buried.size() >= so);
            }
        }
        settled(bus, FRAMES);
        int expected = poisoned;
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

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void camerasAreSeenTogetherWhereThatPaysAndOneBrokenPictureCostsNoOther(boolean overlapping) {
        FakeDetector device = overlapping
                ? FakeDetector.overlapping("device", Duration.ofMillis(50))
                : FakeDetector.decoding("device", Duration.ofMillis(50));
        Bus bus = perception(device);
        EncodedFrame good = frame("cam-1", 1);
        bus.sink()
                .send(Flux.range(0, FRAMES)
                        // So many that some are looked at, and looked at again while the next ones are under way.
                        .map(i -> Records.frame(i % 10 == 5 ? garbled(again(good, i)) : again(good, i))))
                .blockLast(PATIENCE);
        settled(bus, FRAMES);
        assertThat(device.batches).allSatisfy(n -> assertThat(n).isBetween(1, 4));
        assertThat(device.batches.stream().mapToInt(n -> n).max().orElseThrow()).isGreaterThan(1);
        assertThat(device.most.get()).as("batches at a time").isEqualTo(overlapping ? 2 : 0);
        assertThat(rows(bus).mapToLong(LedgerRow::failed).sum()).isZero();
        assertThat(rows(bus).mapToLong(LedgerRow::done).sum()).isPositive();
    }

    /** Its markers are in order; what lies between them is not. */
    private static EncodedFrame garbled(EncodedFrame frame) {
        ByteBuffer payload = ByteBuffer.allocate(frame.payload().remaining());
        payload.put(frame.payload().duplicate()).flip();
        for (int i = payload.limit() / 2; i < payload.limit() * 3 / 4; i++) {
            payload.put(i, (byte) 0);
        }
        return new EncodedFrame(frame.header(), frame.contentType(), payload);
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

    @Test
    void aFrameOfAnUnknownSchemaVersionIsBuriedUnseen() {
        Bus bus = perception(FakeDetector.shifted("fake", 0));
        List<DeadLetter> buried = new CopyOnWriteArrayList<>();
        readers.add(KafkaSource.builder(broker.bootstrapServers())
                .name("test-unknown-schema")
                .intake(Intake.all(Topics.FRAME_CAMERA.deadLetters(), Intake.oldest()))
                .build()
                .records()
                .subscribe(inbound -> {
                    buried.add(Codecs.DEAD_LETTER.decode(
                            inbound.headers().lastHeader(Headers.DEAD_LETTER).value()));
                    inbound.acknowledge();
                }));
        Outbound future = Records.frame(frame("cam-2", 6));
        Map<String, String> headers = new TreeMap<>(future.headers());
        headers.put(Headers.SCHEMA, "7");
        bus.sink().send(Flux.just(future.with(headers))).blockLast(PATIENCE);
        await().atMost(PATIENCE)
                .until(() -> buried.stream().anyMatch(l -> l.message().contains("schema version '7'")));
        DeadLetter letter = buried.stream()
                .filter(l -> l.message().contains("schema version '7'"))
                .findFirst()
                .orElseThrow();
        assertThat(letter.stage()).isEqualTo("admission");
        assertThat(letter.origin()).hasValue(Origin.SIMULATED);
        assertThat(letter.replayable()).isTrue();
    }

    /** Tells this test's frames from those of the others on the same broker. */
    private long epoch() {
        return plaza.camera("cam-1").orElseThrow().header(0).epoch();
    }

    private List<Detections> detections(Bus bus) {
        List<Detections> found = new CopyOnWriteArrayList<>();
        readers.add(Reading.all(bus, Topics.DETECTION_CAMERA, Codecs.DETECTIONS, "test-found", Intake.oldest())
                .filter(d -> d.frame().epoch() == epoch())
                .subscribe(found::add));
        return found;
    }

    @Test
    void aFrameThatComesTwiceIsLookedAtOnce() {
        Bus bus = perception(FakeDetector.shifted("fake", 0));
        EncodedFrame frame = frame("cam-3", 4);
        send(bus, frame);
        send(bus, frame);
        send(bus, frame("cam-3", 5));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(row(bus, "cam-3").redelivered()).isEqualTo(1));
        settled(bus, 2);
        List<Detections> found = detections(bus);
        String id = frame.header().id();
        await().atMost(PATIENCE)
                .until(() -> found.stream().anyMatch(d -> d.frame().id().equals(id)));
        assertThat(found.stream().filter(d -> d.frame().id().equals(id))).hasSize(1);
    }

    @Test
    void aFrameTooLargeForKafkaTravelsAsAReferenceAndOneWhosePictureIsGoneIsBuried() {
        Bus bus = perception(FakeDetector.shifted("fake", 0));
        // A decoder reads up to the end of the picture; what comes after only makes it large.
        ByteBuffer picture = frame("cam-4", 8).payload();
        ByteBuffer huge = ByteBuffer.allocate(9 << 20).put(picture).rewind();
        Outbound sent = large.record(new EncodedFrame(frame("cam-4", 8).header(), "image/jpeg", huge));
        assertThat(sent.value()).isEmpty();
        assertThat(sent.headers().get(Headers.CE_DATAREF)).startsWith("sha256:");
        refer(bus, sent.headers().get(Headers.CE_DATAREF), LedgerRow::done);
        refer(bus, "sha256:" + "0".repeat(64), LedgerRow::invalid);
        settled(bus, 2);
    }

    /** Sends frames of now that refer to a picture until one has met with that fate. */
    private void refer(Bus bus, String reference, ToLongFunction<LedgerRow> fate) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).until(() -> {
            EncodedFrame now = new EncodedFrame(frame("cam-4", 8).header(), "image/jpeg", ByteBuffer.allocate(0));
            bus.sink()
                    .send(Flux.just(Records.frame(now).with(Headers.CE_DATAREF, reference)))
                    .blockLast(PATIENCE);
            return fate.applyAsLong(row(bus, "cam-4")) > 0;
        });
    }

    private static LedgerRow row(Bus bus, String camera) {
        return bus.ledger().snapshot().row(camera, PerceptionStage.STAGE).orElse(NOTHING);
    }

    @Test
    void aClockThatJumpsBackAndForthIsMendedAndCounted() {
        Bus bus = perception(FakeDetector.shifted("fake", 0));
        List<Detections> found = detections(bus);
        long hour = Duration.ofHours(1).toNanos();
        long[] off = {0, -hour, -hour, 0, hour, 0};
        for (int i = 0; i < off.length; i++) {
            int sent = i + 1;
            EncodedFrame frame = frame("cam-4", i);
            send(bus, new EncodedFrame(shifted(frame, off[i]), frame.contentType(), frame.payload()));
            await().atMost(PATIENCE).until(() -> of("cam-4", found).size() == sent);
        }
        List<Detections> all = of("cam-4", found);
        long now = time.nanos();
        assertThat(all).allSatisfy(d -> {
            assertThat(now - d.frame().time().exposureNanos()).isBetween(0L, PATIENCE.toNanos());
        });
        assertThat(all.stream().map(d -> d.frame().time().exposureNanos()))
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(all.get(1).frame().time().sigmaNanos())
                .as("an estimated time says so")
                .isGreaterThanOrEqualTo(100_000_000);
        assertThat(bus.stampCounts())
                .filteredOn(count -> count.sensor().equals("cam-4"))
                .extracting(StampCount::verdict, StampCount::count)
                .containsExactlyInAnyOrder(
                        tuple(Stamp.Verdict.JUMPED_BACK, 1L),
                        tuple(Stamp.Verdict.JUMPED_AHEAD, 1L),
                        tuple(Stamp.Verdict.RECOVERED, 2L));
    }

    private static FrameHeader shifted(EncodedFrame frame, long nanos) {
        var t = frame.header().time();
        return frame.header()
                .withTime(new sightline.config.domain.ObservationTime(
                        t.exposureNanos() + nanos, t.sigmaNanos(), t.clockId(), 0, 0));
    }

    private static List<Detections> of(String camera, List<Detections> found) {
        return found.stream().filter(d -> d.frame().camera().equals(camera)).toList();
    }

    @Test
    void aQuietCamerasHeartbeatGoesOnToFusionBehindItsFrames() {
        Bus bus = perception(FakeDetector.shifted("fake", 0));
        List<String> heard = new CopyOnWriteArrayList<>();
        readers.add(KafkaSource.builder(broker.bootstrapServers())
                .name("test-heartbeats")
                .intake(Intake.all(Topics.DETECTION_CAMERA.name(), Intake.oldest()))
                .build()
                .records()
                .filter(inbound -> inbound.key().equals("cam-2"))
                .subscribe(inbound -> {
                    heard.add(inbound.partition() + (FrameHeaders.isHeartbeat(inbound::header) ? " quiet" : " seen"));
                    inbound.acknowledge();
                }));
        EncodedFrame frame = frame("cam-2", 3);
        int node = plaza.site().partitionOf("cam-2");
        send(bus, frame);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(row(bus, "cam-2").done()).isEqualTo(1));
        FrameHeader later =
                frame.header().withTime(sightline.config.domain.ObservationTime.at(time.nanos(), "test-clock"));
        Outbound beat = Records.heartbeat(Records.frame(frame), later);
        bus.sink().send(Flux.just(beat)).blockLast(PATIENCE);
        await().atMost(PATIENCE).until(() -> heard.contains(node + " quiet"));
        assertThat(heard.getLast()).isEqualTo(node + " quiet");
        assertThat(row(bus, "cam-2").received()).as("a heartbeat is no frame").isEqualTo(1);
    }
}
