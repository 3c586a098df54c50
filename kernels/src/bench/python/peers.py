"""Times the same networks in PyTorch: float16, channels-last, each replayed as one CUDA graph.

Modes: `eager`, PyTorch's own kernels; `default`, torch.compile as it comes; `compile`, torch.compile with max-autotune;
`tuned`, all of max-autotune but its coordinate descent, which tries settings of each pointwise kernel one after another.
Autotuning takes minutes a network, so all are prepared side by side and those not ready after PEERS_SECONDS are left out.
SAM's ViT-H cannot be captured (it copies from the host in its forward pass), so its kernels are launched one by one.
The definitions are ours, written from the papers' tables; weights are random, since time does not depend on them.
Usage: peers.py MODE[,MODE...] NAME...   One JSON line a network: median and 95th percentile of device time.
"""
import json
import os
import sys
import time

import torch
import torch._inductor.config
import torch.nn.functional as F
from torch import nn

ACTS = {"hswish": nn.Hardswish, "gelu": lambda: nn.GELU(approximate="tanh"), "relu6": nn.ReLU6, "relu": nn.ReLU}


class Conv(nn.Sequential):
    def __init__(self, i, o, k=1, s=1, g=1, act=None, norm=True, bias=False):
        parts = [nn.Conv2d(i, o, k, s, k // 2, groups=g, bias=bias)]
        if norm:
            parts.append(nn.BatchNorm2d(o))
        if act:
            parts.append(ACTS[act]())
        super().__init__(*parts)


class Residual(nn.Module):
    def __init__(self, main):
        super().__init__()
        self.main = main

    def forward(self, x):
        return x + self.main(x)


def separable(i, o, act):
    return nn.Sequential(Conv(i, i, 3, g=i, act=act), Conv(i, o))


def inverted(i, o, s, e, act, fewer=False, k=3):
    m = round(i * e)
    return nn.Sequential(
        Conv(i, m, 1, act=act, norm=not fewer, bias=fewer),
        Conv(m, m, k, s, g=m, act=act, norm=not fewer, bias=fewer),
        Conv(m, o),
    )


def fused(i, o, s, e, act, fewer=False):
    m = round(i * e)
    return nn.Sequential(Conv(i, m, 3, s, act=act, norm=not fewer, bias=fewer), Conv(m, o))


class LiteMla(nn.Module):
    def __init__(self, c, dim):
        super().__init__()
        self.dim, self.heads = dim, c // dim
        t = self.heads * dim
        self.qkv = nn.Conv2d(c, 3 * t, 1, bias=False)
        self.near = nn.Conv2d(3 * t, 3 * t, 5, padding=2, groups=3 * t, bias=False)
        self.mix = nn.Conv2d(3 * t, 3 * t, 1, groups=3 * self.heads, bias=False)
        self.proj = Conv(2 * t, c)

    def forward(self, x):
        b, _, h, w = x.shape
        qkv = self.qkv(x)
        m = torch.cat([qkv, self.mix(self.near(qkv))], 1).reshape(b, -1, 3 * self.dim, h * w).float()
        q, k, v = m.split(self.dim, 2)
        q, k = F.relu(q), F.relu(k)
        v = F.pad(v, (0, 0, 0, 1), value=1.0)
        o = (v @ k.transpose(-1, -2)) @ q
        o = o[:, :, :-1] / (o[:, :, -1:] + 1e-15)
        return self.proj(o.to(x.dtype).reshape(b, -1, h, w))


class Backbone(nn.Module):
    B = {"b0": ((8, 16, 32, 64, 128), (1, 2, 2, 2, 2), 16), "b1": ((16, 32, 64, 128, 256), (1, 2, 3, 3, 4), 16)}
    L = {
        "l0": ((32, 64, 128, 256, 512), (1, 1, 1, 4, 4)),
        "l1": ((32, 64, 128, 256, 512), (1, 1, 1, 6, 6)),
        "l2": ((32, 64, 128, 256, 512), (1, 2, 2, 8, 8)),
    }

    def __init__(self, name):
        super().__init__()
        stages = []
        if name in self.B:
            widths, depths, dim = self.B[name]
            act = "hswish"
            w = widths[0]
            stages.append([Conv(3, w, 3, 2, act=act)] + [Residual(separable(w, w, act)) for _ in range(depths[0])])
            for s in (1, 2):
                blocks = []
                for i in range(depths[s]):
                    b = inverted(w, widths[s], 2 if i == 0 else 1, 4, act)
                    blocks.append(b if i == 0 else Residual(b))
                    w = widths[s]
                stages.append(blocks)
            for s in (3, 4):
                blocks = [inverted(w, widths[s], 2, 4, act, True)]
                w = widths[s]
                for _ in range(depths[s]):
                    blocks += [Residual(LiteMla(w, dim)), Residual(inverted(w, w, 1, 4, act, True))]
                stages.append(blocks)
        else:
            widths, depths = self.L[name]
            act = "gelu"
            w = widths[0]
            res = lambda: Residual(nn.Sequential(Conv(w, w, 3, act=act), Conv(w, w, 3)))
            stages.append([Conv(3, w, 3, 2, act=act)] + [res() for _ in range(depths[0])])
            for s, (block, e) in enumerate([(fused, 4), (fused, 4), (inverted, 4), (inverted, 6)], 1):
                fewer = s >= 3
                blocks = [(fused if s < 3 else inverted)(w, widths[s], 2, 4 * e, act, fewer)]
                w = widths[s]
                for _ in range(depths[s]):
                    if s < 4:
                        blocks.append(Residual(block(w, w, 1, e, act, fewer)))
                    else:
                        blocks += [Residual(LiteMla(w, 32)), Residual(inverted(w, w, 1, e, act, True))]
                stages.append(blocks)
        self.stages = nn.ModuleList(nn.Sequential(*b) for b in stages)
        self.widths = widths

    def forward(self, x):
        out = []
        for stage in self.stages:
            x = stage(x)
            out.append(x)
        return out


class Segmentation(nn.Module):
    def __init__(self, name):
        super().__init__()
        self.backbone = Backbone(name)
        w = self.backbone.widths
        width = 32 if name == "b0" else 256
        self.inputs = nn.ModuleList(Conv(w[i], width) for i in (4, 3, 2))
        if name == "b0":
            self.middle = Residual(inverted(width, width, 1, 4, "hswish"))
            self.out = nn.Sequential(Conv(width, width * 4, act="hswish"), nn.Conv2d(width * 4, 19, 1))
        else:
            self.middle = nn.Sequential(*[Residual(fused(width, width, 1, 1, "gelu")) for _ in range(3)])
            self.out = nn.Conv2d(width, 19, 1)

    def forward(self, x):
        s = self.backbone(x)
        x = self.inputs[2](s[2])
        for i, f in ((1, 2), (0, 4)):
            y = self.inputs[i](s[4 - i])
            x = x + F.interpolate(y, scale_factor=f, mode="bicubic", align_corners=False)
        return self.out(self.middle(x))


class Classification(nn.Module):
    def __init__(self, name):
        super().__init__()
        self.backbone = Backbone(name)
        self.conv = Conv(256, 1536, act="hswish")
        self.head = nn.Sequential(nn.Linear(1536, 1600, bias=False), nn.LayerNorm(1600), nn.Hardswish(), nn.Linear(1600, 1000))

    def forward(self, x):
        return self.head(self.conv(self.backbone(x)[-1]).mean((2, 3)))


class Mix(nn.Sequential):
    def __init__(self, w):
        super().__init__(Conv(w, w, 5, g=w, act="hswish"), Conv(w, w, act="hswish"))


class Detection(nn.Module):
    def __init__(self, w=64, towers=2):
        super().__init__()
        self.backbone = Backbone("b0")
        self.lateral = nn.ModuleList(Conv(self.backbone.widths[i], w) for i in (2, 3, 4))
        self.mix = nn.ModuleList(Mix(w) for _ in range(4))
        self.shrink = nn.ModuleList(Conv(w, w, 3, 2, g=w) for _ in range(2))
        self.towers = nn.ModuleList(nn.Sequential(*[Mix(w) for _ in range(towers)]) for _ in range(6))
        self.outs = nn.ModuleList(nn.Conv2d(w, o, 1) for _ in range(3) for o in (6, 4))

    def forward(self, x):
        s = self.backbone(x)
        a, b, c = (self.lateral[i](s[i + 2]) for i in range(3))
        middle = self.mix[0](b + F.interpolate(c, scale_factor=2.0))
        fine = self.mix[1](a + F.interpolate(middle, scale_factor=2.0))
        up = self.mix[2](middle + self.shrink[0](fine))
        coarse = self.mix[3](c + self.shrink[1](up))
        out = []
        for i, level in enumerate((fine, up, coarse)):
            out += [self.outs[2 * i](self.towers[2 * i](level)), self.outs[2 * i + 1](self.towers[2 * i + 1](level))]
        return out


class Pose(nn.Module):
    """LitePose-M with 14 joints."""

    def __init__(self):
        super().__init__()
        self.first = nn.Sequential(Conv(3, 32, 3, 2, act="relu6"), Conv(32, 32, 3, g=32, act="relu6"), Conv(32, 16))
        widths, w, stages = (24, 48, 72, 120), 16, []
        for o, n, stride in zip(widths, (6, 8, 10, 10), (2, 2, 2, 1)):
            blocks = []
            for i in range(n):
                m = (6 * w + 4) // 8 * 8
                b = nn.Sequential(
                    Conv(w, m, act="relu6"), Conv(m, m, 7, stride if i == 0 else 1, g=m, act="relu6"), Conv(m, o))
                blocks.append(Residual(b) if w == o and (i or stride == 1) else b)
                w = o
            stages.append(nn.Sequential(*blocks))
        self.stages = nn.ModuleList(stages)
        deconv = (64, 40, 32)
        raws = (72, 48, 24)
        ins = (120, 64, 40)
        up = lambda i, o: nn.ConvTranspose2d(i, o, 4, 2, 1, bias=False)
        sep = lambda i, o: nn.Sequential(Conv(i, i, 5, g=i, act="relu"), nn.Conv2d(i, o, 1, bias=False))
        self.refined = nn.ModuleList(up(i, o) for i, o in zip(ins, deconv))
        self.raw = nn.ModuleList(up(i, o) for i, o in zip(raws, deconv))
        self.norm = nn.ModuleList(nn.Sequential(nn.BatchNorm2d(o), nn.ReLU()) for o in deconv)
        self.final_refined = nn.ModuleList((sep(40, 28), sep(32, 14)))
        self.final_raw = nn.ModuleList((sep(24, 28), sep(16, 14)))

    def forward(self, x):
        xs = [self.first(x)]
        for stage in self.stages:
            xs.append(stage(xs[-1]))
        refined, raw, out = xs[4], xs[3], []
        for i in range(3):
            refined = self.norm[i](self.refined[i](refined) + self.raw[i](raw))
            raw = xs[2 - i]
            if i:
                out.append(self.final_refined[i - 1](refined) + self.final_raw[i - 1](raw))
        return out


class LayerNorm2d(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.norm = nn.LayerNorm(c, eps=1e-6)

    def forward(self, x):
        return self.norm(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class Encoder(nn.Module):
    """EfficientViT-SAM's image encoders of size L."""

    def __init__(self, size, blocks):
        super().__init__()
        self.backbone = Backbone(size)
        self.inputs = nn.ModuleList(Conv(c, 256) for c in (512, 256, 128))
        self.middle = nn.Sequential(*[Residual(fused(256, 256, 1, 1, "gelu")) for _ in range(blocks)])
        self.out = nn.Sequential(nn.Conv2d(256, 256, 1), LayerNorm2d(256))

    def forward(self, x):
        s = self.backbone(x)
        x = 0
        for i in range(3):
            x = x + F.interpolate(self.inputs[i](s[4 - i]), size=(64, 64), mode="bicubic", align_corners=False)
        return self.out(self.middle(x))


def vit_h():
    """SAM's ViT-H image encoder as transformers defines it; its input is 1024 pixels square."""
    from transformers import SamVisionConfig, SamVisionModel

    size = dict(hidden_size=1280, num_hidden_layers=32, num_attention_heads=16, global_attn_indexes=[7, 15, 23, 31])
    return Last(SamVisionModel(SamVisionConfig(**size)))


class Last(nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, x):
        return self.model(x).last_hidden_state


NETWORKS = {
    "seg-b0 1024x2048 b1": (lambda: Segmentation("b0"), (1, 3, 1024, 2048)),
    "seg-l1 1024x2048 b1": (lambda: Segmentation("l1"), (1, 3, 1024, 2048)),
    "det-b0 416 b1": (Detection, (1, 3, 416, 416)),
    "det-b0 416 b32": (Detection, (32, 3, 416, 416)),
    "litepose-m 448 b1": (Pose, (1, 3, 448, 448)),
    "litepose-m 448 b16": (Pose, (16, 3, 448, 448)),
    "cls-b1 224 b1": (lambda: Classification("b1"), (1, 3, 224, 224)),
    "cls-b1 224 b64": (lambda: Classification("b1"), (64, 3, 224, 224)),
    "sam-l0 512 b1": (lambda: Encoder("l0", 4), (1, 3, 512, 512)),
    "sam-l0 512 b16": (lambda: Encoder("l0", 4), (16, 3, 512, 512)),
    "sam-l2 512 b16": (lambda: Encoder("l2", 12), (16, 3, 512, 512)),
    "sam-l2 512 b1": (lambda: Encoder("l2", 12), (1, 3, 512, 512)),
    "sam-vit-h 1024 b1": (vit_h, (1, 3, 1024, 1024)),
    "sam-vit-h 1024 b16": (vit_h, (16, 3, 1024, 1024)),
}


def timed(call, runs):
    """Median and 95th percentile of device milliseconds."""
    for _ in range(5):
        call()
    torch.cuda.synchronize()
    times = []
    for _ in range(runs):
        start, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        start.record()
        call()
        end.record()
        end.synchronize()
        times.append(start.elapsed_time(end))
        if sum(times) > 4000:
            break
    times.sort()
    return times[len(times) // 2], times[len(times) * 95 // 100]


def graphed(call):
    """The kernels of a call replayed as one CUDA graph."""
    stream = torch.cuda.Stream()
    with torch.cuda.stream(stream):
        for _ in range(3):
            call()
    torch.cuda.synchronize()
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        call()
    return graph.replay


def prepared(mode, name):
    """A call that runs one network in the mode given, ready to be timed: whatever it compiles is compiled."""
    make, shape = NETWORKS[name]
    model = make().cuda().half().eval().to(memory_format=torch.channels_last)
    x = torch.randn(shape, device="cuda", dtype=torch.half).to(memory_format=torch.channels_last)
    ready = (lambda call: call) if make is vit_h else graphed
    if mode == "eager":
        return ready(lambda: model(x))
    # Candidates for convolutions of more than one tap are cuDNN's alone: Triton's take up to 75 ms a run where channels are
    # grouped, so that trying them all is what makes autotuning take minutes. 1x1 convolutions are matrix products to
    # inductor, and tuned.
    torch._inductor.config.max_autotune_conv_backends = "ATEN"
    # Without inductor's own CUDA graphs, so that one graph over everything is replayed, as in the other modes.
    how = {
        "default": {"mode": "default"},
        "compile": {"mode": "max-autotune-no-cudagraphs"},
        "tuned": {"options": {"max_autotune": True, "coordinate_descent_tuning": False}},
    }
    if make is vit_h:
        # A layer at a time, as PyTorch advises where layers repeat: all 32 at once are not ready within minutes.
        for layer in model.model.vision_encoder.layers:
            layer.compile(**how[mode], dynamic=False)
        compiled = model
    else:
        compiled = torch.compile(model, **how[mode])
    compiled(x)
    return ready(lambda: compiled(x))


def serve(mode, name, pipe):
    torch.backends.cudnn.benchmark = True
    torch.manual_seed(1)
    began = time.time()
    try:
        with torch.inference_mode():
            call = prepared(mode, name)
            seconds = time.time() - began
            pipe.send("ready")
            pipe.recv()
            median, p95 = timed(call, 200)
        pipe.send({"median_ms": round(median, 4), "p95_ms": round(p95, 4), "prepared_s": round(seconds, 1)})
    except Exception as failure:
        pipe.send({"failed": f"{type(failure).__name__}: {failure}"[:300]})
        pipe.send(None)


def main(modes, names, seconds):
    """Prepares all networks in processes of their own side by side, then times one after another, alone on the device."""
    spawn = torch.multiprocessing.get_context("spawn")
    peers = []
    for mode in modes:
        for name in names or NETWORKS:
            here, there = spawn.Pipe()
            process = spawn.Process(target=serve, args=(mode, name, there), daemon=False)
            process.start()
            peers.append(({"network": name, "mode": mode}, process, here))
    deadline = time.time() + seconds
    ready = []
    for line, process, pipe in peers:
        answer = pipe.recv() if pipe.poll(max(0.0, deadline - time.time())) else {"failed": f"not ready in {seconds} s"}
        if answer == "ready":
            ready.append((line, process, pipe))
            continue
        print(json.dumps(line | answer), flush=True)
        process.kill()
        process.join()
    for line, process, pipe in ready:
        pipe.send("go")
        print(json.dumps(line | pipe.recv()), flush=True)
        process.kill()
        process.join()


if __name__ == "__main__":
    main(sys.argv[1].split(","), sys.argv[2:], float(os.environ.get("PEERS_SECONDS", "400")))
