package sightline.pipeline.mcap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class McapFileTest {
    private static final int MESSAGES = 500;

    @TempDir
    private Path folder;

    private Path write(Compression compression, boolean close) throws IOException {
        Path file = folder.resolve(compression + "-" + close + ".mcap");
        Random random = new Random(7);
        McapWriter writer = McapWriter.create(file, compression, 4096);
        McapSchema schema = writer.schema("test.Message", "protobuf", new byte[] {1, 2, 3});
        McapChannel[] channels = {
            writer.channel("/a", schema, "protobuf", Map.of("sensor", "a")),
            writer.channel("/b", schema, "raw", Map.of())
        };
        for (int i = 0; i < MESSAGES; i++) {
            // Up to two chunks out of order.
            long nanos = 1_000_000L * (i + random.nextInt(80));
            writer.write(channels[i % 2], i, nanos, nanos + 5, ("message " + i).getBytes(UTF_8));
        }
        if (close) {
            writer.close();
        } else {
            writer.flush();
        }
        return file;
    }

    private static List<McapMessage> read(Path file, boolean complete) throws IOException {
        List<McapMessage> all = new ArrayList<>();
        try (McapReader reader = McapReader.open(file)) {
            assertThat(reader.complete()).isEqualTo(complete);
            for (var next = reader.next(); next.isPresent(); next = reader.next()) {
                all.add(next.get());
            }
        }
        return all;
    }

    @ParameterizedTest
    @EnumSource
    void whatIsWrittenIsReadInOrderOfTime(Compression compression) throws IOException {
        Path file = write(compression, true);
        List<McapMessage> all = read(file, true);
        assertThat(all).hasSize(MESSAGES).isSortedAccordingTo((a, b) -> Long.compare(a.logNanos(), b.logNanos()));
        assertThat(all).allSatisfy(m -> {
            assertThat(new String(m.data(), UTF_8)).isEqualTo("message " + m.sequence());
            assertThat(m.channel().topic()).isEqualTo(m.sequence() % 2 == 0 ? "/a" : "/b");
            assertThat(m.publishNanos()).isEqualTo(m.logNanos() + 5);
        });
        try (McapReader reader = McapReader.open(file)) {
            McapChannel first = reader.channels().getFirst();
            assertThat(first.metadata()).containsEntry("sensor", "a");
            assertThat(reader.schema(first).orElseThrow().data()).containsExactly(1, 2, 3);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFileWhoseWriterDiedIsReadUpToThere(Compression compression) throws IOException {
        assertThat(read(write(compression, false), false)).hasSize(MESSAGES);
    }

    @ParameterizedTest
    @EnumSource
    void ofAFileThatIsCutAnywhereNothingBeforeTheCutIsLost(Compression compression) throws IOException {
        byte[] whole = Files.readAllBytes(write(compression, true));
        Path cut = folder.resolve("cut.mcap");
        int before = 0;
        for (int length = Op.MAGIC.length; length < whole.length - 1; length += 97) {
            Files.write(cut, Arrays.copyOf(whole, length));
            List<McapMessage> all = read(cut, false);
            assertThat(all.size()).as("cut at %d", length).isBetween(before, MESSAGES);
            before = all.size();
        }
        assertThat(before).isEqualTo(MESSAGES);
    }

    @Test
    void aDamagedChunkIsAnErrorAndNotDifferentData() throws IOException {
        Path file = write(Compression.NONE, true);
        byte[] bytes = Files.readAllBytes(file);
        bytes[300] ^= 0x40;
        Files.write(file, bytes);
        assertThatThrownBy(() -> read(file, true))
                .isInstanceOf(MalformedMcapException.class)
                .hasMessageContaining("checksum");
    }

    @Test
    void anythingElseIsNoMcapFile() throws IOException {
        Path file = Files.writeString(folder.resolve("x.mcap"), "something else entirely");
        assertThatThrownBy(() -> McapReader.open(file))
                .isInstanceOf(MalformedMcapException.class)
                .hasMessageContaining("x.mcap is not an MCAP file");
    }
}
