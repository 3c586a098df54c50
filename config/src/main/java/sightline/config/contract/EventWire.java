package sightline.config.contract;

import sightline.config.domain.Event;
import sightline.config.domain.Event.Kind;

/** {@code event.rule.v1}. */
final class EventWire {

    private EventWire() {}

    static sightline.config.wire.Event write(Event event) {
        var out = sightline.config.wire.Event.newBuilder()
                .setId(event.id())
                .setRule(event.rule())
                .setKind(write(event.kind()))
                .setZone(event.zone())
                .setTime(Stamps.write(event.timeNanos()))
                .setPossibility(event.possibility())
                .setNecessity(event.necessity())
                .addAllEvidence(event.evidence())
                .setText(event.text())
                .setOrigin(Names.write(event.origin()));
        event.tracks().forEach(track -> out.addTracks(TrackWire.write(track)));
        return out.build();
    }

    static Event read(sightline.config.wire.Event in) {
        Checks.present("time", in.hasTime());
        return new Event(
                Checks.named("id", in.getId()),
                in.getRule(),
                read(in.getKind()),
                in.getZone(),
                Stamps.read("time", in.getTime()),
                Checks.unit("possibility", in.getPossibility()),
                Checks.unit("necessity", in.getNecessity()),
                in.getTracksList().stream().map(TrackWire::read).toList(),
                in.getEvidenceList(),
                in.getText(),
                Names.read(in.getOrigin()));
    }

    static sightline.config.wire.Event.Kind write(Kind kind) {
        return switch (kind) {
            case ZONE_ENTER -> sightline.config.wire.Event.Kind.ZONE_ENTER;
            case ZONE_EXIT -> sightline.config.wire.Event.Kind.ZONE_EXIT;
            case ZONE_DWELL -> sightline.config.wire.Event.Kind.ZONE_DWELL;
            case LINE_CROSS -> sightline.config.wire.Event.Kind.LINE_CROSS;
            case CROWDING -> sightline.config.wire.Event.Kind.CROWDING;
            case NEAR_MISS -> sightline.config.wire.Event.Kind.NEAR_MISS;
            case FALL -> sightline.config.wire.Event.Kind.FALL;
            case LOITERING -> sightline.config.wire.Event.Kind.LOITERING;
            case SENSOR_FAULT -> sightline.config.wire.Event.Kind.SENSOR_FAULT;
        };
    }

    static Kind read(sightline.config.wire.Event.Kind kind) {
        return switch (kind) {
            case ZONE_ENTER -> Kind.ZONE_ENTER;
            case ZONE_EXIT -> Kind.ZONE_EXIT;
            case ZONE_DWELL -> Kind.ZONE_DWELL;
            case LINE_CROSS -> Kind.LINE_CROSS;
            case CROWDING -> Kind.CROWDING;
            case NEAR_MISS -> Kind.NEAR_MISS;
            case FALL -> Kind.FALL;
            case LOITERING -> Kind.LOITERING;
            case SENSOR_FAULT -> Kind.SENSOR_FAULT;
            case KIND_UNSPECIFIED, UNRECOGNIZED -> throw Checks.unknown("kind", kind);
        };
    }
}
