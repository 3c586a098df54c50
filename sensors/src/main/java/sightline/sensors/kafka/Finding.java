package sightline.sensors.kafka;

/**
 * Something that has to change.
 *
 * @param blocking whether running on without the change loses data or cannot work
 * @param sentence what to change, to what, where and why
 */
public record Finding(boolean blocking, String sentence) {
    static Finding blocker(String sentence) {
        return new Finding(true, sentence);
    }

    static Finding advice(String sentence) {
        return new Finding(false, sentence);
    }
}
