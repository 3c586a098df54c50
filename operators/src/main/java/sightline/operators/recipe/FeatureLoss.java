package sightline.operators.recipe;

import java.util.Map;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.train.Arrays32;

/**
 * How far a student's features are from its teacher's at one place of a network that both share: squared distance over the
 * teacher's squared length, so that every place weighs the same. One thread; buffers are kept between calls.
 */
final class FeatureLoss {
    /** A teacher that says nothing at all is no reason to divide by zero. */
    private static final double LEAST = 1e-6;

    private final String place;
    private final Tensor cotangent;
    private final float[] own;
    private final float[] wanted;

    /**
     * @param place name of the output in both networks
     * @param cotangent through which this speaks, overwritten
     */
    FeatureLoss(String place, Tensor cotangent) {
        this.place = place;
        this.cotangent = cotangent;
        this.own = Arrays32.get(cotangent);
        this.wanted = new float[own.length];
    }

    /** The loss, told under the place's name as well. */
    double compute(Map<String, Tensor> outputs, Map<String, Tensor> taught, Map<String, Double> losses) {
        Arrays32.get(outputs.get(place), own);
        Arrays32.get(taught.get(place), wanted);
        double length = 0;
        for (float w : wanted) {
            length += (double) w * w;
        }
        length = Math.max(length, LEAST);
        double sum = 0;
        for (int i = 0; i < own.length; i++) {
            double d = own[i] - wanted[i];
            sum += d * d;
            own[i] = (float) (2 * d / length);
        }
        Arrays32.put(own, cotangent);
        losses.put(place, sum / length);
        return sum / length;
    }
}
