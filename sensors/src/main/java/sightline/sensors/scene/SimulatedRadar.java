package sightline.sensors.scene;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import sightline.config.domain.Measurement;
import sightline.config.domain.ObservationTime;
import sightline.config.domain.Origin;
import sightline.config.domain.Scan;

/**
 * A range-bearing radar that turns once a scan: every actor in range gives at most one echo, with a miss probability, and
 * clutter falls evenly over the disc. It does not tell people from vehicles, and nothing hides anything from it.
 */
public final class SimulatedRadar {
    static final double RANGE = 40;
    static final double DETECTION = 0.9;
    static final double CLUTTER = 0.8;
    private static final double SIGMA_RANGE = 0.25;
    private static final double SIGMA_BEARING = Math.toRadians(0.9);
    private static final long PERIOD = 100_000_000L;

    private final Plaza plaza;
    private final int index;
    private final String name;
    private final double east;
    private final double north;

    SimulatedRadar(Plaza plaza, int index, String name, double east, double north) {
        this.plaza = plaza;
        this.index = index;
        this.name = name;
        this.east = east;
        this.north = north;
    }

    public String name() {
        return name;
    }

    public long periodNanos() {
        return PERIOD;
    }

    public long exposureNanos(long sequence) {
        return plaza.settings().startNanos() + PERIOD * sequence + 13_000_000L * (index + 1);
    }

    /** The first scan at or after an instant. */
    public long sequenceAt(long nanos) {
        return Math.max(0, Math.ceilDiv(nanos - exposureNanos(0), PERIOD));
    }

    /** The scan of that number; the same whenever it is asked for. */
    public Scan scan(long sequence) {
        long at = exposureNanos(sequence);
        SplittableRandom random = Seeds.of(plaza.settings().seed(), "radar", index, sequence);
        List<Measurement> echoes = new ArrayList<>();
        for (ActorState actor : plaza.cast(at)) {
            double fate = random.nextDouble();
            double e0 = random.nextGaussian();
            double e1 = random.nextGaussian();
            double range = Math.hypot(actor.east() - east, actor.north() - north);
            if (range <= RANGE && fate < DETECTION) {
                double bearing = Math.atan2(actor.north() - north, actor.east() - east);
                echoes.add(echo(Math.max(0.1, range + SIGMA_RANGE * e0), bearing + SIGMA_BEARING * e1));
            }
        }
        for (int i = Seeds.poisson(random, CLUTTER); i > 0; i--) {
            echoes.add(echo(RANGE * Math.sqrt(random.nextDouble()), random.nextDouble(-Math.PI, Math.PI)));
        }
        return new Scan(
                name,
                plaza.settings().startNanos(),
                sequence,
                new ObservationTime(at, SimulatedCamera.CLOCK_SIGMA_NANOS, "scene", 0, 0),
                Origin.SIMULATED,
                east,
                north,
                echoes,
                Plaza.CALIBRATION,
                "");
    }

    private static Measurement echo(double range, double bearing) {
        return new Measurement.RangeBearing(
                range,
                Math.IEEEremainder(bearing, 2 * Math.PI),
                SIGMA_RANGE * SIGMA_RANGE,
                SIGMA_BEARING * SIGMA_BEARING,
                1);
    }
}
