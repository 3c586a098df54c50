package sightline.operators.rules;

import java.util.ArrayList;
import java.util.List;
import sightline.config.domain.Event;
import sightline.config.domain.Track;

/**
 * Staying about one place. The place is where the stay began; it moves on as soon as it is certain that the disc about it
 * was left. The stay is as credible as its least credible tick.
 */
final class LoiterRule implements Rule {
    private final RuleSettings.Loitering settings;
    private final EventWriter writer;
    private final Memory<Stay> stays = new Memory<>(Stay::new);

    /** Where and since when. */
    private static final class Stay {
        private Region place;
        private long sinceNanos;
        private long sinceTick;
        private Credence worst = Credence.TRUE;
        private boolean raised;
    }

    LoiterRule(RuleSettings.Loitering settings, Evidence evidence) {
        this.settings = settings;
        writer = new EventWriter(settings.name(), evidence);
    }

    @Override
    public List<Event> at(Moment moment) {
        List<Event> events = new ArrayList<>();
        for (Track track : moment.tracks()) {
            if (Labels.match(settings.labels(), track)) {
                judge(moment, track, stays.of(track.id(), moment.tick()), events);
            }
        }
        stays.forget(moment.tick());
        return events;
    }

    private void judge(Moment moment, Track track, Stay stay, List<Event> events) {
        Credence now = stay.place == null ? Credence.FALSE : Moment.within(track, stay.place);
        if (now.possibility() < settings.thresholds().possible()) {
            stay.place = Region.disc(track.east(), track.north(), settings.radiusMetres());
            stay.sinceNanos = moment.timeNanos();
            stay.sinceTick = moment.tick();
            stay.worst = Moment.within(track, stay.place);
            stay.raised = false;
            return;
        }
        stay.worst = stay.worst.and(now);
        if (!stay.raised
                && moment.timeNanos() - stay.sinceNanos >= settings.duration().toNanos()) {
            stay.raised = true;
            String text = EventWriter.name(track) + " "
                    + EventWriter.verb(stay.worst, "has stayed", "may have stayed") + " about one place for "
                    + settings.duration().toSeconds() + " s.";
            events.add(
                    writer.write(Event.Kind.LOITERING, "", moment, stay.sinceTick, stay.worst, List.of(track), text));
        }
    }
}
