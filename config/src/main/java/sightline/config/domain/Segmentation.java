package sightline.config.domain;

import java.util.List;

/**
 * A label for every pixel (at the network's output resolution) and the things found among them.
 *
 * @param frame the frame it was made from
 * @param width of the label map
 * @param height of the label map
 * @param labels row-major class ids, {@code width * height}; owned by the record
 * @param classes name of each class id
 * @param instances connected things, in pixels of the original picture
 * @param model digest of the weights and graph
 */
public record Segmentation(
        FrameHeader frame,
        int width,
        int height,
        byte[] labels,
        List<String> classes,
        List<Detection> instances,
        String model) {
    public Segmentation {
        if (labels.length != width * height) {
            throw new IllegalArgumentException(labels.length + " labels for " + width + "x" + height);
        }
        classes = List.copyOf(classes);
        instances = List.copyOf(instances);
    }
}
