package sightline.operators.rules;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import sightline.config.domain.Event;
import sightline.config.domain.Origin;
import sightline.config.domain.Track;
import sightline.config.site.Zone;

/**
 * Too many in a zone. That at least k are inside is as credible as the k-th most credible of them, for possibility and for
 * necessity apart; that follows from combining by the minimum.
 */
final class CrowdRule implements Rule {
    /** A track with how far it is inside. */
    private record Inside(Track track, Credence credence) {}

    private final RuleSettings.Crowding settings;
    private final Zone zone;
    private final Region region;
    private final EventWriter writer;
    private final Judgement crowded;

    CrowdRule(RuleSettings.Crowding settings, Zone zone, Evidence evidence) {
        this.settings = settings;
        this.zone = zone;
        region = new Region(zone.outline());
        writer = new EventWriter(settings.name(), evidence);
        crowded = new Judgement(settings.thresholds());
    }

    @Override
    public List<Event> at(Moment moment) {
        List<Inside> inside = new ArrayList<>();
        for (Track track : moment.tracks()) {
            if (Labels.match(settings.labels(), track)) {
                Credence credence = Moment.within(track, region);
                if (credence.possibility() >= settings.thresholds().release()) {
                    inside.add(new Inside(track, credence));
                }
            }
        }
        Credence enough = new Credence(
                kth(inside, Comparator.comparingDouble(i -> -i.credence().possibility()))
                        .possibility(),
                kth(inside, Comparator.comparingDouble(i -> -i.credence().necessity()))
                        .necessity());
        return switch (crowded.at(moment.tick(), enough)) {
            case POSSIBLY, NECESSARILY -> List.of(event(moment, inside, enough));
            case OVER_POSSIBLY, OVER_NECESSARILY, NONE -> List.of();
        };
    }

    private Credence kth(List<Inside> inside, Comparator<Inside> order) {
        return inside.size() < settings.limit()
                ? Credence.FALSE
                : inside.stream()
                        .sorted(order)
                        .skip(settings.limit() - 1L)
                        .findFirst()
                        .orElseThrow()
                        .credence();
    }

    private Event event(Moment moment, List<Inside> inside, Credence enough) {
        List<Track> who = inside.stream()
                .filter(i -> i.credence().possibility() >= settings.thresholds().possible())
                .map(Inside::track)
                .toList();
        String text = who.size() + EventWriter.verb(enough, " are in ", " may be in ") + zone.name() + "; the limit is "
                + settings.limit() + ".";
        return writer.write(
                Event.Kind.CROWDING,
                zone.name(),
                moment.timeNanos(),
                zone.name(),
                crowded.since(),
                enough,
                who,
                who.stream().map(Track::origin).reduce(Origin.LIVE, Origin::join),
                text);
    }
}
