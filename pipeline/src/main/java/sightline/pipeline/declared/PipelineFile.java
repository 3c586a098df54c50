package sightline.pipeline.declared;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sightline.config.site.Site;
import sightline.config.site.SiteFile;
import sightline.config.site.YamlPart;
import sightline.pipeline.infer.Repertoire.Task;
import sightline.sensors.scene.Plaza;
import sightline.sensors.scene.PlazaSettings;

/**
 * The file that declares a pipeline.
 *
 * <pre>{@code
 * site: yard-site.yaml            # beside this file; or plaza, for the simulated one
 * cameras:
 *   - {name: gate, from: topic}
 *   - {name: dock, from: video, file: dock.mp4, fps: 7}
 *   - {name: cam-1, from: plaza}
 * detector: {weights: ours.safetensors, side: 352, score: 0.4, threads: 1}     # all of it optional
 * poses: {model: litepose-xs}                                                    # these three too; weights ship or are a file
 * segmentation: {model: efficientvit-seg-b0-street}
 * masks: {model: efficientvit-sam-l0, weights: efficientvit_sam_l0.pt}
 * }</pre>
 *
 * <p>Everything is checked before anything starts, and all that is wrong is said at once.
 */
public final class PipelineFile {
    private static final String PLAZA = "plaza";
    private static final int GRANULE = 32;
    private static final int LARGEST_SIDE = 2048;

    private final Path file;
    private final List<String> wrong = new ArrayList<>();

    private PipelineFile(Path file) {
        this.file = file;
    }

    /** @throws IllegalArgumentException with a line for each thing that is wrong */
    public static Declaration read(Path file) throws IOException {
        PipelineFile reading = new PipelineFile(file.toAbsolutePath());
        Declaration declaration = reading.declaration(YamlPart.read(file));
        if (!reading.wrong.isEmpty()) {
            throw new IllegalArgumentException(String.join(System.lineSeparator(), reading.wrong));
        }
        return declaration;
    }

    private Declaration declaration(YamlPart root) {
        check(() -> root.knows("site", "cameras", "detector", "poses", "segmentation", "masks"));
        Optional<Site> site = read(() -> site(root));
        Map<String, Feed> cameras = new LinkedHashMap<>();
        for (YamlPart part : read(() -> root.parts("cameras")).orElse(List.of())) {
            check(() -> camera(part, site, cameras));
        }
        DetectorChoice detector = read(() -> root.part("detector").map(this::detector))
                .flatMap(choice -> choice)
                .orElse(DetectorChoice.SHIPPED);
        NetworkChoices networks = new NetworkChoices(
                detector,
                network(root, "poses", Task.POSES),
                network(root, "segmentation", Task.SEGMENTATION),
                network(root, "masks", Task.MASKS));
        return site.map(s -> new Declaration(s, cameras, networks)).orElse(null);
    }

    private Site site(YamlPart root) {
        String name = root.text("site");
        if (name.equals(PLAZA)) {
            return Plaza.of(PlazaSettings.of(7)).site();
        }
        try {
            return SiteFile.read(beside(name));
        } catch (IOException e) {
            throw new IllegalArgumentException(root.place() + ".site: " + name + " cannot be read", e);
        }
    }

    private void camera(YamlPart part, Optional<Site> site, Map<String, Feed> cameras) {
        part.knows("name", "from", "file", "fps");
        String name = part.text("name");
        if (site.isPresent()
                && site.get()
                        .sensor(name)
                        .filter(s -> s.calibration().isPresent())
                        .isEmpty()) {
            throw part.wrong("is named " + name + ", which is no calibrated camera of the site");
        }
        Feed feed =
                switch (part.text("from")) {
                    case PLAZA -> new Feed.Plaza();
                    case "topic" -> new Feed.Topic();
                    case "video" -> new Feed.Video(existing(part, "file"), part.number("fps", 0));
                    default ->
                        throw part.wrong(
                                "comes from '" + part.text("from") + "', which is none of plaza, topic, video");
                };
        if (cameras.put(name, feed) != null) {
            throw part.wrong("is the second camera named " + name);
        }
    }

    private DetectorChoice detector(YamlPart part) {
        part.knows("weights", "side", "score", "threads");
        int side = (int) part.number("side", DetectorChoice.SHIPPED.side());
        double score = part.number("score", DetectorChoice.SHIPPED.score());
        int threads = (int) part.number("threads", DetectorChoice.SHIPPED.threads());
        if (side < GRANULE || side > LARGEST_SIDE || side % GRANULE != 0) {
            throw part.wrong("has side " + side + ", which is no multiple of 32 in 32..2048");
        }
        if (!(score > 0 && score < 1)) {
            throw part.wrong("has score " + score + ", which is not in (0, 1)");
        }
        if (threads < 1 || threads > 64) {
            throw part.wrong("has " + threads + " threads, which is not in 1..64");
        }
        return new DetectorChoice(
                part.has("weights") ? Optional.of(existing(part, "weights")) : Optional.empty(), side, score, threads);
    }

    private Optional<NetworkChoice> network(YamlPart root, String key, Task task) {
        return read(() -> root.part(key).map(part -> network(part, task))).flatMap(choice -> choice);
    }

    private NetworkChoice network(YamlPart part, Task task) {
        part.knows("model", "weights");
        NetworkChoice choice = new NetworkChoice(
                part.text("model"), part.has("weights") ? Optional.of(beside(part.text("weights"))) : Optional.empty());
        try {
            task.require(choice.model(), choice.weights());
        } catch (IllegalArgumentException e) {
            throw part.wrong("cannot be had: " + e.getMessage());
        }
        return choice;
    }

    private Path existing(YamlPart part, String key) {
        Path path = beside(part.text(key));
        if (!Files.isReadable(path)) {
            throw part.wrong("names " + part.text(key) + " as its " + key + ", which cannot be read");
        }
        return path;
    }

    private Path beside(String name) {
        return file.resolveSibling(name);
    }

    private void check(Runnable step) {
        read(() -> {
            step.run();
            return step;
        });
    }

    private <T> Optional<T> read(java.util.function.Supplier<T> step) {
        try {
            return Optional.of(step.get());
        } catch (IllegalArgumentException e) {
            wrong.add(e.getMessage());
            return Optional.empty();
        }
    }
}
