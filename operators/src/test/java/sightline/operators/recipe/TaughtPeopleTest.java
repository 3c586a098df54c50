package sightline.operators.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import sightline.config.domain.Skeleton;
import sightline.operators.pool.LabeledPose;
import sightline.operators.pool.PoseTarget;

/** Whom a teacher's maps show: joints that lie side by side belong to whose tag they carry. */
class TaughtPeopleTest {
    private static final int SIDE = 128;
    private static final int QUARTER = SIDE / 4;
    private static final int HALF = SIDE / 2;
    private static final int JOINTS = Skeleton.CROWDPOSE_14.joints().size();

    private final float[] coarse = new float[2 * JOINTS * QUARTER * QUARTER];
    private final float[] fine = new float[2 * JOINTS * HALF * HALF];
    private final float[] tags = new float[coarse.length];

    @Test
    void jointsOfOneTagArePutTogether() {
        // In the second sample two people, of whom one leans towards the other.
        for (int j = 0; j < JOINTS; j++) {
            show(1, j, 6 + j, 4 + 2 * j, 0);
            show(1, j, 25, 4 + 2 * j, 3);
        }
        List<PoseTarget> seen = new TaughtPeople(Skeleton.CROWDPOSE_14, SIDE)
                .join(List.of(new PoseTarget(List.of()), new PoseTarget(List.of())), coarse, fine, tags);
        assertThat(seen.getFirst().people()).isEmpty();
        List<LabeledPose> people = seen.getLast().people().stream()
                .sorted((a, b) -> Float.compare(a.x()[0], b.x()[0]))
                .toList();
        assertThat(people).hasSize(2);
        for (int j = 0; j < JOINTS; j++) {
            assertThat(people.getFirst().x()[j]).isCloseTo(4 * (6 + j) + 2f, within(2f));
            assertThat(people.getLast().x()[j]).isCloseTo(4 * 25 + 2f, within(2f));
            assertThat(people.getLast().y()[j]).isCloseTo(4 * (4 + 2 * j) + 2f, within(2f));
            assertThat(people.getFirst().score()[j]).isGreaterThan(PoseLoss.SURE);
        }
    }

    @Test
    void whoIsLabelledIsNotAskedFor() {
        var labelled =
                new PoseTarget(List.of(new LabeledPose(new float[JOINTS], new float[JOINTS], new float[JOINTS])));
        show(0, 0, 10, 10, 1);
        assertThat(new TaughtPeople(Skeleton.CROWDPOSE_14, SIDE).join(List.of(labelled, labelled), coarse, fine, tags))
                .containsExactly(labelled, labelled);
    }

    /** A joint at a cell of the coarse grid, on both grids, and its person's tag about it. */
    private void show(int sample, int joint, int x, int y, float tag) {
        for (int v = y - 1; v <= y + 1; v++) {
            for (int u = x - 1; u <= x + 1; u++) {
                int at = ((sample * JOINTS + joint) * QUARTER + v) * QUARTER + u;
                boolean peak = u == x && v == y;
                coarse[at] = Math.max(coarse[at], peak ? 1 : 0.5f);
                tags[at] = peak || tags[at] == 0 ? tag : tags[at];
            }
        }
        for (int v = 2 * y - 1; v <= 2 * y + 2; v++) {
            for (int u = 2 * x - 1; u <= 2 * x + 2; u++) {
                boolean peak = u / 2 == x && v / 2 == y;
                int at = ((sample * JOINTS + joint) * HALF + v) * HALF + u;
                fine[at] = Math.max(fine[at], peak ? 1 : 0.5f);
            }
        }
    }
}
