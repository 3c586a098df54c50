package sightline.sensors.scene;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A stream of people, one at a time: each comes in at a gate, crosses the plaza by way of a place or two, perhaps pausing,
 * and leaves at another gate. The next is somebody else. They wait for the delivery on the service lane.
 */
final class PassersBy implements Actors {
    private static final int REMEMBERED = 16;

    private final long seed;
    private final int slot;
    private final List<Obstacle> obstacles;
    private final Optional<Traffic> delivery;
    private final double period;
    private final double shift;
    private final ConcurrentHashMap<Long, Walk> walks = new ConcurrentHashMap<>();

    private record Walk(Itinerary way, Looks looks) {}

    PassersBy(long seed, int slot, List<Obstacle> obstacles, Optional<Traffic> delivery) {
        this.seed = seed;
        this.slot = slot;
        this.obstacles = obstacles;
        this.delivery = delivery;
        SplittableRandom random = Seeds.of(seed, "passer", slot);
        this.period = 52 + random.nextDouble(22);
        this.shift = random.nextDouble(period);
    }

    @Override
    public Optional<Entry> at(double seconds) {
        double shifted = seconds + shift;
        long turn = (long) Math.floor(shifted / period);
        double since = shifted - turn * period;
        if (walks.size() > REMEMBERED) {
            walks.keySet().removeIf(k -> Math.abs(k - turn) > 2);
        }
        Walk walk = walks.computeIfAbsent(turn, this::plan);
        return walk.way().covers(since)
                ? Optional.of(Walking.entry("p" + slot + "." + turn, walk.way(), walk.looks(), since))
                : Optional.empty();
    }

    private Walk plan(long turn) {
        SplittableRandom random = Seeds.of(seed, "walk", slot, turn);
        Looks looks = Looks.of(random);
        double speed = Math.clamp(1.35 + 0.17 * random.nextGaussian(), 0.9, 1.9) * (looks.height() < 1.5 ? 0.85 : 1);
        boolean careless = random.nextInt(6) == 0;
        double start = turn * period - shift;
        Itinerary.Hazard hazard = delivery.<Itinerary.Hazard>map(
                        van -> (e, n, e1, n1, seconds) -> van.blocks(e, n, e1, n1, start + seconds, careless ? 4.2 : 9))
                .orElse(Itinerary.Hazard.NONE);
        List<double[]> from = Walking.gate(random);
        List<double[]> to = Walking.gate(random);
        while (Math.hypot(from.getFirst()[0] - to.getFirst()[0], from.getFirst()[1] - to.getFirst()[1]) < 14) {
            to = Walking.gate(random);
        }
        for (int places = random.nextInt(3); ; places--) {
            List<double[]> way = new ArrayList<>(from);
            List<Itinerary.Stop> stops = new ArrayList<>();
            for (int i = 0; i < places; i++) {
                if (random.nextInt(3) == 0) {
                    stops.add(new Itinerary.Stop(way.size(), 2 + random.nextDouble(6), false));
                }
                way.add(Walking.place(random));
            }
            way.addAll(to.reversed());
            Itinerary itinerary = Itinerary.walk(Path.through(way, false, obstacles), false, speed, stops, hazard);
            if (itinerary.seconds() < period || places <= 0) {
                return new Walk(itinerary, looks);
            }
        }
    }
}
