package sightline.pipeline.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import sightline.config.contract.FrameHeaders;
import sightline.config.contract.Topics;
import sightline.config.domain.EncodedFrame;
import sightline.config.domain.FrameHeader;
import sightline.config.domain.ObservationTime;
import sightline.config.domain.Origin;
import sightline.config.ledger.Ledger;
import sightline.config.site.Site;
import sightline.config.time.TimeSource;
import sightline.sensors.broker.EmbeddedBroker;
import sightline.sensors.kafka.ConsumerProfile;
import sightline.sensors.kafka.Inbound;
import sightline.sensors.kafka.Intake;
import sightline.sensors.kafka.KafkaSource;
import sightline.sensors.source.Source;
import sightline.sensors.source.Stamped;

/** The edge on a real broker: what a quiet, a doubled, a removed camera does. */
class ProductionTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final TimeSource TIME = TimeSource.system();

    private static EmbeddedBroker broker;

    private final List<Inbound> seen = new CopyOnWriteArrayList<>();
    private Bus bus;
    private Production production;
    private Disposable reader;

    @BeforeAll
    static void start() throws IOException {
        broker = EmbeddedBroker.temporary();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @BeforeEach
    void connect() {
        Site site = PlazaSource.now(1, 4).site();
        bus = Bus.connect(broker.bootstrapServers(), site, Ledger.create(TIME), TIME);
        production = new Production(bus);
        reader = KafkaSource.builder(broker.bootstrapServers())
                .name("production-test")
                .intake(Intake.all(Topics.FRAME_CAMERA.name(), Intake.oldest()))
                .profile(ConsumerProfile.video(1 << 20, 4))
                .build()
                .records()
                .doOnNext(Inbound::acknowledge)
                .subscribe(seen::add);
    }

    @AfterEach
    void disconnect() {
        reader.dispose();
        production.close();
        bus.close();
    }

    @Test
    void aQuietCameraSaysOnItsOwnPartitionThatItIsThere() {
        add("quiet", Flux.concat(Flux.just(frame("quiet", 0)), Flux.never()));

        await().atMost(PATIENCE).until(() -> of("quiet").size() >= 3);
        List<Inbound> records = of("quiet");
        assertThat(FrameHeaders.isHeartbeat(records.getFirst()::header)).isFalse();
        assertThat(records.subList(1, 3)).allSatisfy(beat -> {
            assertThat(FrameHeaders.isHeartbeat(beat::header)).isTrue();
            assertThat(beat.tombstone()).isFalse();
            assertThat(beat.value()).isEmpty();
            assertThat(beat.partition()).isEqualTo(records.getFirst().partition());
        });
        assertThat(records.stream().map(ProductionTest::exposure).toList())
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(exposure(records.get(2))).isLessThanOrEqualTo(TIME.nanos());
        assertThat(bus.ledger()
                        .snapshot()
                        .row("quiet", Production.STAGE)
                        .orElseThrow()
                        .received())
                .as("a heartbeat is no frame")
                .isEqualTo(1);
    }

    @Test
    void aSecondCameraOfTheSameNameIsRefusedAndTheFirstGoesOn() {
        add("twin", every(Duration.ofMillis(20), "twin"));

        assertThatThrownBy(() -> add("twin", Flux.never()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("twin");
        int before = of("twin").size();
        await().atMost(PATIENCE).until(() -> of("twin").size() > before + 20);
    }

    @Test
    void aRemovedCameraMayComeBackAndItsOldHandleDoesNotTouchTheNewOne() {
        Stage first = add("back", every(Duration.ofMillis(20), "back"));
        await().atMost(PATIENCE).until(() -> of("back").size() > 3);
        first.close();
        add("back", every(Duration.ofMillis(20), "back"));
        first.close();
        int before = of("back").size();
        await().atMost(PATIENCE).until(() -> of("back").size() > before + 10);
    }

    @Test
    void fiftyCamerasThatComeAndGoLeaveNothingBehind() {
        comeAndGo(50);
    }

    @Test
    @Tag("long")
    void aThousandCamerasThatComeAndGoLeaveNothingBehind() {
        comeAndGo(1000);
    }

    private void comeAndGo(int cycles) {
        add("stays", every(Duration.ofMillis(20), "stays"));
        cycle(10);
        Footprint before = Footprint.now();
        cycle(cycles);
        await().atMost(PATIENCE).untilAsserted(() -> {
            Footprint after = Footprint.now();
            System.out.println(cycles + " cycles: " + before + " -> " + after);
            assertThat(after.threads()).isLessThanOrEqualTo(before.threads() + 4);
            assertThat(after.files()).isLessThanOrEqualTo(before.files() + 4);
            assertThat(after.directBytes()).isLessThanOrEqualTo(before.directBytes() + (1 << 20));
        });
        assertThat(bus.ledger().snapshot().rows())
                .allSatisfy(row -> assertThat(row.unaccounted()).isZero());
        int seenOfStays = of("stays").size();
        await().atMost(PATIENCE).until(() -> of("stays").size() > seenOfStays + 10);
    }

    private void cycle(int times) {
        for (int i = 0; i < times; i++) {
            Stage camera = add("passing", every(Duration.ofMillis(2), "passing"));
            long before = done("passing");
            await().pollInterval(Duration.ofMillis(2)).atMost(PATIENCE).until(() -> done("passing") > before);
            camera.close();
        }
    }

    private long done(String camera) {
        return bus.ledger()
                .snapshot()
                .row(camera, Production.STAGE)
                .map(r -> r.done())
                .orElse(0L);
    }

    private record Footprint(int threads, long files, long directBytes) {
        static Footprint now() {
            long files = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                    ? unix.getOpenFileDescriptorCount()
                    : 0;
            long direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                    .filter(pool -> pool.getName().equals("direct"))
                    .mapToLong(BufferPoolMXBean::getMemoryUsed)
                    .sum();
            return new Footprint(ManagementFactory.getThreadMXBean().getThreadCount(), files, direct);
        }
    }

    private List<Inbound> of(String camera) {
        return seen.stream().filter(r -> r.key().equals(camera)).toList();
    }

    private static long exposure(Inbound record) {
        return FrameHeaders.read(record.key(), record::header).time().exposureNanos();
    }

    private static Flux<EncodedFrame> every(Duration period, String camera) {
        return Flux.interval(period).onBackpressureDrop().map(n -> frame(camera, n));
    }

    private static EncodedFrame frame(String camera, long sequence) {
        ObservationTime time = new ObservationTime(TIME.nanos(), 0, "test", 0, 0);
        FrameHeader header = new FrameHeader(camera, 1, sequence, time, Origin.SIMULATED, 8, 8, "", "");
        return new EncodedFrame(header, "image/jpeg", ByteBuffer.wrap(new byte[] {1, 2, 3}));
    }

    private Stage add(String name, Flux<EncodedFrame> frames) {
        return production.add(
                new Source<>() {
                    @Override
                    public String name() {
                        return name;
                    }

                    @Override
                    public Flux<EncodedFrame> open() {
                        return frames;
                    }
                },
                Stamped.FRAMES,
                Origin.SIMULATED,
                UnaryOperator.identity(),
                Records::frame);
    }
}
