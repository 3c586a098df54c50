package sightline.config.domain;

import java.util.List;

/**
 * All masks cut out of one frame.
 *
 * @param frame the frame they were cut out of
 * @param masks in the order of the prompts, or in falling order of quality where there were none
 * @param model digest of the weights and graph that cut them
 */
public record Masks(FrameHeader frame, List<Mask> masks, String model) {
    public Masks {
        masks = List.copyOf(masks);
    }
}
