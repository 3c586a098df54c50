package sightline.pipeline.declared;

import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The networks that look at the pictures. All but the detector are left out unless they are asked for.
 *
 * @param detector always
 * @param poses a poser
 * @param segmentation a segmenter, for label maps
 * @param masks a mask cutter, for the outline of each thing that the detector finds
 */
public record NetworkChoices(
        DetectorChoice detector,
        Optional<NetworkChoice> poses,
        Optional<NetworkChoice> segmentation,
        Optional<NetworkChoice> masks) {
    /** The shipped detector alone. */
    public static final NetworkChoices SHIPPED =
            new NetworkChoices(DetectorChoice.SHIPPED, Optional.empty(), Optional.empty(), Optional.empty());

    /** Whether they differ in the detector at most, which alone is swapped at work. */
    boolean differsInDetectorOnly(NetworkChoices other) {
        return poses.equals(other.poses) && segmentation.equals(other.segmentation) && masks.equals(other.masks);
    }

    String label() {
        return Stream.concat(
                        Stream.of(detector.label()),
                        Stream.of(poses, segmentation, masks)
                                .flatMap(Optional::stream)
                                .map(NetworkChoice::model))
                .collect(Collectors.joining(", "));
    }
}
