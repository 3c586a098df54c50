package sightline.pipeline.declared;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Which detector looks at the pictures.
 *
 * @param weights safetensors file; empty for those that are shipped
 * @param side longer side of its input, pixels, a multiple of 32
 * @param score least score of a detection, in (0, 1)
 * @param threads of one run
 */
public record DetectorChoice(Optional<Path> weights, int side, double score, int threads) {
    public static final DetectorChoice SHIPPED = new DetectorChoice(Optional.empty(), 416, 0.35, 1);

    public String label() {
        return weights.map(w -> w.getFileName().toString()).orElse("shipped EfficientViT-Det-B0") + " at " + side;
    }
}
