package sightline.operators.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import sightline.config.domain.Skeleton;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.Shape;
import sightline.kernels.onnx.OnnxEngine;
import sightline.kernels.weights.RandomWeights;
import sightline.operators.litepose.LitePose;
import sightline.operators.litepose.Size;
import sightline.operators.pool.LabeledPicture;
import sightline.operators.pool.LabeledPose;
import sightline.operators.pool.Picture;
import sightline.operators.pool.Teaching;

class PoserEvaluationTest {
    private static final int SIDE = 64;
    private static final int JOINTS = Skeleton.CROWDPOSE_14.joints().size();

    @Test
    void heldOutPicturesWithoutPosesAreSaidToHaveNone() throws Exception {
        Task.Score nobody = score(Teaching.NONE.withPeople(List.of()));
        assertThat(nobody.line()).isEqualTo("no poses");
        assertThat(nobody.table()).isEqualToIgnoringNewLines("no poses against the teacher");
    }

    @Test
    void whereThereIsAPoseThereIsAFigure() throws Exception {
        var person = new LabeledPose(new float[JOINTS], new float[JOINTS], new float[JOINTS]);
        for (int j = 0; j < JOINTS; j++) {
            person.x()[j] = 0.3f + 0.02f * j;
            person.y()[j] = 0.2f + 0.04f * j;
            person.score()[j] = 1;
        }
        Task.Score somebody = score(Teaching.NONE.withPeople(List.of(person)));
        assertThat(somebody.line()).matches("OKS AP50 against the teacher [01]\\.\\d{4}");
        assertThat(somebody.table()).contains("OKS AP").doesNotContain("NaN");
    }

    private static Task.Score score(Teaching teaching) throws Exception {
        Graph graph = LitePose.graph(Size.XS, Skeleton.CROWDPOSE_14, Shape.of(1, 3, SIDE, SIDE));
        byte[] jpeg = new Picture(SIDE, SIDE, new byte[3 * SIDE * SIDE]).jpeg(0.8f);
        var picture = new LabeledPicture("s/1", "s", true, jpeg, List.of(), teaching);
        return PoserEvaluation.against(
                new OnnxEngine(), Size.XS, RandomWeights.of(graph, 1), SIDE, 1, List.of(picture));
    }
}
