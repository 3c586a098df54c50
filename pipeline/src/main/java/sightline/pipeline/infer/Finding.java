package sightline.pipeline.infer;

import java.util.List;
import java.util.Optional;
import sightline.config.domain.Detection;
import sightline.config.domain.Mask;
import sightline.config.domain.Masks;
import sightline.config.domain.Pose;
import sightline.config.domain.Poses;
import sightline.config.domain.Segmentation;
import sightline.config.domain.Skeleton;

/**
 * What a network found in one picture, whichever network it was.
 *
 * @param detections boxes; for a segmenter its instances
 * @param poses joints
 * @param skeleton of the poses
 * @param segmentation label map
 * @param masks pixels of single things
 */
public record Finding(
        List<Detection> detections,
        List<Pose> poses,
        Skeleton skeleton,
        Optional<Segmentation> segmentation,
        List<Mask> masks) {
    static Finding of(List<Detection> detections) {
        return new Finding(detections, List.of(), Skeleton.CROWDPOSE_14, Optional.empty(), List.of());
    }

    static Finding of(Poses poses) {
        return new Finding(List.of(), poses.poses(), poses.skeleton(), Optional.empty(), List.of());
    }

    static Finding of(Segmentation map) {
        return new Finding(map.instances(), List.of(), Skeleton.CROWDPOSE_14, Optional.of(map), List.of());
    }

    static Finding of(Masks masks) {
        List<Detection> things =
                masks.masks().stream().flatMap(m -> m.thing().stream()).toList();
        return new Finding(things, List.of(), Skeleton.CROWDPOSE_14, Optional.empty(), masks.masks());
    }
}
