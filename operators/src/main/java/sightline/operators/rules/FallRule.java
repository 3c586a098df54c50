package sightline.operators.rules;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import sightline.config.domain.Event;
import sightline.config.domain.ObjectClass;
import sightline.config.domain.Poses;
import sightline.config.domain.Track;
import sightline.config.site.Rehearsal;
import sightline.config.site.SensorSpec;
import sightline.config.site.Site;
import sightline.sensors.geometry.CameraModel;

/**
 * Somebody who was certainly upright a moment ago now lies and goes on lying. What the cameras say of one track is
 * combined by the minimum and normalised, so one camera that sees the fall end-on does not hide it from the others. Who is
 * lost while falling and found lying as a new track has fallen too ({@link LastUpright}).
 */
final class FallRule implements Rule {
    private static final double GATE_METRES = 1.5;
    private static final long FRESH_NANOS = 700_000_000L;
    private static final long UPRIGHT_WITHIN_NANOS = 5_000_000_000L;

    /** A posture with its time. */
    private record Seen(Posture posture, long timeNanos) {}

    /** What is known of one track. */
    private static final class Person {
        private final Map<String, Seen> byCamera = new HashMap<>();
        private final Judgement lying;
        private long uprightNanos = Long.MIN_VALUE;
        private long downNanos = -1;
        private long downTick;
        private boolean raised;

        Person(Thresholds thresholds) {
            lying = new Judgement(thresholds);
        }
    }

    private final RuleSettings.Fall settings;
    private final EventWriter writer;
    private final Map<String, CameraModel> cameras = new HashMap<>();
    private final Map<String, List<Seen>> pending = new HashMap<>();
    private final Memory<Person> people;
    private final LastUpright lastUpright;

    FallRule(RuleSettings.Fall settings, Site site, Evidence evidence) {
        this.settings = settings;
        writer = new EventWriter(settings.name(), evidence);
        lastUpright = new LastUpright(UPRIGHT_WITHIN_NANOS + settings.lying().toNanos());
        people = new Memory<>(() -> new Person(settings.thresholds()));
        for (SensorSpec sensor : site.sensors()) {
            sensor.calibration().map(CameraModel::of).ifPresent(camera -> {
                cameras.put(sensor.name(), camera);
                cameras.put(Rehearsal.doubleOf(sensor.name()), camera);
            });
        }
    }

    @Override
    public void poses(Poses poses) {
        CameraModel camera = cameras.get(poses.frame().camera());
        if (camera == null) {
            return;
        }
        List<Seen> seen = new ArrayList<>();
        for (var pose : poses.poses()) {
            Posture.of(pose, camera)
                    .ifPresent(posture ->
                            seen.add(new Seen(posture, poses.frame().time().exposureNanos())));
        }
        pending.put(poses.frame().camera(), seen);
    }

    @Override
    public List<Event> at(Moment moment) {
        List<Event> events = new ArrayList<>();
        // A detector may not know people who lie: who has just been upright is judged by poses alone for a while.
        List<Track> gone = lastUpright.gone(moment.tracks());
        assign(moment, gone);
        for (Track track :
                Stream.concat(moment.tracks().stream(), gone.stream()).toList()) {
            if (track.label() == null || track.label() == ObjectClass.PERSON) {
                judge(moment, track, people.of(track.id(), moment.tick()), events);
            }
        }
        people.forget(moment.tick());
        lastUpright.forget(moment.timeNanos());
        return events;
    }

    /** Gives every posture to the nearest track, or else to somebody who is gone. */
    private void assign(Moment moment, List<Track> gone) {
        pending.forEach((camera, postures) -> postures.forEach(seen -> nearest(moment.tracks(), seen)
                .or(() -> nearest(gone, seen))
                .ifPresent(
                        track -> people.of(track.id(), moment.tick()).byCamera.put(camera, seen))));
        pending.clear();
    }

    private static Optional<Track> nearest(List<Track> tracks, Seen seen) {
        Track nearest = null;
        double best = GATE_METRES;
        for (Track track : tracks) {
            double d = Math.hypot(
                    track.east() - seen.posture().at().east(),
                    track.north() - seen.posture().at().north());
            if (d < best) {
                best = d;
                nearest = track;
            }
        }
        return Optional.ofNullable(nearest);
    }

    private void judge(Moment moment, Track track, Person person, List<Event> events) {
        person.byCamera.values().removeIf(seen -> moment.timeNanos() - seen.timeNanos() > FRESH_NANOS);
        if (person.byCamera.isEmpty()) {
            return;
        }
        double upright = 1;
        double lying = 1;
        for (Seen seen : person.byCamera.values()) {
            upright = Math.min(upright, seen.posture().upright());
            lying = Math.min(lying, seen.posture().lying());
        }
        double most = Math.max(upright, lying);
        if (most == 0) {
            return;
        }
        Credence down = new Credence(lying / most, 1 - upright / most).and(Moment.exists(track));
        if (lying / most <= 1 - settings.thresholds().necessary() && upright > 0) {
            person.uprightNanos = moment.timeNanos();
            lastUpright.seen(track, moment.timeNanos());
        } else if (person.uprightNanos == Long.MIN_VALUE) {
            lastUpright.takeOver(track, moment.tracks()).ifPresent(then -> person.uprightNanos = then);
        }
        switch (person.lying.at(moment.tick(), down)) {
            case NECESSARILY, POSSIBLY -> {
                person.downNanos = moment.timeNanos();
                person.downTick = person.lying.since();
            }
            case OVER_NECESSARILY, OVER_POSSIBLY -> {
                person.downNanos = -1;
                person.raised = false;
            }
            case NONE -> {}
        }
        boolean fell = person.downNanos >= 0
                && person.uprightNanos != Long.MIN_VALUE
                && person.downNanos - person.uprightNanos <= UPRIGHT_WITHIN_NANOS;
        if (fell
                && !person.raised
                && moment.timeNanos() - person.downNanos >= settings.lying().toNanos()) {
            person.raised = true;
            String text = EventWriter.name(track) + " "
                    + EventWriter.verb(down, "fell and lies", "may have fallen and lie") + " on the ground.";
            events.add(writer.write(Event.Kind.FALL, "", moment, person.downTick, down, List.of(track), text));
        }
    }
}
