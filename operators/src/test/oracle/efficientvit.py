"""EfficientViT (Cai et al., arXiv 2205.14756): backbones B0-B3 and L0-L3, classification and segmentation heads.

The detection head is Sightline's own, for none was ever published: it was written from the description of DetectionHead.java, so it
is a second hand at the arithmetic and not a second source of the design.
"""
from dataclasses import dataclass

import numpy as np

from layers import batch_norm, bicubic, conv, gelu_tanh, hard_swish, layer_norm, linear, relu


@dataclass(frozen=True)
class Style:
    act: object
    eps: float
    dim: int
    scale: int = 5


@dataclass(frozen=True)
class Large:
    """Stages 1 and up of the L family; stage 0 is the stem."""

    widths: tuple
    depths: tuple
    kinds: tuple = ("fmb", "fmb", "mb", "att")
    downs: tuple = ("fmb", "fmb", "mb", "mb")
    expands: tuple = (4, 4, 4, 6)
    fewer: tuple = (False, False, True, True)


SMALL = {
    "b0": ((8, 16, 32, 64, 128), (1, 2, 2, 2, 2), 16),
    "b1": ((16, 32, 64, 128, 256), (1, 2, 3, 3, 4), 16),
    "b2": ((24, 48, 96, 192, 384), (1, 3, 4, 4, 6), 32),
    "b3": ((32, 64, 128, 256, 512), (1, 4, 6, 6, 9), 32),
}
LARGE = {
    "l0": Large((32, 64, 128, 256, 512), (1, 1, 1, 4, 4)),
    "l1": Large((32, 64, 128, 256, 512), (1, 1, 1, 6, 6)),
    "l2": Large((32, 64, 128, 256, 512), (1, 2, 2, 8, 8)),
    "l3": Large((64, 128, 256, 512, 1024), (1, 2, 2, 8, 8)),
}
CLASSIFIER = {
    "b0": (1024, 1280), "b1": (1536, 1600), "b2": (2304, 2560), "b3": (2304, 2560),
    "l1": (3072, 3200), "l2": (3072, 3200), "l3": (6144, 6400),
}
# width, depth, kind, expand, final expand
CITYSCAPES = {
    "b0": (32, 1, "mb", 4, 4), "b1": (64, 3, "mb", 4, 4), "b2": (96, 3, "mb", 4, 4), "b3": (128, 3, "mb", 4, 4),
    "l1": (256, 3, "fmb", 1, None), "l2": (256, 5, "fmb", 1, None),
}
ADE20K = {
    "b1": (64, 3, "mb", 4, None), "b2": (96, 3, "mb", 4, None), "b3": (128, 3, "mb", 4, None),
    "l1": (128, 3, "fmb", 4, 8), "l2": (128, 3, "fmb", 4, 8),
}


class Network:
    def __init__(self, p, style, eps=None):
        self.p, self.act, self.dim, self.scale = p, style.act, style.dim, style.scale
        self.eps = style.eps if eps is None else eps

    def unit(self, x, name, out, k=1, stride=1, depthwise=False, bias=False, norm=True, act=True):
        c = x.shape[0]
        w = self.p(name + ".conv.weight", out, 1 if depthwise else c, k, k)
        y = conv(x, w, self.p(name + ".conv.bias", out) if bias else None, stride, c if depthwise else 1)
        if norm:
            y = batch_norm(y, self.p, name + ".norm", self.eps)
        return self.act(y) if act else y

    def mb(self, x, name, out, expand, stride=1, fewer=False):
        mid = round(x.shape[0] * expand)
        early = dict(bias=fewer, norm=not fewer)
        y = self.unit(x, name + ".inverted_conv", mid, **early)
        y = self.unit(y, name + ".depth_conv", mid, 3, stride, depthwise=True, **early)
        return self.unit(y, name + ".point_conv", out, act=False)

    def fmb(self, x, name, out, expand, stride=1, fewer=False):
        y = self.unit(x, name + ".spatial_conv", round(x.shape[0] * expand), 3, stride, bias=fewer, norm=not fewer)
        return self.unit(y, name + ".point_conv", out, act=False)

    def attention(self, x, name):
        c, h, w = x.shape
        d, n = self.dim, h * w
        heads = c // d
        total = heads * d
        qkv = conv(x, self.p(name + ".qkv.conv.weight", 3 * total, c, 1, 1))
        near = conv(qkv, self.p(name + ".aggreg.0.0.weight", 3 * total, 1, self.scale, self.scale), groups=3 * total)
        near = conv(near, self.p(name + ".aggreg.0.1.weight", 3 * total, d, 1, 1), groups=3 * heads)
        outs = []
        for head in np.concatenate([qkv, near]).reshape(2 * heads, 3, d, n):
            q, k, v = relu(head[0]), relu(head[1]), head[2]
            similarity = k.T @ q  # [key, query], the softmax attention's matrix without the exponential
            outs.append(v @ similarity / (similarity.sum(0) + 1e-15))
        return self.unit(np.concatenate(outs).reshape(2 * total, h, w), name + ".proj", c, act=False)

    def vit(self, x, name, expand):
        x = x + self.attention(x, name + ".context_module.main")
        return x + self.mb(x, name + ".local_module.main", x.shape[0], expand, fewer=True)


def small_backbone(net, x, widths, depths, prefix="backbone."):
    x = net.unit(x, prefix + "input_stem.op_list.0", widths[0], 3, 2)
    for i in range(1, depths[0] + 1):
        name = prefix + f"input_stem.op_list.{i}.main"
        x = x + net.unit(net.unit(x, name + ".depth_conv", widths[0], 3, depthwise=True), name + ".point_conv", widths[0], act=False)
    features = [x]
    for stage in range(4):
        width, depth = widths[stage + 1], depths[stage + 1]
        name = prefix + f"stages.{stage}.op_list."
        if stage < 2:
            x = net.mb(x, name + "0.main", width, 4, 2)
            for i in range(1, depth):
                x = x + net.mb(x, name + f"{i}.main", width, 4)
        else:
            x = net.mb(x, name + "0.main", width, 4, 2, fewer=True)
            for i in range(1, depth + 1):
                x = net.vit(x, name + f"{i}", 4)
        features.append(x)
    return features


def large_backbone(net, x, large, prefix="backbone."):
    x = net.unit(x, prefix + "stages.0.op_list.0", large.widths[0], 3, 2)
    for i in range(1, large.depths[0] + 1):
        name = prefix + f"stages.0.op_list.{i}.main"
        x = x + net.unit(net.unit(x, name + ".conv1", large.widths[0], 3), name + ".conv2", large.widths[0], 3, act=False)
    features = [x]
    for s, kind in enumerate(large.kinds):
        name = prefix + f"stages.{s + 1}.op_list."
        width, expand, fewer = large.widths[s + 1], large.expands[s], large.fewer[s]
        x = getattr(net, large.downs[s])(x, name + "0.main", width, expand * 4, 2, fewer)
        for i in range(1, large.depths[s + 1] + 1):
            if kind == "att":
                x = net.vit(x, name + f"{i}", expand)
            else:
                x = x + getattr(net, kind)(x, name + f"{i}.main", width, expand, 1, fewer)
        features.append(x)
    return features


def backbone(p, variant, x):
    if variant in SMALL:
        widths, depths, dim = SMALL[variant]
        net = Network(p, Style(hard_swish, 1e-5, dim))
        return net, small_backbone(net, x, widths, depths)
    net = Network(p, Style(gelu_tanh, 1e-7, 32))
    return net, large_backbone(net, x, LARGE[variant])


def classify(p, variant, x):
    net, features = backbone(p, variant, x)
    w0, w1 = CLASSIFIER[variant]
    y = net.unit(features[-1], "head.op_list.0", w0).mean((1, 2))
    y = linear(y, p("head.op_list.2.linear.weight", w1, w0))
    y = net.act(layer_norm(y, p, "head.op_list.2.norm", net.eps))
    return linear(y, p("head.op_list.3.linear.weight", 1000, w1), p("head.op_list.3.linear.bias", 1000))


def segment(p, variant, heads, classes, x):
    net, features = backbone(p, variant, x)
    width, depth, kind, expand, final = heads[variant]
    _, h, w = features[2].shape
    y = bicubic(net.unit(features[4], "head.input_ops.0.op_list.0", width, act=False), h, w)
    y = y + bicubic(net.unit(features[3], "head.input_ops.1.op_list.0", width, act=False), h, w)
    y = y + net.unit(features[2], "head.input_ops.2", width, act=False)
    for i in range(depth):
        y = y + getattr(net, kind)(y, f"head.middle.op_list.{i}.main", width, expand)
    last = "head.output_ops.0.op_list."
    if final:
        y = net.unit(y, last + "0", width * final)
    return net.unit(y, last + ("1" if final else "0"), classes, bias=True, norm=False, act=False)


# width, blocks of a tower
DETECTOR = {
    "b0": (64, 2), "b1": (96, 2), "b2": (128, 2), "b3": (128, 2),
    "l0": (256, 3), "l1": (256, 3), "l2": (256, 3), "l3": (256, 3),
}


def detect(p, variant, classes, x):
    net, features = backbone(p, variant, x)
    width, blocks = DETECTOR[variant]

    def mix(y, name):
        return net.unit(net.unit(y, name + ".depth", width, 5, depthwise=True), name + ".point", width)

    def shrink(y, name):
        return net.unit(y, name, width, 3, 2, depthwise=True, act=False)

    def twice(y):
        return np.kron(y, np.ones((1, 2, 2)))

    s8, s16, s32 = (net.unit(features[2 + i], f"head.lateral.{i}", width, act=False) for i in range(3))
    down16 = mix(s16 + twice(s32), "head.down.1")
    out8 = mix(s8 + twice(down16), "head.down.0")
    out16 = mix(down16 + shrink(out8, "head.shrink.0"), "head.up.1")
    out32 = mix(s32 + shrink(out16, "head.shrink.1"), "head.up.2")
    outputs = {}
    for level, y in enumerate((out8, out16, out32)):
        for kind, output, channels in (("class", "logits", classes), ("box", "distances", 4)):
            tower = y
            for i in range(blocks):
                tower = mix(tower, f"head.{kind}_tower.{level}.{i}")
            last = f"head.{kind}_out.{level}"
            outputs[f"{output}{8 << level}"] = conv(tower, p(last + ".weight", channels, width, 1, 1), p(last + ".bias", channels))
    return outputs
