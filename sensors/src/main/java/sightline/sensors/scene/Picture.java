package sightline.sensors.scene;

import java.util.List;
import sightline.config.domain.FrameHeader;

/**
 * A rendered frame with everything that is known about it for free.
 *
 * @param header identity, times, size
 * @param rgb interleaved 8-bit RGB, row-major without padding; owned by the record
 * @param labels every object of which at least one pixel shows, nearest first; boxes are those of the drawn pixels
 */
public record Picture(FrameHeader header, byte[] rgb, List<ObjectLabel> labels) {
    public Picture {
        labels = List.copyOf(labels);
    }
}
