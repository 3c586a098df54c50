package sightline.operators.rules;

/**
 * When a credence is enough.
 *
 * @param necessary necessity from which it is taken as certain
 * @param possible possibility from which it is taken as possible
 * @param release possibility at or below which it has ended; lower than {@code possible}, which is the hysteresis
 * @param holdTicks ticks that a certain state must hold before anything is raised
 * @param patienceTicks ticks that a state must stay possible but not certain before that is raised; 0 never raises it
 */
public record Thresholds(double necessary, double possible, double release, int holdTicks, int patienceTicks) {
    public static final Thresholds DEFAULT = new Thresholds(0.5, 0.5, 0.2, 3, 15);

    public Thresholds {
        if (!(release < possible) || possible > 1 || release < 0 || !(necessary > 0) || necessary > 1) {
            throw new IllegalArgumentException("need 0 <= release < possible <= 1 and 0 < necessary <= 1, not release "
                    + release + ", possible " + possible + ", necessary " + necessary);
        }
        if (holdTicks < 1 || patienceTicks < 0) {
            throw new IllegalArgumentException("holdTicks must be at least 1 and patienceTicks at least 0");
        }
    }
}
