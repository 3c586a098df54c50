package sightline.operators.depict;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sightline.config.domain.Brief;
import sightline.config.domain.Brief.Posture;
import sightline.config.domain.Event;
import sightline.config.domain.ObjectClass;
import sightline.config.domain.Track;
import sightline.config.domain.Viewpoint;
import sightline.config.site.GroundPoint;
import sightline.config.site.Line;
import sightline.config.site.Site;
import sightline.config.site.Zone;

/**
 * Writes the brief of an event. Pure and deterministic: the same event, bystanders and site give the same brief.
 *
 * <p>What a track does not say is filled with the ordinary: a person is 1.72 m tall, a vehicle has the size of its class.
 * These fillings are drawn, so they must never be read as evidence; the caption names what is.
 */
public final class BriefWriter {
    private static final double WALKING_FROM = 0.4;
    private static final double RUNNING_FROM = 2.6;
    private static final double PERSON_HEIGHT = 1.72;

    private final Site site;

    public BriefWriter(Site site) {
        this.site = site;
    }

    /**
     * @param event what happened
     * @param bystanders other tracks that were there at that time, drawn faintly less important but drawn
     * @param viewpoint where to look from
     */
    public Brief write(Event event, List<Track> bystanders, Viewpoint viewpoint) {
        Set<String> involved = event.tracks().stream().map(Track::id).collect(Collectors.toSet());
        List<Track> all = Stream.concat(event.tracks().stream(), bystanders.stream())
                .collect(Collectors.toMap(Track::id, t -> t, (first, second) -> first))
                .values()
                .stream()
                .sorted(Comparator.comparing(Track::id))
                .toList();
        return new Brief(
                event.id(),
                event.kind(),
                event.text(),
                event.timeNanos(),
                viewpoint,
                all.stream()
                        .filter(t -> t.label() == null || !t.label().isVehicle())
                        .map(t -> person(t, event.kind(), involved.contains(t.id())))
                        .toList(),
                all.stream()
                        .filter(t -> t.label() != null && t.label().isVehicle())
                        .map(t -> vehicle(t, involved.contains(t.id())))
                        .toList(),
                zones(event),
                lines(event),
                sunElevation(event.timeNanos()),
                event.origin());
    }

    private List<Zone> zones(Event event) {
        List<Zone> named =
                site.zones().stream().filter(z -> z.name().equals(event.zone())).toList();
        return named.isEmpty() ? site.zones() : named;
    }

    private List<Line> lines(Event event) {
        return site.lines().stream().filter(l -> l.name().equals(event.zone())).toList();
    }

    private static Brief.Person person(Track track, Event.Kind kind, boolean involved) {
        double speed = track.speed();
        Posture posture = kind == Event.Kind.FALL && involved
                ? Posture.FALLEN
                : speed < WALKING_FROM ? Posture.STANDING : speed < RUNNING_FROM ? Posture.WALKING : Posture.RUNNING;
        return new Brief.Person(
                track.id(),
                at(track),
                heading(track),
                posture == Posture.FALLEN ? 0 : speed,
                PERSON_HEIGHT,
                posture,
                positionCovariance(track),
                involved);
    }

    private static Brief.Vehicle vehicle(Track track, boolean involved) {
        double[] size = size(Objects.requireNonNull(track.label()));
        return new Brief.Vehicle(
                track.id(),
                track.label(),
                at(track),
                heading(track),
                track.speed(),
                size[0],
                size[1],
                size[2],
                positionCovariance(track),
                involved);
    }

    /** Length, width and height of an ordinary one, metres. */
    private static double[] size(ObjectClass label) {
        return switch (label) {
            case BICYCLE -> new double[] {1.8, 0.6, 1.6};
            case MOTORCYCLE -> new double[] {2.1, 0.8, 1.5};
            case BUS -> new double[] {12, 2.55, 3.1};
            case TRUCK -> new double[] {8, 2.5, 3.4};
            case CAR, PERSON -> new double[] {4.4, 1.8, 1.5};
        };
    }

    private static GroundPoint at(Track track) {
        return new GroundPoint(track.east(), track.north());
    }

    private static double heading(Track track) {
        return track.speed() < 1e-3 ? 0 : Math.atan2(track.state()[3], track.state()[2]);
    }

    private static double[] positionCovariance(Track track) {
        double[] p = track.covariance();
        return new double[] {p[0], p[1], p[4], p[5]};
    }

    /** Coarse on purpose: light in a depiction says day or night, not the minute. */
    private static double sunElevation(long timeNanos) {
        double hour = Instant.ofEpochSecond(timeNanos / 1_000_000_000L)
                        .atZone(ZoneOffset.UTC)
                        .toLocalTime()
                        .toSecondOfDay()
                / 3600.0;
        return Math.toRadians(55) * Math.sin((hour - 6) / 12 * Math.PI);
    }
}
