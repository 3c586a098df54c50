package sightline.config.ledger;

/**
 * One camera in one stage, in observations.
 *
 * @param received booked in, redeliveries not included
 * @param inFlight tickets that are held open, counted from the tickets themselves
 * @param redelivered booked in again; no part of the equation
 * @param lost tickets that became garbage without being closed, redelivered ones included
 * @param discrepancy the absolute difference between what came in and what is in flight, left or lost; an error of the
 *     books themselves
 */
public record LedgerRow(
        String camera,
        String stage,
        long received,
        long inFlight,
        long done,
        long superseded,
        long stale,
        long invalid,
        long failed,
        long redelivered,
        long lost,
        long discrepancy) {

    /** Observations of which nobody can say what became of them. */
    public long unaccounted() {
        return lost + discrepancy;
    }

    /** Observations that left the stage, by whatever way. */
    public long closed() {
        return done + superseded + stale + invalid + failed;
    }

    LedgerRow plus(LedgerRow other) {
        return new LedgerRow(
                camera,
                stage,
                received + other.received,
                inFlight + other.inFlight,
                done + other.done,
                superseded + other.superseded,
                stale + other.stale,
                invalid + other.invalid,
                failed + other.failed,
                redelivered + other.redelivered,
                lost + other.lost,
                discrepancy + other.discrepancy);
    }

    static LedgerRow empty(String camera, String stage) {
        return new LedgerRow(camera, stage, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }
}
