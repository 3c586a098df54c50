package sightline.kernels.cuda.driver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import jcuda.driver.JCudaDriver;

/**
 * Loads JCuda's native library from a place that nobody else can write.
 *
 * <p>JCuda first asks {@code java.library.path}; failing that it unpacks to a fixed name in {@code java.io.tmpdir} and
 * takes whatever file already lies there, which on a shared machine lets another user run code in this process. So
 * while its class starts, that property points at a fresh directory of unguessable name and owner-only access, removed
 * as soon as the library is mapped. The JDK's own temporary files are not affected: it reads the property once, at
 * start.
 */
final class PrivateNatives {
    private static final String TEMPORARY = "java.io.tmpdir";

    private PrivateNatives() {}

    /** Loads on first use; later calls return at once. */
    static void load() {
        Loaded.touch();
    }

    private static final class Loaded {
        static {
            unpackPrivately();
        }

        static void touch() {}

        private static void unpackPrivately() {
            String shared = System.getProperty(TEMPORARY);
            Path own = null;
            try {
                own = Files.createTempDirectory(
                        "sightline-cuda-",
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
                System.setProperty(TEMPORARY, own.toString());
                JCudaDriver.setExceptionsEnabled(false);
            } catch (IOException failure) {
                throw new UncheckedIOException("no private directory for JCuda's library", failure);
            } finally {
                System.setProperty(TEMPORARY, shared);
                remove(own);
            }
        }

        private static void remove(Path directory) {
            if (directory == null) {
                return;
            }
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                    Files.delete(file);
                }
            } catch (IOException kept) {
                throw new UncheckedIOException("could not clear " + directory, kept);
            }
        }
    }
}
