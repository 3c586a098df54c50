package sightline.operators.recipe;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import sightline.config.domain.Pose;
import sightline.config.domain.Skeleton;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.Engine;
import sightline.kernels.weights.Weights;
import sightline.operators.evaluate.KeypointEvaluation;
import sightline.operators.evaluate.KeypointEvaluation.Claim;
import sightline.operators.evaluate.KeypointEvaluation.Truth;
import sightline.operators.litepose.Poser;
import sightline.operators.litepose.Size;
import sightline.operators.pool.LabeledPicture;
import sightline.operators.pool.LabeledPose;
import sightline.operators.pool.Picture;
import sightline.operators.pool.StillFrame;

/** Object keypoint similarity of a pose network against its teacher's poses. */
final class PoserEvaluation {
    /** COCO's deviations of the twelve limbs' joints in CrowdPose's order, then CrowdPose's own of head and neck. */
    private static final double[] SIGMAS = {
        .079, .079, .072, .072, .062, .062, .107, .107, .087, .087, .089, .089, .079, .079
    };

    private static final double LEAST_POSE = 0.05;
    /** A person covers about half of the smallest box around the joints (COCO's mean). */
    private static final double AREA_OF_BOX = 0.53;

    private PoserEvaluation() {}

    static Task.Score against(
            Engine engine, Size size, Weights weights, int side, int threads, List<LabeledPicture> pictures)
            throws IOException {
        var score = new KeypointEvaluation(SIGMAS);
        CompileOptions options = CompileOptions.DEFAULT.withThreads(threads).lenient();
        try (var poser = new Poser(engine, size, Skeleton.CROWDPOSE_14, weights, side, LEAST_POSE, options)) {
            for (LabeledPicture p : pictures) {
                Picture decoded = p.decode();
                List<Pose> claimed = poser.perceive(List.of(StillFrame.of(decoded.padded())))
                        .getFirst()
                        .poses();
                score.add(claims(claimed), truths(p.teaching().people(), decoded));
            }
        }
        return new Task.Score(
                "OKS AP50 against the teacher",
                score.ap50(),
                String.format("%s against the teacher%n", score.summary()),
                "poses");
    }

    private static List<Claim> claims(List<Pose> poses) {
        List<Claim> claims = new ArrayList<>();
        for (Pose p : poses) {
            claims.add(new Claim(
                    p.score(),
                    p.keypoints().stream().mapToDouble(k -> k.u()).toArray(),
                    p.keypoints().stream().mapToDouble(k -> k.v()).toArray()));
        }
        return claims;
    }

    private static List<Truth> truths(List<LabeledPose> people, Picture picture) {
        List<Truth> truths = new ArrayList<>();
        for (LabeledPose p : people) {
            int n = p.joints();
            double[] x = new double[n];
            double[] y = new double[n];
            boolean[] labelled = new boolean[n];
            double left = Double.MAX_VALUE;
            double top = Double.MAX_VALUE;
            double right = 0;
            double bottom = 0;
            for (int j = 0; j < n; j++) {
                x[j] = p.x()[j] * picture.width();
                y[j] = p.y()[j] * picture.height();
                labelled[j] = p.score()[j] >= PoseLoss.SURE;
                if (labelled[j]) {
                    left = Math.min(left, x[j]);
                    right = Math.max(right, x[j]);
                    top = Math.min(top, y[j]);
                    bottom = Math.max(bottom, y[j]);
                }
            }
            double area = AREA_OF_BOX * Math.max(0, right - left) * Math.max(0, bottom - top);
            truths.add(new Truth(x, y, area > 0 ? labelled : new boolean[n], Math.max(1, area)));
        }
        return truths;
    }
}
