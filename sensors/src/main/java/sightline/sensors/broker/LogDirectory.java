package sightline.sensors.broker;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/** The broker's directory on disk: formatted once, deleted at the end when it was temporary. */
record LogDirectory(Path path, boolean temporary) {

    static LogDirectory of(BrokerOptions options) throws IOException {
        if (options.directory().isEmpty()) {
            return new LogDirectory(Files.createTempDirectory("sightline-broker-"), true);
        }
        Path path = options.directory().get().toAbsolutePath();
        Files.createDirectories(path);
        return new LogDirectory(path, false);
    }

    /** Writes cluster id and node id unless an earlier run did. */
    void format() throws IOException {
        if (Files.exists(path.resolve("meta.properties"))) {
            return;
        }
        try {
            new Formatter()
                    .setPrintStream(new PrintStream(
                            OutputStream.nullOutputStream(), false, java.nio.charset.StandardCharsets.UTF_8))
                    .setNodeId(BrokerProperties.NODE_ID)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setControllerListenerName(BrokerProperties.CONTROLLER)
                    .setMetadataLogDirectory(path.toString())
                    .addDirectory(path.toString())
                    .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
                    .run();
        } catch (RuntimeException | IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("cannot format " + path + " for the broker", e);
        }
    }

    void deleteIfTemporary() {
        if (!temporary) {
            return;
        }
        try (var files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException e) {
            // Already gone, which is what was wanted.
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + path, e);
        }
    }
}
