package sightline.kernels.cuda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import sightline.kernels.cuda.driver.DriverProbe;
import sightline.kernels.cuda.driver.DriverStatus;
import sightline.kernels.cuda.driver.KernelLibrary;

/**
 * A device made of one CPU thread: the kernel sources and a few driver calls, built by g++ into a libcuda.so.1. What
 * needs it is skipped where g++ is absent, or where a real driver is and the GPU tests serve instead.
 */
final class EmulatedDriver {
    private static final KernelLibrary.Source SOURCES = family -> Optional.of(new byte[] {1});

    private EmulatedDriver() {}

    static CudaDevice device() {
        return device(Long.MAX_VALUE);
    }

    static CudaDevice device(long quota) {
        return CudaDevice.open(0, quota, 0, Built.status(), SOURCES);
    }

    /** Has every call that has to do with the device's work fail with that code, until a context is opened again. */
    static void lose(int code) {
        set("emulatedLoss", code);
    }

    /** Writes one of the test driver's own variables. */
    @SuppressWarnings("restricted") // four bytes of the test's own driver
    static void set(String variable, int value) {
        DriverProbe.symbols(DriverProbe.library())
                .find(variable)
                .orElseThrow()
                .reinterpret(4)
                .set(ValueLayout.JAVA_INT, 0, value);
    }

    private static final class Built {
        private static final DriverStatus STATUS = build();

        static DriverStatus status() {
            Assumptions.assumeTrue(STATUS != null, "no g++ on x86-64 Linux, or a real NVIDIA driver is here");
            return STATUS;
        }

        private static DriverStatus build() {
            boolean possible = System.getProperty("os.arch").equals("amd64")
                    && Files.isExecutable(Path.of("/usr/bin/g++"))
                    && DriverProbe.probe("libcuda.so.1").state() == DriverStatus.State.NO_DRIVER;
            if (!possible) {
                return null;
            }
            Path library = NativeBuild.compile(
                    "libcuda.so.1",
                    List.of("-Wl,-soname,libcuda.so.1", "-ffp-contract=off", "-DSIGHTLINE_EMULATED"),
                    kernelSources());
            return DriverProbe.probe(library.toString());
        }

        private static List<Path> kernelSources() {
            List<Path> sources = new ArrayList<>(List.of(Path.of("src/test/cuda/emulated_driver.cpp")));
            try (Stream<Path> files = Files.walk(Path.of("src/main/cuda"))) {
                files.filter(f -> f.toString().endsWith(".cu")).sorted().forEach(sources::add);
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
            return sources;
        }
    }

    /** Builds small shared libraries for tests. */
    static final class NativeBuild {
        private NativeBuild() {}

        static Path compile(String name, List<String> flags, List<Path> sources) {
            try {
                Path folder = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "native");
                Path library = folder.resolve(name).toAbsolutePath();
                List<String> command = new ArrayList<>(
                        List.of("/usr/bin/g++", "-std=c++17", "-O1", "-w", "-fPIC", "-shared", "-fno-strict-aliasing"));
                command.addAll(List.of("-I", "src/test/cuda", "-I", "src/main/cuda/common"));
                command.addAll(flags);
                command.addAll(List.of("-o", library.toString(), "-x", "c++"));
                sources.forEach(source -> command.add(source.toString()));
                command.add("-ldl");
                Path log = folder.resolve("log");
                Process compiler = new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
                if (!compiler.waitFor(300, TimeUnit.SECONDS) || compiler.exitValue() != 0) {
                    throw new IllegalStateException("g++ failed: " + Files.readString(log));
                }
                return library;
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(interrupted);
            }
        }
    }
}
