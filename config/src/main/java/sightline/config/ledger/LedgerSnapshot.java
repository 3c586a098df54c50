package sightline.config.ledger;

import java.util.List;
import java.util.Optional;

/**
 * The ledger at one moment.
 *
 * @param nanos when it was taken, nanoseconds since the epoch
 * @param rows ordered by stage, then camera
 */
public record LedgerSnapshot(long nanos, List<LedgerRow> rows) {

    public LedgerSnapshot {
        rows = List.copyOf(rows);
    }

    /** The row of a camera in a stage, if anything was ever booked there. */
    public Optional<LedgerRow> row(String camera, String stage) {
        return rows.stream()
                .filter(row -> row.camera().equals(camera) && row.stage().equals(stage))
                .findFirst();
    }

    /** The sum over all cameras of a stage; zeros where nothing was booked. */
    public LedgerRow stage(String stage) {
        return rows.stream()
                .filter(row -> row.stage().equals(stage))
                .reduce(LedgerRow.empty("*", stage), LedgerRow::plus);
    }

    /** Observations of which nobody can say what became of them, in all rows. */
    public long unaccounted() {
        return rows.stream().mapToLong(LedgerRow::unaccounted).sum();
    }

    /** Whether nothing is unaccounted and nothing is in flight: the state after an orderly drain. */
    public boolean settled() {
        return rows.stream().allMatch(row -> row.unaccounted() == 0 && row.inFlight() == 0);
    }
}
