package sightline.operators.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import sightline.operators.evaluate.KeypointEvaluation.Claim;
import sightline.operators.evaluate.KeypointEvaluation.Truth;

class CocoPosesTest {
    private final ObjectNode row = new ObjectMapper().createObjectNode();

    /** Of two boxes that hold the joints the smaller gives the area: .53 x (.2 x 100) x (.5 x 200). */
    @Test
    void theSmallestBoxAroundAllJointsGivesTheArea() {
        person(0, 0, 1, 1);
        person(0.3, 0.2, 0.2, 0.5);
        person(0.3, 0.2, 0.05, 0.05);
        joints(0.4, 0.5);
        List<Truth> truths = CocoPoses.truths(described());
        assertThat(truths).hasSize(1);
        assertThat(truths.getFirst().area()).isCloseTo(0.53 * 20 * 100, within(1e-6));
        assertThat(truths.getFirst().x()[0]).isCloseTo(40, within(1e-9));
        assertThat(truths.getFirst().y()[11]).isCloseTo(100, within(1e-9));
    }

    @Test
    void aSetWithoutABoxIsDropped() {
        person(0, 0, 0.2, 0.2);
        joints(0.4, 0.5);
        assertThat(CocoPoses.truths(described())).isEmpty();
    }

    /** One ankle of twelve a deviation away and more: similarity 11/12 plus what is left of the last. */
    @Test
    void aPoseIsScoredOnTheSharedJoints() {
        person(0, 0, 1, 1);
        joints(0.4, 0.5);
        Truth truth = CocoPoses.truths(described()).getFirst();
        double[] x = truth.x().clone();
        x[11] += 1000;
        KeypointEvaluation score = CocoPoses.score();
        assertThat(score.similarity(new Claim(1, x, truth.y()), truth)).isCloseTo(11 / 12.0, within(1e-9));
        score.add(List.of(new Claim(1, x, truth.y())), List.of(truth));
        assertThat(score.ap()).isCloseTo(0.9, within(1e-9));
    }

    private void person(double x, double y, double w, double h) {
        ArrayNode box = row.withArray("boxes").addArray();
        box.add("person").add(x).add(y).add(w).add(h);
    }

    private void joints(double x, double y) {
        ArrayNode set = row.withArray("keypoints").addArray();
        for (int k = 0; k < 17; k++) {
            set.add(x).add(y).add(2.0);
        }
    }

    private JsonNode described() {
        row.putArray("size").add(100).add(200);
        return row;
    }
}
