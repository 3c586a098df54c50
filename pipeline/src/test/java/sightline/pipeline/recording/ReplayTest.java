package sightline.pipeline.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import sightline.config.contract.Codecs;
import sightline.config.contract.FrameHeaders;
import sightline.config.contract.Topics;
import sightline.config.domain.FrameHeader;
import sightline.config.domain.ObservationTime;
import sightline.config.domain.Origin;
import sightline.config.domain.Scan;
import sightline.config.ledger.Ledger;
import sightline.config.site.SensorSpec;
import sightline.config.site.Site;
import sightline.config.time.TimeSource;
import sightline.pipeline.mcap.Compression;
import sightline.pipeline.mcap.McapWriter;
import sightline.pipeline.topology.Bus;
import sightline.sensors.broker.EmbeddedBroker;
import sightline.sensors.kafka.Intake;
import sightline.sensors.kafka.Outbound;

class ReplayTest {
    private static final long SECOND = 1_000_000_000L;

    @TempDir
    private Path folder;

    private final Site site = ThreeNodes.site();
    private final List<Scan> scans = ThreeNodes.scans(7, 12);

    private Refusion.Outcome fuse(List<Scan> arrivals) {
        Refusion fusion = new Refusion(site);
        ExposureMerge merge = new ExposureMerge(names(), 2 * SECOND, 100_000, fusion::offer);
        arrivals.forEach(merge::offer);
        merge.end();
        assertThat(merge.late()).isZero();
        return fusion.end();
    }

    private Set<String> names() {
        Set<String> names = new HashSet<>();
        site.sensors().stream().map(SensorSpec::name).forEach(names::add);
        return names;
    }

    private Outbound outbound(Scan scan) {
        return Bus.message(
                        Topics.MEASUREMENT_SENSOR,
                        Codecs.SCAN,
                        scan.sensor(),
                        scan.time().exposureNanos(),
                        scan)
                .on(site.partitionOf(scan.sensor()));
    }

    private Recorded recorded(Scan scan, long offset) {
        Outbound out = outbound(scan);
        return new Recorded(
                out.topic(),
                site.partitionOf(scan.sensor()),
                offset,
                scan.sensor(),
                scan.time().exposureNanos() / 1_000_000,
                new TreeMap<>(out.headers()),
                out.value());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theFusedDigestDoesNotDependOnTheOrderOfArrival(long seed) {
        Refusion.Outcome inOrder = fuse(scans);
        assertThat(inOrder.tracks()).isGreaterThanOrEqualTo(3);
        assertThat(fuse(ThreeNodes.delayed(scans, seed, 2 * SECOND - 1))).isEqualTo(inOrder);
    }

    @Test
    void oneScanLessIsAnotherDigest() {
        assertThat(fuse(scans.subList(1, scans.size())).digest())
                .isNotEqualTo(fuse(scans).digest());
    }

    @Test
    void aRecordingAndTheOffsetsGiveTheDigestOfWhatWasSent() throws IOException {
        List<Scan> arrivals = ThreeNodes.delayed(scans, 5, SECOND);
        Path file = folder.resolve("walk.mcap");
        Refusion fromOffsets = new Refusion(site);
        try (EmbeddedBroker broker = EmbeddedBroker.temporary();
                Bus bus = Bus.connect(
                        broker.bootstrapServers(), site, Ledger.create(TimeSource.system()), TimeSource.system())) {
            bus.sink().send(Flux.fromIterable(arrivals).map(this::outbound)).blockLast();
            ExposureMerge merge = new ExposureMerge(names(), 2 * SECOND, 100_000, fromOffsets::offer);
            Scans read = new Scans(site);
            try (RecordingWriter writer = RecordingWriter.create(file, Compression.ZSTD)) {
                for (Recorded record : ClusterRecords.read(
                                broker.bootstrapServers(), Scans.TOPICS, Intake.oldest(), true)
                        .toIterable()) {
                    writer.write(record);
                    read.of(record).ifPresent(merge::offer);
                }
            }
            merge.end();
        }
        Refusion fromFile = new Refusion(site);
        try (RecordingReader reader = RecordingReader.open(file)) {
            assertThat(reader.keys(Topics.MEASUREMENT_SENSOR.name())).isEqualTo(names());
            Scans read = new Scans(site);
            for (var next = reader.next(); next.isPresent(); next = reader.next()) {
                read.of(next.get()).ifPresent(fromFile::offer);
            }
        }
        Refusion.Outcome sent = fuse(scans);
        assertThat(fromOffsets.end()).isEqualTo(sent);
        assertThat(fromFile.end()).isEqualTo(sent);
    }

    @Test
    void everyRecordIsHadAgainAsItWas() throws IOException {
        Path file = folder.resolve("records.mcap");
        FrameHeader header = new FrameHeader(
                "cam", 5, 9, ObservationTime.at(ThreeNodes.BEGIN + 123_456_789, "clock"), Origin.LIVE, 8, 6, "v1", "");
        byte[] jpeg = {1, 2, 3, 4};
        Recorded frame = new Recorded(
                Topics.FRAME_CAMERA.name(),
                3,
                17,
                "cam",
                header.time().exposureNanos() / 1_000_000,
                FrameHeaders.frame(header, "image/jpeg"),
                jpeg);
        Recorded gone = new Recorded(
                Topics.STATUS_SENSOR.name(), 0, 4, "cam", ThreeNodes.BEGIN / 1_000_000, Map.of("a", "b"), null);
        Recorded scan = recorded(scans.getLast(), 7);
        try (RecordingWriter writer = RecordingWriter.create(file, Compression.LZ4)) {
            writer.write(scan);
            writer.write(frame);
            writer.write(gone);
        }
        try (RecordingReader reader = RecordingReader.open(file)) {
            assertThat(reader.complete()).isTrue();
            for (Recorded was : List.of(gone, frame, scan)) {
                assertThat(reader.next().orElseThrow())
                        .usingRecursiveComparison()
                        .isEqualTo(was);
            }
            assertThat(reader.next()).isEmpty();
        }
        Outbound again = Shift.toNow(frame.exposureNanos(), ThreeNodes.BEGIN + 60 * SECOND)
                .apply(frame);
        FrameHeader moved = FrameHeaders.read(
                "cam", name -> java.util.Optional.ofNullable(again.headers().get(name)));
        assertThat(moved.origin()).isEqualTo(Origin.REPLAY);
        assertThat(moved.time().exposureNanos()).isEqualTo(ThreeNodes.BEGIN + 60 * SECOND);
        assertThat(again.value()).isEqualTo(jpeg);
    }

    @Test
    void aFileOfAnotherWriterIsRefusedInASentence() throws IOException {
        Path file = folder.resolve("other.mcap");
        McapWriter.create(file, Compression.NONE).close();
        assertThatThrownBy(() -> RecordingReader.open(file)).hasMessageContaining("was not made by sightline record");
    }

    @Test
    void aSilentSensorIsNotWaitedForBeyondTheLimit() {
        List<Scan> passed = new java.util.ArrayList<>();
        Set<String> names = names();
        names.add("silent");
        ExposureMerge merge = new ExposureMerge(names, SECOND, 200, passed::add);
        scans.forEach(merge::offer);
        assertThat(merge.unwaited()).isEqualTo(1);
        assertThat(passed).isNotEmpty().isSubsetOf(scans);
        merge.end();
        assertThat(passed)
                .containsExactlyElementsOf(scans.stream()
                        .sorted(java.util.Comparator.comparingLong(
                                        (Scan s) -> s.time().exposureNanos())
                                .thenComparing(Scan::sensor))
                        .toList());
    }
}
