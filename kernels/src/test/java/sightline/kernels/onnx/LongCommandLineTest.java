package sightline.kernels.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** ONNX Runtime 1.29 dies of a long command line on a stack of a megabyte. */
class LongCommandLineTest {
    /** The process under test. */
    static final class Child {
        private Child() {}

        public static void main(String[] arguments) {
            System.exit(RuntimeEnvironment.get().getVersion().isEmpty() ? 1 : 0);
        }
    }

    @Test
    void aLongCommandLineDoesNotEndTheProcess() throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xss1m",
                "--enable-native-access=ALL-UNNAMED",
                Child.class.getName(),
                "x".repeat(40_000));
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        Process process = builder.inheritIO().start();
        assertThat(process.waitFor()).isZero();
    }
}
