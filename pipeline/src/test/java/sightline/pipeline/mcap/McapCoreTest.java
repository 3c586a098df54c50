package sightline.pipeline.mcap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import sightline.pipeline.npm.Npm;
import sightline.pipeline.npm.Programs;

/** Our files through npm's {@code @mcap/core}, and its files through our reader. */
class McapCoreTest {
    private static Path core;
    private static Path zstd;
    private static Path lz4;
    private static Path node;

    @TempDir
    private Path folder;

    @BeforeAll
    static void fetch() {
        node = Programs.find("node", "nodejs").orElse(null);
        Assumptions.assumeTrue(node != null, "no node on the PATH");
        core = Npm.require("@mcap/core", "2.2.2");
        zstd = Npm.require("fzstd", "0.1.1");
        lz4 = Npm.require("lz4js", "0.2.0");
    }

    @ParameterizedTest
    @EnumSource
    void itsReaderTakesEveryMessageOfOurFiles(Compression compression) throws Exception {
        Path file = folder.resolve("ours.mcap");
        try (McapWriter writer = McapWriter.create(file, compression, 3000)) {
            McapSchema schema = writer.schema("test.Message", "protobuf", new byte[] {1, 2, 3});
            McapChannel a = writer.channel("/a", schema, "protobuf", Map.of("k", "v"));
            McapChannel b = writer.channel("/b", schema, "protobuf", Map.of());
            for (int i = 0; i < 400; i++) {
                long nanos = 1_000_000_000L + 1_000_000L * ((i * 37) % 400);
                writer.write(i % 2 == 0 ? a : b, i, nanos, nanos, ("message " + i).getBytes(UTF_8));
            }
        }
        JsonNode said = new ObjectMapper().readTree(exchange("read", file));
        assertThat(said.get("count").asInt()).isEqualTo(400);
        assertThat(said.get("streamed").asInt()).isEqualTo(400);
        assertThat(said.get("done").asBoolean()).isTrue();
        assertThat(said.get("ordered").asBoolean()).isTrue();
        assertThat(said.get("statistics").asInt()).isEqualTo(400);
        assertThat(said.get("topics")).extracting(JsonNode::asText).containsExactly("/a", "/b");
        assertThat(said.get("schemas")).extracting(JsonNode::asText).containsExactly("test.Message");
    }

    @ParameterizedTest
    @ValueSource(strings = {"write", "write-without-chunks"})
    void weReadEveryMessageOfItsFiles(String how) throws Exception {
        Path file = folder.resolve("theirs.mcap");
        exchange(how, file);
        List<McapMessage> all = new ArrayList<>();
        try (McapReader reader = McapReader.open(file)) {
            assertThat(reader.complete()).isTrue();
            assertThat(reader.channels()).extracting(McapChannel::topic).containsExactly("/a", "/b");
            for (var next = reader.next(); next.isPresent(); next = reader.next()) {
                all.add(next.get());
            }
        }
        assertThat(all).hasSize(300);
        for (int i = 0; i < 300; i++) {
            assertThat(all.get(i).sequence()).isEqualTo(299 - i);
            assertThat(new String(all.get(i).data(), UTF_8)).isEqualTo("message " + (299 - i));
        }
    }

    @Test
    void anEmptyFileOfOursIsWellFormed() throws Exception {
        Path file = folder.resolve("empty.mcap");
        McapWriter.create(file, Compression.ZSTD).close();
        assertThat(new ObjectMapper()
                        .readTree(exchange("read", file))
                        .get("count")
                        .asInt())
                .isZero();
        try (McapReader reader = McapReader.open(file)) {
            assertThat(reader.next()).isEmpty();
        }
    }

    private String exchange(String what, Path file) throws IOException, InterruptedException, URISyntaxException {
        Path script = Path.of(
                McapCoreTest.class.getResource("/sightline/mcap/exchange.js").toURI());
        Process process = new ProcessBuilder(
                        node.toString(),
                        script.toString(),
                        what,
                        file.toString(),
                        core.toString(),
                        zstd.toString(),
                        lz4.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        return said;
    }
}
