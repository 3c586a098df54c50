package sightline.pipeline.topology;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import sightline.config.domain.Detections;
import sightline.config.domain.EncodedFrame;
import sightline.config.domain.Poses;
import sightline.config.domain.Segmentation;
import sightline.pipeline.web.CameraView;

/**
 * Brings frames and what was found in them together again for the page. A handful of frames of each camera wait for their
 * detections; a camera whose detections do not come is shown without. Not thread-safe.
 */
final class Pairing {
    private static final int WAITING = 8;

    private final Map<String, Deque<EncodedFrame>> frames = new HashMap<>();
    private final Map<String, Poses> poses = new HashMap<>();
    private final Map<String, Segmentation> masks = new HashMap<>();

    /** A view if this frame shows that the oldest one has waited in vain. */
    Optional<CameraView> take(EncodedFrame frame) {
        Deque<EncodedFrame> waiting = frames.computeIfAbsent(frame.header().camera(), c -> new ArrayDeque<>(WAITING));
        waiting.addLast(frame);
        if (waiting.size() <= WAITING) {
            return Optional.empty();
        }
        EncodedFrame oldest = waiting.removeFirst();
        return Optional.of(new CameraView(oldest, Optional.empty(), Optional.empty(), Optional.empty()));
    }

    /** A view if the frame is still here; older frames were superseded and are dropped. */
    Optional<CameraView> take(Detections detections) {
        Deque<EncodedFrame> waiting = frames.get(detections.frame().camera());
        String id = detections.frame().id();
        if (waiting == null || waiting.stream().noneMatch(f -> f.header().id().equals(id))) {
            return Optional.empty();
        }
        EncodedFrame frame = waiting.removeFirst();
        while (!frame.header().id().equals(id)) {
            frame = waiting.removeFirst();
        }
        String camera = detections.frame().camera();
        return Optional.of(new CameraView(
                frame,
                Optional.of(detections),
                Optional.ofNullable(poses.remove(camera)),
                Optional.ofNullable(masks.remove(camera))));
    }

    /** Poses of a frame are shown with the next detections of its camera. */
    void take(Poses found) {
        poses.put(found.frame().camera(), found);
    }

    void take(Segmentation map) {
        masks.put(map.frame().camera(), map);
    }
}
