package sightline.operators.drill;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import sightline.config.domain.Event;
import sightline.config.site.GroundPoint;
import sightline.config.site.Line;
import sightline.config.site.Site;
import sightline.config.site.Zone;
import sightline.operators.rules.RuleSettings;
import sightline.sensors.geometry.CameraModel;

/**
 * Writes plays for a site: one for an event that the site's rules know, at a place that a camera sees well. Deterministic
 * in the seed. Not safe for threads.
 */
public final class Playwright {
    /** What can be played: walking and falling. A sensor's fault is no scene: unplug the sensor. */
    public static final Set<Event.Kind> PLAYABLE = Set.of(
            Event.Kind.FALL,
            Event.Kind.ZONE_ENTER,
            Event.Kind.ZONE_EXIT,
            Event.Kind.ZONE_DWELL,
            Event.Kind.LINE_CROSS,
            Event.Kind.CROWDING,
            Event.Kind.LOITERING);

    private static final int ATTEMPTS = 5_000;
    private static final double WALK = 1.3;
    /** Seconds that a figure must be seen before it matters, so that it is a track by then. */
    private static final double KNOWN_AFTER = 2;
    /** Seconds that a scene goes on after the event. */
    private static final double AFTER = 3;
    /** How far inside or outside of a zone somebody is who is beyond doubt there, metres. */
    private static final double CLEAR = 1;

    private static final double APART = 1.5;
    /** How many more than a crowding rule's limit come. */
    private static final int SPARE = 2;

    private static final double STEP = 0.05;

    private final Site site;
    private final Stalls stalls;
    private final String camera;

    /**
     * @param site whose rules are rehearsed
     * @param camera that must see it, by name
     */
    public Playwright(Site site, String camera) {
        this.site = site;
        this.camera = camera;
        this.stalls = new Stalls(CameraModel.of(site.sensor(camera)
                .flatMap(s -> s.calibration())
                .orElseThrow(() -> new IllegalArgumentException("the site has no calibrated camera " + camera))));
    }

    /** A play in which that happens; an {@link IllegalArgumentException} says why there can be none. */
    public Play write(Event.Kind kind, long seed) {
        if (!PLAYABLE.contains(kind)) {
            throw new IllegalArgumentException(kind + " cannot be played; what can is " + PLAYABLE);
        }
        SplittableRandom random = new SplittableRandom(seed);
        Play best = null;
        double largest = Stalls.LEAST;
        for (int attempt = 0; attempt < ATTEMPTS && largest < Stalls.GOOD; attempt++) {
            Optional<Play> play = draft(kind, random);
            double size = play.map(stalls::size).orElse(0.0);
            if (size > largest) {
                largest = size;
                best = play.get();
            }
        }
        if (best != null) {
            return best;
        }
        throw new IllegalArgumentException(
                "camera " + camera + " sees no place of scene " + site.scene() + " where " + kind + " could be played");
    }

    private Optional<Play> draft(Event.Kind kind, SplittableRandom random) {
        Optional<GroundPoint> place = stalls.anywhere(random);
        double heading = random.nextDouble(2 * Math.PI);
        return place.flatMap(at -> switch (kind) {
            case FALL -> fall(at, heading);
            case ZONE_ENTER -> enter(at, heading, random, Event.Kind.ZONE_ENTER, Duration.ZERO);
            case ZONE_DWELL -> enter(at, heading, random, Event.Kind.ZONE_DWELL, dwell(at));
            case ZONE_EXIT -> exit(at, heading, random);
            case LINE_CROSS -> cross(random);
            case CROWDING -> crowd(at, heading);
            case LOITERING -> loiter(at, heading);
            case NEAR_MISS, SENSOR_FAULT -> Optional.empty();
        });
    }

    private static Walker walker(String id, GroundPoint to, double heading, double metres, boolean falls) {
        return new Walker(id, Role.along(to, heading + Math.PI, metres), heading, metres, WALK, falls);
    }

    private Optional<Play> fall(GroundPoint at, double heading) {
        Walker who = walker("walker", at, heading, 4, true);
        double down = who.arrives() + Walker.FALLING + seconds(RuleSettings.Fall.class, RuleSettings.Fall::lying);
        return Optional.of(new Play(Event.Kind.FALL, "", down, down + AFTER, List.of(who)));
    }

    private Optional<Play> enter(
            GroundPoint at, double heading, SplittableRandom random, Event.Kind kind, Duration stay) {
        Walker who = walker("walker", at, heading, 3 + random.nextDouble(5), false);
        return zoneAt(at).filter(zone -> clear(zone, at, true)).flatMap(zone -> {
            double enters = first(who.arrives(), t -> zone.contains(who.place(t)));
            boolean known = !zone.contains(who.from()) && enters >= KNOWN_AFTER;
            double happens = enters + stay.toMillis() / 1e3;
            double end = Math.max(who.arrives(), happens) + AFTER;
            return known ? Optional.of(new Play(kind, zone.name(), happens, end, List.of(who))) : Optional.empty();
        });
    }

    private Optional<Play> exit(GroundPoint from, double heading, SplittableRandom random) {
        double metres = 4 + random.nextDouble(5);
        Walker who = walker("walker", Role.along(from, heading, metres), heading, metres, false);
        return zoneAt(from).flatMap(zone -> {
            double leaves = first(who.arrives(), t -> !zone.contains(who.place(t)));
            boolean known = leaves >= KNOWN_AFTER && clear(zone, who.place(who.arrives()), false);
            return known
                    ? Optional.of(
                            new Play(Event.Kind.ZONE_EXIT, zone.name(), leaves, who.arrives() + AFTER, List.of(who)))
                    : Optional.empty();
        });
    }

    private Optional<Play> cross(SplittableRandom random) {
        if (site.lines().isEmpty()) {
            return Optional.empty();
        }
        Line line = site.lines().get(random.nextInt(site.lines().size()));
        double east = line.to().east() - line.from().east();
        double north = line.to().north() - line.from().north();
        double share = random.nextDouble(0.1, 0.9);
        GroundPoint on =
                new GroundPoint(line.from().east() + share * east, line.from().north() + share * north);
        double heading = Math.atan2(north, east) + (random.nextBoolean() ? 0.5 : -0.5) * Math.PI;
        double before = WALK * KNOWN_AFTER + 1;
        Walker who = walker("walker", Role.along(on, heading, 3), heading, before + 3, false);
        return Optional.of(
                new Play(Event.Kind.LINE_CROSS, line.name(), before / WALK, who.arrives() + AFTER, List.of(who)));
    }

    /** More than are too many walk in, in two ranks: who hides behind another does not decide whether there is a crowd. */
    private Optional<Play> crowd(GroundPoint at, double heading) {
        return zoneAt(at).flatMap(zone -> {
            int limit = rules(RuleSettings.Crowding.class)
                    .filter(c -> c.zone().equals(zone.name()))
                    .findFirst()
                    .orElseThrow()
                    .limit();
            int people = limit + SPARE;
            List<Walker> all = new ArrayList<>();
            for (int i = 0; i < people; i++) {
                GroundPoint rank = Role.along(at, heading + Math.PI / 2, APART * (i / 2 - (people / 2 - 1) / 2.0));
                GroundPoint to = Role.along(rank, heading, i % 2 * APART);
                all.add(walker("walker-" + i, to, heading, 5, false));
            }
            boolean stay = all.stream().allMatch(w -> zone.contains(w.place(w.arrives())));
            double full = first(
                    all.getFirst().arrives(),
                    t -> all.stream().filter(w -> zone.contains(w.place(t))).count() >= limit);
            return stay && full >= KNOWN_AFTER
                    ? Optional.of(new Play(
                            Event.Kind.CROWDING,
                            zone.name(),
                            full,
                            all.getFirst().arrives() + AFTER,
                            new ArrayList<>(all)))
                    : Optional.empty();
        });
    }

    private Optional<Play> loiter(GroundPoint at, double heading) {
        Walker who = walker("walker", at, heading, 4, false);
        double happens = who.arrives() + seconds(RuleSettings.Loitering.class, RuleSettings.Loitering::duration);
        return Optional.of(new Play(Event.Kind.LOITERING, "", happens, happens + AFTER, List.of(who)));
    }

    private Optional<Zone> zoneAt(GroundPoint at) {
        return site.zones().stream().filter(z -> z.contains(at)).findFirst();
    }

    private static boolean clear(Zone zone, GroundPoint at, boolean inside) {
        for (int i = 0; i < 8; i++) {
            if (zone.contains(Role.along(at, i * Math.PI / 4, CLEAR)) != inside) {
                return false;
            }
        }
        return true;
    }

    /** When something is first so; infinity if it never is. */
    private static double first(double end, java.util.function.DoublePredicate so) {
        for (double t = 0; t <= end; t += STEP) {
            if (so.test(t)) {
                return t;
            }
        }
        return Double.POSITIVE_INFINITY;
    }

    private Duration dwell(GroundPoint at) {
        return zoneAt(at)
                .flatMap(zone -> rules(RuleSettings.ZonePresence.class)
                        .filter(p -> p.zone().equals(zone.name()))
                        .findFirst())
                .map(RuleSettings.ZonePresence::dwell)
                .orElse(Duration.ZERO);
    }

    private <T extends RuleSettings> double seconds(Class<T> rule, java.util.function.Function<T, Duration> duration) {
        return rules(rule).findFirst().map(duration).orElse(Duration.ZERO).toMillis() / 1e3;
    }

    private <T extends RuleSettings> java.util.stream.Stream<T> rules(Class<T> kind) {
        return RuleSettings.defaults(site).stream().filter(kind::isInstance).map(kind::cast);
    }
}
