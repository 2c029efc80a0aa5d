"""The planned peak of memory beside the real one, for many shapes.

    python -m benchmarks.memory_plan

The real one is counted by ``sslstudio/training/counting.py``, which shares no figure with the
plan. ``--device cuda`` asks the allocator of a graphics card. Blocks are not compiled.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

from benchmarks.machine import machine
from benchmarks.network import build_updater
from sslstudio.models.configuration import ModelConfig
from sslstudio.training.counting import peak_of_a_step
from sslstudio.training.memory_model import StepShape, peak_memory

# layers, width, heads, kv heads, feed-forward, vocabulary, context, rows of a step
SHAPES = {
    "nano": (4, 128, 4, 4, 352, 4096, 128, 16),
    "nano, long": (4, 128, 4, 4, 352, 4096, 512, 4),
    "10.6M": (6, 384, 6, 6, 1024, 256, 256, 4),
    "10.6M, 1 row": (6, 384, 6, 6, 1024, 256, 256, 1),
    "tiny": (6, 256, 8, 4, 688, 8192, 128, 16),
    "small": (8, 384, 6, 2, 1024, 16384, 64, 4),
    "base": (12, 512, 8, 4, 1376, 16384, 128, 4),
}
WAYS: dict[str, dict[str, Any]] = {
    "": {},
    "recompute": {"recompute": "on"},
    "two parts": {"micro_batch": -2},
    "muon": {"optimizer": "muon"},
    "dropout": {"dropout": 0.1},
    "masked": {"objective": "masked_lm"},
    "documents": {"documents": True},
    "composed": {"attention": "composed"},
    "composed, documents": {"attention": "composed", "documents": True},
    "composed, recompute": {"attention": "composed", "recompute": "on"},
}


def measured_peak(config: ModelConfig, rows: int, **settings: Any) -> int:
    """Return the real peak in bytes: what stands at the beginning of a step, and its most."""
    has_documents = settings.pop("documents", False)
    ids = np.random.default_rng(0).integers(0, config.vocab_size - 8, 200_000)
    if has_documents:
        ids[:: config.context // 3] = config.vocab_size - 1
        settings["bos"] = config.vocab_size - 1
    updater = build_updater(config, ids, rows=rows, **settings)
    updater.take(0, 1e-4)
    return peak_of_a_step(updater, 1, 1e-4)


def planned_peak(config: ModelConfig, rows: int, **settings: Any) -> int:
    """Return what the studio plans for the same step."""
    micro = settings.get("micro_batch", 0) or rows
    is_masked = settings.get("objective") == "masked_lm"
    shape = StepShape(
        rows=micro,
        is_whole=micro == rows,
        precision=settings.get("precision", "fp32"),
        optimizer=settings.get("optimizer", "adamw"),
        recompute=settings.get("recompute") == "on",
        target_share=0.15 if is_masked else 1.0,
        has_documents=bool(settings.get("documents")),
        composed=settings.get("attention") == "composed",
        device_type=settings.get("device", "cpu"),
    )
    return peak_memory(config, shape).total


def config_of(name: str, ways: dict[str, Any]) -> ModelConfig:
    """Return the configuration of a shape, in one of the ways."""
    layers, width, heads, kv_heads, ffn, vocab, context, _ = SHAPES[name]
    return ModelConfig(
        architecture="encoder" if ways.get("objective") == "masked_lm" else "decoder",
        vocab_size=vocab,
        context=context,
        layers=layers,
        width=width,
        heads=heads,
        kv_heads=kv_heads,
        ffn_width=ffn,
        dropout=ways.get("dropout", 0.0),
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--precision", default="fp32")
    parser.add_argument("--shapes", nargs="+", default=list(SHAPES), choices=SHAPES)
    options = parser.parse_args()
    print(f"{machine()}, {options.device}, {options.precision}")
    print("| shape | way | measured MB | planned MB | error |")
    print("|---|---|---|---|---|")
    worst = 0.0
    for name in options.shapes:
        for way, asked in WAYS.items():
            settings = {**asked, "device": options.device, "precision": options.precision}
            config, rows = config_of(name, settings), SHAPES[name][-1]
            settings.pop("dropout", None)
            if settings.get("micro_batch"):
                if rows < 2:
                    continue
                settings["micro_batch"] = rows // 2
            real = measured_peak(config, rows, **settings)
            planned = planned_peak(config, rows, **settings)
            error = planned / real - 1
            worst = max(worst, abs(error))
            print(
                f"| {name} | {way or 'plain'} | {real / 1e6:.1f} | {planned / 1e6:.1f} | "
                f"{error:+.1%} |",
                flush=True,
            )
    print(f"largest error {worst:.1%}")


if __name__ == "__main__":
    main()
