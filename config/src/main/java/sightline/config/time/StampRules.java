package sightline.config.time;

import java.time.Duration;

/**
 * What a {@link StampGuard} takes as plausible.
 *
 * @param jump a stamp that differs from the expected one by more than this is a jump of the sensor's clock
 * @param reorder a stamp this much older than the newest is a late observation, passed on as it is; zero for cameras,
 *     whose frames come in order or not at all
 */
public record StampRules(Duration jump, Duration reorder) {

    /** For cameras: a jump is more than ten seconds, and nothing may come out of order. */
    public static final StampRules CAMERA = new StampRules(Duration.ofSeconds(10), Duration.ZERO);

    /** For sensors whose scans may be delivered late, such as radar behind a tracker. */
    public static final StampRules SCANNER = new StampRules(Duration.ofSeconds(10), Duration.ofSeconds(2));

    /**
     * For stages behind Kafka, whose observations somebody stamped before: several processes may have worked on one sensor,
     * so what comes late is late and no fault of its clock.
     */
    public static final StampRules DOWNSTREAM = new StampRules(Duration.ofSeconds(10), Duration.ofMillis(9_999));

    public StampRules {
        if (jump.isNegative() || jump.isZero()) {
            throw new IllegalArgumentException("jump must be positive, was " + jump);
        }
        if (reorder.isNegative() || reorder.compareTo(jump) >= 0) {
            throw new IllegalArgumentException("reorder must be within [0, jump), was " + reorder);
        }
    }
}
