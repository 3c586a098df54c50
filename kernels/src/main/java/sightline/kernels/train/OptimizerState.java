package sightline.kernels.train;

import java.util.Map;

/**
 * What an optimiser remembers: full-precision arrays and eight-bit ones, by name.
 *
 * @param kind which optimiser made it; another kind refuses it
 * @param steps steps taken
 * @param floats arrays of 32-bit numbers
 * @param bytes arrays of eight-bit codes
 */
public record OptimizerState(String kind, long steps, Map<String, float[]> floats, Map<String, byte[]> bytes) {
    /** Refuses the state of another kind of optimiser. */
    public void expect(String wanted) {
        if (!kind.equals(wanted)) {
            throw new IllegalArgumentException("state of optimiser '" + kind + "' given to '" + wanted + "'");
        }
    }
}
