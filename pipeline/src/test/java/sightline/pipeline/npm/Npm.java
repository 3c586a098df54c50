package sightline.pipeline.npm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Packages of npm that only tests use. They are fetched on first use; a test skips, with the reason, where they cannot be. */
public final class Npm {
    private static final Path FOLDER = Path.of("target", "npm");

    private Npm() {}

    /** The folder of an installed package. */
    public static Path require(String name, String version) {
        // One folder a package: npm removes from a folder what it did not just install.
        Path folder = FOLDER.resolve(name.replaceAll("\\W+", "-") + "-" + version);
        Path installed = folder.resolve("node_modules").resolve(name);
        if (!Files.isDirectory(installed)) {
            install(folder, name + "@" + version);
        }
        Assumptions.assumeTrue(Files.isDirectory(installed), "npm could not fetch " + name + " " + version);
        return installed.toAbsolutePath();
    }

    private static void install(Path folder, String what) {
        Path npm = Programs.find("npm").orElse(null);
        Assumptions.assumeTrue(npm != null, "no npm on the PATH to fetch " + what + " with");
        try {
            Files.createDirectories(folder);
            Process process = new ProcessBuilder(
                            npm.toString(),
                            "install",
                            "--no-audit",
                            "--no-fund",
                            "--ignore-scripts",
                            "--no-save",
                            "--prefix",
                            ".",
                            what)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("npm-output.txt").toFile())
                    .start();
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            Assumptions.abort("npm cannot be run: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            Assumptions.abort("interrupted while npm fetched " + what);
        }
    }
}
