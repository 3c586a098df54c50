package sightline.config.domain;

import java.util.Objects;
import java.util.Optional;

/**
 * Why a record could not be processed, beside the record itself, which is kept as it was.
 *
 * @param topic where the record was
 * @param partition of that topic
 * @param offset in that partition
 * @param stage what was being tried
 * @param failure class of the failure
 * @param message of the failure
 * @param stackTrace the beginning of it
 * @param valueSha256 of the original value, hexadecimal; empty for a record without one
 * @param valueBytes size of the original value
 * @param attempt which try of storing the letter succeeded, from 1
 * @param replayable whether sending key, value and headers again reproduces the record
 * @param buriedNanos when, nanoseconds since the Unix epoch
 * @param origin as the record's headers say; empty where they say nothing, since the rest could not be read
 */
public record DeadLetter(
        String topic,
        int partition,
        long offset,
        String stage,
        String failure,
        String message,
        String stackTrace,
        String valueSha256,
        long valueBytes,
        int attempt,
        boolean replayable,
        long buriedNanos,
        Optional<Origin> origin) {
    public DeadLetter {
        Objects.requireNonNull(topic, "topic");
        Objects.requireNonNull(stage, "stage");
        Objects.requireNonNull(failure, "failure");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(stackTrace, "stackTrace");
        Objects.requireNonNull(valueSha256, "valueSha256");
        Objects.requireNonNull(origin, "origin");
    }
}
