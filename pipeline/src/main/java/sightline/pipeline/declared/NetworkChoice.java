package sightline.pipeline.declared;

import java.nio.file.Path;
import java.util.Optional;

/**
 * One network besides the detector.
 *
 * @param model as in {@code sightline models}
 * @param weights safetensors or an official checkpoint; empty for those that are shipped
 */
public record NetworkChoice(String model, Optional<Path> weights) {}
