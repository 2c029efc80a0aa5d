"""Training on a graphics card: tokens/s, MFU and peak memory beside the Hugging Face Trainer.

    python -m benchmarks.gpu [--sizes 124M 350M] [--rows N]

124 M and 350 M parameters at a context of 1,024 in bf16: the studio's own update plain and
compiled, and ``Trainer`` with ``LlamaForCausalLM`` (extra ``bench``). MFU counts
6·N_mat + 12·L·d·T operations a token (reference §4.3) against the card's dense bf16 peak. Rows
are halved until they fit. Skips with a sentence where there is no card.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from benchmarks.machine import machine
from benchmarks.network import build_updater
from benchmarks.peers import trainer_seconds
from sslstudio.models.configuration import ModelConfig, count_parameters
from sslstudio.training.memory import is_out_of_memory
from sslstudio.training.plan import flops_per_token

CONTEXT, VOCABULARY, ROWS_A_STEP = 1024, 50_304, 64
_SHAPES = {"124M": (768, 12, 12, 12, 2048), "350M": (1024, 24, 16, 16, 2816)}
# dense bf16, operations a second, by a word of the card's name
_PEAKS = {"H200": 989e12, "H100": 989e12, "A100": 312e12, "4090": 165e12, "3090": 71e12}
_WARM_UP, _STEPS = 3, 10


def config_of(size: str) -> ModelConfig:
    """Return the shape of one of the sizes."""
    width, layers, heads, kv_heads, ffn = _SHAPES[size]
    return ModelConfig(
        architecture="decoder",
        vocab_size=VOCABULARY,
        context=CONTEXT,
        layers=layers,
        width=width,
        heads=heads,
        kv_heads=kv_heads,
        ffn_width=ffn,
    )


def ours(config: ModelConfig, ids: Any, rows: int, compile_: str) -> float:
    """Return the median seconds of a step of the studio's update."""
    updater = build_updater(
        config,
        ids,
        rows=ROWS_A_STEP,
        micro_batch=rows,
        precision="bf16",
        compile_=compile_,
        device="cuda",
    )
    times = []
    for step in range(_WARM_UP + _STEPS):
        began = time.perf_counter()
        updater.take(step, 1e-4)
        torch.cuda.synchronize()
        times.append(time.perf_counter() - began)
    return statistics.median(times[_WARM_UP:])


def theirs(config: ModelConfig, ids: Any, rows: int) -> float:
    """Return the median seconds of a step of the Hugging Face Trainer in bf16."""
    seconds = trainer_seconds(
        config,
        ids,
        rows_at_once=rows,
        rows_a_step=ROWS_A_STEP,
        steps=_WARM_UP + _STEPS,
        bf16=True,
    )
    return statistics.median(seconds[_WARM_UP:])


def fitting(run: Callable[[int], float], rows: int) -> tuple[float, int, float]:
    """Run with ``rows`` at once, halved until they fit; returns seconds, rows, peak gigabytes."""
    while True:
        gc.collect()
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats()
        try:
            return run(rows), rows, torch.cuda.max_memory_allocated() / 1e9
        except (RuntimeError, torch.OutOfMemoryError) as error:
            if not is_out_of_memory(error) or rows == 1:
                raise
        rows //= 2


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", nargs="+", default=list(_SHAPES), choices=_SHAPES)
    parser.add_argument("--rows", type=int, default=32, help="rows at once, at first")
    options = parser.parse_args()
    if not torch.cuda.is_available():
        print("There is no graphics card here that torch can use, so nothing was measured.")
        return
    warnings.simplefilter("ignore")
    name = torch.cuda.get_device_name()
    peak = next((p for word, p in _PEAKS.items() if word in name), float("nan"))
    print(f"{name}; {machine()}; bf16, context {CONTEXT}, {ROWS_A_STEP} rows a step")
    print("| size | who | rows at once | tokens/s | MFU | peak GB | ratio |")
    print("|---|---|---|---|---|---|---|")
    for size in options.sizes:
        config = config_of(size)
        count = (_WARM_UP + _STEPS + 3) * ROWS_A_STEP * (CONTEXT + 1)
        ids = np.random.default_rng(0).integers(0, VOCABULARY, count)
        rows = {
            "HF Trainer": fitting(lambda r: theirs(config, ids, r), options.rows),  # noqa: B023
            "ours, plain": fitting(lambda r: ours(config, ids, r, "off"), options.rows),  # noqa: B023
            "ours, compiled": fitting(lambda r: ours(config, ids, r, "on"), options.rows),  # noqa: B023
        }
        for who, (seconds, at_once, gigabytes) in rows.items():
            speed = ROWS_A_STEP * CONTEXT / seconds
            mfu = speed * flops_per_token(config) / peak
            ratio = rows["HF Trainer"][0] / seconds
            print(
                f"| {size} ({count_parameters(config).total / 1e6:.0f} M) | {who} | {at_once} | "
                f"{speed:,.0f} | {mfu:.1%} | {gigabytes:.1f} | {ratio:.2f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
