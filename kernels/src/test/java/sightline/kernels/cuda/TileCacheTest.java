package sightline.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept between runs, and what becomes of files that are not as they should be. */
class TileCacheTest {
    private static final String DIGEST = "0123456789abcdef0123456789abcdef";
    private static final List<String> NAMES = List.of("a", "b");

    @TempDir
    private Path folder;

    private final List<String> said = new ArrayList<>();

    private TileCache.Choices open(String device) {
        return TileCache.at(folder, said::add).choices(device, DIGEST);
    }

    private Path onlyFile() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> all = files.toList();
            assertThat(all).hasSize(1);
            return all.getFirst();
        }
    }

    private void keep(TileCache.Choices choices, String layer, String name) {
        choices.keep(layer, NAMES, name, 0.5f, 0.1f);
        choices.save();
    }

    @Test
    void aChoiceOutlivesTheProcess() {
        keep(open("one"), "layer", "b");
        assertThat(open("one").find("layer", NAMES)).contains("b");
        assertThat(open("another").find("layer", NAMES)).isEmpty();
        assertThat(said).isEmpty();
    }

    @Test
    void howMuchAChoiceSavedIsKnownToo() {
        keep(open("one"), "layer", "b");
        assertThat(open("one").saved("layer", NAMES)).isEqualTo(0.1f);
        assertThat(open("one").saved("layer", List.of("a", "c"))).isNegative();
        assertThat(open("one").saved("other", NAMES)).isNegative();
    }

    @Test
    void otherKernelsAreOtherChoices() {
        keep(open("one"), "layer", "b");
        assertThat(TileCache.at(folder, said::add)
                        .choices("one", DIGEST.replace('0', 'f'))
                        .find("layer", NAMES))
                .isEmpty();
    }

    @Test
    void twoProcessesKeepWhatBothFound() {
        TileCache.Choices first = open("one");
        TileCache.Choices second = open("one");
        keep(first, "layer", "a");
        keep(second, "other", "b");
        assertThat(open("one").find("layer", NAMES)).contains("a");
        assertThat(open("one").find("other", NAMES)).contains("b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "something else\nlayer\t0\ta\t0.5\n", "HEAD\nlayer", "HEAD\nlayer\t0\ta\tsoon\t0\n"})
    void aFileThatIsNotOursIsIgnoredInOneSentenceAndReplaced(String content) throws IOException {
        keep(open("one"), "layer", "a");
        Path file = onlyFile();
        String head = Files.readAllLines(file).getFirst();
        Files.writeString(file, content.replace("HEAD", head));
        TileCache.Choices choices = open("one");
        assertThat(choices.find("layer", NAMES)).isEmpty();
        keep(choices, "layer", "b");
        assertThat(said).hasSize(1);
        assertThat(said.getFirst()).contains("is ignored");
        assertThat(open("one").find("layer", NAMES)).contains("b");
        assertThat(said).hasSize(1);
    }

    @Test
    void bytesThatAreNoTextAreIgnoredToo() throws IOException {
        keep(open("one"), "layer", "a");
        Files.write(onlyFile(), new byte[] {(byte) 0xff, 0, (byte) 0xc3});
        assertThat(open("one").find("layer", NAMES)).isEmpty();
        assertThat(said).hasSize(1);
    }

    @Test
    void aFolderThatCannotBeMadeCostsASentenceAndNothingElse() throws IOException {
        Path blocked = Files.writeString(folder.resolve("file"), "");
        TileCache.Choices choices =
                TileCache.at(blocked.resolve("below"), said::add).choices("one", DIGEST);
        keep(choices, "layer", "a");
        keep(choices, "layer", "b");
        assertThat(choices.find("layer", NAMES)).contains("b");
        assertThat(said).hasSize(1);
    }

    @Test
    void filesAndLinesAreBounded() throws IOException {
        TileCache.Choices choices = open("large");
        for (int i = 0; i < TileCache.MOST_LAYERS + 10; i++) {
            choices.keep("layer " + i, NAMES, "a", 1, 0);
        }
        choices.save();
        assertThat(Files.readAllLines(onlyFile())).hasSize(1 + TileCache.MOST_LAYERS);
        for (int i = 0; i < TileCache.MOST_FILES + 3; i++) {
            keep(open("device " + i), "layer", "a");
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.toList()).hasSize(TileCache.MOST_FILES);
        }
    }
}
