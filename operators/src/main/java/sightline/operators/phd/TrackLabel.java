package sightline.operators.phd;

import java.util.Comparator;
import java.util.Objects;

/**
 * Identity of a track for ever: the node that first saw it, that node's incarnation, and a count.
 *
 * @param node birth node
 * @param incarnation changes when the node lost its state
 * @param counter from 1
 */
public record TrackLabel(String node, long incarnation, long counter) implements Comparable<TrackLabel> {
    private static final Comparator<TrackLabel> ORDER = Comparator.comparing(TrackLabel::node)
            .thenComparingLong(TrackLabel::incarnation)
            .thenComparingLong(TrackLabel::counter);

    public TrackLabel {
        Objects.requireNonNull(node, "node");
    }

    @Override
    public int compareTo(TrackLabel other) {
        return ORDER.compare(this, other);
    }

    /** {@code node/incarnation.counter}. */
    @Override
    public String toString() {
        return node + "/" + incarnation + "." + counter;
    }
}
