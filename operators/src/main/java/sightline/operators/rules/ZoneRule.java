package sightline.operators.rules;

import java.util.ArrayList;
import java.util.List;
import sightline.config.domain.Event;
import sightline.config.domain.Track;
import sightline.config.site.Zone;

/**
 * Enter, exit and dwell. Dwelling is as credible as being inside was in the least credible tick of the stay, counted
 * apart for the certain and for the possible stay.
 */
final class ZoneRule implements Rule {
    private final RuleSettings.ZonePresence settings;
    private final String zone;
    private final Region region;
    private final EventWriter writer;
    private final Memory<Visit> visits;

    /** One subject's dealings with the zone. */
    private static final class Visit {
        private final Judgement inside;
        private long enteredNanos = -1;
        private Credence worst = Credence.TRUE;
        private boolean dwelt;

        Visit(Thresholds thresholds) {
            inside = new Judgement(thresholds);
        }
    }

    ZoneRule(RuleSettings.ZonePresence settings, Zone zone, Evidence evidence) {
        this.settings = settings;
        this.zone = zone.name();
        region = new Region(zone.outline());
        writer = new EventWriter(settings.name(), evidence);
        visits = new Memory<>(() -> new Visit(settings.thresholds()));
    }

    @Override
    public List<Event> at(Moment moment) {
        List<Event> events = new ArrayList<>();
        for (Track track : moment.tracks()) {
            if (Labels.match(settings.labels(), track)) {
                judge(moment, track, visits.of(track.id(), moment.tick()), events);
            }
        }
        visits.forget(moment.tick());
        return events;
    }

    private void judge(Moment moment, Track track, Visit visit, List<Event> events) {
        Credence now = Moment.within(track, region);
        long began = visit.inside.since();
        switch (visit.inside.at(moment.tick(), now)) {
            case POSSIBLY -> {
                visit.enteredNanos = moment.timeNanos();
                visit.worst = now;
                enter(moment, track, visit, now, events);
            }
            case NECESSARILY -> {
                // A stay that was only possible so far counts anew from where it became certain.
                visit.enteredNanos = moment.timeNanos();
                visit.worst = now;
                visit.dwelt = false;
                enter(moment, track, visit, now, events);
            }
            case OVER_POSSIBLY -> leave(visit);
            case OVER_NECESSARILY -> {
                leave(visit);
                exit(moment, track, began, now.not().and(Moment.exists(track)), events);
            }
            case NONE -> dwell(moment, track, visit, now, events);
        }
    }

    private static void leave(Visit visit) {
        visit.enteredNanos = -1;
        visit.dwelt = false;
    }

    private void enter(Moment moment, Track track, Visit visit, Credence now, List<Event> events) {
        if (settings.enter()) {
            String text =
                    EventWriter.name(track) + " " + EventWriter.verb(now, "entered ", "may have entered ") + zone + ".";
            events.add(
                    writer.write(Event.Kind.ZONE_ENTER, zone, moment, visit.inside.since(), now, List.of(track), text));
        }
    }

    private void exit(Moment moment, Track track, long began, Credence out, List<Event> events) {
        if (settings.exit()) {
            String text = EventWriter.name(track) + " " + EventWriter.verb(out, "left ", "may have left ") + zone + ".";
            events.add(writer.write(Event.Kind.ZONE_EXIT, zone, moment, began, out, List.of(track), text));
        }
    }

    private void dwell(Moment moment, Track track, Visit visit, Credence now, List<Event> events) {
        if (visit.enteredNanos < 0) {
            return;
        }
        visit.worst = visit.worst.and(now);
        long limit = settings.dwell().toNanos();
        if (limit > 0 && !visit.dwelt && moment.timeNanos() - visit.enteredNanos >= limit) {
            visit.dwelt = true;
            String text = EventWriter.name(track) + " "
                    + EventWriter.verb(visit.worst, "has been in ", "may have been in ") + zone + " for "
                    + settings.dwell().toSeconds() + " s.";
            events.add(writer.write(
                    Event.Kind.ZONE_DWELL, zone, moment, visit.inside.since(), visit.worst, List.of(track), text));
        }
    }
}
