package sightline.sensors.dataset;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import sightline.config.domain.Measurement;
import sightline.config.domain.ObjectClass;
import sightline.config.domain.ObservationTime;
import sightline.config.domain.Origin;
import sightline.config.domain.Scan;
import sightline.config.domain.TruthPoint;
import sightline.config.site.SensorSpec;
import sightline.config.site.Site;
import sightline.sensors.source.BrokenSourceException;
import sightline.sensors.source.Source;

/**
 * A scenario of the Autoferry sensor-fusion data (Helgesen et al., Ocean Engineering 2022): radar, lidar, infrared and
 * optical detections from a moving ferry, two boats with satellite positions as truth.
 *
 * <p>Positions become east and north of the data's origin, bearings counter-clockwise from east. Scans come in the order
 * of the file, which in some scenarios is not that of their times; that is how they arrived, and fusion must cope. The
 * files give no covariances: {@link Noise} does. A scenario is read whole, some thousand scans. Immutable; any thread.
 */
public final class Autoferry {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private final String name;
    private final List<Scan> scans;
    private final List<TruthPoint> truth;

    /** The sensors, by the numbers in the files. */
    public enum Sensor {
        LIDAR("lidar", SensorSpec.Kind.LIDAR),
        RADAR("radar", SensorSpec.Kind.RADAR),
        INFRARED("infrared", SensorSpec.Kind.BEARING),
        OPTICAL("optical", SensorSpec.Kind.BEARING);

        private final String sensor;
        private final SensorSpec.Kind kind;

        Sensor(String sensor, SensorSpec.Kind kind) {
            this.sensor = sensor;
            this.kind = kind;
        }

        public String sensor() {
            return sensor;
        }
    }

    /**
     * Standard deviations, which the files leave open.
     *
     * @param lidarMetres in each direction
     * @param radarMetres in each direction
     * @param infraredRadians of a bearing
     * @param opticalRadians of a bearing
     */
    public record Noise(double lidarMetres, double radarMetres, double infraredRadians, double opticalRadians) {
        /** About the residuals against the satellite positions; boats are several metres long. */
        public static final Noise DEFAULT = new Noise(2.5, 5, 0.04, 0.025);
    }

    private Autoferry(String name, List<Scan> scans, List<TruthPoint> truth) {
        this.name = name;
        this.scans = List.copyOf(scans);
        this.truth = List.copyOf(truth);
    }

    /** Reads the two JSON files of a scenario's folder. */
    public static Autoferry open(Path folder, Noise noise) {
        String name = folder.getFileName().toString();
        return new Autoferry(
                name, scans(tree(folder, "_detections.json"), noise), truth(tree(folder, "_groundTruth.json")));
    }

    private static JsonNode tree(Path folder, String suffix) {
        try (Stream<Path> files = Files.list(folder)) {
            Path file = files.filter(f -> f.toString().endsWith(suffix))
                    .findFirst()
                    .orElseThrow(() -> new BrokenSourceException(folder.getFileName() + " holds no *" + suffix));
            return JSON.readTree(file.toFile());
        } catch (IOException e) {
            throw new BrokenSourceException("scenario " + folder.getFileName() + " cannot be read", e);
        }
    }

    private static List<Scan> scans(JsonNode tree, Noise noise) {
        List<Scan> out = new ArrayList<>();
        Map<Sensor, Long> sequences = new EnumMap<>(Sensor.class);
        for (JsonNode node : tree) {
            Sensor sensor = Sensor.values()[node.get("sensorID").asInt() - 1];
            double north = node.get("ownshipPosition").get(0).asDouble();
            double east = node.get("ownshipPosition").get(1).asDouble();
            long sequence = sequences.merge(sensor, 1L, Long::sum) - 1;
            out.add(new Scan(
                    sensor.sensor(),
                    0,
                    sequence,
                    ObservationTime.at(nanos(node.get("time")), "autoferry"),
                    Origin.REPLAY,
                    east,
                    north,
                    measurements(sensor, node.get("measurement"), east, north, noise),
                    "",
                    ""));
        }
        return out;
    }

    private static List<Measurement> measurements(
            Sensor sensor, JsonNode node, double east, double north, Noise noise) {
        List<Measurement> out = new ArrayList<>();
        if (sensor.kind == SensorSpec.Kind.BEARING) {
            double sigma = sensor == Sensor.INFRARED ? noise.infraredRadians() : noise.opticalRadians();
            for (double bearing : numbers(node)) {
                out.add(new Measurement.Bearing(
                        Math.IEEEremainder(Math.PI / 2 - bearing, 2 * Math.PI), sigma * sigma, 1));
            }
            return out;
        }
        double sigma = sensor == Sensor.RADAR ? noise.radarMetres() : noise.lidarMetres();
        boolean table = node.size() == 2 && node.get(0).isArray();
        List<Double> norths = table
                ? numbers(node.get(0))
                : node.isEmpty() ? List.of() : List.of(node.get(0).asDouble());
        List<Double> easts = table
                ? numbers(node.get(1))
                : node.isEmpty() ? List.of() : List.of(node.get(1).asDouble());
        for (int i = 0; i < norths.size(); i++) {
            out.add(new Measurement.Position(
                    east + easts.get(i), north + norths.get(i), sigma * sigma, 0, sigma * sigma, 1));
        }
        return out;
    }

    /** A list, or the bare number that the files have in place of a list of one. */
    private static List<Double> numbers(JsonNode node) {
        if (!node.isArray()) {
            return List.of(node.asDouble());
        }
        List<Double> out = new ArrayList<>();
        node.forEach(n -> out.add(n.asDouble()));
        return out;
    }

    /** Seconds as written, without the rounding of a double. */
    private static long nanos(JsonNode seconds) {
        return seconds.decimalValue()
                .multiply(BigDecimal.valueOf(1_000_000_000))
                .longValue();
    }

    private static List<TruthPoint> truth(JsonNode tree) {
        List<TruthPoint> out = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (JsonNode instant : tree) {
            for (Iterator<JsonNode> i = targets(instant); i.hasNext(); ) {
                JsonNode target = i.next();
                long time = nanos(target.get("time"));
                String id = "boat-" + target.get("targetID").asInt();
                if (seen.add(id + "@" + time)) {
                    out.add(new TruthPoint(
                            id,
                            ObjectClass.CAR,
                            time,
                            target.get("position").get(1).asDouble(),
                            target.get("position").get(0).asDouble(),
                            0,
                            0,
                            Origin.REPLAY));
                }
            }
        }
        return Velocities.differences(out);
    }

    private static Iterator<JsonNode> targets(JsonNode instant) {
        return instant.isArray() ? instant.iterator() : List.of(instant).iterator();
    }

    public String name() {
        return name;
    }

    /** Every scan in the order of the file. */
    public List<Scan> scans() {
        return scans;
    }

    /** Where the two boats were, in order of time. The house has no class for boats: they are labelled as cars. */
    public List<TruthPoint> truth() {
        return truth;
    }

    /** One sensor's scans as a source, in the order of the file. */
    public Source<Scan> source(Sensor sensor) {
        return new Source<>() {
            @Override
            public String name() {
                return sensor.sensor();
            }

            @Override
            public Flux<Scan> open() {
                return Flux.fromIterable(scans).filter(s -> s.sensor().equals(sensor.sensor()));
            }
        };
    }

    /** Two nodes: one with radar and lidar, one with the two cameras. All ride on the same ferry. */
    public Site site() {
        List<SensorSpec> sensors = new ArrayList<>();
        for (Sensor sensor : Sensor.values()) {
            boolean bearing = sensor.kind == SensorSpec.Kind.BEARING;
            sensors.add(new SensorSpec(
                    sensor.sensor(),
                    sensor.kind,
                    bearing ? "passive" : "active",
                    Optional.empty(),
                    scans.getFirst().east(),
                    scans.getFirst().north(),
                    sensor == Sensor.LIDAR ? 150 : 1000,
                    sensor == Sensor.LIDAR ? 0.6 : 0.75,
                    sensor == Sensor.RADAR ? 2 : 1));
        }
        return new Site("autoferry-" + name, List.of("active", "passive"), sensors, List.of(), List.of(), 200_000_000L);
    }
}
