package sightline.operators.fusion.bench;

import java.util.List;
import sightline.operators.phd.Observation;

/**
 * A method in one run. Fresh for every run; {@link #step} is called once a second of the scene.
 */
public interface Contender {
    /**
     * @param seen observations of each sensor
     * @return for each reading (threshold) the estimated targets, as {@code {east, north, ...}}
     */
    List<List<double[]>> step(int step, List<List<Observation>> seen);

    /** A method by name. */
    interface Maker {
        /** Names of its readings, one row of the table each. */
        List<String> readings();

        Contender make(Column column);
    }
}
