package sightline.operators.recipe;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import sightline.config.domain.Keypoint;
import sightline.config.domain.Pose;
import sightline.config.domain.Skeleton;
import sightline.kernels.vision.CentredWarp;
import sightline.operators.litepose.AssociativeEmbedding;
import sightline.operators.pool.LabeledPose;
import sightline.operators.pool.PoseTarget;

/**
 * The people whom a teacher's maps show: its joints put together by its tags, as the decoder does it. A student that is
 * told who belongs together may choose tags of its own, which is easier than to guess its teacher's numbers.
 *
 * <p>Threading: any number of threads; each takes a decoder of its own while it needs one.
 */
final class TaughtPeople {
    /** Lowest mean height of the joints of a person; three that are sure are one. */
    private static final double LEAST_POSE = 0.2;

    private final Skeleton skeleton;
    private final int side;
    private final CentredWarp asItIs;
    private final Queue<Decoder> idle = new ConcurrentLinkedQueue<>();

    /** A decoder, and where one sample's maps are put together for it. */
    private record Decoder(AssociativeEmbedding embedding, float[] coarse, float[] fine) {}

    /** @param side of the student's input; maps have a quarter and a half of it */
    TaughtPeople(Skeleton skeleton, int side) {
        this.skeleton = skeleton;
        this.side = side;
        this.asItIs = new CentredWarp(side, side, side, side, 1);
    }

    /**
     * Who is in a batch. Samples that came with people keep theirs.
     *
     * @param coarseHeat joints of each sample, a quarter of the side
     * @param fineHeat joints of each sample, half the side
     * @param tags on the grid of {@code coarseHeat}
     */
    List<PoseTarget> join(List<PoseTarget> known, float[] coarseHeat, float[] fineHeat, float[] tags) {
        return IntStream.range(0, known.size())
                .parallel()
                .mapToObj(n -> known.get(n).people().isEmpty() ? people(n, coarseHeat, fineHeat, tags) : known.get(n))
                .toList();
    }

    private PoseTarget people(int n, float[] coarseHeat, float[] fineHeat, float[] tags) {
        Decoder decoder = idle.poll();
        if (decoder == null) {
            int joints = skeleton.joints().size();
            decoder = new Decoder(
                    new AssociativeEmbedding(skeleton, side, side, false),
                    new float[2 * joints * (side / 4) * (side / 4)],
                    new float[joints * (side / 2) * (side / 2)]);
        }
        int half = decoder.coarse.length / 2;
        System.arraycopy(coarseHeat, n * half, decoder.coarse, 0, half);
        System.arraycopy(tags, n * half, decoder.coarse, half, half);
        System.arraycopy(fineHeat, n * decoder.fine.length, decoder.fine, 0, decoder.fine.length);
        decoder.embedding.see(decoder.coarse, decoder.fine, 0);
        List<LabeledPose> people = new ArrayList<>();
        for (Pose pose : decoder.embedding.decode(asItIs, LEAST_POSE)) {
            people.add(labeled(pose.keypoints()));
        }
        idle.add(decoder);
        return new PoseTarget(people);
    }

    private static LabeledPose labeled(List<Keypoint> joints) {
        int n = joints.size();
        var pose = new LabeledPose(new float[n], new float[n], new float[n]);
        for (int j = 0; j < n; j++) {
            pose.x()[j] = (float) joints.get(j).u();
            pose.y()[j] = (float) joints.get(j).v();
            pose.score()[j] = (float) joints.get(j).score();
        }
        return pose;
    }
}
