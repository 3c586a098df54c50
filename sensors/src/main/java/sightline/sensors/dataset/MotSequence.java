package sightline.sensors.dataset;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import reactor.core.scheduler.Scheduler;
import sightline.config.domain.Box;
import sightline.config.domain.Detections;
import sightline.config.domain.EncodedFrame;
import sightline.config.domain.ObjectClass;
import sightline.config.domain.Origin;
import sightline.config.domain.TruthPoint;
import sightline.config.site.GroundPoint;
import sightline.sensors.decode.JpegEncoder;
import sightline.sensors.source.BrokenSourceException;
import sightline.sensors.source.CameraStamp;
import sightline.sensors.source.ImageFolderSource;
import sightline.sensors.source.Source;

/**
 * A sequence in the layout of the MOT challenge: {@code seqinfo.ini}, {@code img1/}, {@code gt/gt.txt},
 * {@code det/det.txt}. Text files are read whole; they are small. Immutable.
 */
public final class MotSequence {
    private static final int NO_POSITION = -1;

    private final Path folder;
    private final Map<String, String> info;

    private MotSequence(Path folder, Map<String, String> info) {
        this.folder = folder;
        this.info = info;
    }

    public static MotSequence open(Path folder) {
        Map<String, String> info = new HashMap<>();
        try (Stream<String> lines = Files.lines(folder.resolve("seqinfo.ini"))) {
            lines.forEach(line -> {
                int equals = line.indexOf('=');
                if (equals > 0) {
                    info.put(
                            line.substring(0, equals).strip(),
                            line.substring(equals + 1).strip());
                }
            });
        } catch (IOException e) {
            throw new BrokenSourceException(
                    folder.getFileName() + " is no MOT sequence: seqinfo.ini cannot be read", e);
        }
        return new MotSequence(folder, Map.copyOf(info));
    }

    public String name() {
        return value("name");
    }

    public double framesPerSecond() {
        return Double.parseDouble(value("frameRate"));
    }

    public int length() {
        return Integer.parseInt(value("seqLength"));
    }

    public int width() {
        return Integer.parseInt(value("imWidth"));
    }

    public int height() {
        return Integer.parseInt(value("imHeight"));
    }

    private String value(String key) {
        String value = info.get(key);
        if (value == null) {
            throw new BrokenSourceException("seqinfo.ini of " + folder.getFileName() + " has no " + key);
        }
        return value;
    }

    /** Exposure of a frame, from 1, in a replay that starts at an instant. */
    public long exposureNanos(int frame, long startNanos) {
        return startNanos + Math.round((frame - 1) * 1e9 / framesPerSecond());
    }

    /** Annotated boxes by frame; rows that the file marks as not to be counted are left out. */
    public Map<Integer, List<MotBox>> groundTruth() {
        return read(folder.resolve("gt").resolve("gt.txt"), true);
    }

    /** The public detections by frame. */
    public Map<Integer, List<MotBox>> detections() {
        return read(folder.resolve("det").resolve("det.txt"), false);
    }

    private static Map<Integer, List<MotBox>> read(Path file, boolean truth) {
        Map<Integer, List<MotBox>> frames = new TreeMap<>();
        try (Stream<String> lines = Files.lines(file)) {
            lines.filter(line -> !line.isBlank()).forEach(line -> {
                MotBox box = row(line);
                if (!truth || box.confidence() != 0) {
                    frames.computeIfAbsent(box.frame(), k -> new ArrayList<>()).add(box);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(file.getFileName() + " cannot be read", e);
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new BrokenSourceException(file.getFileName() + " has a row that is no MOT row", e);
        }
        return Collections.unmodifiableMap(frames);
    }

    private static MotBox row(String line) {
        String[] f = line.split(",");
        // MOT counts pixels from 1, so its edges lie one further than ours.
        Box box = new Box(number(f[2]) - 1, number(f[3]) - 1, number(f[4]), number(f[5]));
        boolean placed = f.length >= 9 && !(number(f[7]) == NO_POSITION && number(f[8]) == NO_POSITION);
        return new MotBox(
                (int) number(f[0]),
                (int) number(f[1]),
                box,
                number(f[6]),
                placed ? Optional.of(new GroundPoint(number(f[7]), number(f[8]))) : Optional.empty());
    }

    private static double number(String text) {
        return Double.parseDouble(text.strip());
    }

    /**
     * Where the annotated people were, for sequences whose truth has ground positions; velocities are central differences.
     *
     * @param startNanos exposure of the first frame
     */
    public List<TruthPoint> truth(long startNanos) {
        List<TruthPoint> points = new ArrayList<>();
        groundTruth()
                .values()
                .forEach(boxes -> boxes.forEach(b -> b.ground()
                        .ifPresent(g -> points.add(new TruthPoint(
                                name() + "-" + b.id(),
                                ObjectClass.PERSON,
                                exposureNanos(b.frame(), startNanos),
                                g.east(),
                                g.north(),
                                0,
                                0,
                                Origin.REPLAY)))));
        return Velocities.differences(points);
    }

    /**
     * The public detections as a stream of their own, one element for every frame of the sequence, empty ones included.
     * Scores are the file's confidences divided by 100 where they run that far, cut to 0..1.
     *
     * @param stamp identity of the frames; its calibration goes into their headers
     * @param startNanos exposure of the first frame
     */
    public Source<Detections> publicDetections(CameraStamp stamp, long startNanos, Scheduler scheduler) {
        return Source.reading(stamp.camera(), () -> new MotReel(this, stamp, startNanos), scheduler);
    }

    /** The frames, if the sequence has them. */
    public Optional<Source<EncodedFrame>> frames(
            CameraStamp stamp, long startNanos, JpegEncoder encoder, Scheduler scheduler) {
        Path images = folder.resolve(info.getOrDefault("imDir", "img1"));
        return Files.isDirectory(images)
                ? Optional.of(new ImageFolderSource(images, stamp, startNanos, framesPerSecond(), encoder, scheduler))
                : Optional.empty();
    }
}
