package sightline.pipeline.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import sightline.operators.metrics.ClearMot;
import sightline.operators.metrics.IdentityScore;
import sightline.operators.metrics.MatchFrame;
import sightline.sensors.dataset.MotBox;

/** Compares people on the ground with annotated ones, frame by frame. A pair matches within a metre. Mutable. */
final class GroundScore {
    private static final double MATCH_METRES = 1.0;

    private final List<MatchFrame> frames = new ArrayList<>();
    private final List<Double> errors = new ArrayList<>();

    /**
     * Somebody on the ground.
     *
     * @param id identity
     * @param east metres
     * @param north metres
     */
    record Person(String id, double east, double north) {
        double[] at() {
            return new double[] {east, north};
        }
    }

    void add(List<MotBox> truth, List<Person> people) {
        List<Person> annotated = new ArrayList<>();
        for (MotBox box : truth) {
            box.ground().ifPresent(g -> annotated.add(new Person(Integer.toString(box.id()), g.east(), g.north())));
        }
        for (Person t : annotated) {
            people.stream()
                    .mapToDouble(p -> Math.hypot(p.east() - t.east(), p.north() - t.north()))
                    .min()
                    .ifPresent(error -> {
                        if (error <= MATCH_METRES) {
                            errors.add(error);
                        }
                    });
        }
        frames.add(MatchFrame.points(
                annotated.stream().map(Person::id).toList(),
                annotated.stream().map(Person::at).toList(),
                people.stream().map(Person::id).toList(),
                people.stream().map(Person::at).toList(),
                2 * MATCH_METRES));
    }

    PetsReplay.Result result(String method) {
        ClearMot mot = ClearMot.of(frames, 0.5);
        double[] sorted =
                errors.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int estimates = mot.matches() + mot.falses();
        return new PetsReplay.Result(
                method,
                frames.size(),
                sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2],
                mot.matches() / (double) mot.truths(),
                estimates == 0 ? Double.NaN : mot.matches() / (double) estimates,
                mot.mota(),
                IdentityScore.of(frames, 0.5).f1(),
                mot.switches());
    }

    /** A table of results. */
    static String markdown(List<PetsReplay.Result> results) {
        StringBuilder out =
                new StringBuilder("| method | frames | median m | recall | precision | MOTA | IDF1 | switches"
                        + " |\n|---|---|---|---|---|---|---|---|\n");
        for (PetsReplay.Result r : results) {
            out.append(String.format(
                    Locale.ROOT,
                    "| %s | %d | %.2f | %.3f | %.3f | %.3f | %.3f | %d |%n",
                    r.method(),
                    r.frames(),
                    r.medianMetres(),
                    r.recall(),
                    r.precision(),
                    r.mota(),
                    r.idf1(),
                    r.switches()));
        }
        return out.toString();
    }
}
