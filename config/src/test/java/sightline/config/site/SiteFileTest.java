package sightline.config.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SiteFileTest {
    private static final String YARD = """
            scene: yard
            tick-ms: 50
            nodes: [north, south]
            sensors:
              - name: gate
                kind: camera
                node: north
                at: [-12.0, 8.5]
                calibration:
                  version: "2026-05"
                  size: [1280, 720]
                  pinhole:
                    {fx: 910, fy: 910, cx: 640, cy: 360, rotation: [1, 0, 0, 0, 0, -1, 0, 1, 0],
                     translation: [0, 0, 4], plumb-bob: [-0.1, 0, 0, 0, 0]}
              - {name: mast, kind: radar, node: south, at: [3, 4], range: 80}
            zones:
              - {name: dock, outline: [[0, 0], [4, 0], [4, 3]]}
            lines:
              - {name: door, from: [1, 1], to: [3, 1]}
            """;

    @TempDir
    private Path directory;

    private Site read(String yaml) throws IOException {
        return SiteFile.read(Files.writeString(directory.resolve("yard.yaml"), yaml));
    }

    @Test
    void wholeSiteIsRead() throws IOException {
        Site site = read(YARD);
        assertThat(site.tickNanos()).isEqualTo(50_000_000);
        assertThat(site.partitionOf("mast")).isEqualTo(1);
        assertThat(site.sensor("gate").orElseThrow().calibration().orElseThrow().projection())
                .isInstanceOf(Projection.Pinhole.class);
        assertThat(site.zones().getFirst().outline()).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "kind: radar|kind: sonar|sensors[1] has 'sonar'",
                "fx: 910|fx: wide|pinhole needs a finite number for fx",
                "range: 80|reach: 80|has 'reach'",
                "node: south|node: west|names node west",
                "[4, 3]]|[4]]|pairs of numbers",
                "scene: yard|scenery: yard|has 'scenery'",
                "name: mast|name: gate|stands twice"
            })
    void mistakeIsNamedWithItsPlace(String right, String wrong, String said) {
        assertThatThrownBy(() -> read(YARD.replace(right, wrong)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(said);
    }
}
