package sightline.config.domain;

import java.util.List;

/**
 * All objects found in one frame. An empty list is a statement (nothing was seen), not an absence of one.
 *
 * @param frame the frame they were found in
 * @param detections in falling order of score
 * @param model digest of the weights and graph that found them, or {@code simulated} for the simulator's own
 */
public record Detections(FrameHeader frame, List<Detection> detections, String model) {
    public Detections {
        detections = List.copyOf(detections);
    }
}
