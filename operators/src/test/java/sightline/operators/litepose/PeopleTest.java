package sightline.operators.litepose;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import sightline.config.domain.Keypoint;
import sightline.config.domain.Pose;
import sightline.kernels.vision.Placement;

/** What is asked of the maps of several pictures. */
class PeopleTest {
    private static final int JOINTS = 3;

    /** People of whom one joint is known, as many a picture as is said; what they lack is where its numbers say. */
    private static final class Torsos implements Evidence {
        private final int[] people;
        private final List<List<Missing>> asked = new ArrayList<>();

        Torsos(int... people) {
            this.people = people;
        }

        @Override
        public List<List<Peak>> peaks(int picture) {
            // Values fall, so that people stay in their order.
            List<Peak> first = IntStream.range(0, people[picture])
                    .mapToObj(i -> new Peak(i, picture, 1f / (i + 1), new float[] {10 * i}, 0, 0))
                    .toList();
            return List.of(first, List.of(), List.of());
        }

        @Override
        public List<Keypoint> find(List<Missing> missing) {
            asked.add(missing);
            return missing.stream()
                    .map(m -> new Keypoint(m.tag()[0], 100 * m.picture() + m.joint(), 1))
                    .toList();
        }
    }

    @Test
    void allPicturesAreAskedForAtOnceAndEachPersonGetsTheirOwnJoints() {
        Torsos torsos = new Torsos(2, 0, 1);
        List<List<Pose>> poses = People.of(torsos, 3, Placement.stretch(64, 64, 64, 64), 0);
        assertThat(torsos.asked).hasSize(1);
        assertThat(torsos.asked.getFirst()).hasSize(3 * (JOINTS - 1));
        assertThat(poses).extracting(List::size).containsExactly(2, 0, 1);
        for (int picture = 0; picture < 3; picture++) {
            for (int person = 0; person < poses.get(picture).size(); person++) {
                List<Keypoint> joints = poses.get(picture).get(person).keypoints();
                for (int joint = 1; joint < JOINTS; joint++) {
                    assertThat(joints.get(joint).u()).isEqualTo(10 * person);
                    assertThat(joints.get(joint).v()).isEqualTo(100 * picture + joint);
                }
            }
        }
    }
}
