package sightline.operators.litepose;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import sightline.config.domain.Keypoint;
import sightline.config.domain.Pose;
import sightline.kernels.vision.Framing;
import sightline.operators.litepose.Evidence.Missing;
import sightline.operators.litepose.Grouping.Person;

/** From evidence to people: peaks put together by tag, joints that are missing looked for where the tag fits. */
final class People {
    private People() {}

    /**
     * @param framing of the picture in the input, to map joints back
     * @param leastScore of a pose that is returned
     * @return poses in falling order of score, in pixels of the original picture
     */
    static List<Pose> of(Evidence evidence, Framing framing, double leastScore) {
        List<Person> people = Grouping.group(evidence.peaks()).stream()
                .filter(person -> score(person) >= leastScore)
                .toList();
        List<Keypoint> found =
                evidence.find(people.stream().flatMap(p -> missing(p).stream()).toList());
        List<Pose> poses = new ArrayList<>(people.size());
        int next = 0;
        for (Person person : people) {
            List<Keypoint> keypoints = new ArrayList<>(person.joints.length);
            for (Peak peak : person.joints) {
                Keypoint at = peak != null ? peak.keypoint() : found.get(next++);
                keypoints.add(new Keypoint(framing.toSourceX(at.u()), framing.toSourceY(at.v()), at.score()));
            }
            poses.add(new Pose(keypoints, score(person)));
        }
        poses.sort(Comparator.comparingDouble(Pose::score).reversed());
        return poses;
    }

    private static double score(Person person) {
        double sum = 0;
        for (Peak peak : person.joints) {
            sum += peak == null ? 0 : peak.value();
        }
        return sum / person.joints.length;
    }

    private static List<Missing> missing(Person person) {
        List<float[]> tags = new ArrayList<>();
        for (Peak peak : person.joints) {
            if (peak != null) {
                tags.add(peak.tags());
            }
        }
        double[] tag = Grouping.mean(tags);
        for (int t = 0; t < tag.length; t++) {
            // As precise as tags are anywhere else, so that an engine can be asked for it.
            tag[t] = (float) tag[t];
        }
        List<Missing> missing = new ArrayList<>();
        for (int j = 0; j < person.joints.length; j++) {
            if (person.joints[j] == null) {
                missing.add(new Missing(j, tag));
            }
        }
        return missing;
    }
}
