package sightline.operators.rules;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sightline.config.domain.Event;
import sightline.config.domain.Poses;
import sightline.config.domain.SensorStatus;
import sightline.config.domain.Track;
import sightline.config.domain.Track.Phase;
import sightline.config.site.Line;
import sightline.config.site.Site;
import sightline.config.site.Zone;

/**
 * Runs the rules of a site over its fused ticks.
 *
 * <p>Synchronous and deterministic: {@link #onTick} returns the events of that tick, and the same calls in the same order
 * give the same events with the same ids. Costs microseconds a track; call it from the stage that has the ticks, for
 * example {@code ticks.concatMapIterable(t -> engine.onTick(t.tick(), t.timeNanos(), t.tracks()))}. Not thread-safe: one
 * caller at a time.
 *
 * <p>Evidence that may not alarm (drills, synthetic pictures) is judged by a second set of rules. That set sees everybody,
 * so that a drill can play among real people, and only what involves unreal evidence leaves it, with that origin.
 */
public final class RuleEngine {
    private final Evidence evidence;
    private Site site;
    private Map<RuleSettings, Rule> real = new HashMap<>();
    private Map<RuleSettings, Rule> unreal = new HashMap<>();
    private List<RuleSettings> order;

    public RuleEngine(Site site, List<RuleSettings> rules, Evidence evidence) {
        this.evidence = evidence;
        this.site = site;
        this.order = List.of();
        reload(site, rules);
    }

    /** Takes another site or other rules. Rules whose settings and place are as before keep their memory. */
    public void reload(Site newSite, List<RuleSettings> rules) {
        long names = rules.stream().map(RuleSettings::name).distinct().count();
        if (names != rules.size()) {
            throw new IllegalArgumentException("two rules have the same name");
        }
        Site old = site;
        site = newSite;
        real = rebuilt(real, old, rules);
        unreal = rebuilt(unreal, old, rules);
        order = List.copyOf(rules);
    }

    private Map<RuleSettings, Rule> rebuilt(Map<RuleSettings, Rule> before, Site old, List<RuleSettings> rules) {
        Map<RuleSettings, Rule> after = new HashMap<>();
        for (RuleSettings settings : rules) {
            Rule kept = before.get(settings);
            if (kept != null && sameGround(settings, old, site)) {
                after.put(settings, kept);
            } else {
                rule(settings).ifPresent(rule -> after.put(settings, rule));
            }
        }
        return after;
    }

    private static boolean sameGround(RuleSettings settings, Site before, Site after) {
        return switch (settings) {
            case RuleSettings.ZonePresence z -> zone(before, z.zone()).equals(zone(after, z.zone()));
            case RuleSettings.Crowding c -> zone(before, c.zone()).equals(zone(after, c.zone()));
            case RuleSettings.LineCrossing l -> line(before, l.line()).equals(line(after, l.line()));
            case RuleSettings.Fall f -> before.sensors().equals(after.sensors());
            case RuleSettings.NearMiss n -> true;
            case RuleSettings.Loitering l -> true;
            case RuleSettings.SensorFault s -> true;
        };
    }

    private Optional<Rule> rule(RuleSettings settings) {
        return switch (settings) {
            case RuleSettings.ZonePresence z -> zone(site, z.zone()).map(zone -> new ZoneRule(z, zone, evidence));
            case RuleSettings.Crowding c -> zone(site, c.zone()).map(zone -> new CrowdRule(c, zone, evidence));
            case RuleSettings.LineCrossing l -> line(site, l.line()).map(line -> new LineRule(l, line, evidence));
            case RuleSettings.NearMiss n -> Optional.of(new NearMissRule(n, evidence));
            case RuleSettings.Fall f -> Optional.of(new FallRule(f, site, evidence));
            case RuleSettings.Loitering l -> Optional.of(new LoiterRule(l, evidence));
            case RuleSettings.SensorFault s -> Optional.of(new FaultRule(s, evidence));
        };
    }

    private static Optional<Zone> zone(Site site, String name) {
        return site.zones().stream().filter(z -> z.name().equals(name)).findFirst();
    }

    private static Optional<Line> line(Site site, String name) {
        return site.lines().stream().filter(l -> l.name().equals(name)).findFirst();
    }

    /** Tells what a camera's poses are; they count from the next tick on. */
    public void onPoses(Poses poses) {
        Map<RuleSettings, Rule> realm = poses.frame().origin().mayAlarm() ? real : unreal;
        realm.values().forEach(rule -> rule.poses(poses));
        if (realm == real) {
            unreal.values().forEach(rule -> rule.poses(poses));
        }
    }

    /** Tells the state of a sensor; it counts from the next tick on. */
    public void onStatus(SensorStatus status) {
        Map<RuleSettings, Rule> realm = status.origin().mayAlarm() ? real : unreal;
        realm.values().forEach(rule -> rule.status(status));
    }

    /**
     * Judges a tick.
     *
     * @param tick scene tick, rising
     * @param timeNanos exposure time of the tick
     * @param tracks all fused tracks of the tick, in any order
     * @return the events of this tick in the order of the rules
     */
    public List<Event> onTick(long tick, long timeNanos, List<Track> tracks) {
        List<Track> all = tracks.stream()
                .filter(t -> t.phase() == Phase.CONFIRMED || t.phase() == Phase.COASTING)
                .sorted(Comparator.comparing(Track::id))
                .toList();
        List<Track> alarming = all.stream().filter(t -> t.origin().mayAlarm()).toList();
        List<Event> events = new ArrayList<>();
        judge(real, new Moment(tick, timeNanos, alarming), events);
        List<Event> rehearsed = new ArrayList<>();
        judge(unreal, new Moment(tick, timeNanos, all), rehearsed);
        rehearsed.stream().filter(e -> !e.origin().mayAlarm()).forEach(events::add);
        return events;
    }

    private void judge(Map<RuleSettings, Rule> rules, Moment moment, List<Event> events) {
        for (RuleSettings settings : order) {
            Rule rule = rules.get(settings);
            if (rule != null) {
                events.addAll(rule.at(moment));
            }
        }
    }
}
