package sightline.operators.rules;

import java.util.ArrayList;
import java.util.List;
import sightline.config.domain.Event;
import sightline.config.domain.Track;
import sightline.config.site.Line;

/**
 * Crossing a line, inwards (from its right to its left) or outwards. A side is taken when it is necessary: the mean stands
 * so many sigmas clear of the line that wavering on it raises nothing. A crossing is a change of side whose path from the
 * last place on the old side meets the line between its ends. When the mean stays on the other side without ever clearing
 * it, that is raised as possible.
 */
final class LineRule implements Rule {
    private final RuleSettings.LineCrossing settings;
    private final Line line;
    private final double length;
    private final EventWriter writer;
    private final Memory<Walker> walkers = new Memory<>(Walker::new);

    /** Which side a subject was on, and where. */
    private static final class Walker {
        private int side;
        private double east;
        private double north;
        private int undecided;
        private int doubted;
        private long since;
    }

    LineRule(RuleSettings.LineCrossing settings, Line line, Evidence evidence) {
        this.settings = settings;
        this.line = line;
        length = Math.hypot(
                line.to().east() - line.from().east(),
                line.to().north() - line.from().north());
        writer = new EventWriter(settings.name(), evidence);
    }

    @Override
    public List<Event> at(Moment moment) {
        List<Event> events = new ArrayList<>();
        for (Track track : moment.tracks()) {
            if (length > 0 && Labels.match(settings.labels(), track)) {
                judge(moment, track, walkers.of(track.id(), moment.tick()), events);
            }
        }
        walkers.forget(moment.tick());
        return events;
    }

    private void judge(Moment moment, Track track, Walker walker, List<Event> events) {
        double left = distanceToTheLeft(track.east(), track.north());
        int side = left >= 0 ? 1 : -1;
        Credence clear = new Credence(1, necessity(track, left)).and(Moment.exists(track));
        if (clear.necessity() >= settings.thresholds().necessary()) {
            if (walker.side != 0 && side != walker.side && pathMeetsLine(walker, track)) {
                raise(moment, track, side, moment.tick(), clear, events);
            }
            walker.side = side;
            walker.east = track.east();
            walker.north = track.north();
            walker.undecided = 0;
            walker.doubted = 0;
        } else if (walker.side != 0 && side != walker.side && pathMeetsLine(walker, track)) {
            walker.since = walker.undecided == 0 ? moment.tick() : walker.since;
            walker.undecided++;
            if (walker.undecided == settings.thresholds().patienceTicks() && walker.doubted == 0) {
                walker.doubted = side;
                raise(moment, track, side, walker.since, clear, events);
            }
        } else {
            walker.undecided = 0;
        }
    }

    /** Signed distance of a place from the line's course, positive on its left. */
    private double distanceToTheLeft(double e, double n) {
        double de = (line.to().east() - line.from().east()) / length;
        double dn = (line.to().north() - line.from().north()) / length;
        return de * (n - line.from().north()) - dn * (e - line.from().east());
    }

    /** How certain it is that the track stands on the side where its mean is. */
    private double necessity(Track track, double left) {
        double de = (line.to().east() - line.from().east()) / length;
        double dn = (line.to().north() - line.from().north()) / length;
        double[] c = track.covariance();
        double variance = dn * dn * c[0] - 2 * dn * de * c[1] + de * de * c[5];
        return 1 - Math.exp(-0.5 * left * left / Math.max(variance, 1e-4));
    }

    private boolean pathMeetsLine(Walker walker, Track track) {
        double before = distanceToTheLeft(walker.east, walker.north);
        double after = distanceToTheLeft(track.east(), track.north());
        double f = before / (before - after);
        double e = walker.east + f * (track.east() - walker.east);
        double n = walker.north + f * (track.north() - walker.north);
        double along =
                ((e - line.from().east()) * (line.to().east() - line.from().east())
                                + (n - line.from().north())
                                        * (line.to().north() - line.from().north()))
                        / (length * length);
        return along >= 0 && along <= 1;
    }

    private void raise(Moment moment, Track track, int side, long since, Credence credence, List<Event> events) {
        String text = EventWriter.name(track) + " " + EventWriter.verb(credence, "crossed ", "may have crossed ")
                + line.name() + (side > 0 ? " inwards." : " outwards.");
        events.add(writer.write(Event.Kind.LINE_CROSS, line.name(), moment, since, credence, List.of(track), text));
    }
}
