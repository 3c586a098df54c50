package sightline.pipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import sightline.config.contract.Codecs;
import sightline.config.contract.Topics;
import sightline.config.domain.Measurement;
import sightline.config.domain.ObservationTime;
import sightline.config.domain.Origin;
import sightline.config.domain.Scan;
import sightline.config.ledger.Ledger;
import sightline.config.site.Site;
import sightline.config.time.TimeSource;
import sightline.pipeline.topology.Bus;
import sightline.pipeline.topology.PlazaSource;
import sightline.sensors.broker.EmbeddedBroker;

class RecordingCommandsTest {
    private static final int SCANS = 40;

    @TempDir
    private Path folder;

    @Test
    void whatIsRecordedFusesToTheDigestThatTheClusterGivesAndCanBeSentAgain() throws Exception {
        Site site = PlazaSource.now(7, 1).site();
        String file = folder.resolve("radar.mcap").toString();
        try (EmbeddedBroker broker = EmbeddedBroker.temporary();
                Bus bus = Bus.connect(
                        broker.bootstrapServers(), site, Ledger.create(TimeSource.system()), TimeSource.system())) {
            long now = TimeSource.system().nanos();
            bus.sink()
                    .send(Flux.fromStream(IntStream.range(0, SCANS).mapToObj(i -> scan(i, now + i * 20_000_000L)))
                            .map(s -> Bus.message(
                                            Topics.MEASUREMENT_SENSOR,
                                            Codecs.SCAN,
                                            s.sensor(),
                                            s.time().exposureNanos(),
                                            s)
                                    .on(site.partitionOf(s.sensor()))))
                    .blockLast();
            String at = broker.bootstrapServers();
            Run record = Run.of("record", file, "-b", at, "--from", "oldest", "--until-end");
            assertThat(record.out()).contains(SCANS + " records are in");
            Run fromFile = Run.of("replay", file);
            assertThat(fromFile.out())
                    .contains(SCANS + " scans, 0 left out as late")
                    .containsPattern("digest [0-9a-f]{64}");
            assertThat(Run.of("replay", "--from-cluster", at).out()).isEqualTo(fromFile.out());
            assertThat(Run.of("replay", "--to", at, file).out()).contains(SCANS + " records were sent again");
            assertThat(Run.of("tail", "measurement", "--json", "--from", "oldest", "--until-end", "-b", at)
                            .out()
                            .lines()
                            .filter(line -> line.contains("REPLAY")))
                    .hasSize(SCANS);
            assertThat(Run.of("record", file, "-b", at, "--until-end").code())
                    .as("a file that exists is not overwritten")
                    .isNotZero();
        }
        assertThat(Run.of("replay").code()).isEqualTo(2);
    }

    private static Scan scan(int number, long nanos) {
        return new Scan(
                "radar-1",
                1,
                number,
                ObservationTime.at(nanos, "radar"),
                Origin.LIVE,
                0,
                0,
                List.of(new Measurement.RangeBearing(20 + 0.02 * number, -1.5, 0.04, 0.0004, 0.9)),
                "",
                "");
    }
}
