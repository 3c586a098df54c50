package sightline.sensors.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.w3c.dom.Document;
import reactor.core.scheduler.Scheduler;
import sightline.config.domain.Box;
import sightline.config.domain.Detections;
import sightline.config.domain.ObjectClass;
import sightline.config.domain.Origin;
import sightline.config.domain.TruthPoint;
import sightline.config.site.Calibration;
import sightline.config.site.Distortion;
import sightline.config.site.GroundPoint;
import sightline.config.site.Projection;
import sightline.config.site.SensorSpec;
import sightline.config.site.Site;
import sightline.sensors.geometry.CameraModel;
import sightline.sensors.geometry.WorldPoint;
import sightline.sensors.scene.BoxPerturbation;
import sightline.sensors.source.BrokenSourceException;
import sightline.sensors.source.Source;

/**
 * WILDTRACK (Chavdarova et al., CVPR 2018): seven calibrated cameras, people annotated twice a second with their place on
 * the ground and their box in each view. There are no pictures here; detections are the annotated boxes, spoiled by a
 * {@link BoxPerturbation} and marked as simulated.
 *
 * <p>Annotation files are read one at a time, as they are asked for. Immutable; any thread.
 */
public final class Wildtrack {
    /** Between two annotated instants. */
    public static final long PERIOD_NANOS = 500_000_000L;

    static final int WIDTH = 1920;
    static final int HEIGHT = 1080;
    private static final List<String> CAMERAS =
            List.of("CVLab1", "CVLab2", "CVLab3", "CVLab4", "IDIAP1", "IDIAP2", "IDIAP3");
    private static final int GRID_WIDTH = 480;
    private static final double CENTIMETRES = 1e-2;
    private static final double PIXEL_SIGMA = 1.5;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<Path> files;
    private final List<Calibration> calibrations;

    /**
     * An annotated person.
     *
     * @param id of the person
     * @param ground where he stands, metres
     * @param boxes in each view, in the order of the cameras; empty where he is not in view
     */
    public record Person(int id, GroundPoint ground, List<Optional<Box>> boxes) {}

    private Wildtrack(List<Path> files, List<Calibration> calibrations) {
        this.files = files;
        this.calibrations = calibrations;
    }

    public static Wildtrack open(Path folder) {
        List<Calibration> calibrations = new ArrayList<>();
        for (int i = 0; i < CAMERAS.size(); i++) {
            Path parts = folder.resolve("calibrations");
            calibrations.add(calibration(
                    "C" + (i + 1),
                    parts.resolve("intrinsic_zero").resolve("intr_" + CAMERAS.get(i) + ".xml"),
                    parts.resolve("extrinsic").resolve("extr_" + CAMERAS.get(i) + ".xml")));
        }
        try (Stream<Path> annotations = Files.list(folder.resolve("annotations_positions"))) {
            return new Wildtrack(
                    annotations
                            .filter(f -> f.toString().endsWith(".json"))
                            .sorted()
                            .toList(),
                    List.copyOf(calibrations));
        } catch (IOException e) {
            throw new BrokenSourceException(folder.getFileName() + " holds no WILDTRACK annotations", e);
        }
    }

    private static Calibration calibration(String camera, Path intrinsic, Path extrinsic) {
        double[] k = Xml.numbers(Xml.element(Xml.element(Xml.read(intrinsic), "camera_matrix"), "data"));
        Document pose = Xml.read(extrinsic);
        double[] r = Xml.numbers(Xml.element(pose, "rvec"));
        double[] t = Xml.numbers(Xml.element(pose, "tvec"));
        for (int i = 0; i < 3; i++) {
            t[i] *= CENTIMETRES;
        }
        return new Calibration(
                camera,
                "wildtrack",
                0,
                WIDTH,
                HEIGHT,
                // OpenCV measures from the first pixel's centre.
                new Projection.Pinhole(
                        k[0], k[4], k[2] + 0.5, k[5] + 0.5, Rotations.ofVector(r), t, new Distortion.None()),
                PIXEL_SIGMA);
    }

    public List<Calibration> calibrations() {
        return calibrations;
    }

    /** Annotated instants. */
    public int length() {
        return files.size();
    }

    /** Everyone annotated at an instant, from 0. */
    public List<Person> people(int index) {
        Path file = files.get(index);
        try {
            List<Person> people = new ArrayList<>();
            for (JsonNode person : JSON.readTree(file.toFile())) {
                people.add(person(person));
            }
            return people;
        } catch (IOException e) {
            throw new BrokenSourceException("annotations " + file.getFileName() + " cannot be read", e);
        }
    }

    private static Person person(JsonNode node) {
        int place = node.get("positionID").asInt();
        GroundPoint ground =
                new GroundPoint(-3.0 + 0.025 * (place % GRID_WIDTH), -9.0 + 0.025 * Math.floorDiv(place, GRID_WIDTH));
        List<Optional<Box>> boxes = new ArrayList<>();
        for (int i = 0; i < CAMERAS.size(); i++) {
            boxes.add(Optional.empty());
        }
        for (JsonNode view : node.get("views")) {
            int x0 = view.get("xmin").asInt();
            int x1 = view.get("xmax").asInt();
            int y0 = view.get("ymin").asInt();
            int y1 = view.get("ymax").asInt();
            if (x1 > x0 && y1 > y0 && x1 > 0 && y1 > 0 && x0 < WIDTH && y0 < HEIGHT) {
                boxes.set(view.get("viewNum").asInt(), Optional.of(new Box(x0, y0, x1 - x0, y1 - y0)));
            }
        }
        return new Person(node.get("personID").asInt(), ground, List.copyOf(boxes));
    }

    /** Where everyone is at an instant. */
    public List<TruthPoint> truth(int index, long startNanos) {
        List<Person> now = people(index);
        List<Person> before = people(Math.max(0, index - 1));
        List<Person> after = people(Math.min(length() - 1, index + 1));
        List<TruthPoint> out = new ArrayList<>();
        for (Person person : now) {
            Optional<Person> a = find(before, person.id());
            Optional<Person> b = find(after, person.id());
            GroundPoint from = a.orElse(person).ground();
            GroundPoint to = b.orElse(person).ground();
            int steps = (a.isPresent() && index > 0 ? 1 : 0) + (b.isPresent() && index < length() - 1 ? 1 : 0);
            double seconds = Math.max(1, steps) * PERIOD_NANOS / 1e9;
            out.add(new TruthPoint(
                    "wildtrack-" + person.id(),
                    ObjectClass.PERSON,
                    startNanos + index * PERIOD_NANOS,
                    person.ground().east(),
                    person.ground().north(),
                    (to.east() - from.east()) / seconds,
                    (to.north() - from.north()) / seconds,
                    Origin.REPLAY));
        }
        return out;
    }

    private static Optional<Person> find(List<Person> people, int id) {
        return people.stream().filter(p -> p.id() == id).findFirst();
    }

    /** The seven cameras, shared out to nodes in turn. */
    public Site site(int nodes, double detectionProbability, double clutterPerScan) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            names.add("node-" + (i + 1));
        }
        List<SensorSpec> sensors = new ArrayList<>();
        for (int i = 0; i < calibrations.size(); i++) {
            Calibration c = calibrations.get(i);
            WorldPoint at = CameraModel.of(c).center();
            sensors.add(new SensorSpec(
                    c.camera(),
                    SensorSpec.Kind.CAMERA,
                    names.get(i % nodes),
                    Optional.of(c),
                    at.east(),
                    at.north(),
                    40,
                    detectionProbability,
                    clutterPerScan));
        }
        return new Site("wildtrack", names, sensors, List.of(), List.of(), PERIOD_NANOS);
    }

    /**
     * A camera's boxes as an imperfect detector would report them.
     *
     * @param camera from 0
     * @param perturbation how imperfect
     * @param seed of its errors
     * @param startNanos exposure of the first instant
     */
    public Source<Detections> detections(
            int camera, BoxPerturbation perturbation, long seed, long startNanos, Scheduler scheduler) {
        Calibration calibration = calibrations.get(camera);
        return Source.reading(
                calibration.camera(), () -> new WildtrackReel(this, camera, perturbation, seed, startNanos), scheduler);
    }
}
