package sightline.operators.litepose;

import java.util.List;
import sightline.config.domain.Keypoint;

/** What the maps of a few pictures say, whoever holds them. */
interface Evidence {
    /** Where nothing is. */
    Keypoint NOWHERE = new Keypoint(0, 0, 0);

    /**
     * A joint that a person lacks.
     *
     * @param picture of the person
     * @param tag the person's, a number a view
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Missing(int picture, int joint, double[] tag) {}

    /** The best peaks of each joint of a picture above the threshold, in falling order of value, equal ones row by row. */
    List<List<Peak>> peaks(int picture);

    /** For each, where heat is highest after subtracting the rounded tag distance; {@link #NOWHERE} without any heat. */
    List<Keypoint> find(List<Missing> missing);
}
