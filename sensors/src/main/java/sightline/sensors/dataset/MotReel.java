package sightline.sensors.dataset;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import sightline.config.domain.Detection;
import sightline.config.domain.Detections;
import sightline.config.domain.FrameHeader;
import sightline.config.domain.ObjectClass;
import sightline.sensors.geometry.FootPoint;
import sightline.sensors.source.CameraStamp;
import sightline.sensors.source.Reel;

/** The public detections of a MOT sequence, frame by frame. */
final class MotReel implements Reel<Detections> {
    private static final String MODEL = "mot-public";

    private final MotSequence sequence;
    private final CameraStamp stamp;
    private final long startNanos;
    private final Map<Integer, List<MotBox>> boxes;
    private final double fullScore;
    private int frame = 1;

    MotReel(MotSequence sequence, CameraStamp stamp, long startNanos) {
        this.sequence = sequence;
        this.stamp = stamp;
        this.startNanos = startNanos;
        this.boxes = sequence.detections();
        double largest = boxes.values().stream()
                .flatMap(List::stream)
                .mapToDouble(MotBox::confidence)
                .max()
                .orElse(1);
        this.fullScore = largest > 1 ? 100 : 1;
    }

    @Override
    public Detections next() {
        if (frame > sequence.length()) {
            return null;
        }
        FrameHeader header = stamp.header(
                frame - 1L, sequence.exposureNanos(frame, startNanos), sequence.width(), sequence.height());
        List<Detection> found = new ArrayList<>();
        for (MotBox box : boxes.getOrDefault(frame, List.of())) {
            double score = Math.clamp(box.confidence() / fullScore, 0, 1);
            found.add(new Detection(
                    ObjectClass.PERSON,
                    score,
                    box.box(),
                    FootPoint.of(ObjectClass.PERSON, box.box(), sequence.height())));
        }
        found.sort(Comparator.comparingDouble(Detection::score).reversed());
        frame++;
        return new Detections(header, found, MODEL);
    }

    @Override
    public void close() {
        // The file was read whole.
    }
}
