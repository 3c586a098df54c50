"""A training step of a transformer of Sana-600M's shape in PyTorch, beside `CoatStepBench`: bfloat16 and AdamW.

Usage: sana.py BATCH [compiled]. Parameters, gradients and moments in bfloat16; random weights and inputs; prints the median
of ten whole steps and the most bytes that were allocated. `compiled` compiles the block and runs it 28 times, as PyTorch
advises where blocks repeat: the whole network at once is not ready within minutes.
"""
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

DEPTH, WIDTH, HEADS, HEAD, TEXT_WIDTH, TEXT, GRID, CHANNELS = 28, 1152, 16, 32, 2304, 300, 32, 32


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        hidden = WIDTH * 5 // 2
        self.table = nn.Parameter(torch.randn(6, WIDTH) / WIDTH**0.5)
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH, bias=False)
        self.proj = nn.Linear(WIDTH, WIDTH)
        self.cross_q, self.cross_kv = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, 2 * WIDTH)
        self.cross_proj = nn.Linear(WIDTH, WIDTH)
        self.inverted = nn.Conv2d(WIDTH, 2 * hidden, 1)
        self.depth = nn.Conv2d(2 * hidden, 2 * hidden, 3, padding=1, groups=2 * hidden)
        self.point = nn.Conv2d(hidden, WIDTH, 1, bias=False)

    def linear_attention(self, x):
        b, n, c = x.shape
        q, k, v = self.qkv(x).reshape(b, n, 3, c // HEAD, HEAD).permute(2, 0, 3, 4, 1)
        q, k = F.relu(q), F.relu(k)
        v = F.pad(v, (0, 0, 0, 1), value=1)
        out = (v @ k.transpose(-1, -2)) @ q
        return self.proj((out[:, :, :-1] / (out[:, :, -1:] + 1e-8)).permute(0, 3, 1, 2).reshape(b, n, c))

    def cross_attention(self, x, y):
        b, n, c = x.shape
        q = self.cross_q(x).reshape(b, n, HEADS, -1).transpose(1, 2)
        k, v = self.cross_kv(y).reshape(b, TEXT, 2, HEADS, -1).permute(2, 0, 3, 1, 4)
        out = F.scaled_dot_product_attention(q, k, v)
        return self.cross_proj(out.transpose(1, 2).reshape(b, n, c))

    def feed(self, x):
        b, n, c = x.shape
        h = F.silu(self.inverted(x.transpose(1, 2).reshape(b, c, GRID, GRID)))
        a, gate = self.depth(h).chunk(2, 1)
        return self.point(a * F.silu(gate)).reshape(b, c, n).transpose(1, 2)

    def forward(self, x, y, shared):
        shift, scale, gate, shift2, scale2, gate2 = (self.table + shared.reshape(-1, 6, WIDTH)).chunk(6, 1)
        x = x + gate * self.linear_attention(F.layer_norm(x, (WIDTH,)) * (1 + scale) + shift)
        x = x + self.cross_attention(x, y)
        return x + gate2 * self.feed(F.layer_norm(x, (WIDTH,)) * (1 + scale2) + shift2)


class Sana(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Conv2d(CHANNELS, WIDTH, 1)
        self.time = nn.Sequential(nn.Linear(256, WIDTH), nn.SiLU(), nn.Linear(WIDTH, WIDTH))
        self.shared = nn.Linear(WIDTH, 6 * WIDTH)
        self.text = nn.Sequential(nn.Linear(TEXT_WIDTH, WIDTH), nn.GELU(approximate="tanh"), nn.Linear(WIDTH, WIDTH))
        self.text_norm = nn.RMSNorm(WIDTH)
        self.blocks = nn.ModuleList(Block() for _ in range(DEPTH))
        self.table = nn.Parameter(torch.randn(2, WIDTH) / WIDTH**0.5)
        self.last = nn.Linear(WIDTH, CHANNELS)

    def forward(self, latent, sinusoids, text):
        x = self.embed(latent).flatten(2).transpose(1, 2)
        t = self.time(sinusoids)
        y = self.text_norm(self.text(text))
        shared = self.shared(F.silu(t))
        for block in self.blocks:
            x = block(x, y, shared)
        shift, scale = (self.table + t[:, None]).chunk(2, 1)
        return self.last(F.layer_norm(x, (WIDTH,)) * (1 + scale) + shift)


def main(batch, compiled):
    torch.manual_seed(1)
    torch.backends.cudnn.benchmark = True
    model = Sana().cuda().bfloat16()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-5, fused=True)
    if compiled:
        for block in model.blocks:
            block.compile(dynamic=False)
    draw = lambda *shape: torch.randn(*shape, device="cuda", dtype=torch.bfloat16)
    latent, sinusoids, text = draw(batch, CHANNELS, GRID, GRID), draw(batch, 256), draw(batch, TEXT, TEXT_WIDTH)
    wanted = draw(batch, GRID * GRID, CHANNELS)
    times, began = [], time.time()
    for step in range(13):
        start, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        start.record()
        F.mse_loss(model(latent, sinusoids, text), wanted).backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        end.record()
        torch.cuda.synchronize()
        if step == 0:
            ready = time.time() - began
        if step >= 3:
            times.append(start.elapsed_time(end))
    parameters = sum(p.numel() for p in model.parameters())
    print(
        f"PyTorch {torch.__version__} {'compiled' if compiled else 'eager'}, bfloat16 AdamW, batch {batch}:"
        f" {parameters:,} parameters, {sorted(times)[5]:.1f} ms a step,"
        f" at most {torch.cuda.max_memory_allocated() >> 20} MiB, first step after {ready:.0f} s",
        flush=True,
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), "compiled" in sys.argv[2:])
