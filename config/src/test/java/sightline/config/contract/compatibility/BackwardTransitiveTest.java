package sightline.config.contract.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sightline.config.contract.Codecs;

/**
 * This version reads what every committed version wrote.
 *
 * <p>At a release, commit the present descriptors as the next version: run this class with {@code
 * -Dsightline.descriptors.write=v2} and add the file.
 */
class BackwardTransitiveTest {

    private static final Path COMMITTED = Path.of("src/test/resources/descriptors");

    static List<Path> versions() throws IOException {
        String write = System.getProperty("sightline.descriptors.write", "");
        if (!write.isEmpty()) {
            Files.write(COMMITTED.resolve(write + ".desc"), Descriptors.now().toByteArray());
        }
        try (Stream<Path> files = Files.list(COMMITTED)) {
            return files.filter(file -> file.toString().endsWith(".desc"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void everyMessageReadsWhatAnEarlierVersionWrote(Path version) throws IOException {
        FileDescriptorSet older = FileDescriptorSet.parseFrom(Files.readAllBytes(version));

        assertThat(older.getFileCount()).isPositive();
        assertThat(CompatibilityChecker.breaks(older, Descriptors.now())).isEmpty();
    }

    @Test
    void noMessageOfATopicIsLeftOut() {
        List<String> checked = Descriptors.now().getFileList().stream()
                .flatMap(file -> file.getMessageTypeList().stream().map(one -> file.getPackage() + "." + one.getName()))
                .toList();
        Codecs.all().forEach(codec -> assertThat(checked).contains(codec.type()));
    }
}
