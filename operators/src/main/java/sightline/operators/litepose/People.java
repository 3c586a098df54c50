package sightline.operators.litepose;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
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
     * @param pictures that there is evidence of
     * @param framing of each picture in the input, to map joints back
     * @param leastScore of a pose that is returned
     * @return for each picture poses in falling order of score, in pixels of the original picture
     */
    static List<List<Pose>> of(Evidence evidence, int pictures, Framing framing, double leastScore) {
        List<List<Person>> people = new ArrayList<>(pictures);
        List<Missing> missing = new ArrayList<>();
        for (int i = 0; i < pictures; i++) {
            people.add(Grouping.group(evidence.peaks(i)).stream()
                    .filter(person -> score(person) >= leastScore)
                    .toList());
            for (Person person : people.getLast()) {
                missing.addAll(missing(i, person));
            }
        }
        // All pictures' at once: the fewer the questions, the less a device waits.
        Iterator<Keypoint> found = evidence.find(missing).iterator();
        return people.stream().map(those -> poses(those, found, framing)).toList();
    }

    private static List<Pose> poses(List<Person> people, Iterator<Keypoint> found, Framing framing) {
        List<Pose> poses = new ArrayList<>(people.size());
        for (Person person : people) {
            List<Keypoint> keypoints = new ArrayList<>(person.joints.length);
            for (Peak peak : person.joints) {
                Keypoint at = peak != null ? peak.keypoint() : found.next();
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

    private static List<Missing> missing(int picture, Person person) {
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
                missing.add(new Missing(picture, j, tag));
            }
        }
        return missing;
    }
}
