package sightline.operators.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import sightline.config.domain.Box;
import sightline.config.domain.ObjectClass;

/** Pictures without any truth have no score, and that is what is said of them. */
class NothingToFindTest {
    private static final double[] XY = {5};
    private static final KeypointEvaluation.Claim CLAIM = new KeypointEvaluation.Claim(0.9, XY, XY);

    @Test
    void picturesWithoutPosesHaveNoAverage() {
        var score = new KeypointEvaluation(new double[] {.079});
        assertThat(score.summary()).isEqualTo("no poses");
        score.add(List.of(CLAIM), List.of());
        score.add(List.of(CLAIM), List.of(new KeypointEvaluation.Truth(XY, XY, new boolean[] {false}, 100)));
        assertThat(score.summary()).isEqualTo("no poses");
        score.add(List.of(CLAIM), List.of(new KeypointEvaluation.Truth(XY, XY, new boolean[] {true}, 100)));
        assertThat(score.summary()).startsWith("OKS AP 0.").contains("AP50").doesNotContain("NaN");
    }

    @Test
    void picturesWithoutObjectsHaveNoTable() {
        var score = new DetectionEvaluation();
        score.add(List.of(), List.of());
        assertThat(score.table()).isEqualToIgnoringNewLines("no objects");
        var box = new Box(0, 0, 10, 10);
        score.add(
                List.of(new DetectionEvaluation.Claim(ObjectClass.CAR, 0.9, box)),
                List.of(new DetectionEvaluation.Truth(ObjectClass.CAR, box, false)));
        assertThat(score.table()).contains("car").doesNotContain("NaN");
    }
}
