package sightline.operators.evaluate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import sightline.config.domain.Pose;
import sightline.operators.evaluate.KeypointEvaluation.Claim;
import sightline.operators.evaluate.KeypointEvaluation.Truth;
import sightline.operators.pool.Picture;
import sightline.operators.pool.PoolReader;

/**
 * Pictures with COCO's keypoints for networks with CrowdPose's: the twelve joints that both have are compared. A person's
 * area is .53 of the smallest person box that holds all labelled joints (COCO's mean share); a set of joints without such
 * a box is dropped.
 */
public final class CocoPoses {
    /** COCO's places of CrowdPose's first twelve joints: shoulders, elbows, wrists, hips, knees, ankles. */
    private static final int[] SHARED = {5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

    private static final double[] SIGMAS = {.079, .079, .072, .072, .062, .062, .107, .107, .087, .087, .089, .089};
    private static final double AREA_OF_BOX = 0.53;

    /** A picture and its known poses. */
    public record Sample(Picture picture, List<Truth> truths) {}

    private CocoPoses() {}

    /** An empty score for {@link #claims} against {@link Sample#truths}. */
    public static KeypointEvaluation score() {
        return new KeypointEvaluation(SIGMAS);
    }

    /** All pictures of a folder with {@code index.json}, those without a person included. */
    public static List<Sample> read(Path folder) throws IOException {
        List<Sample> samples = new ArrayList<>();
        Path index = folder.resolve("index.json");
        for (JsonNode row : new ObjectMapper().readTree(index.toFile())) {
            String file = row.get("file").asText();
            byte[] encoded = Files.readAllBytes(PoolReader.file(folder, file));
            samples.add(new Sample(Picture.decode(file, encoded), truths(row)));
        }
        return samples;
    }

    /** What a network says, in the shared joints. */
    public static List<Claim> claims(List<Pose> poses) {
        return poses.stream()
                .map(p -> new Claim(
                        p.score(),
                        p.keypoints().stream()
                                .limit(SHARED.length)
                                .mapToDouble(k -> k.u())
                                .toArray(),
                        p.keypoints().stream()
                                .limit(SHARED.length)
                                .mapToDouble(k -> k.v())
                                .toArray()))
                .toList();
    }

    static List<Truth> truths(JsonNode row) {
        double width = row.get("size").get(0).asDouble();
        double height = row.get("size").get(1).asDouble();
        List<Truth> truths = new ArrayList<>();
        for (JsonNode set : row.path("keypoints")) {
            double area = smallest(row.get("boxes"), set) * width * height;
            int n = SHARED.length;
            var truth = new Truth(new double[n], new double[n], new boolean[n], AREA_OF_BOX * area);
            for (int j = 0; j < n; j++) {
                truth.x()[j] = set.get(3 * SHARED[j]).asDouble() * width;
                truth.y()[j] = set.get(3 * SHARED[j] + 1).asDouble() * height;
                truth.labelled()[j] = set.get(3 * SHARED[j] + 2).asDouble() > 0;
            }
            if (Double.isFinite(area)) {
                truths.add(truth);
            }
        }
        return truths;
    }

    /** Area, in fractions of the picture, of the smallest person box that holds every labelled joint; infinite without. */
    private static double smallest(JsonNode boxes, JsonNode set) {
        double best = Double.POSITIVE_INFINITY;
        for (JsonNode b : boxes) {
            double area = b.get(3).asDouble() * b.get(4).asDouble();
            if (b.get(0).asText().equals("person") && area < best && holds(b, set)) {
                best = area;
            }
        }
        return best;
    }

    private static boolean holds(JsonNode box, JsonNode set) {
        double slack = 1e-3;
        double left = box.get(1).asDouble() - slack;
        double top = box.get(2).asDouble() - slack;
        double right = left + box.get(3).asDouble() + 2 * slack;
        double bottom = top + box.get(4).asDouble() + 2 * slack;
        for (int k = 0; k + 2 < set.size(); k += 3) {
            double x = set.get(k).asDouble();
            double y = set.get(k + 1).asDouble();
            if (set.get(k + 2).asDouble() > 0 && (x < left || x > right || y < top || y > bottom)) {
                return false;
            }
        }
        return true;
    }
}
