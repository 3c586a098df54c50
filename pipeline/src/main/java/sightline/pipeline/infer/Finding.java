package sightline.pipeline.infer;

import java.util.List;
import java.util.Optional;
import sightline.config.domain.Detection;
import sightline.config.domain.Pose;
import sightline.config.domain.Segmentation;
import sightline.config.domain.Skeleton;

/**
 * What a network found in one picture, whichever network it was.
 *
 * @param detections boxes; for a segmenter its instances
 * @param poses joints
 * @param skeleton of the poses
 * @param segmentation label map
 */
public record Finding(
        List<Detection> detections, List<Pose> poses, Skeleton skeleton, Optional<Segmentation> segmentation) {}
