package sightline.sensors.dataset;

import java.util.Optional;
import sightline.config.domain.Box;
import sightline.config.site.GroundPoint;

/**
 * One row of a MOT file.
 *
 * @param frame from 1
 * @param id of the object; -1 in detections
 * @param box in the house's pixels
 * @param confidence as the file has it; no probability in general
 * @param ground metres, where the file gives it
 */
public record MotBox(int frame, int id, Box box, double confidence, Optional<GroundPoint> ground) {}
