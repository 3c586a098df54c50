/**
 * EfficientViT-SAM (Zhang et al., 2024): Segment Anything's prompt encoder and mask decoder on an EfficientViT image
 * encoder. {@link sightline.operators.sam.Sam} has the sizes, {@code ImageEncoder} and {@code MaskDecoder} the graphs;
 * {@link sightline.operators.sam.SegmentAnything} answers prompts about a picture, and {@link
 * sightline.operators.sam.MaskCutter} stands behind the common interface of perception.
 */
package sightline.operators.sam;
