"""Layers on one picture, channels first, written out in NumPy."""
import math

import numpy as np


def conv(x, w, bias=None, stride=1, groups=1):
    """Symmetric zero padding of k // 2."""
    c, h, width = x.shape
    out, per_group, k, _ = w.shape
    pad = k // 2
    ho, wo = (h + 2 * pad - k) // stride + 1, (width + 2 * pad - k) // stride + 1
    padded = np.pad(x, ((0, 0), (pad, pad), (pad, pad)))
    y = np.zeros((out, ho, wo))
    for i in range(k):
        for j in range(k):
            tap = padded[:, i : i + stride * (ho - 1) + 1 : stride, j : j + stride * (wo - 1) + 1 : stride]
            if groups == c == out:
                y += w[:, 0, i, j][:, None, None] * tap
            else:
                taps = np.ascontiguousarray(tap).reshape(groups, per_group, ho * wo)
                y += (w[:, :, i, j].reshape(groups, out // groups, per_group) @ taps).reshape(out, ho, wo)
    return y if bias is None else y + bias[:, None, None]


def conv_transpose(x, w, bias=None, stride=2, pad=0):
    """Weight [in, out, k, k]: each pixel of x stamps its kernel on the output."""
    c, h, width = x.shape
    out, k = w.shape[1], w.shape[2]
    y = np.zeros((out, stride * (h - 1) + k, stride * (width - 1) + k))
    for i in range(k):
        for j in range(k):
            stamp = (w[:, :, i, j].T @ x.reshape(c, -1)).reshape(out, h, width)
            y[:, i : i + stride * (h - 1) + 1 : stride, j : j + stride * (width - 1) + 1 : stride] += stamp
    y = y[:, pad : y.shape[1] - pad, pad : y.shape[2] - pad]
    return y if bias is None else y + bias[:, None, None]


def patches(x, w, bias):
    """A convolution whose stride is its kernel, without padding."""
    out, c, k, _ = w.shape
    cut = x.reshape(c, x.shape[1] // k, k, x.shape[2] // k, k)
    return np.einsum("ocij,chiwj->ohw", w, cut) + bias[:, None, None]


def linear(x, w, bias=None):
    y = x @ w.T
    return y if bias is None else y + bias


def batch_norm(x, p, name, eps):
    c = x.shape[0]
    weight, bias = p(name + ".weight", c), p(name + ".bias", c)
    mean, var = p(name + ".running_mean", c), p(name + ".running_var", c)
    column = lambda v: v[:, None, None]
    return (x - column(mean)) / column(np.sqrt(var + eps)) * column(weight) + column(bias)


def layer_norm(x, p, name, eps, axis=-1):
    n = x.shape[axis]
    shape = [1] * x.ndim
    shape[axis] = n
    mean = x.mean(axis, keepdims=True)
    var = ((x - mean) ** 2).mean(axis, keepdims=True)
    return (x - mean) / np.sqrt(var + eps) * p(name + ".weight", n).reshape(shape) + p(name + ".bias", n).reshape(shape)


def relu(x):
    return np.maximum(x, 0)


def relu6(x):
    return np.clip(x, 0, 6)


def hard_swish(x):
    return x * np.clip(x + 3, 0, 6) / 6


def gelu_tanh(x):
    return 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


def gelu_erf(x):
    return 0.5 * x * (1 + np.vectorize(math.erf)(x / math.sqrt(2)))


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def cubic(t, a=-0.75):
    t = abs(t)
    if t <= 1:
        return (a + 2) * t**3 - (a + 3) * t**2 + 1
    return a * (t**3 - 5 * t**2 + 8 * t - 4) if t < 2 else 0.0


def cubic_matrix(n, m):
    """Rows of a bicubic resampling from n to m samples: half-pixel centres, borders repeated, no antialiasing."""
    rows = np.zeros((m, n))
    for o in range(m):
        source = (o + 0.5) * n / m - 0.5
        first = math.floor(source)
        for k in range(first - 1, first + 3):
            rows[o, min(max(k, 0), n - 1)] += cubic(source - k)
    return rows


def bicubic(x, h, w):
    return cubic_matrix(x.shape[1], h) @ x @ cubic_matrix(x.shape[2], w).T
