package sightline.sensors.source;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where recordings for tests are; a test that needs one is skipped, with the reason, where it is absent. */
public final class DataFolder {
    private DataFolder() {}

    public static Path need(String relative) {
        String environment = System.getenv("SIGHTLINE_DATA");
        String root = environment == null || environment.isBlank() ? System.getProperty("sightline.data") : environment;
        assumeTrue(root != null && !root.isBlank(), "neither SIGHTLINE_DATA nor sightline.data is set");
        Path path = Path.of(root).resolve(relative);
        assumeTrue(Files.exists(path), "recording " + relative + " is not in the data folder");
        return path;
    }
}
