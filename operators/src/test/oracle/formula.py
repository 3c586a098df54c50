"""Numbers that both languages can make: a tensor's values follow from its name and shape alone.

Value i of a tensor is u = (splitmix64(fnv1a64(name) + i * GOLDEN) >> 40) / 2**23 - 1, uniform in [-1, 1), exact in float32,
then scaled by what the name says the tensor is. Every product below is rounded to float32 once.
"""
import numpy as np

GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def fnv1a64(name):
    h = 0xCBF29CE484222325
    for byte in name.encode("utf-8"):
        h = ((h ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return h


def uniform(name, count):
    with np.errstate(over="ignore"):
        z = np.uint64(fnv1a64(name)) + np.arange(1, count + 1, dtype=np.uint64) * GOLDEN
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(40)).astype(np.float32) / np.float32(1 << 23) - np.float32(1)


def parameter(name, shape):
    u = uniform(name, int(np.prod(shape)))
    if name.endswith("gaussian_matrix"):
        values = u
    elif name.endswith("running_var"):
        values = np.float32(1) + u * np.float32(0.5)
    elif len(shape) >= 2:
        values = u * np.float32(np.sqrt(3.0 / np.prod(shape[1:])))
    elif name.endswith("weight"):
        values = np.float32(1) + u * np.float32(0.25)
    else:
        values = u * np.float32(0.125)
    return values.reshape(shape)


class Parameters:
    """Makes a parameter when it is asked for and remembers what was asked for. Forwards run in float64."""

    def __init__(self):
        self.shapes = {}

    def __call__(self, name, *shape):
        assert self.shapes.setdefault(name, shape) == shape, name
        return parameter(name, shape).astype(np.float64)

    def trained(self):
        """How many numbers a trainer would move: everything but running statistics and fixed buffers."""
        fixed = ("running_mean", "running_var", "gaussian_matrix")
        return sum(int(np.prod(s)) for n, s in self.shapes.items() if not n.endswith(fixed))
