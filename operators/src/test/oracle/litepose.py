"""LitePose (Wang et al., CVPR 2022): single-branch pose network with a fusion deconvolution head."""
import numpy as np

from layers import batch_norm, conv, conv_transpose, relu, relu6

BLOCKS, STRIDES = (6, 8, 10, 10), (2, 2, 2, 1)
# stem width, stage widths, deconvolution widths
VARIANTS = {
    "xs": (16, (16, 32, 48, 80), (16, 24, 24)),
    "s": (16, (16, 32, 48, 120), (32, 24, 32)),
    "m": (16, (24, 48, 72, 120), (64, 40, 32)),
    "l": (24, (24, 64, 96, 160), (64, 40, 32)),
}
EPS = 1e-5


def eighths(value):
    """Nearest multiple of 8, never more than 10 % below."""
    rounded = max(8, int(value + 4) // 8 * 8)
    return rounded + 8 if rounded < 0.9 * value else rounded


def bottleneck(p, x, name, out, stride):
    mid = eighths(6 * x.shape[0])
    norm = lambda y, part: batch_norm(y, p, f"{name}.{part}.1", EPS)
    y = relu6(norm(conv(x, p(name + ".inv.0.weight", mid, x.shape[0], 1, 1)), "inv"))
    y = relu6(norm(conv(y, p(name + ".depth_conv.0.weight", mid, 1, 7, 7), stride=stride, groups=mid), "depth_conv"))
    y = norm(conv(y, p(name + ".point_conv.0.weight", out, mid, 1, 1)), "point_conv")
    return y + x if stride == 1 and out == x.shape[0] else y


def separable(p, x, name, out):
    c = x.shape[0]
    y = relu(batch_norm(conv(x, p(name + ".conv.0.weight", c, 1, 5, 5), groups=c), p, name + ".conv.1", EPS))
    return conv(y, p(name + ".conv.3.weight", out, c, 1, 1))


def forward(p, variant, joints, x):
    stem, widths, deconvs = VARIANTS[variant]
    x = relu6(batch_norm(conv(x, p("first.0.0.weight", 32, 3, 3, 3), stride=2), p, "first.0.1", EPS))
    x = relu6(batch_norm(conv(x, p("first.1.0.weight", 32, 1, 3, 3), groups=32), p, "first.1.1", EPS))
    x = batch_norm(conv(x, p("first.2.weight", stem, 32, 1, 1)), p, "first.3", EPS)
    levels = [x]
    for s in range(4):
        for b in range(BLOCKS[s]):
            x = bottleneck(p, x, f"stage.{s}.{b}", widths[s], STRIDES[s] if b == 0 else 1)
        levels.append(x)
    refined, raw, outs = levels[4], levels[3], []
    for i, d in enumerate(deconvs):
        a = conv_transpose(refined, p(f"deconv_refined.{i}.weight", refined.shape[0], d, 4, 4), pad=1)
        b = conv_transpose(raw, p(f"deconv_raw.{i}.weight", raw.shape[0], d, 4, 4), pad=1)
        refined = relu(batch_norm(a + b, p, f"deconv_bnrelu.{i}.0", EPS))
        raw = levels[2 - i]
        if i > 0:
            out = 2 * joints if i == 1 else joints
            outs.append(separable(p, refined, f"final_refined.{i - 1}", out) + separable(p, raw, f"final_raw.{i - 1}", out))
    return outs
