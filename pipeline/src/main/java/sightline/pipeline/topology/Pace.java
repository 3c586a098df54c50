package sightline.pipeline.topology;

import java.util.OptionalLong;

/** When a node closes its ticks, and how long it waits for its peers. Not thread-safe. */
interface Pace {
    /** Something of a sensor has arrived. */
    void heard(String sensor, long exposureNanos, long nowNanos);

    /** A sensor says that it has nothing to tell up to that time. */
    void quiet(String sensor, long untilNanos);

    /** When something that does not say so itself was received. */
    long received(long exposureNanos, long nowNanos);

    /** A scan that came with the node's past, in an earlier process. */
    void remembered(String sensor, long exposureNanos);

    /** The tick that is to be closed now, if it is after {@code last}; {@code Long.MIN_VALUE} for no last one. */
    OptionalLong due(long last, long nowNanos);

    /** When a tick that was closed now is fused with those that have spoken by then; {@code Long.MAX_VALUE} for never. */
    long fuseBy(long nowNanos);

    /** Where a node without a past begins, nanoseconds; the number of its first life. */
    long beginning(long nowNanos);
}
