"""EfficientViT-SAM (Zhang et al., arXiv 2402.05008): image encoder, and the prompt encoder and mask decoder of SAM (Kirillov et al.)."""
import numpy as np

from efficientvit import LARGE, Large, Network, Style, large_backbone
from layers import bicubic, conv_transpose, gelu_erf, gelu_tanh, layer_norm, linear, patches, relu, softmax

FRAME = 1024
XL = dict(
    kinds=("fmb", "fmb", "fmb", "att", "att"),
    downs=("fmb", "fmb", "fmb", "mb", "mb"),
    expands=(4, 4, 4, 4, 6),
    fewer=(False, False, False, True, True),
)
WIDTHS = (32, 64, 128, 256, 512, 1024)
# backbone, aggregation kernel, neck depth, neck expand
VARIANTS = {
    "l0": (LARGE["l0"], 5, 4, 1),
    "l1": (LARGE["l1"], 5, 8, 1),
    "l2": (LARGE["l2"], 5, 12, 1),
    "xl0": (Large(WIDTHS, (0, 1, 1, 2, 3, 3), **XL), 3, 6, 4),
    "xl1": (Large(WIDTHS, (1, 2, 2, 4, 6, 6), **XL), 3, 12, 4),
}


def encode_image(p, variant, x, grid):
    large, scale, depth, expand = VARIANTS[variant]
    net = Network(p, Style(gelu_tanh, 1e-6, 32, scale))
    features = large_backbone(net, x, large, "image_encoder.backbone.")
    y = 0
    for i, feature in enumerate((features[-1], features[-2], features[-3])):
        y = y + bicubic(net.unit(feature, f"image_encoder.neck.input_ops.{i}.op_list.0", 256, act=False), grid, grid)
    for i in range(depth):
        y = y + net.fmb(y, f"image_encoder.neck.middle.op_list.{i}.main", 256, expand)
    y = net.unit(y, "image_encoder.neck.output_ops.0.op_list.0", 256, bias=True, norm=False, act=False)
    return layer_norm(y, p, "image_encoder.norm", 1e-6, axis=0)


def position(p, unit):
    """Sines and cosines of points in 0..1, x first."""
    angles = 2 * np.pi * ((2 * unit - 1) @ p("prompt_encoder.pe_layer.positional_encoding_gaussian_matrix", 2, 128))
    return np.concatenate([np.sin(angles), np.cos(angles)], -1)


def dense_position(p, grid):
    centres = (np.arange(grid) + 0.5) / grid
    y, x = np.meshgrid(centres, centres, indexing="ij")
    return position(p, np.stack([x, y], -1)).transpose(2, 0, 1)


def sparse_prompt(p, points, labels, box):
    rows = []
    embedding = lambda i: p(f"prompt_encoder.point_embeddings.{i}.weight", 1, 256)[0]
    for point, label in zip(points, labels):
        rows.append(position(p, (np.array(point) + 0.5) / FRAME) + embedding(label))
    if points and box is None:
        rows.append(p("prompt_encoder.not_a_point_embed.weight", 1, 256)[0])
    if box is not None:
        for corner in (0, 1):
            rows.append(position(p, (np.array(box[2 * corner : 2 * corner + 2]) + 0.5) / FRAME) + embedding(2 + corner))
    return np.array(rows)


def dense_prompt(p, mask, grid):
    if mask is None:
        return np.broadcast_to(p("prompt_encoder.no_mask_embed.weight", 1, 256)[0][:, None, None], (256, grid, grid))
    name = "prompt_encoder.mask_downscaling."
    w = lambda i, *shape: (p(f"{name}{i}.weight", *shape), p(f"{name}{i}.bias", shape[0]))
    y = gelu_erf(layer_norm(patches(mask, *w(0, 4, 1, 2, 2)), p, name + "1", 1e-6, axis=0))
    y = gelu_erf(layer_norm(patches(y, *w(3, 16, 4, 2, 2)), p, name + "4", 1e-6, axis=0))
    return patches(y, *w(6, 256, 16, 1, 1))


def dense_layer(p, x, name, out):
    return linear(x, p(name + ".weight", out, x.shape[-1]), p(name + ".bias", out))


def attend(p, name, q, k, v, inner):
    heads = 8
    split = lambda t: t.reshape(len(t), heads, inner // heads).transpose(1, 0, 2)
    q, k, v = (split(dense_layer(p, t, f"{name}.{part}_proj", inner)) for t, part in ((q, "q"), (k, "k"), (v, "v")))
    weights = softmax(q @ k.transpose(0, 2, 1) / np.sqrt(inner // heads))
    return dense_layer(p, (weights @ v).transpose(1, 0, 2).reshape(-1, inner), name + ".out_proj", 256)


def two_way(p, tokens, image, image_position):
    prefix = "mask_decoder.transformer."
    norm = lambda x, name: layer_norm(x, p, name, 1e-6)
    queries, keys = tokens, image
    for i in range(2):
        layer = prefix + f"layers.{i}."
        if i == 0:
            queries = attend(p, layer + "self_attn", queries, queries, queries, 256)
        else:
            queries = queries + attend(p, layer + "self_attn", queries + tokens, queries + tokens, queries, 256)
        queries = norm(queries, layer + "norm1")
        seen = attend(p, layer + "cross_attn_token_to_image", queries + tokens, keys + image_position, keys, 128)
        queries = norm(queries + seen, layer + "norm2")
        hidden = relu(dense_layer(p, queries, layer + "mlp.lin1", 2048))
        queries = norm(queries + dense_layer(p, hidden, layer + "mlp.lin2", 256), layer + "norm3")
        told = attend(p, layer + "cross_attn_image_to_token", keys + image_position, queries + tokens, queries, 128)
        keys = norm(keys + told, layer + "norm4")
    last = attend(p, prefix + "final_attn_token_to_image", queries + tokens, keys + image_position, keys, 128)
    return norm(queries + last, prefix + "norm_final_attn"), keys


def mlp(p, x, name, out):
    x = relu(dense_layer(p, x, name + ".layers.0", 256))
    x = relu(dense_layer(p, x, name + ".layers.1", 256))
    return dense_layer(p, x, name + ".layers.2", out)


def decode(p, embedding, sparse, dense):
    """All four masks [4, 4 grid, 4 grid] and their predicted IoU [4]: 0 is the single mask, 1..3 the multimask output."""
    grid = embedding.shape[1]
    flat = lambda x: x.reshape(256, -1).T
    tokens = np.concatenate([p("mask_decoder.iou_token.weight", 1, 256), p("mask_decoder.mask_tokens.weight", 4, 256), sparse])
    queries, keys = two_way(p, tokens, flat(embedding + dense), flat(dense_position(p, grid)))
    up = "mask_decoder.output_upscaling."
    y = conv_transpose(keys.T.reshape(256, grid, grid), p(up + "0.weight", 256, 64, 2, 2), p(up + "0.bias", 64))
    y = gelu_erf(layer_norm(y, p, up + "1", 1e-6, axis=0))
    y = gelu_erf(conv_transpose(y, p(up + "3.weight", 64, 32, 2, 2), p(up + "3.bias", 32)))
    hyper = np.stack([mlp(p, queries[1 + i], f"mask_decoder.output_hypernetworks_mlps.{i}", 32) for i in range(4)])
    masks = (hyper @ y.reshape(32, -1)).reshape(4, 4 * grid, 4 * grid)
    return masks, mlp(p, queries[0], "mask_decoder.iou_prediction_head", 4)
