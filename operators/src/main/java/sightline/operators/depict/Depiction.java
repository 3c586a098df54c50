package sightline.operators.depict;

import java.awt.image.BufferedImage;
import java.util.List;

/**
 * A picture of a brief, or a short sequence of them, not yet marked: only {@link Marking} makes bytes of it.
 *
 * @param frames 8-bit RGB, all of one size, shown one after the other; owned by the receiver
 * @param captions one a frame, for the visible mark
 * @param progress 0..1; 1 is final
 */
public record Depiction(List<BufferedImage> frames, List<String> captions, double progress) {
    public Depiction {
        frames = List.copyOf(frames);
        captions = List.copyOf(captions);
        if (frames.isEmpty() || captions.size() != frames.size()) {
            throw new IllegalArgumentException(
                    frames.size() + " frames and " + captions.size() + " captions are no depiction");
        }
    }

    /** One picture. */
    public Depiction(BufferedImage image, double progress) {
        this(List.of(image), List.of(""), progress);
    }

    /** The only picture, or the first. */
    public BufferedImage image() {
        return frames.getFirst();
    }
}
