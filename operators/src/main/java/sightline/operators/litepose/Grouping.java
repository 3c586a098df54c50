package sightline.operators.litepose;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sightline.operators.assignment.LinearAssignment;

/**
 * Puts peaks together to people by their tags (Newell et al. 2017, as HigherHRNet and LitePose apply it): joint by joint
 * in a fixed order, each joint's peaks are assigned to the people known so far at the cost of the tag distance, rounded
 * to even, so that the heat value decides among tags that are equally near.
 */
final class Grouping {
    private static final int[] ORDER = {0, 1, 2, 3, 4, 5, 6, 11, 12, 7, 8, 9, 10, 13, 14, 15, 16};
    private static final int MOST_PEOPLE = 30;
    private static final double NOBODY = 1e10;
    private static final double FARTHEST_TAG = 1.0;

    /** A person while they are put together: a peak a joint, or {@code null}. */
    static final class Person {
        final Peak[] joints;
        private final List<float[]> tags = new ArrayList<>();

        private Person(int jointCount) {
            joints = new Peak[jointCount];
        }

        private void take(int joint, Peak peak) {
            joints[joint] = peak;
            tags.add(peak.tags());
        }

        private double[] tag() {
            return mean(tags);
        }
    }

    private Grouping() {}

    /** Mean of tags, each of its own dimension. */
    static double[] mean(List<float[]> tags) {
        double[] mean = new double[tags.getFirst().length];
        for (float[] tag : tags) {
            for (int t = 0; t < mean.length; t++) {
                mean[t] += tag[t] / (double) tags.size();
            }
        }
        return mean;
    }

    /** @param peaks of each joint, in falling order of value */
    static List<Person> group(List<List<Peak>> peaks) {
        int joints = peaks.size();
        Map<Float, Person> people = new LinkedHashMap<>();
        for (int joint : ORDER) {
            if (joint >= joints || peaks.get(joint).isEmpty()) {
                continue;
            }
            if (people.isEmpty()) {
                peaks.get(joint).forEach(peak -> open(people, joints, joint, peak));
            } else {
                assign(people, joints, joint, peaks.get(joint));
            }
        }
        return List.copyOf(people.values());
    }

    private static void assign(Map<Float, Person> people, int joints, int joint, List<Peak> peaks) {
        List<Person> known =
                new ArrayList<>(people.values().stream().limit(MOST_PEOPLE).toList());
        int columns = Math.max(peaks.size(), known.size());
        List<double[]> means = known.stream().map(Person::tag).toList();
        double[][] cost = new double[peaks.size()][columns];
        double[][] distance = new double[peaks.size()][known.size()];
        for (int i = 0; i < peaks.size(); i++) {
            for (int j = 0; j < columns; j++) {
                if (j < known.size()) {
                    distance[i][j] = peaks.get(i).distance(means.get(j));
                    cost[i][j] = Math.rint(distance[i][j]) * 100 - peaks.get(i).value();
                } else {
                    cost[i][j] = NOBODY;
                }
            }
        }
        int[] column = LinearAssignment.solve(cost);
        for (int i = 0; i < peaks.size(); i++) {
            if (column[i] < known.size() && distance[i][column[i]] < FARTHEST_TAG) {
                known.get(column[i]).take(joint, peaks.get(i));
            } else {
                open(people, joints, joint, peaks.get(i));
            }
        }
    }

    /** A person is keyed by the tag that opened them; the same tag again is the same person, begun anew. */
    private static void open(Map<Float, Person> people, int joints, int joint, Peak peak) {
        Person person = people.computeIfAbsent(peak.tags()[0], tag -> new Person(joints));
        person.tags.clear();
        person.take(joint, peak);
    }
}
