package sightline.operators.depict;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import sightline.config.domain.Brief;
import sightline.config.domain.Brief.Posture;
import sightline.config.domain.Event;
import sightline.config.domain.Origin;
import sightline.config.domain.Viewpoint;
import sightline.config.site.GroundPoint;
import sightline.config.site.Zone;

/**
 * Holds a gate to its promise: briefs of random groups are drawn right, and wrong in three ways, by the depictor that is
 * shipped, and the gate says which is which with the eyes that it has. Deterministic in the seed.
 *
 * <p>A mistake is made with somebody whom the picture must show: nobody can see that a hidden person moved.
 */
public final class GateTrial {
    /** What is drawn. */
    public enum Drawn {
        RIGHT,
        MOVED,
        MISSING,
        ADDED
    }

    /**
     * The groups.
     *
     * @param cases of each kind
     * @param seed of everything
     * @param width of the pictures, pixels
     * @param height of the pictures, pixels
     * @param fallen whether one of each group lies on the ground
     */
    public record Plan(int cases, long seed, int width, int height, boolean fallen) {}

    /** How often the gate was right. */
    public record Outcome(int cases, int right) {
        public double share() {
            return cases == 0 ? Double.NaN : right / (double) cases;
        }
    }

    private static final double MOVED_METRES = 2;
    private static final double APART = 1.2;
    private static final int MOST = 5;

    private final ReadBackGate gate;
    private final Plan plan;

    public GateTrial(ReadBackGate gate, Plan plan) {
        this.gate = gate;
        this.plan = plan;
    }

    public Map<Drawn, Outcome> run() {
        Map<Drawn, Outcome> outcomes = new EnumMap<>(Drawn.class);
        for (Drawn drawn : Drawn.values()) {
            int right = 0;
            for (int i = 0; i < plan.cases(); i++) {
                right += isRight(drawn, i) ? 1 : 0;
            }
            outcomes.put(drawn, new Outcome(plan.cases(), right));
        }
        return outcomes;
    }

    private boolean isRight(Drawn drawn, int number) {
        SplittableRandom random = new SplittableRandom(plan.seed() * 1_000_003 + number);
        Brief brief = group(random);
        Brief shown = mistake(drawn, brief, random);
        BufferedImage image = new SceneDepictor()
                .depict(shown, new Sitting(plan.width(), plan.height(), number, Long.MAX_VALUE, Long.MAX_VALUE))
                .blockLast()
                .image();
        return gate.read(brief, image).accepted() == (drawn == Drawn.RIGHT);
    }

    private Brief group(SplittableRandom random) {
        int size = 1 + random.nextInt(MOST);
        List<Brief.Person> people = new ArrayList<>();
        while (people.size() < size) {
            GroundPoint at = new GroundPoint(random.nextDouble(-4, 4), random.nextDouble(-4, 4));
            if (isFree(at, people)) {
                people.add(person("p" + people.size(), at, people.isEmpty() && plan.fallen(), random));
            }
        }
        Zone zone = new Zone(
                "zone",
                List.of(
                        new GroundPoint(-2, -3),
                        new GroundPoint(3, -3),
                        new GroundPoint(3, 2),
                        new GroundPoint(-2, 2)));
        double turn = random.nextDouble(2 * Math.PI);
        double away = 11 + random.nextDouble(9);
        Brief brief = new Brief(
                "trial",
                Event.Kind.CROWDING,
                "a group",
                0,
                Viewpoint.above(0, 0, 10),
                people,
                List.of(),
                List.of(zone),
                List.of(),
                0.8,
                Origin.SIMULATED);
        return brief.withViewpoint(Viewpoints.framing(
                brief, "eye", away * Math.cos(turn), away * Math.sin(turn), 4.4 + random.nextDouble(1.8)));
    }

    private static Brief.Person person(String track, GroundPoint at, boolean fallen, SplittableRandom random) {
        double speed = random.nextDouble() < 0.3 ? 0 : 0.6 + random.nextDouble(1.2);
        Posture posture = fallen ? Posture.FALLEN : speed == 0 ? Posture.STANDING : Posture.WALKING;
        return new Brief.Person(
                track,
                at,
                random.nextDouble(2 * Math.PI),
                fallen ? 0 : speed,
                1.72,
                posture,
                new double[] {0.05, 0, 0, 0.05},
                random.nextBoolean());
    }

    private static boolean isFree(GroundPoint at, List<Brief.Person> people) {
        return people.stream()
                .noneMatch(p -> Math.hypot(p.at().east() - at.east(), p.at().north() - at.north()) < APART);
    }

    private Brief mistake(Drawn drawn, Brief brief, SplittableRandom random) {
        List<Brief.Person> people = new ArrayList<>(brief.people());
        switch (drawn) {
            case RIGHT -> {}
            case MISSING -> people.remove(visible(brief, random));
            case MOVED -> {
                int who = visible(brief, random);
                Brief.Person p = people.remove(who);
                people.add(who, at(p, aside(p, people, random)));
            }
            case ADDED -> people.add(stranger(brief, random));
        }
        return brief.withPeople(people);
    }

    /** Somebody whom the picture must show; where it need show nobody, the first. */
    private int visible(Brief brief, SplittableRandom random) {
        List<Expected> expected = expected(brief);
        List<Integer> all = new ArrayList<>();
        for (Expected e : expected) {
            if (e.required()) {
                all.add(Integer.parseInt(e.track().substring(1)));
            }
        }
        return all.isEmpty() ? 0 : all.get(random.nextInt(all.size()));
    }

    private List<Expected> expected(Brief brief) {
        return Expected.in(brief, new Eye(brief.viewpoint(), plan.width(), plan.height()), plan.width(), plan.height());
    }

    private static GroundPoint aside(Brief.Person p, List<Brief.Person> others, SplittableRandom random) {
        GroundPoint to = p.at();
        for (int attempt = 0; attempt < 100; attempt++) {
            double turn = random.nextDouble(2 * Math.PI);
            to = new GroundPoint(
                    p.at().east() + MOVED_METRES * Math.cos(turn), p.at().north() + MOVED_METRES * Math.sin(turn));
            if (isFree(to, others)) {
                break;
            }
        }
        return to;
    }

    /** Somebody who stands free and is to be seen. */
    private Brief.Person stranger(Brief brief, SplittableRandom random) {
        Brief.Person stranger = null;
        for (int attempt = 0; attempt < 200; attempt++) {
            GroundPoint at = new GroundPoint(random.nextDouble(-5, 5), random.nextDouble(-5, 5));
            stranger = person("p" + brief.people().size(), at, false, random);
            List<Brief.Person> all = new ArrayList<>(brief.people());
            all.add(stranger);
            String track = stranger.track();
            if (isFree(at, brief.people())
                    && expected(brief.withPeople(all)).stream()
                            .anyMatch(e -> e.required() && e.track().equals(track))) {
                break;
            }
        }
        return stranger;
    }

    private static Brief.Person at(Brief.Person p, GroundPoint to) {
        return new Brief.Person(
                p.track(), to, p.heading(), p.speed(), p.height(), p.posture(), p.uncertainty(), p.involved());
    }
}
