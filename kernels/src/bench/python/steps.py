"""Forward and backward of one training step in PyTorch, beside `GpuBench step:NAME`: no data, loss or optimiser.

Usage: steps.py [eager] [compiled]. Prints milliseconds of the median step, replayed as one CUDA graph where that works.
float32 with TF32 products, and bfloat16 autocast; channels last; batch norms in training.
"""
import sys
import time

import torch

from peers import Detection

BATCH, SIDE = 64, 416


def step_of(model, image, dtype, cotangents):
    def step():
        with torch.autocast("cuda", dtype=dtype, enabled=dtype is not torch.float32):
            out = model(image)
        outs = out if isinstance(out, (tuple, list)) else [out]
        if not cotangents:
            cotangents.extend(torch.randn_like(o) for o in outs)
        torch.autograd.backward(list(outs), cotangents)

    return step


def timed(step, runs=30):
    times = []
    for _ in range(runs):
        start, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        start.record()
        step()
        end.record()
        torch.cuda.synchronize()
        times.append(start.elapsed_time(end))
    return sorted(times)[runs // 2]


def graphed(model, step):
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for _ in range(3):
            model.zero_grad(set_to_none=True)
            step()
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    model.zero_grad(set_to_none=True)
    with torch.cuda.graph(graph):
        step()
    return graph.replay


def main(modes):
    torch.backends.cuda.matmul.allow_tf32 = True
    torch.backends.cudnn.allow_tf32 = True
    torch.backends.cudnn.benchmark = True
    image = torch.randn(BATCH, 3, SIDE, SIDE, device="cuda").to(memory_format=torch.channels_last)
    for mode in modes:
        for dtype in (torch.float32, torch.bfloat16):
            torch._dynamo.reset()
            model = Detection().cuda().train().to(memory_format=torch.channels_last)
            started = time.time()
            runner = torch.compile(model) if mode == "compiled" else model
            step = step_of(runner, image, dtype, [])
            for _ in range(5):
                model.zero_grad(set_to_none=True)
                step()
            torch.cuda.synchronize()
            ready = time.time() - started
            plain = timed(step)
            torch.cuda.reset_peak_memory_stats()
            step()
            peak = torch.cuda.max_memory_allocated() >> 20
            try:
                replayed = f"{timed(graphed(model, step)):.2f}"
            except Exception as failure:  # a graph that cannot be captured is said so, not left out
                replayed = f"none ({type(failure).__name__})"
            print(f"det-b0 {SIDE} b{BATCH} {mode} {dtype}: {plain:.2f} ms, as a CUDA graph {replayed},"
                  f" peak {peak} MiB, ready after {ready:.0f} s", flush=True)


main(sys.argv[1:] or ["eager", "compiled"])
