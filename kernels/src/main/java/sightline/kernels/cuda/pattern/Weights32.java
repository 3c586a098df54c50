package sightline.kernels.cuda.pattern;

import sightline.kernels.tensor.Tensor;

/** Where parameters come from: the tensor of a state-dict key. */
@FunctionalInterface
public interface Weights32 {
    /** The tensor of a key; throws where there is none. */
    Tensor tensor(String name);
}
