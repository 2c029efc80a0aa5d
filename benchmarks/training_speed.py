"""Training speed beside the Hugging Face Trainer: same parameters, context, batch and precision.

    python -m benchmarks.training_speed [--sizes 10.6M 1.3M 43M] [--steps N] [--rounds N]

Needs the extra ``bench`` (transformers, accelerate). Both sides train in turn in one process, on
the same random ids, with AdamW, clipping and all threads; precision is bf16 where this processor
has it, else fp32 on both sides. Theirs is ``Trainer`` with ``LlamaForCausalLM``; ours is the
studio's own update (sampling, masks, loss, clipping, AdamW), compiled and plain. The floor is
what the matrix products of a step take alone. Figures are medians over all steps of all rounds.
"""

from __future__ import annotations

import argparse
import dataclasses
import statistics
import time
import warnings
from collections.abc import Callable
from typing import Any

from sslstudio.neighbours import wait_briefly

wait_briefly()

import numpy as np  # noqa: E402
import torch  # noqa: E402

from benchmarks.machine import machine  # noqa: E402
from benchmarks.network import build_updater  # noqa: E402
from benchmarks.peers import trainer_seconds  # noqa: E402
from sslstudio.models.configuration import ModelConfig  # noqa: E402
from sslstudio.training.precision import choose_precision, dtype_of_weights  # noqa: E402

CONTEXT, ROWS = 256, 16
_AIMS = {"1.3M": 1.3, "10.6M": 2.0, "43M": 1.7}


def config_of(size: str) -> ModelConfig:
    """Return the shape of one of the three sizes."""
    shapes = {
        "1.3M": (4096, 128, 4, 4, 4, 352),
        "10.6M": (256, 384, 6, 6, 6, 1024),
        "43M": (16384, 512, 12, 8, 4, 1376),
    }
    vocab, width, layers, heads, kv_heads, ffn = shapes[size]
    return ModelConfig(
        architecture="decoder",
        vocab_size=vocab,
        context=CONTEXT,
        layers=layers,
        width=width,
        heads=heads,
        kv_heads=kv_heads,
        ffn_width=ffn,
    )


def theirs(config: ModelConfig, ids: Any, precision: str, steps: int) -> list[float]:
    """Return the seconds of each of ``steps`` steps of the Hugging Face Trainer."""
    return trainer_seconds(
        config,
        ids,
        rows_at_once=ROWS,
        rows_a_step=ROWS,
        steps=steps,
        bf16=precision == "bf16",
        use_cpu=True,
    )


def ours(config: ModelConfig, ids: Any, precision: str, compile_: str) -> Callable[[int], float]:
    """Return a function that takes one update and returns its seconds."""
    updater = build_updater(
        config, ids, rows=ROWS, precision=precision, compile_=compile_, device="cpu"
    )
    done = 0

    def step(_number: int) -> float:
        nonlocal done
        began = time.perf_counter()
        updater.take(done, 1e-4)
        done += 1
        return time.perf_counter() - began

    step(0), step(0)  # compiles
    return step


def floor(config: ModelConfig, precision: str, repeats: int = 3) -> float:
    """Return the seconds that a step's products with weight matrices take by themselves."""
    dtype, tokens = dtype_of_weights(precision), ROWS * CONTEXT
    d, kv, f = config.width, config.kv_heads * config.head_dim, config.ffn_width
    shapes = [(d, d), (d, d), (d, kv), (d, kv), (d, f), (d, f), (f, d)] * config.layers
    products = []
    for inside, outside in [*shapes, (d, config.vocab_size)]:
        sizes = ((tokens, inside), (outside, inside), (tokens, outside))
        products.append(tuple(torch.randn(s, dtype=dtype) for s in sizes))
    times = []
    for _ in range(repeats + 1):
        began = time.perf_counter()
        for read, weight, gradient in products:
            _ = read @ weight.t(), gradient @ weight, gradient.t() @ read
        times.append(time.perf_counter() - began)
    return min(times[1:])


@dataclasses.dataclass
class Row:
    """Medians of one size, in seconds a step."""

    size: str
    theirs: float
    plain: float
    compiled: float
    floor: float

    def line(self) -> str:
        """Return the row of the table."""
        tokens, best = ROWS * CONTEXT, min(self.plain, self.compiled)
        return (
            f"| {self.size:>5} | {tokens / self.theirs:8,.0f} | {tokens / self.plain:8,.0f} | "
            f"{tokens / self.compiled:8,.0f} | {self.theirs / best:5.2f} | "
            f"{_AIMS[self.size]:.1f} | {self.theirs / self.floor:5.2f} | "
            f"{self.floor / best:5.0%} |"
        )


def measure(size: str, precision: str, steps: int, rounds: int) -> Row:
    """Train both sides in turn."""
    config = config_of(size)
    count = ROWS * (steps + 4) * (CONTEXT + 1) * 2
    ids = np.random.default_rng(0).integers(0, config.vocab_size, count)
    plain, compiled = (ours(config, ids, precision, c) for c in ("off", "on"))
    times: dict[str, list[float]] = {"theirs": [], "plain": [], "compiled": [], "floor": []}
    for _ in range(rounds):
        times["theirs"] += theirs(config, ids, precision, steps)
        times["plain"] += [plain(n) for n in range(steps)]
        times["compiled"] += [compiled(n) for n in range(steps)]
        times["floor"].append(floor(config, precision))
    return Row(size, *(statistics.median(times[k]) for k in times))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", nargs="+", default=["1.3M", "10.6M", "43M"], choices=_AIMS)
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    precision = choose_precision("auto", torch.device("cpu"), 256)
    print(f"{machine()}, {precision}, {ROWS} rows of {CONTEXT} tokens, tokens/s")
    print(
        "|  size | HF Trainer | ours plain | compiled | ratio | aim | ratio at the floor | floor |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for size in options.sizes:
        print(measure(size, precision, options.steps, options.rounds).line(), flush=True)


if __name__ == "__main__":
    try:
        import accelerate
        import transformers  # noqa: F401
    except ImportError:
        print("needs transformers and accelerate: pip install '.[bench]'")
    else:
        assert accelerate
        main()
