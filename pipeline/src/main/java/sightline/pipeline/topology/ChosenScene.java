package sightline.pipeline.topology;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import sightline.config.site.Site;
import sightline.pipeline.declared.Feed;

/**
 * A scene whose cameras can be given another source while it runs: a recording, or whoever sends them to Kafka. Recordings
 * are taken from one folder and what lies below it, since who may use the page may not read the whole machine. Safe from
 * any thread.
 */
final class ChosenScene implements Scene {
    /** The source that a camera was started with. */
    static final String STARTED = "started";

    private static final String TOPIC = "topic";
    private static final String VIDEO = "video:";

    private final Scene scene;
    private final Path recordings;
    private final Map<String, Feed> chosen = new ConcurrentHashMap<>();

    /** @param recordings the folder that they are taken from */
    ChosenScene(Scene scene, Path recordings) {
        this.scene = scene;
        this.recordings = recordings.toAbsolutePath().normalize();
    }

    /**
     * Chooses where a camera's pictures come from when it is started next.
     *
     * @param source {@code started}, {@code topic} or {@code video:FILE[@FPS]}
     * @return what undoes it
     * @throws IllegalArgumentException with one sentence if there is no such source
     */
    Runnable choose(String camera, String source) {
        Optional<Feed> next = feed(source);
        Feed before = next.isPresent() ? chosen.put(camera, next.get()) : chosen.remove(camera);
        return () -> chosen.compute(camera, (name, now) -> before);
    }

    private Optional<Feed> feed(String source) {
        if (source.equals(STARTED)) {
            return Optional.empty();
        }
        if (source.equals(TOPIC)) {
            return Optional.of(new Feed.Topic());
        }
        if (source.startsWith(VIDEO)) {
            String text = source.substring(VIDEO.length());
            int at = text.lastIndexOf('@');
            return Optional.of(
                    at < 0
                            ? new Feed.Video(recording(text), 0)
                            : new Feed.Video(recording(text.substring(0, at)), rate(text.substring(at + 1))));
        }
        throw new IllegalArgumentException(
                "a source is " + STARTED + ", " + TOPIC + " or " + VIDEO + "FILE[@FPS], not " + source);
    }

    private Path recording(String name) {
        try {
            Path file = recordings.resolve(name).toRealPath();
            if (file.startsWith(recordings.toRealPath()) && Files.isRegularFile(file)) {
                return file;
            }
        } catch (IOException | java.nio.file.InvalidPathException e) {
            throw new IllegalArgumentException("there is no recording " + name + " in " + recordings, e);
        }
        throw new IllegalArgumentException("recordings are files in " + recordings + ", and " + name + " is none");
    }

    private static double rate(String text) {
        double rate = Double.parseDouble(text);
        if (!(rate > 0 && rate <= 1000)) {
            throw new IllegalArgumentException("frames a second are above 0 and at most 1000, not " + text);
        }
        return rate;
    }

    @Override
    public Site site() {
        return scene.site();
    }

    @Override
    public List<String> cameras() {
        return scene.cameras();
    }

    @Override
    public List<Stage> start(Production edge) {
        return scene.start(edge);
    }

    @Override
    public Stage camera(Production edge, String name, boolean detections) {
        return switch (chosen.get(name)) {
            case null -> scene.camera(edge, name, detections);
            case Feed.Plaza plaza -> scene.camera(edge, name, detections);
            case Feed.Topic topic -> new Elsewhere(name);
            case Feed.Video video -> {
                if (detections) {
                    throw new IllegalArgumentException(
                            "detections are simulated here: no network would look at a recording");
                }
                yield VideoScene.camera(edge, site(), name, video);
            }
        };
    }

    @Override
    public void close() {
        scene.close();
    }
}
