package sightline.operators.rules;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import sightline.config.domain.ObjectClass;
import sightline.config.site.Site;

/** The settings of one rule. An empty set of labels means every class, and things of unknown class too. */
public sealed interface RuleSettings {
    /** Names the rule in events; unique. */
    String name();

    /**
     * Somebody enters, leaves or stays in a zone.
     *
     * @param zone which; a zone that the site does not have (any more) is never entered
     * @param enter raises ZONE_ENTER
     * @param exit raises ZONE_EXIT
     * @param dwell raises ZONE_DWELL after this time inside; zero never does
     */
    record ZonePresence(
            String name,
            String zone,
            boolean enter,
            boolean exit,
            Duration dwell,
            Set<ObjectClass> labels,
            Thresholds thresholds)
            implements RuleSettings {}

    /**
     * Somebody crosses a line.
     *
     * @param line which
     */
    record LineCrossing(String name, String line, Set<ObjectClass> labels, Thresholds thresholds)
            implements RuleSettings {}

    /**
     * Too many at once in a zone.
     *
     * @param zone which
     * @param limit from how many on
     */
    record Crowding(String name, String zone, int limit, Set<ObjectClass> labels, Thresholds thresholds)
            implements RuleSettings {
        public Crowding {
            if (limit < 1) {
                throw new IllegalArgumentException("limit " + limit + " of rule " + name + " is not positive");
            }
        }
    }

    /**
     * Two of which at least one is a vehicle are about to come too close, fast.
     *
     * @param distanceMetres how close is too close, between their foot points
     * @param horizon how far ahead their motion is carried on
     * @param closingSpeed slowest approach that counts, metres a second
     */
    record NearMiss(String name, double distanceMetres, Duration horizon, double closingSpeed, Thresholds thresholds)
            implements RuleSettings {}

    /**
     * Somebody who was upright lies on the ground.
     *
     * @param lying how long
     */
    record Fall(String name, Duration lying, Thresholds thresholds) implements RuleSettings {}

    /**
     * Somebody stays about one place.
     *
     * @param radiusMetres of the place
     * @param duration how long
     */
    record Loitering(
            String name, double radiusMetres, Duration duration, Set<ObjectClass> labels, Thresholds thresholds)
            implements RuleSettings {}

    /**
     * A sensor does not deliver.
     *
     * @param grace for how long that is forgiven
     */
    record SensorFault(String name, Duration grace) implements RuleSettings {}

    /** Sensible rules for everything that a site marks. */
    static List<RuleSettings> defaults(Site site) {
        return defaults(site, RuleMeasures.DEFAULT);
    }

    /** The same by other measures. */
    static List<RuleSettings> defaults(Site site, RuleMeasures by) {
        List<RuleSettings> rules = new ArrayList<>();
        for (var zone : site.zones()) {
            rules.add(new ZonePresence(
                    zone.name() + " presence", zone.name(), true, true, by.dwell(), Set.of(), Thresholds.DEFAULT));
            rules.add(new Crowding(zone.name() + " crowding", zone.name(), by.crowd(), Set.of(), Thresholds.DEFAULT));
        }
        for (var line : site.lines()) {
            rules.add(new LineCrossing(line.name() + " crossing", line.name(), Set.of(), Thresholds.DEFAULT));
        }
        rules.add(new NearMiss(
                "near miss", by.nearMissMetres(), by.nearMissHorizon(), by.nearMissSpeed(), Thresholds.DEFAULT));
        rules.add(new Fall("fall", by.lying(), Thresholds.DEFAULT));
        rules.add(new Loitering(
                "loitering", by.loiteringMetres(), by.loitering(), Set.of(ObjectClass.PERSON), Thresholds.DEFAULT));
        rules.add(new SensorFault("sensor fault", by.sensorGrace()));
        return rules;
    }
}
