package sightline.kernels.reference;

import java.util.SplittableRandom;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;

/** Seeded normal tensors. */
final class Seeded {
    private Seeded() {}

    static Tensor tensor(long seed, long... shape) {
        SplittableRandom random = new SplittableRandom(seed);
        Tensor tensor = Tensor.allocate(DType.F32, shape);
        for (long i = 0; i < tensor.size(); i++) {
            tensor.set(i, random.nextGaussian());
        }
        return tensor;
    }
}
