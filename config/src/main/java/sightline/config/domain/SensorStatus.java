package sightline.config.domain;

/**
 * The state of a source, published on every change and once a heartbeat.
 *
 * @param sensor configured name
 * @param state where its supervisor has it
 * @param timeNanos when
 * @param rateHz observations a second over the last heartbeat
 * @param clockId which clock stamps it
 * @param clockSigmaNanos how well that clock is known
 * @param reason one sentence for every state but LIVE
 * @param origin of what it sends
 */
public record SensorStatus(
        String sensor,
        State state,
        long timeNanos,
        double rateHz,
        String clockId,
        long clockSigmaNanos,
        String reason,
        Origin origin) {
    /** The states of a supervised source. */
    public enum State {
        CONNECTING,
        LIVE,
        STALLED,
        BACKOFF,
        FAILED,
        REMOVED
    }
}
