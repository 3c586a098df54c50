#!/usr/bin/env python3
"""Writes goldens.safetensors: what the forwards in this folder make of numbers that follow from names (formula.py).

The forwards were written from the papers' layer tables, without sight of Sightline's graphs, and run in float64: a second opinion
that shares nothing with them. Needs NumPy alone.     python3 goldens.py ../resources/oracle/goldens.safetensors [part of a name]
With a part of a name only those networks are made anew, and the file keeps what else it holds. The one exception to "without sight" is
the detector's head, which is Sightline's own design.

Of each output stand at most SAMPLES values, evenly spread, and the output's Euclidean norm ("<name>/norm").
"""
import json
import struct
import sys
import time

import numpy as np

import efficientvit
import litepose
import sam
from formula import Parameters, uniform

SAMPLES = 1024
GRID = 8
POINTS, LABELS, BOX = [(200.0, 300.5), (700.25, 90.0)], [1, 0], [100.5, 220.0, 840.0, 700.75]
# Trainable parameters as published (those of the detector: as `sightline models` says); a forward that asks for others is not that network.
COUNTS = {
    "cls-b0": 3410008, "cls-b1": 9102024, "cls-b2": 24330712, "cls-b3": 48646056,
    "cls-l1": 52654088, "cls-l2": 63707016, "cls-l3": 246037288,
    "seg-b0-cityscapes": 706691, "seg-b1-cityscapes": 4803443, "seg-b2-cityscapes": 15323779, "seg-b3-cityscapes": 39603155,
    "seg-l1-cityscapes": 40242227, "seg-l2-cityscapes": 52607923,
    "seg-b1-ade20k": 4791414, "seg-b2-ade20k": 15293382, "seg-b3-ade20k": 39546198, "seg-l1-ade20k": 40409526, "seg-l2-ade20k": 51462454,
    "det-b0": 795918, "det-b1": 4884542, "det-b2": 15392014, "det-b3": 39441118,
    "det-l0": 29654846, "det-l1": 39886654, "det-l2": 50939582, "det-l3": 196076894,
    "sam-l0": 34792784, "sam-l1": 47650128, "sam-l2": 61328592, "sam-xl0": 116957904, "sam-xl1": 203346128,
    "litepose-xs-14": 1675552, "litepose-s-14": 2731240, "litepose-m-14": 3533808, "litepose-l-14": 5738120,
    "litepose-xs-17": 1675912, "litepose-s-17": 2731624, "litepose-m-17": 3534336, "litepose-l-17": 5738672,
}


def picture(height, width):
    return 2.0 * uniform(f"input {height}x{width}", 3 * height * width).astype(np.float64).reshape(3, height, width)


def heads(dataset, classes, variants):
    for variant in variants:
        yield f"seg-{variant}-{dataset}", lambda p, v=variant: {"logits": efficientvit.segment(p, v, variants, classes, picture(96, 160))}


def segment_anything(p, variant):
    size = 192 if variant.startswith("l") else 256
    embedding = sam.encode_image(p, variant, picture(size, size), GRID)
    mask = 4.0 * uniform("input mask", 16 * GRID * GRID).astype(np.float64).reshape(1, 4 * GRID, 4 * GRID)
    points = sam.decode(p, embedding, sam.sparse_prompt(p, POINTS, LABELS, None), sam.dense_prompt(p, None, GRID))
    box = sam.decode(p, embedding, sam.sparse_prompt(p, [], [], BOX), sam.dense_prompt(p, mask, GRID))
    both = sam.decode(p, embedding, sam.sparse_prompt(p, POINTS, LABELS, BOX), sam.dense_prompt(p, None, GRID))
    outputs = {"embedding": embedding}
    for name, (masks, iou) in (("points", points), ("box-and-mask", box), ("points-and-box", both)):
        outputs |= {f"{name}/masks": masks, f"{name}/iou": iou}
    return outputs


def networks():
    for variant in efficientvit.CLASSIFIER:
        yield f"cls-{variant}", lambda p, v=variant: {"logits": efficientvit.classify(p, v, picture(96, 160))}
    yield from heads("cityscapes", 19, efficientvit.CITYSCAPES)
    yield from heads("ade20k", 150, efficientvit.ADE20K)
    for variant in efficientvit.DETECTOR:
        yield f"det-{variant}", lambda p, v=variant: efficientvit.detect(p, v, 6, picture(96, 160))
    for variant in sam.VARIANTS:
        yield f"sam-{variant}", lambda p, v=variant: segment_anything(p, v)
    for joints in (14, 17):
        for variant in litepose.VARIANTS:
            yield f"litepose-{variant}-{joints}", lambda p, v=variant, j=joints: dict(
                zip(("out0", "out1"), litepose.forward(p, v, j, picture(96, 160)))
            )


def sampled(values):
    flat = values.reshape(-1)
    return flat if flat.size <= SAMPLES else flat[np.arange(SAMPLES) * (flat.size // SAMPLES)]


def read(path):
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = file.read()
    return {
        name: np.frombuffer(data[slice(*t["data_offsets"])], "<f4" if t["dtype"] == "F32" else "<f8").reshape(t["shape"])
        for name, t in header.items()
    }


def write(path, tensors):
    header, data = {}, b""
    for name, values in tensors.items():
        raw = values.astype("<f4" if values.dtype == np.float32 else "<f8").tobytes()
        dtype = "F32" if values.dtype == np.float32 else "F64"
        header[name] = {"dtype": dtype, "shape": list(values.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as out:
        out.write(struct.pack("<Q", len(text)) + text + data)


def main(path, only):
    kept = read(path) if only else {}
    norms = {name: values for name, values in kept.items() if name.endswith("/norm")}
    samples = {name: values for name, values in kept.items() if not name.endswith("/norm")}
    for network, run in networks():
        if only and only not in network:
            continue
        p, start = Parameters(), time.time()
        outputs = run(p)
        assert p.trained() == COUNTS[network], (network, p.trained(), COUNTS[network])
        for output, values in outputs.items():
            name = f"{network}/{output}"
            assert np.isfinite(values).all(), name
            norms[name + "/norm"] = np.array([np.linalg.norm(values)])
            samples[name] = sampled(values).astype(np.float32)
            print(f"{name:45} {str(values.shape):16} mean {values.mean():12.5g} std {values.std():11.5g}", flush=True)
        print(f"{network}: {time.time() - start:.1f} s")
    write(path, norms | samples)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "")
