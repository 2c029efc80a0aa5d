"""Does bf16 with fp32 masters learn what fp32 learns? Loss curves of both, over several seeds.

    python -m benchmarks.precision_curves [--steps N] [--seeds N] [--device cuda]

A small decoder on the bytes of the tales, trained by the studio's own update in both precisions.
The noise is what another seed changes in fp32; bf16 holds where its curve lies within it. Works
without bf16 hardware too, where products are emulated: slowly, but with the same digits' width.
"""

from __future__ import annotations

import argparse
import itertools
import statistics

import numpy as np
from numpy.typing import NDArray

from benchmarks.machine import machine
from benchmarks.network import build_updater
from sslstudio.corpora.samples.tales import tales
from sslstudio.models.configuration import ModelConfig

_CONFIG = ModelConfig(
    architecture="decoder",
    vocab_size=256,
    context=64,
    layers=2,
    width=96,
    heads=3,
    kv_heads=3,
    ffn_width=256,
)
_ROWS, _RATE, _POINTS = 16, 2e-3, 10


def text_ids() -> NDArray[np.int64]:
    """Return some stories as bytes."""
    text = "\n\n".join(itertools.islice(tales(5), 600))
    return np.frombuffer(text.encode("ascii", "replace"), dtype=np.uint8).astype(np.int64)


def curve(precision: str, seed: int, steps: int, device: str) -> list[float]:
    """Return the mean training loss of each tenth of the run, nats a byte."""
    updater = build_updater(
        _CONFIG, text_ids(), rows=_ROWS, precision=precision, device=device, seed=seed
    )
    losses = [
        float(updater.take(step, _RATE * min(1.0, (step + 1) / 20)).mean_loss)
        for step in range(steps)
    ]
    size = max(1, steps // _POINTS)
    return [statistics.fmean(losses[i : i + size]) for i in range(0, steps, size)]


def main() -> None:
    """Print both curves, their difference and the noise."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--device", default="cpu")
    options = parser.parse_args()
    print(machine())
    curves = {
        precision: np.array(
            [curve(precision, s, options.steps, options.device) for s in range(options.seeds)]
        )
        for precision in ("fp32", "bf16")
    }
    fp32, bf16 = curves["fp32"], curves["bf16"]
    print("| step | fp32 | bf16 | bf16 - fp32, same seed | fp32, spread over seeds |")
    print("|---|---|---|---|---|")
    for point in range(fp32.shape[1]):
        step = (point + 1) * max(1, options.steps // _POINTS)
        print(
            f"| {step} | {fp32[:, point].mean():.4f} | {bf16[:, point].mean():.4f} | "
            f"{(bf16 - fp32)[:, point].mean():+.4f} | {np.ptp(fp32[:, point]):.4f} |"
        )


if __name__ == "__main__":
    main()
