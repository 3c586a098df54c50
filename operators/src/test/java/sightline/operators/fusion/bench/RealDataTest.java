package sightline.operators.fusion.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("long")
class RealDataTest {
    private static Path data(String name) {
        String root = System.getProperty("sightline.data", System.getenv().getOrDefault("SIGHTLINE_DATA", ""));
        Path folder = Path.of(root).resolve(name);
        assumeTrue(!root.isEmpty() && Files.isDirectory(folder), name + " is not at " + folder);
        return folder;
    }

    @Test
    void sevenNodesOnWildtrackFollowNearlyAllPeople() {
        WildtrackBench.Result result = WildtrackBench.run(data("wildtrack"), 7, 20, 60, 1, progress -> {});
        assertThat(result.clear().moda()).isGreaterThan(0.8);
        assertThat(WildtrackBench.plot(List.of(result)).svg())
                .contains("7 nodes, the last instant", result.clear().misses() + " missed, ");
    }

    @Test
    void autoferryBoatsAreFoundByAllFourSensorsTogether() {
        List<AutoferryBench.Result> results =
                AutoferryBench.run(List.of(data("autoferry").resolve("scenario3")), progress -> {});
        assertThat(results.getFirst().missed()).isLessThan(1);
        assertThat(results.getFirst().localisation()).isLessThan(15);
    }
}
