package sightline.kernels.cuda;

import sightline.kernels.tensor.Tensor;

/** Where parameters come from: the tensor of a state-dict key. */
@FunctionalInterface
interface Weights32 {
    Tensor tensor(String name);
}
