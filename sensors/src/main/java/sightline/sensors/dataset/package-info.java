/**
 * Published recordings as sources and truth: MOT sequences, PETS 2009 calibrations and annotations, WILDTRACK, and the
 * Autoferry sensor-fusion data. None of them is part of this project; the loaders read them where the user has put them.
 *
 * <p>Every loader converts to the house's conventions on entry: pixels from the corner of the first pixel (MOT boxes lose
 * one), metres (Tsai files are in millimetres, WILDTRACK's extrinsics in centimetres), east-north-up, bearings
 * counter-clockwise from east. Detections made from annotated boxes are marked SIMULATED, recordings REPLAY.
 */
package sightline.sensors.dataset;
