package sightline.pipeline.declared;

import java.nio.file.Path;

/** Where a camera's pictures come from. */
public sealed interface Feed {
    /** The simulated plaza's camera of that name. */
    record Plaza() implements Feed {}

    /** Somebody else writes them to Kafka. */
    record Topic() implements Feed {}

    /**
     * A recording in a loop.
     *
     * @param framesPerSecond where the file has it wrong; 0 trusts it
     */
    record Video(Path file, double framesPerSecond) implements Feed {}

    /** In a word or two, for people. */
    default String label() {
        return switch (this) {
            case Plaza plaza -> "simulated plaza";
            case Topic topic -> "already in Kafka";
            case Video video -> "recording " + video.file().getFileName();
        };
    }
}
