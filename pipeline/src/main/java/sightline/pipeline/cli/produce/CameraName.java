package sightline.pipeline.cli.produce;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** What the camera of a recording is called: as its file is, unless somebody says so. Two recordings then stay two cameras. */
final class CameraName {

    @Option(
            names = "--camera",
            paramLabel = "NAME",
            description = "Name of the camera (default: that of what is published, without its ending).")
    private String name;

    String of(Path recording) {
        if (name != null) {
            return name;
        }
        String file = recording.toAbsolutePath().normalize().getFileName().toString();
        return file.replaceFirst("(?<=.)\\.[^.]*$", "").replaceAll("[^A-Za-z0-9._-]", "-");
    }
}
