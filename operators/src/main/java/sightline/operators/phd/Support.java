package sightline.operators.phd;

import java.util.Arrays;

/** Which sensors have last detected, or last missed, a track, and when. Small flat lists: a track has few sensors. */
public final class Support {
    private int size;
    private String[] sensors = new String[1];
    private long[] detectedNanos = new long[1];
    private long[] missedNanos = new long[1];

    public int size() {
        return size;
    }

    /** Reads of each list, see {@link ReadAhead}. */
    long touch() {
        return detectedNanos[0] + missedNanos[0] + (sensors[0] == null ? 0 : 1);
    }

    public String sensor(int i) {
        return sensors[i];
    }

    /** Exposure time of the last scan of that sensor that the track is best explained by; {@code Long.MIN_VALUE} if none. */
    public long detectedNanos(int i) {
        return detectedNanos[i];
    }

    /** Exposure time of the last scan that should have shown the track and did not; {@code Long.MIN_VALUE} if none. */
    public long missedNanos(int i) {
        return missedNanos[i];
    }

    public void record(String sensor, long timeNanos, boolean detected) {
        int i = 0;
        while (i < size && !sensors[i].equals(sensor)) {
            i++;
        }
        if (i == size) {
            if (size == sensors.length) {
                sensors = Arrays.copyOf(sensors, 2 * size);
                detectedNanos = Arrays.copyOf(detectedNanos, 2 * size);
                missedNanos = Arrays.copyOf(missedNanos, 2 * size);
            }
            sensors[i] = sensor;
            detectedNanos[i] = Long.MIN_VALUE;
            missedNanos[i] = Long.MIN_VALUE;
            size++;
        }
        if (detected) {
            detectedNanos[i] = Math.max(detectedNanos[i], timeNanos);
        } else {
            missedNanos[i] = Math.max(missedNanos[i], timeNanos);
        }
    }

    /** Takes over what another table knows, the later time winning. */
    public void merge(Support other) {
        for (int i = 0; i < other.size; i++) {
            if (other.detectedNanos[i] != Long.MIN_VALUE) {
                record(other.sensors[i], other.detectedNanos[i], true);
            }
            if (other.missedNanos[i] != Long.MIN_VALUE) {
                record(other.sensors[i], other.missedNanos[i], false);
            }
        }
    }

    void copyFrom(Support other) {
        if (sensors.length < other.size) {
            sensors = new String[other.size];
            detectedNanos = new long[other.size];
            missedNanos = new long[other.size];
        }
        size = other.size;
        System.arraycopy(other.sensors, 0, sensors, 0, size);
        System.arraycopy(other.detectedNanos, 0, detectedNanos, 0, size);
        System.arraycopy(other.missedNanos, 0, missedNanos, 0, size);
    }
}
