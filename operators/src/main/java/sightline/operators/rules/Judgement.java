package sightline.operators.rules;

/**
 * The state of one proposition over time: idle, possibly or necessarily true, with hysteresis. A change is reported once.
 */
final class Judgement {
    /** What a tick changed. */
    enum Change {
        NONE,
        POSSIBLY,
        NECESSARILY,
        /** It was possibly true and now is not. */
        OVER_POSSIBLY,
        /** It was necessarily true and now is not. */
        OVER_NECESSARILY
    }

    private enum State {
        IDLE,
        POSSIBLE,
        NECESSARY
    }

    private final Thresholds thresholds;
    private State state = State.IDLE;
    private int certain;
    private int open;
    private int gone;
    private long certainSince;
    private long openSince;

    Judgement(Thresholds thresholds) {
        this.thresholds = thresholds;
    }

    Change at(long tick, Credence now) {
        boolean isCertain = now.necessity() >= thresholds.necessary();
        boolean isOpen = isCertain || now.possibility() >= thresholds.possible();
        certainSince = isCertain && certain == 0 ? tick : certainSince;
        openSince = isOpen && open == 0 ? tick : openSince;
        certain = isCertain ? certain + 1 : 0;
        open = isOpen ? open + 1 : 0;
        gone = now.possibility() <= thresholds.release() ? gone + 1 : 0;
        if (state != State.NECESSARY && certain >= thresholds.holdTicks()) {
            state = State.NECESSARY;
            return Change.NECESSARILY;
        }
        if (state == State.IDLE && thresholds.patienceTicks() > 0 && open >= thresholds.patienceTicks()) {
            state = State.POSSIBLE;
            return Change.POSSIBLY;
        }
        if (state != State.IDLE && gone >= thresholds.holdTicks()) {
            Change over = state == State.NECESSARY ? Change.OVER_NECESSARILY : Change.OVER_POSSIBLY;
            state = State.IDLE;
            return over;
        }
        return Change.NONE;
    }

    /** The first tick of the run that made the last change. */
    long since() {
        return state == State.NECESSARY ? certainSince : openSince;
    }

    boolean isNecessary() {
        return state == State.NECESSARY;
    }
}
