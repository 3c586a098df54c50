package sightline.pipeline.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import sightline.config.domain.Detections;
import sightline.config.domain.FrameHeader;
import sightline.config.domain.ObservationTime;
import sightline.config.ledger.Ledger;
import sightline.config.ledger.LedgerRow;
import sightline.config.time.TimeSource;
import sightline.pipeline.settings.AllSettings;
import sightline.sensors.broker.EmbeddedBroker;
import sightline.sensors.kafka.Outbound;
import sightline.sensors.scene.BoxPerturbation;
import sightline.sensors.scene.Plaza;
import sightline.sensors.scene.PlazaSettings;
import sightline.sensors.scene.SimulatedCamera;
import sightline.sensors.scene.SimulatedRadar;

/** What comes in at fusion's door, on a real broker and by the data's own time, which waits for every sensor. */
class FusionEntryTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LENGTH = Duration.ofSeconds(5);

    private final TimeSource time = TimeSource.system();
    private final long start = time.nanos() - Duration.ofMinutes(1).toNanos();
    private final Plaza plaza = Plaza.of(PlazaSettings.of(5).startingAt(start));

    private record Dated(long nanos, Outbound record) {}

    /** What all sensors say in their time, with what the test makes of each camera's detections. */
    private List<Outbound> said(UnaryOperator<List<Detections>> change) {
        long end = start + LENGTH.toNanos();
        List<Dated> all = new ArrayList<>();
        for (SimulatedCamera camera : plaza.cameras()) {
            List<Detections> found = LongStream.iterate(0, n -> camera.exposureNanos(n) < end, n -> n + 1)
                    .mapToObj(n -> camera.detections(n, BoxPerturbation.TYPICAL))
                    .toList();
            change.apply(found)
                    .forEach(d ->
                            all.add(new Dated(d.frame().time().exposureNanos(), Records.detections(plaza.site(), d))));
            if (change.apply(found).size() < found.size()) {
                beats(found.getFirst().frame(), end).forEach(all::add);
            }
        }
        for (SimulatedRadar radar : plaza.radars()) {
            for (long n = 0; radar.scan(n).time().exposureNanos() < end; n++) {
                all.add(new Dated(radar.scan(n).time().exposureNanos(), Records.scan(plaza.site(), radar.scan(n))));
            }
        }
        all.sort(Comparator.comparingLong(Dated::nanos));
        return all.stream().map(Dated::record).toList();
    }

    private List<Dated> beats(FrameHeader header, long end) {
        return LongStream.iterate(start + 1_900_000_000L, t -> t < end, t -> t + 1_000_000_000L)
                .mapToObj(t -> new Dated(
                        t, Records.heartbeat(plaza.site(), header.withTime(ObservationTime.at(t, "test-clock")))))
                .toList();
    }

    private record Outcome(Map<Long, Map<String, String>> ticks, List<LedgerRow> books) {}

    private Outcome fuse(List<Outbound> records) throws IOException {
        long last = (start + LENGTH.toNanos()) / plaza.site().tickNanos() - 14;
        try (EmbeddedBroker broker = EmbeddedBroker.temporary();
                Bus bus = Bus.connect(broker.bootstrapServers(), plaza.site(), Ledger.create(time), time);
                Published published = new Published(bus);
                Lookout lookout = Lookout.start(bus);
                FusionStage fusion = FusionStage.start(
                        bus, lookout, plaza.site(), AllSettings.REGISTRY.defaults(), OptionalLong.of(start))) {
            bus.sink().send(Flux.fromIterable(records)).blockLast(PATIENCE);
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(published.lastTick())
                    .as(fusion.trouble())
                    .isGreaterThan(last));
            await().atMost(PATIENCE)
                    .until(() ->
                            bus.ledger().snapshot().stage(FusionStage.STAGE).inFlight() == 0);
            return new Outcome(published.upTo(last), bus.ledger().snapshot().rows());
        }
    }

    private static LedgerRow row(Outcome outcome, String sensor) {
        return outcome.books.stream()
                .filter(r -> r.camera().equals(sensor))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aScanThatComesTwiceCountsOnce() throws IOException {
        Outcome once = fuse(said(found -> found));
        Outcome twice = fuse(said(found ->
                found.stream().flatMap(d -> java.util.stream.Stream.of(d, d)).toList()));
        assertThat(once.ticks).isNotEmpty();
        assertThat(twice.ticks).isEqualTo(once.ticks);
        LedgerRow camera = row(twice, "cam-1");
        assertThat(camera.redelivered()).isEqualTo(camera.received());
        assertThat(twice.books).allSatisfy(r -> assertThat(r.unaccounted()).isZero());
    }

    @Test
    void aCameraThatFallsQuietButSaysSoHoldsNobodyUp() throws IOException {
        Outcome outcome = fuse(said(found ->
                found.getFirst().frame().camera().equals("cam-2") ? found.subList(0, found.size() / 4) : found));
        assertThat(outcome.ticks).isNotEmpty();
        assertThat(row(outcome, "cam-2").received())
                .isLessThan(row(outcome, "cam-1").received());
    }

    @Test
    void aClockThatJumpsAnHourIsMendedAtTheDoor() throws IOException {
        long hour = Duration.ofHours(1).toNanos();
        Outcome outcome = fuse(said(found -> found.getFirst().frame().camera().equals("cam-3")
                ? java.util.stream.IntStream.range(0, found.size())
                        .mapToObj(i -> i > found.size() / 2 ? shifted(found.get(i), hour) : found.get(i))
                        .toList()
                : found));
        assertThat(outcome.ticks).isNotEmpty();
        assertThat(row(outcome, "cam-3").stale())
                .as("late by the clock's error")
                .isZero();
    }

    /** Exposed later by its clock, received when it was. */
    private static Detections shifted(Detections d, long nanos) {
        ObservationTime t = d.frame().time();
        ObservationTime wrong = new ObservationTime(
                t.exposureNanos() + nanos, t.sigmaNanos(), t.clockId(), t.exposureNanos() + 1_000_000, 0);
        return new Detections(d.frame().withTime(wrong), d.detections(), d.model());
    }
}
