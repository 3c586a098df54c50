package sightline.kernels.openness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sightline.kernels.graph.Conv;
import sightline.kernels.graph.Convolution.Window;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Value;
import sightline.kernels.onnx.OnnxEngine;
import sightline.kernels.testing.Parity;

/** Networks that come later can be written with the operations of today. */
class OpennessTest {
    private static Graph graph(String name) {
        Map<String, Supplier<Graph>> graphs = Map.of(
                "dcae_f32c32-in", () -> Autoencoder.f32().graph(64, 64),
                "dcae_sana", () -> Autoencoder.sana().graph(64, 64),
                "600M", () -> LinearTransformer.sana600m().graph(1, 4, 4),
                "1600M", () -> LinearTransformer.sana1600m().graph(1, 4, 4));
        return graphs.get(name).get();
    }

    @ParameterizedTest
    @CsvSource({"dcae_f32c32-in, 323356460", "dcae_sana, 312250275", "600M, 591747872", "1600M, 1604462752"})
    void parametersAreAsManyAsPublished(String name, long count) {
        assertThat(graph(name).parameterCount()).isEqualTo(count);
    }

    @ParameterizedTest
    @CsvSource({
        "dcae_f32c32-in, evit_keys.json",
        "dcae_sana, evit_keys.json",
        "600M, sana_keys.json",
        "1600M, sana_keys.json"
    })
    void namesAndShapesAreThoseOfTheOfficialCheckpoint(String name, String table) throws IOException {
        Path file = Path.of(System.getProperty("sightline.data", ""), "keys", table);
        assumeTrue(Files.isRegularFile(file), "no key table at " + file);
        JsonNode keys = new ObjectMapper().readTree(file.toFile()).path(name);
        Map<String, String> expected = keys.properties().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, e -> e.getValue().toString().replace(" ", "")));
        Map<String, String> actual = graph(name).parameters().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, e -> e.getValue().shape().toString().replace(" ", "")));
        assertThat(actual).isEqualTo(expected);
    }

    @Test
    void theAutoencodersRunAlikeOnBothEngines() {
        Parity.check(new OnnxEngine(), Autoencoder.f32().tiny().graph(32, 64), 1, 1e-5);
        Parity.check(new OnnxEngine(), Autoencoder.sana().tiny().graph(64, 32), 2, 1e-5);
    }

    @Test
    void theTransformerRunsAlikeOnBothEngines() {
        Graph graph = new LinearTransformer(2, 64, 4, 24, 7, 4).graph(2, 4, 6);
        Parity.check(new OnnxEngine(), graph, 3, 1e-5);
    }

    /** A condition-aware layer: each sample of the batch has weights of its own, computed from its condition. */
    @Test
    void weightsMayBeComputedForEachSample() {
        GraphBuilder g = GraphBuilder.named("condition-aware");
        Value x = g.input("x", Shape.of(3, 8, 6, 6));
        Value condition = g.input("condition", Shape.of(3, 5));
        Value generated = g.reshape(g.in("generator").linear(condition, 8 * 9, true), 3, 8, 1, 3, 3);
        Value own = g.reshape(g.add(generated, g.in("conv").parameter("weight", 8, 1, 3, 3)), 24, 1, 3, 3);
        Value y = g.conv2d(g.reshape(x, 1, 24, 6, 6), own, Window.of(1, 1), 24);
        g.output("y", g.in("out").conv2d(g.reshape(y, 3, 8, 6, 6), Conv.of(4, 1)));
        Parity.check(new OnnxEngine(), g.build(), 4, 1e-5);
    }
}
