package sightline.operators.rules;

import java.time.Duration;

/**
 * What the rules of a site measure by, where nobody says otherwise for one rule.
 *
 * @param dwell stay in a zone that is an event; zero for never
 * @param crowd how many in a zone are a crowd
 * @param nearMissMetres distance of foot points below which two nearly met
 * @param nearMissHorizon how far ahead their motion is carried on
 * @param nearMissSpeed slowest approach that counts, metres a second
 * @param lying for how long somebody who fell lies
 * @param loiteringMetres radius of the place that a loiterer does not leave
 * @param loitering for how long
 * @param sensorGrace for how long a sensor may deliver nothing
 */
public record RuleMeasures(
        Duration dwell,
        int crowd,
        double nearMissMetres,
        Duration nearMissHorizon,
        double nearMissSpeed,
        Duration lying,
        double loiteringMetres,
        Duration loitering,
        Duration sensorGrace) {
    public static final RuleMeasures DEFAULT = new RuleMeasures(
            Duration.ofSeconds(30),
            6,
            1.2,
            Duration.ofMillis(1500),
            1.5,
            Duration.ofSeconds(1),
            2,
            Duration.ofSeconds(60),
            Duration.ofSeconds(5));
}
