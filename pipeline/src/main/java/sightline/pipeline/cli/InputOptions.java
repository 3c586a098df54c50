package sightline.pipeline.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import sightline.config.site.SensorSpec;
import sightline.config.site.Site;
import sightline.config.site.SiteFile;
import sightline.pipeline.topology.PlazaSource;
import sightline.pipeline.topology.Scene;
import sightline.pipeline.topology.VideoScene;

/** What the demo looks at: the simulated plaza, recordings, or cameras that are in Kafka already. */
final class InputOptions {
    private static final double PLAZA_FPS = 6;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--video",
            paramLabel = "[CAMERA=]FILE",
            description = "A recording in place of the plaza, played in a loop as that camera of the site (default: its"
                    + " first one). May be given several times. Needs --site.")
    private List<String> videos = List.of();

    @Option(
            names = "--topic",
            description = "The cameras are in the cluster's frame.camera.v1 already, whoever feeds it. Needs --site and"
                    + " --bootstrap-servers.")
    private boolean topic;

    @Option(names = "--site", description = "The site as YAML: nodes, sensors with calibrations, zones.")
    private Path site;

    @Option(names = "--seed", description = "Seed of the plaza (default ${DEFAULT-VALUE}).", defaultValue = "7")
    private long seed;

    @Option(
            names = "--fps",
            paramLabel = "HZ",
            description = "Frames a second: of each simulated camera (default " + PLAZA_FPS
                    + "), or of a recording whose file has it wrong.")
    private Double fps;

    /** What is observed. */
    record Input(Site site, Optional<Scene> scene) {}

    Input read(boolean clusterGiven) throws IOException {
        if (videos.isEmpty() && !topic) {
            if (site != null) {
                throw wrong("--site goes with --video or --topic; the plaza has a site of its own");
            }
            PlazaSource plaza = PlazaSource.now(seed, fps == null ? PLAZA_FPS : fps);
            return new Input(plaza.site(), Optional.of(plaza));
        }
        if (site == null) {
            throw wrong("--video and --topic need --site, which says where the cameras are and how they look");
        }
        if (topic && !clusterGiven) {
            throw wrong("--topic needs --bootstrap-servers: a broker in this process has no cameras in it");
        }
        Site known = SiteFile.read(site);
        return new Input(
                known,
                videos.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new VideoScene(known, files(known), fps == null ? 0 : fps)));
    }

    private Map<String, Path> files(Site known) {
        Map<String, Path> files = new LinkedHashMap<>();
        for (String video : videos) {
            int equals = video.indexOf('=');
            String camera = equals < 0 ? firstCamera(known) : video.substring(0, equals);
            if (files.put(camera, Path.of(video.substring(equals + 1))) != null) {
                throw wrong("camera " + camera + " has two recordings");
            }
        }
        return files;
    }

    private String firstCamera(Site known) {
        return known.sensors().stream()
                .filter(s -> s.calibration().isPresent())
                .map(SensorSpec::name)
                .findFirst()
                .orElseThrow(() -> wrong("the site has no camera with a calibration"));
    }

    private ParameterException wrong(String sentence) {
        return new ParameterException(spec.commandLine(), sentence);
    }
}
