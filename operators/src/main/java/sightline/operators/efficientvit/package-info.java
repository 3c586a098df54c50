/**
 * EfficientViT (Cai et al., ICCV 2023): backbones B0-B3 and L0-L3 whose attention is linear in pixels, with heads for
 * classification, segmentation and detection.
 *
 * <p>{@link sightline.operators.efficientvit.Variant} has the tables, {@code Blocks} the building blocks under the names of
 * the official checkpoints, {@code Backbone} and the heads put them together, and the operators turn frames into
 * detections and label maps. The detection network is this project's own: none was ever released. Its boxes are found by the
 * engine, as a part of the graph ({@code BoxDecoder} says which), so that a GPU sends back a hundred rows and not its maps.
 */
package sightline.operators.efficientvit;
