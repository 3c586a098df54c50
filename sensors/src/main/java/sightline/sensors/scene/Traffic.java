package sightline.sensors.scene;

import java.util.Optional;
import java.util.SplittableRandom;
import sightline.config.domain.ObjectClass;

/**
 * A stream of vehicles, one at a time. The first stream is a delivery that crosses the plaza on its service lane at
 * walking pace; the others use the road.
 */
final class Traffic implements Actors {
    private final long seed;
    private final int slot;
    private final boolean delivery;
    private final double period;
    private final double shift;

    Traffic(long seed, int slot) {
        this.seed = seed;
        this.slot = slot;
        this.delivery = slot == 0;
        SplittableRandom random = Seeds.of(seed, "traffic", slot);
        this.period = delivery ? 48 + random.nextDouble(10) : 15 + random.nextDouble(12);
        this.shift = random.nextDouble(period);
    }

    @Override
    public Optional<Entry> at(double seconds) {
        double shifted = seconds + shift;
        long turn = (long) Math.floor(shifted / period);
        double since = shifted - turn * period;
        SplittableRandom random = Seeds.of(seed, "drive", slot, turn);
        double reach = delivery ? 30 : 55;
        double speed = delivery ? 2.2 + random.nextDouble(0.9) : 6.5 + random.nextDouble(4);
        boolean eastwards = delivery ? random.nextBoolean() : slot % 2 == 0;
        int kind = random.nextInt(10);
        ObjectClass label = delivery
                ? (kind < 6 ? ObjectClass.TRUCK : ObjectClass.CAR)
                : kind < 6 ? ObjectClass.CAR : kind < 8 ? ObjectClass.TRUCK : ObjectClass.BUS;
        double east = (eastwards ? -1 : 1) * (reach - speed * since);
        if (since * speed > 2 * reach) {
            return Optional.empty();
        }
        VehicleShape shape = VehicleShape.of(label, random);
        double north = delivery ? Layout.LANE_NORTH : Layout.ROAD_LANES[eastwards ? 0 : 1];
        // Slots that share a lane must not share a place: each keeps its own offset across the lane.
        north += delivery ? 0 : 0.3 * ((slot % 3) - 1);
        VehicleState state = new VehicleState(
                "v" + slot + "." + turn,
                label,
                east,
                north,
                eastwards ? speed : -speed,
                0,
                eastwards ? 0 : Math.PI,
                shape);
        return Optional.of(new Entry(state, 1));
    }

    /** Whether somebody about to step into the way of the vehicle should wait, if he keeps that distance before it. */
    boolean blocks(double east, double north, double eastAhead, double northAhead, double seconds, double caution) {
        Optional<Entry> there = at(seconds);
        if (there.isEmpty() || !(there.get().state() instanceof VehicleState van)) {
            return false;
        }
        double side = 0.5 * van.shape().width() + 0.5;
        if (Math.abs(north - van.north()) < side || Math.abs(northAhead - van.north()) > side) {
            return false;
        }
        double before = (eastAhead - van.east()) * Math.cos(van.heading());
        double half = 0.5 * van.shape().length();
        return before > -half - 0.8 && before < half + caution;
    }
}
