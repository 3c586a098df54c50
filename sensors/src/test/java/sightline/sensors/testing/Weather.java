package sightline.sensors.testing;

import java.time.Duration;

/**
 * What a network does to the bytes that cross it.
 *
 * @param latency how much later every byte arrives
 * @param bytesPerSecond most that get through in each direction, 0 for no limit
 * @param sliceBytes largest piece in which bytes arrive, 0 for as they come
 * @param silent nothing gets through and nobody is told; what was sent waits for better weather
 */
public record Weather(Duration latency, long bytesPerSecond, int sliceBytes, boolean silent) {

    public static final Weather FAIR = new Weather(Duration.ZERO, 0, 0, false);

    public static final Weather SILENT = new Weather(Duration.ZERO, 0, 0, true);

    public static Weather late(Duration latency) {
        return new Weather(latency, 0, 0, false);
    }

    public static Weather narrow(long bytesPerSecond) {
        return new Weather(Duration.ZERO, bytesPerSecond, 0, false);
    }

    public static Weather slicing(int bytes) {
        return new Weather(Duration.ZERO, 0, bytes, false);
    }
}
