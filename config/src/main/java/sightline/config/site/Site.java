package sightline.config.site;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The fixed roster that fusion relies on: S nodes with disjoint sensors. A node is a logical entry here, not a process;
 * node k reads partition k. The number of nodes never follows who is alive.
 *
 * @param scene name of the scene
 * @param nodes node names in partition order
 * @param sensors every sensor, each with one node
 * @param zones on the ground
 * @param lines on the ground
 * @param tickNanos length of a scene tick in exposure time
 */
public record Site(
        String scene,
        List<String> nodes,
        List<SensorSpec> sensors,
        List<Zone> zones,
        List<Line> lines,
        long tickNanos) {
    public Site {
        nodes = List.copyOf(nodes);
        sensors = List.copyOf(sensors);
        zones = List.copyOf(zones);
        lines = List.copyOf(lines);
        if (tickNanos <= 0) {
            throw new IllegalArgumentException("tickNanos " + tickNanos + " is not positive");
        }
        Set<String> names = new HashSet<>();
        for (SensorSpec sensor : sensors) {
            if (!names.add(sensor.name())) {
                throw new IllegalArgumentException("sensor " + sensor.name() + " stands twice in the roster");
            }
            if (!nodes.contains(sensor.node())) {
                throw new IllegalArgumentException(
                        "sensor " + sensor.name() + " names node " + sensor.node() + ", which is not in " + nodes);
            }
        }
    }

    public Optional<SensorSpec> sensor(String name) {
        return sensors.stream().filter(s -> s.name().equals(name)).findFirst();
    }

    /** The partition of a sensor's records: its node's place in the roster; a double's are for who publishes the scene. */
    public int partitionOf(String sensor) {
        if (Rehearsal.isDouble(sensor)) {
            return 0;
        }
        return sensor(sensor)
                .map(s -> nodes.indexOf(s.node()))
                .orElseThrow(() -> new IllegalArgumentException("sensor " + sensor + " is not in the roster"));
    }

    public List<SensorSpec> sensorsOf(String node) {
        return sensors.stream().filter(s -> s.node().equals(node)).toList();
    }

    /** The same site with other zones. */
    public Site withZones(List<Zone> newZones) {
        return new Site(scene, nodes, sensors, newZones, lines, tickNanos);
    }
}
