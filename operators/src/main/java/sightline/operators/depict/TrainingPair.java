package sightline.operators.depict;

import sightline.config.domain.Brief;

/**
 * What a depictor learns from: a brief, the same as a raster, and how it looked.
 *
 * @param name unique in its data set: seed, camera and frame number
 * @param brief what there was to know; origin SIMULATED
 * @param layout the brief as the frame's camera sees it, pixel by pixel
 * @param jpeg the frame
 */
public record TrainingPair(String name, Brief brief, LayoutRaster layout, byte[] jpeg) {}
