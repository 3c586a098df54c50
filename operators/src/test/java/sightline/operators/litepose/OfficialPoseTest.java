package sightline.operators.litepose;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sightline.config.domain.Frame;
import sightline.config.domain.Keypoint;
import sightline.config.domain.Pose;
import sightline.config.domain.Skeleton;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.onnx.OnnxEngine;
import sightline.kernels.vision.Placement;
import sightline.kernels.weights.Checkpoint;
import sightline.operators.data.Likeness;
import sightline.operators.data.TestData;
import sightline.operators.perception.Bucket;
import sightline.operators.perception.Networks;

/** The official LitePose-M weights on the very pixels behind the golden outputs. */
class OfficialPoseTest {
    @Test
    void outputsAgreeWithTheIndependentForward() throws IOException {
        float[] coarse = TestData.halves("golden/litepose_m_people_out0_f16.npy");
        float[] fine = TestData.halves("golden/litepose_m_people_out1_f16.npy");
        Frame frame = TestData.frame(OfficialPoser.PEOPLE);
        try (Checkpoint weights = OfficialPoser.weights();
                Networks networks = new Networks(
                        new OnnxEngine(),
                        image -> LitePose.graph(Size.M, Skeleton.CROWDPOSE_14, image),
                        weights,
                        CompileOptions.DEFAULT.withThreads(2),
                        Networks.Recipe.DEFAULT)) {
            Bucket bucket = networks.bucket(1, 704, 448);
            Map<String, float[]> out = bucket.run(List.of(frame), List.of(Placement.stretch(448, 704, 448, 704)));
            assertThat(Likeness.relative(out.get(LitePose.COARSE), coarse)).isLessThanOrEqualTo(1e-3);
            assertThat(Likeness.relative(out.get(LitePose.FINE), fine)).isLessThanOrEqualTo(1e-3);
        }
    }

    @Test
    void onePersonWithFourteenJointsStandsThere() throws IOException {
        Frame frame = TestData.frame(OfficialPoser.PEOPLE);
        try (Checkpoint weights = OfficialPoser.weights();
                Poser poser = OfficialPoser.of(weights)) {
            List<Pose> poses = poser.perceive(List.of(frame)).getFirst().poses();
            assertThat(poses).hasSize(1);
            List<Keypoint> joints = poses.getFirst().keypoints();
            assertThat(joints).hasSize(14).allSatisfy(k -> assertThat(k.score()).isGreaterThan(0.5));
            // Head above neck above hips above ankles.
            assertThat(joints.get(12).v()).isLessThan(joints.get(13).v());
            assertThat(joints.get(13).v()).isLessThan(joints.get(6).v());
            assertThat(joints.get(6).v()).isLessThan(joints.get(10).v());
        }
    }
}
