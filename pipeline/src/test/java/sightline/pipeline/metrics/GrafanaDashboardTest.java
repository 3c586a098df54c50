package sightline.pipeline.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the provisioned dashboard asks for is what the product measures. */
class GrafanaDashboardTest {
    private static final Path DASHBOARD = Path.of("../deploy/grafana/dashboards/sightline.json");
    private static final Pattern OURS = Pattern.compile("sightline_[a-z_]+");

    @Test
    void everyQueryNamesAMetricOfTheTable() throws IOException {
        List<JsonNode> queries = new ObjectMapper().readTree(DASHBOARD.toFile()).findValues("expr");
        assertThat(queries).isNotEmpty();
        Set<String> asked = new TreeSet<>();
        queries.forEach(query -> OURS.matcher(query.asText())
                .results()
                .forEach(m -> asked.add(m.group().replaceFirst("_(bucket|sum|count)$", ""))));
        assertThat(asked)
                .isNotEmpty()
                .isSubsetOf(Arrays.stream(MetricNames.values())
                        .map(MetricNames::scraped)
                        .collect(Collectors.toSet()));
    }
}
