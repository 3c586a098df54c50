package sightline.operators.rules;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import sightline.config.domain.Event;
import sightline.config.domain.ObjectClass;
import sightline.config.domain.Origin;
import sightline.config.domain.Receipt;
import sightline.config.domain.Track;
import sightline.config.site.GroundPoint;
import sightline.config.site.Line;
import sightline.config.site.Site;
import sightline.config.site.Zone;

/** Tracks and ticks for the rules' tests: 100 ms a tick, a zone of 4 x 4 m about the origin, a line along the east axis. */
final class Walk {
    static final long TICK = 100_000_000L;
    static final Zone SQUARE = new Zone(
            "square",
            List.of(new GroundPoint(-2, -2), new GroundPoint(2, -2), new GroundPoint(2, 2), new GroundPoint(-2, 2)));
    static final Line GATE = new Line("gate", new GroundPoint(-2, 0), new GroundPoint(2, 0));

    private final RuleEngine engine;
    private final List<Event> events = new ArrayList<>();
    private long tick;

    Walk(RuleSettings... rules) {
        engine = new RuleEngine(site(), Arrays.asList(rules), Evidence.NONE);
    }

    static Site site() {
        return new Site("yard", List.of("a"), List.of(), List.of(SQUARE), List.of(GATE), TICK);
    }

    RuleEngine engine() {
        return engine;
    }

    long nowNanos() {
        return tick * TICK;
    }

    /** One tick with these tracks. */
    Walk tick(Track... tracks) {
        tick++;
        events.addAll(engine.onTick(tick, tick * TICK, List.of(tracks)));
        return this;
    }

    /** So many ticks with the same tracks. */
    Walk stay(int ticks, Track... tracks) {
        for (int i = 0; i < ticks; i++) {
            tick(tracks);
        }
        return this;
    }

    List<Event> events() {
        return events;
    }

    List<Event.Kind> kinds() {
        return events.stream().map(Event::kind).toList();
    }

    static Track person(String id, double east, double north, double sigma) {
        return track(id, east, north, 0, 0, sigma, ObjectClass.PERSON, Origin.LIVE);
    }

    static Track track(
            String id,
            double east,
            double north,
            double ve,
            double vn,
            double sigma,
            ObjectClass label,
            Origin origin) {
        double[] covariance = new double[16];
        covariance[0] = sigma * sigma;
        covariance[5] = sigma * sigma;
        covariance[10] = 0.01;
        covariance[15] = 0.01;
        return new Track(
                "yard",
                id,
                0,
                0,
                new double[] {east, north, ve, vn},
                covariance,
                1,
                0.02,
                label,
                Track.Phase.CONFIRMED,
                Receipt.NONE,
                origin);
    }
}
