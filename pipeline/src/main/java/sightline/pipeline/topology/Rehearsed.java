package sightline.pipeline.topology;

import sightline.config.domain.Origin;
import sightline.config.site.Rehearsal;

/** Doubles carry nothing but drills, and nothing else carries them: who mixes the two up is not listened to. */
final class Rehearsed {
    private Rehearsed() {}

    /** Whether evidence of that origin has no business with that sensor. */
    static boolean mistaken(String sensor, Origin origin) {
        return Rehearsal.isDouble(sensor) ? origin != Origin.DRILL : !origin.mayAlarm();
    }

    static String mistake(String sensor, Origin origin) {
        return Rehearsal.isDouble(sensor)
                ? sensor + " plays in drills, and this is " + origin
                : sensor + " is a real sensor, and this is a " + origin + "; drills come from "
                        + Rehearsal.doubleOf(sensor);
    }
}
