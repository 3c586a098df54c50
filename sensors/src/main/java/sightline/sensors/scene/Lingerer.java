package sightline.sensors.scene;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** Somebody who stays: a closed round north of the service lane with long stops, and on request a fall at one of them. */
final class Lingerer implements Actors {
    private final String id;
    private final Looks looks;
    private final Itinerary round;
    private final double shift;

    Lingerer(long seed, int slot, List<Obstacle> obstacles, boolean falls) {
        SplittableRandom random = Seeds.of(seed, "lingerer", slot);
        id = "p" + slot;
        looks = Looks.of(random);
        List<double[]> way = new ArrayList<>();
        List<Itinerary.Stop> stops = new ArrayList<>();
        int places = 3 + random.nextInt(3);
        double turn = random.nextDouble(2 * Math.PI);
        for (int i = 0; i < places; i++) {
            double angle = turn + 2 * Math.PI * i / places;
            double reach = 0.45 + random.nextDouble(0.4);
            way.add(new double[] {18 * reach * Math.cos(angle), 3 + 8.5 * reach * Math.sin(angle)});
            boolean fall = falls && i == 1;
            if (i > 0 && (fall || random.nextInt(3) > 0)) {
                stops.add(new Itinerary.Stop(i, fall ? 12 : 3 + random.nextDouble(14), fall));
            }
        }
        round = Itinerary.walk(
                Path.through(way, true, obstacles), true, 0.8 + random.nextDouble(0.5), stops, Itinerary.Hazard.NONE);
        shift = falls ? 0 : random.nextDouble(round.seconds());
    }

    @Override
    public Optional<Entry> at(double seconds) {
        return Optional.of(Walking.entry(id, round, looks, seconds + shift));
    }
}
