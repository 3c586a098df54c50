package sightline.operators.rules;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import sightline.config.domain.Event;
import sightline.config.domain.ObjectClass;
import sightline.config.domain.Origin;
import sightline.config.domain.Track;

/**
 * Makes events. The id is the rule, who is involved, the tick in which it began and whether it is certain: a replay makes
 * the same one.
 */
final class EventWriter {
    private final String rule;
    private final Evidence evidence;

    EventWriter(String rule, Evidence evidence) {
        this.rule = rule;
        this.evidence = evidence;
    }

    Event write(
            Event.Kind kind, String place, Moment moment, long since, Credence credence, List<Track> who, String text) {
        String subjects = who.stream().map(Track::id).collect(Collectors.joining("+"));
        return write(kind, place, moment.timeNanos(), subjects, since, credence, who, origin(who), text);
    }

    Event write(
            Event.Kind kind,
            String place,
            long timeNanos,
            String subjects,
            long since,
            Credence credence,
            List<Track> who,
            Origin origin,
            String text) {
        String certainty = credence.necessity() >= 0.5 ? "" : "?";
        return new Event(
                rule + ":" + kind.name().toLowerCase(Locale.ROOT) + certainty + ":" + subjects + ":" + since,
                rule,
                kind,
                place,
                timeNanos,
                credence.possibility(),
                credence.necessity(),
                who,
                evidence.of(timeNanos, who),
                text,
                origin);
    }

    private static Origin origin(List<Track> who) {
        return who.stream().map(Track::origin).reduce(Origin.LIVE, Origin::join);
    }

    /** "A person", "A bus", or "Something" where nobody knows. */
    static String name(Track track) {
        return track.label() == null ? "Something" : article(track.label());
    }

    private static String article(ObjectClass label) {
        return "A " + label.label();
    }

    /** The verb as it is, or with its doubt. */
    static String verb(Credence credence, String certain, String doubtful) {
        return credence.necessity() >= 0.5 ? certain : doubtful;
    }
}
