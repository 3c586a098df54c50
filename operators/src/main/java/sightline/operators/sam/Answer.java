package sightline.operators.sam;

/**
 * One mask as the decoder gives it.
 *
 * @param logits square, a quarter of the prompt frame's resolution, row-major; may refine a further prompt
 * @param quality predicted intersection over union
 */
public record Answer(float[] logits, double quality) {}
