package sightline.pipeline.web;

import java.util.Optional;
import sightline.config.domain.Detections;
import sightline.config.domain.EncodedFrame;
import sightline.config.domain.Poses;
import sightline.config.domain.Segmentation;

/**
 * A frame for people: the picture and what was found in that very frame.
 *
 * @param frame JPEG and header
 * @param detections boxes; empty where detection is off or not done yet
 * @param poses joints; empty where poses are off
 * @param segmentation label map; empty where segmentation is off
 */
public record CameraView(
        EncodedFrame frame,
        Optional<Detections> detections,
        Optional<Poses> poses,
        Optional<Segmentation> segmentation) {
    public String camera() {
        return frame.header().camera();
    }
}
