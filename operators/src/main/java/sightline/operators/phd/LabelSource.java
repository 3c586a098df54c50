package sightline.operators.phd;

/** Names new tracks. Confined to its filter's thread. */
public interface LabelSource {
    /** A name for the track that an observation starts. */
    TrackLabel label(SensorScan scan, int observation);

    /** Where the source stands, to be given back to {@link #reset} when a filter returns to an earlier state. */
    long mark();

    void reset(long mark);

    /** Counts births: the same order of scans gives the same names. */
    static Counting counting(String node, long incarnation) {
        return new Counting(node, incarnation);
    }

    /** A plain counter from 1. */
    final class Counting implements LabelSource {
        private final String node;
        private final long incarnation;
        private long next = 1;

        private Counting(String node, long incarnation) {
            this.node = node;
            this.incarnation = incarnation;
        }

        @Override
        public TrackLabel label(SensorScan scan, int observation) {
            return next();
        }

        public TrackLabel next() {
            return new TrackLabel(node, incarnation, next++);
        }

        @Override
        public long mark() {
            return next;
        }

        @Override
        public void reset(long mark) {
            next = mark;
        }
    }
}
