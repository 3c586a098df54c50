package sightline.config.site;

import java.util.List;

/**
 * Where drills play: beside a site, never in it. Every calibrated camera has a double, {@code drill/NAME}, that looks from
 * the same place; the doubles belong to the one node of a site of their own, whose tracks are told from the real ones by
 * that node's name. A double carries nothing but drills, and drills are carried by nothing else.
 */
public final class Rehearsal {
    /** The node that fuses what doubles see; it stands in the ids of their tracks. */
    public static final String NODE = "drill";

    private static final String PREFIX = NODE + "/";

    private Rehearsal() {}

    public static String doubleOf(String camera) {
        return PREFIX + camera;
    }

    public static boolean isDouble(String sensor) {
        return sensor.startsWith(PREFIX);
    }

    /** The site of the doubles: same scene, ground and ticks, one node. */
    public static Site of(Site site) {
        List<SensorSpec> doubles = site.sensors().stream()
                .filter(s -> s.calibration().isPresent())
                .map(Rehearsal::doubleOf)
                .toList();
        return new Site(site.scene(), List.of(NODE), doubles, site.zones(), site.lines(), site.tickNanos());
    }

    private static SensorSpec doubleOf(SensorSpec s) {
        return new SensorSpec(
                doubleOf(s.name()),
                s.kind(),
                NODE,
                s.calibration(),
                s.east(),
                s.north(),
                s.rangeMetres(),
                s.detectionProbability(),
                s.clutterPerScan());
    }
}
