package sightline.operators.fusion.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sightline.operators.phd.Observation;

class PeerTimingTest {
    @Test
    void theFileHoldsEveryScanToTheLastDigit(@TempDir Path folder) throws Exception {
        Column column = FusionBench.REFERENCE.getLast();
        Path file = folder.resolve("scans.csv");
        PeerTiming.write(column, 7, file);

        List<String> rows = Files.readAllLines(file);
        Recording recording = Recording.of(column, Scene.truth(), 7);
        assertThat(rows.getFirst()).isEqualTo("# detection 0.95 clutter 10.0 sensors 2 sigma 10.0");
        for (int sensor = 0; sensor < column.sensors(); sensor++) {
            for (int step = 0; step < Scene.STEPS; step++) {
                String start = step + "," + sensor + ",";
                assertThat(rows.stream().filter(row -> row.startsWith(start)).map(row -> row.substring(start.length())))
                        .containsExactlyElementsOf(recording.scans().get(step).get(sensor).stream()
                                .map(Observation.Position.class::cast)
                                .map(at -> at.east() + "," + at.north())
                                .toList());
            }
        }
    }
}
