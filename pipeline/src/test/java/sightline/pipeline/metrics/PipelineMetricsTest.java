package sightline.pipeline.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sightline.config.domain.Event;
import sightline.config.domain.Origin;
import sightline.config.domain.SensorStatus;
import sightline.config.ledger.LedgerRow;
import sightline.config.time.ManualTime;
import sightline.config.time.Stamp;

class PipelineMetricsTest {
    private static final Pattern FAMILY = Pattern.compile("^# TYPE (sightline_\\S+) (\\S+)$", Pattern.MULTILINE);
    private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private final ManualTime time = new ManualTime(1_000_000_000_000L);
    private final PipelineMetrics metrics = new PipelineMetrics(time);

    @AfterEach
    void close() {
        metrics.close();
    }

    @Test
    void theScrapeHoldsExactlyTheNamesKindsAndLabelsOfTheTable() {
        fill();
        String scrape = metrics.scrape(null).body();
        Set<String> scraped = new TreeSet<>();
        FAMILY.matcher(scrape).results().forEach(m -> scraped.add(m.group(1) + " " + m.group(2)));
        // Micrometer adds a gauge of the largest recent value to each timer.
        scraped.remove("sightline_stage_latency_seconds_max gauge");
        assertThat(scraped)
                .isEqualTo(Arrays.stream(MetricNames.values())
                        .map(n -> n.scraped() + " " + n.kind().name().toLowerCase(java.util.Locale.ROOT))
                        .collect(Collectors.toCollection(TreeSet::new)));
        for (MetricNames name : MetricNames.values()) {
            String line = scrape.lines()
                    .filter(l -> l.startsWith(name.scraped()) && !l.contains("_max"))
                    .findFirst()
                    .orElseThrow();
            Set<String> labels = Pattern.compile("[{,]([a-z]+)=")
                    .matcher(line)
                    .results()
                    .map(m -> m.group(1))
                    .filter(l -> !l.equals("le"))
                    .collect(Collectors.toCollection(TreeSet::new));
            assertThat(labels).as(line).isEqualTo(new TreeSet<>(name.labels()));
        }
    }

    private void fill() {
        metrics.latency("detect", 5_000_000, "");
        metrics.event(
                new Event("id", "rule", Event.Kind.FALL, "", 0, 1, 1, List.of(), List.of(), "text", Origin.SIMULATED));
        metrics.tracks(List.of());
        metrics.sensors(
                List.of(new SensorStatus("radar", SensorStatus.State.LIVE, 0, 10, "clock", 0, "", Origin.SIMULATED)));
        metrics.stampsFrom(() -> List.of(new StampCount("cam", "perception", Stamp.Verdict.JUMPED_BACK, 2)));
        metrics.publish(
                List.of(new LedgerRow("cam", "detect", 10, 1, 8, 1, 0, 0, 0, 0, 0, 0)),
                List.of(new Lag("frame.camera.v1", "perception", 0.2, 3)),
                List.of(new MemoryLine("pixels", "direct", 10, 20)));
    }

    @Test
    void countersOfTheLedgerFollowIt() {
        fill();
        metrics.publish(List.of(new LedgerRow("cam", "detect", 12, 0, 11, 1, 0, 0, 0, 0, 0, 0)), List.of(), List.of());
        assertThat(metrics.scrape(null).body())
                .contains("sightline_frames_total{camera=\"cam\",disposition=\"done\",stage=\"detect\"} 11.0")
                .contains("sightline_frames_in_flight{camera=\"cam\",stage=\"detect\"} 0.0");
    }

    @Test
    void aSlowFrameCanBeFoundByItsTrace() {
        metrics.latency("detect", 400_000_000, TRACE);
        assertThat(metrics.scrape("application/openmetrics-text").body())
                .contains("trace_id=\"4bf92f3577b34da6a3ce929d0e0e4736\"");
    }

    /** Prometheus before 2.43 refuses a whole answer for an exemplar at a count. */
    @Test
    void exemplarsStandAtBucketsAlone() {
        metrics.latency("detect", 400_000_000, TRACE);
        assertThat(metrics.scrape("application/openmetrics-text").body().lines().filter(line -> line.contains(" # {")))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).contains("_bucket{"));
    }

    @Test
    void quantilesAreOfTheLastMinute() {
        for (int i = 0; i < 98; i++) {
            metrics.latency("fuse", 10_000_000, "");
        }
        metrics.latency("fuse", 900_000_000, "");
        metrics.latency("fuse", 900_000_000, "");
        StageLatency now = metrics.latency("fuse");
        assertThat(now.p50Seconds()).isEqualTo(0.010, within(0.002));
        assertThat(now.p99Seconds()).isEqualTo(0.9, within(0.18));
        time.advance(java.time.Duration.ofSeconds(70));
        assertThat(metrics.latency("fuse").p99Seconds()).isNaN();
    }

    @Test
    void stagesBeyondTheBoundShareOneName() {
        for (int i = 0; i < 200; i++) {
            metrics.latency("stage-" + i, 1, "");
        }
        assertThat(metrics.latencies()).hasSizeLessThanOrEqualTo(65);
    }
}
