package sightline.operators.pool;

import java.util.List;

/**
 * What dense teachers said of a picture. Where one has not looked, its part is empty or absent, and nothing follows.
 *
 * @param looked whether a pose teacher looked, so that nobody in {@code people} means nobody in the picture
 * @param people poses it saw
 * @param street its map of labels, or null where it has not looked
 */
public record Teaching(boolean looked, List<LabeledPose> people, LabelMap street) {
    /** No teacher looked. */
    public static final Teaching NONE = new Teaching(false, List.of(), null);

    public Teaching {
        people = List.copyOf(people);
    }

    /** With a pose teacher's word. */
    public Teaching withPeople(List<LabeledPose> seen) {
        return new Teaching(true, seen, street);
    }

    /** With a segmentation teacher's word. */
    public Teaching withStreet(LabelMap map) {
        return new Teaching(looked, people, map);
    }
}
