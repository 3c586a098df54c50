package sightline.config.domain;

/**
 * Where the evidence behind a message came from. Every message carries one, and every message derived from others
 * inherits the least real of theirs, so that nothing simulated can pass for something seen.
 */
public enum Origin {
    /** A sensor, now. */
    LIVE,
    /** A recording of a sensor. */
    REPLAY,
    /** The scene simulator or a perturbed ground truth. */
    SIMULATED,
    /** A picture that a depictor made. */
    SYNTHETIC,
    /** A rehearsal injected on purpose. */
    DRILL;

    /** The origin of something derived from both: the least real one. */
    public Origin join(Origin other) {
        return compareTo(other) >= 0 ? this : other;
    }

    /** Whether a rule may raise a live alarm from evidence of this origin. */
    public boolean mayAlarm() {
        return compareTo(SYNTHETIC) < 0;
    }
}
