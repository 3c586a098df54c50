package sightline.operators.depict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sightline.config.domain.Origin;
import sightline.sensors.decode.JpegEncoder;

class PairShardsTest {
    private static final int WIDTH = 160;

    @TempDir
    private Path directory;

    private static List<TrainingPair> pairs(int count) {
        List<TrainingPair> all = new ArrayList<>();
        new PairSource(3, WIDTH, JpegEncoder.best(80)).pairs(count).forEachRemaining(all::add);
        return all;
    }

    @Test
    void whatIsWrittenInShardsIsReadBack() throws IOException {
        List<TrainingPair> written = pairs(5);
        PairShards.write(directory, 2, written.iterator());
        List<TrainingPair> read = new ArrayList<>();
        try (Stream<Path> shards = Files.list(directory)) {
            for (Path shard : shards.sorted().toList()) {
                read.addAll(PairShards.read(shard));
            }
        }
        assertThat(read).hasSize(5);
        for (int i = 0; i < read.size(); i++) {
            TrainingPair before = written.get(i);
            TrainingPair after = read.get(i);
            assertThat(after.name()).isEqualTo(before.name());
            assertThat(BriefText.of(after.brief())).isEqualTo(BriefText.of(before.brief()));
            assertThat(after.brief().origin()).isEqualTo(Origin.SIMULATED);
            assertThat(after.layout().classes()).isEqualTo(before.layout().classes());
            assertThat(after.layout().instances()).isEqualTo(before.layout().instances());
            assertThat(after.layout().poses()).isEqualTo(before.layout().poses());
            assertThat(after.jpeg()).isEqualTo(before.jpeg());
        }
    }

    @Test
    void noFrameIsTakenTwice() {
        assertThat(pairs(48)).extracting(TrainingPair::name).doesNotHaveDuplicates();
    }

    @Test
    void layoutLiesOnTheFramesPixels() {
        TrainingPair pair = pairs(1).getFirst();
        assertThat(pair.layout().width()).isEqualTo(WIDTH);
        assertThat(pair.layout().instances()).containsAnyOf((byte) 1, (byte) 2, (byte) 3, (byte) 4, (byte) 5);
    }

    @Test
    void sameSeedsWriteTheSameBytes() throws IOException {
        PairShards.write(directory.resolve("a"), 2, pairs(2).iterator());
        PairShards.write(directory.resolve("b"), 2, pairs(2).iterator());
        assertThat(directory.resolve("a/shard-00000.zip"))
                .hasSameBinaryContentAs(directory.resolve("b/shard-00000.zip"));
    }

    @Test
    void fileThatIsNoShardIsNamed() throws IOException {
        Path file = Files.write(directory.resolve("other.zip"), new byte[] {1, 2, 3});
        assertThatThrownBy(() -> PairShards.read(file)).hasMessageContaining("other.zip");
    }
}
