package sightline.operators.depict;

import java.util.Locale;
import java.util.StringJoiner;
import sightline.config.domain.Brief;

/** A brief as plain text: the caption under a picture, and the prompt of a depictor that reads prose. */
public final class BriefText {
    private BriefText() {}

    public static String of(Brief brief) {
        StringJoiner text = new StringJoiner(" ");
        text.add(sentence(brief.what()));
        text.add(brief.sunElevation() > 0 ? "By day." : "At night.");
        brief.people().forEach(person -> text.add(describe(person)));
        brief.vehicles().forEach(vehicle -> text.add(describe(vehicle)));
        brief.zones().forEach(zone -> text.add("A marked area named " + zone.name() + "."));
        text.add("Seen from " + brief.viewpoint().name() + ".");
        return text.toString();
    }

    private static String describe(Brief.Person person) {
        String posture =
                switch (person.posture()) {
                    case STANDING -> "standing";
                    case WALKING -> "walking " + compass(person.heading());
                    case RUNNING -> "running " + compass(person.heading());
                    case FALLEN -> "lying on the ground";
                };
        return String.format(
                Locale.ROOT,
                "A person %s at %.1f m east, %.1f m north.",
                posture,
                person.at().east(),
                person.at().north());
    }

    private static String describe(Brief.Vehicle vehicle) {
        String motion = vehicle.speed() < 0.4 ? "stopped" : "moving " + compass(vehicle.heading());
        return String.format(
                Locale.ROOT,
                "A %s %s at %.1f m east, %.1f m north.",
                vehicle.label().label(),
                motion,
                vehicle.at().east(),
                vehicle.at().north());
    }

    private static String compass(double heading) {
        String[] names = {"east", "north-east", "north", "north-west", "west", "south-west", "south", "south-east"};
        return names[Math.floorMod(Math.round(heading / (Math.PI / 4)), 8)];
    }

    private static String sentence(String what) {
        return what.isEmpty() || what.endsWith(".") ? what : what + ".";
    }
}
