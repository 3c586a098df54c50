package sightline.sensors.scene;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Everyone on the plaza. People who come close step aside to their own right, so that nobody walks through anybody;
 * the step follows from where all are, so the world remains a function of time.
 */
final class Cast {
    private static final double NOTICE = 1.7;
    private static final double STEP_ASIDE = 0.42;
    private static final double MOMENT = 0.05;

    private final List<Actors> slots = new ArrayList<>();

    Cast(PlazaSettings settings, Layout layout) {
        Optional<Traffic> delivery =
                settings.vehicles() > 0 ? Optional.of(new Traffic(settings.seed(), 0)) : Optional.empty();
        for (int i = 0; i < settings.people(); i++) {
            slots.add(
                    i % 3 == 0
                            ? new Lingerer(settings.seed(), i, layout.obstacles(), settings.falls() && i == 0)
                            : new PassersBy(settings.seed(), i, layout.obstacles(), delivery));
        }
        delivery.ifPresent(slots::add);
        for (int i = 1; i < settings.vehicles(); i++) {
            slots.add(new Traffic(settings.seed(), i));
        }
    }

    /** All actors, seconds after the scene's start, with the velocities of the ways that they really take. */
    List<ActorState> at(double seconds) {
        List<ActorState> before = placed(seconds - MOMENT);
        List<ActorState> now = placed(seconds);
        List<ActorState> after = placed(seconds + MOMENT);
        List<ActorState> out = new ArrayList<>(now.size());
        for (ActorState actor : now) {
            ActorState a = find(before, actor.id());
            ActorState b = find(after, actor.id());
            if (actor instanceof PersonState person && a != null && b != null) {
                out.add(person.moving((b.east() - a.east()) / (2 * MOMENT), (b.north() - a.north()) / (2 * MOMENT)));
            } else {
                out.add(actor);
            }
        }
        return out;
    }

    private static ActorState find(List<ActorState> actors, String id) {
        for (ActorState actor : actors) {
            if (actor.id().equals(id)) {
                return actor;
            }
        }
        return null;
    }

    private List<ActorState> placed(double seconds) {
        List<Actors.Entry> nominal = new ArrayList<>(slots.size());
        for (Actors slot : slots) {
            slot.at(seconds).ifPresent(nominal::add);
        }
        List<ActorState> out = new ArrayList<>(nominal.size());
        for (Actors.Entry entry : nominal) {
            out.add(entry.state() instanceof PersonState person ? aside(person, nominal) : entry.state());
        }
        return out;
    }

    private static PersonState aside(PersonState person, List<Actors.Entry> others) {
        double push = 0;
        for (Actors.Entry other : others) {
            if (!(other.state() instanceof PersonState near) || near.id().equals(person.id())) {
                continue;
            }
            double distance = Math.hypot(person.east() - near.east(), person.north() - near.north());
            if (distance < NOTICE) {
                push += STEP_ASIDE * other.weight() * ease(distance, NOTICE);
            }
        }
        push = Math.min(push, 1.5 * STEP_ASIDE);
        return person.moved(
                person.east() + push * Math.sin(person.heading()), person.north() - push * Math.cos(person.heading()));
    }

    private static double ease(double distance, double reach) {
        double x = 1 - distance / reach;
        return x * x * (3 - 2 * x);
    }
}
