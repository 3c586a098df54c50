package sightline.sensors.dataset;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import sightline.config.domain.Box;
import sightline.config.domain.Detections;
import sightline.config.domain.FrameHeader;
import sightline.config.domain.ImagePoint;
import sightline.config.domain.ObjectClass;
import sightline.config.domain.ObservationTime;
import sightline.config.domain.Origin;
import sightline.config.site.Calibration;
import sightline.sensors.geometry.CameraModel;
import sightline.sensors.geometry.WorldPoint;
import sightline.sensors.scene.BoxPerturbation;
import sightline.sensors.scene.ObjectLabel;
import sightline.sensors.source.Reel;

/** One camera's annotated boxes, one instant after another. */
final class WildtrackReel implements Reel<Detections> {
    private static final int COLUMNS = 4;
    private static final int ROWS = 10;

    private final Wildtrack data;
    private final int camera;
    private final BoxPerturbation perturbation;
    private final long seed;
    private final long startNanos;
    private final CameraModel model;
    private int index;

    WildtrackReel(Wildtrack data, int camera, BoxPerturbation perturbation, long seed, long startNanos) {
        this.data = data;
        this.camera = camera;
        this.perturbation = perturbation;
        this.seed = seed;
        this.startNanos = startNanos;
        this.model = CameraModel.of(data.calibrations().get(camera));
    }

    @Override
    public Detections next() {
        if (index == data.length()) {
            return null;
        }
        Calibration calibration = model.calibration();
        FrameHeader header = new FrameHeader(
                calibration.camera(),
                startNanos,
                index,
                ObservationTime.at(startNanos + index * Wildtrack.PERIOD_NANOS, "recording"),
                Origin.SIMULATED,
                calibration.width(),
                calibration.height(),
                calibration.version(),
                "");
        SplittableRandom random = new SplittableRandom(seed * 1_000_003 + camera * 7919L + index);
        Detections detections = new Detections(
                header,
                perturbation.apply(labels(data.people(index)), header.width(), header.height(), random.split()),
                BoxPerturbation.MODEL);
        index++;
        return detections;
    }

    /** Annotated boxes with the share that nearer boxes leave of them. */
    private List<ObjectLabel> labels(List<Wildtrack.Person> people) {
        record Seen(Wildtrack.Person person, Box box, double depth) {}
        List<Seen> seen = new ArrayList<>();
        for (Wildtrack.Person person : people) {
            person.boxes().get(camera).ifPresent(box -> {
                double depth = model.depth(WorldPoint.ground(
                        person.ground().east(), person.ground().north()));
                seen.add(new Seen(person, box, depth));
            });
        }
        seen.sort(Comparator.comparingDouble(Seen::depth));
        List<ObjectLabel> labels = new ArrayList<>();
        for (int i = 0; i < seen.size(); i++) {
            List<Box> nearer = seen.subList(0, i).stream().map(Seen::box).toList();
            Box whole = seen.get(i).box();
            double visibility = visibility(whole, nearer);
            double left = Math.max(0, whole.x());
            double top = Math.max(0, whole.y());
            Box visible = new Box(
                    left,
                    top,
                    Math.min(whole.right(), Wildtrack.WIDTH) - left,
                    Math.min(whole.bottom(), Wildtrack.HEIGHT) - top);
            boolean foot = whole.bottom() < Wildtrack.HEIGHT - 1
                    && !hidden(nearer, whole.x() + 0.5 * whole.width(), whole.bottom() - 1);
            Optional<ImagePoint> at = foot
                    ? Optional.of(new ImagePoint(whole.x() + 0.5 * whole.width(), whole.bottom(), 0, 0, 0))
                    : Optional.empty();
            labels.add(new ObjectLabel(
                    "wildtrack-" + seen.get(i).person().id(),
                    ObjectClass.PERSON,
                    whole,
                    visible,
                    visibility,
                    at,
                    Optional.empty(),
                    seen.get(i).depth()));
        }
        // In the order of the annotation, so that one person's coming and going leaves the errors of others alone.
        labels.sort(Comparator.comparing(ObjectLabel::id));
        return labels;
    }

    private static double visibility(Box box, List<Box> nearer) {
        int shown = 0;
        for (int r = 0; r < ROWS; r++) {
            for (int c = 0; c < COLUMNS; c++) {
                double u = box.x() + (c + 0.5) * box.width() / COLUMNS;
                double v = box.y() + (r + 0.5) * box.height() / ROWS;
                boolean inside = u >= 0 && v >= 0 && u < Wildtrack.WIDTH && v < Wildtrack.HEIGHT;
                shown += inside && !hidden(nearer, u, v) ? 1 : 0;
            }
        }
        return (double) shown / (ROWS * COLUMNS);
    }

    private static boolean hidden(List<Box> nearer, double u, double v) {
        for (Box box : nearer) {
            double inset = 0.15 * box.width();
            if (u > box.x() + inset && u < box.right() - inset && v > box.y() && v < box.bottom()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        // No file stays open.
    }
}
