package sightline.operators.litepose;

import sightline.config.domain.Skeleton;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.onnx.OnnxEngine;
import sightline.kernels.weights.Checkpoint;
import sightline.operators.data.TestData;

/** The official LitePose-M; a test is skipped where its weights are absent. */
final class OfficialPoser {
    static final String PEOPLE = "golden/people_448x704.png";

    private OfficialPoser() {}

    @SuppressWarnings("MustBeClosedChecker") // the caller closes
    static Checkpoint weights() {
        return Checkpoint.open(TestData.file("weights/litepose_auto_m_crowdpose.pt"));
    }

    static Poser of(Checkpoint weights) {
        return new Poser(
                new OnnxEngine(),
                Size.M,
                Skeleton.CROWDPOSE_14,
                weights,
                448,
                0.1,
                CompileOptions.DEFAULT.withThreads(2));
    }
}
