package sightline.sensors.scene;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import sightline.config.domain.Box;
import sightline.config.domain.Detection;
import sightline.config.domain.ImagePoint;
import sightline.config.domain.ObjectClass;
import sightline.sensors.geometry.FootPoint;

/**
 * Turns true boxes into what an imperfect detector would report: it misses, more often what is hidden or small; it
 * invents; its edges jitter; its scores follow what shows. The numbers are a model of a detector, not of the world, and
 * whatever comes out is marked as simulated.
 *
 * @param miss probability of missing an object in plain view
 * @param smallest height below which nothing is found, pixels
 * @param hiddenBelow visibility below which nothing is found, 0..1
 * @param edgeShare standard deviation of an edge, share of the box height
 * @param edgePixels part of that deviation that does not shrink with the box, pixels
 * @param falseAlarms expected inventions a frame
 */
public record BoxPerturbation(
        double miss, double smallest, double hiddenBelow, double edgeShare, double edgePixels, double falseAlarms) {
    /** Marks detections that no network made. */
    public static final String MODEL = "simulated";

    /** About what a small network reaches on people of 40 pixels and more. */
    public static final BoxPerturbation TYPICAL = new BoxPerturbation(0.06, 12, 0.25, 0.02, 0.6, 0.12);

    /** The truth, as far as it shows. */
    public static final BoxPerturbation NONE = new BoxPerturbation(0, 1, 0.02, 0, 0, 0);

    /**
     * The detections of one frame.
     *
     * @param labels true objects
     * @param width picture width, pixels
     * @param height picture height, pixels
     * @param random the frame's own stream: equal streams give equal detections
     */
    public List<Detection> apply(List<ObjectLabel> labels, int width, int height, SplittableRandom random) {
        List<Detection> out = new ArrayList<>();
        for (ObjectLabel label : labels) {
            found(label, width, height, random).ifPresent(out::add);
        }
        for (int i = Seeds.poisson(random, falseAlarms); i > 0; i--) {
            out.add(invented(width, height, random));
        }
        out.sort(Comparator.comparingDouble(Detection::score).reversed());
        return out;
    }

    private Optional<Detection> found(ObjectLabel label, int width, int height, SplittableRandom random) {
        // Always draw the same number of values, so that one object's fate never changes another's.
        double fate = random.nextDouble();
        double e0 = random.nextGaussian();
        double e1 = random.nextGaussian();
        double e2 = random.nextGaussian();
        double e3 = random.nextGaussian();
        double scatter = random.nextGaussian();
        Box truth = label.visible();
        double shown = label.visibility();
        if (truth.height() < smallest || shown < hiddenBelow) {
            return Optional.empty();
        }
        double hard = Math.max(0, 1 - (shown - hiddenBelow) / (1 - hiddenBelow));
        double chance = (1 - miss) * (1 - 0.75 * (miss > 0 ? hard * hard : 0));
        if (fate > chance) {
            return Optional.empty();
        }
        double sigma = Math.hypot(edgePixels, edgeShare * truth.height());
        double left = Math.clamp(truth.x() + sigma * e0, 0, width - 2.0);
        double top = Math.clamp(truth.y() + sigma * e1, 0, height - 2.0);
        double right = Math.clamp(truth.right() + sigma * e2, left + 1, width);
        double bottom = Math.clamp(truth.bottom() + sigma * e3, top + 1, height);
        if (truth.bottom() >= height - 1) {
            bottom = height;
        }
        Box box = new Box(left, top, right - left, bottom - top);
        double score = Math.clamp(0.35 + 0.6 * shown + 0.05 * scatter, 0.05, 0.99);
        Optional<ImagePoint> foot =
                label.foot().isPresent() ? FootPoint.of(label.label(), box, height) : Optional.empty();
        return Optional.of(new Detection(label.label(), score, box, foot));
    }

    private static Detection invented(int width, int height, SplittableRandom random) {
        double tall = Math.exp(random.nextDouble(Math.log(0.06 * height), Math.log(0.4 * height)));
        double wide = tall * random.nextDouble(0.3, 0.5);
        double x = random.nextDouble(0, Math.max(1, width - wide));
        double y = random.nextDouble(0.15 * height, Math.max(0.15 * height + 1, height - tall));
        Box box = new Box(x, y, Math.min(wide, width - x), Math.min(tall, height - y));
        double score = 0.3 + 0.3 * random.nextDouble() * random.nextDouble();
        return new Detection(ObjectClass.PERSON, score, box, FootPoint.of(ObjectClass.PERSON, box, height));
    }
}
