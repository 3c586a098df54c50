package sightline.sensors.kafka;

import java.util.Collection;
import org.apache.kafka.common.TopicPartition;
import sightline.config.ledger.Disposition;

/**
 * Told of everything that happens to records and partitions of a {@link KafkaSource}; metrics and node
 * placement hang here.
 *
 * <p><b>Threading:</b> {@code received}, {@code assigned} and {@code revoked} come from the polling thread,
 * {@code disposed} from whichever thread disposes. Implementations must return quickly and must not throw.
 */
public interface SourceObserver {
    /** Observes nothing. */
    SourceObserver NONE = new SourceObserver() {};

    /** A record was read; it has not been handed over yet. */
    default void received(Inbound inbound) {}

    /**
     * A record left, exactly once for each {@code received}.
     *
     * @param acknowledged false if it was only let go, so that somebody will read it again
     */
    default void disposed(Inbound inbound, Disposition how, boolean acknowledged) {}

    /** The broker went away, or was reached (again); told from the polling thread on each change, and at the start. */
    default void reachable(boolean reached) {}

    /** Partitions were added to what this source reads. */
    default void assigned(Collection<TopicPartition> partitions) {}

    /** Partitions went elsewhere; their completed offsets are committed. */
    default void revoked(Collection<TopicPartition> partitions) {}
}
