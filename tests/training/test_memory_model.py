"""The predicted peak of a step is what torch's own counters find, within a tenth."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.memory_plan import config_of, measured_peak, planned_peak
from sslstudio.models.configuration import count_parameters
from sslstudio.training.memory_model import StepShape, moment_bytes, peak_memory, weight_bytes

_WAYS: list[tuple[str, dict[str, Any]]] = [
    ("nano", {}),
    ("nano", {"recompute": "on"}),
    ("nano", {"micro_batch": 4}),
    ("nano", {"objective": "masked_lm"}),
    ("nano", {"documents": True}),
    ("nano", {"precision": "bf16"}),
    ("nano", {"attention": "composed", "documents": True}),
    ("nano", {"attention": "composed", "precision": "bf16"}),
    ("nano, long", {"attention": "composed", "recompute": "on"}),
    ("10.6M, 1 row", {"optimizer": "muon"}),
    ("10.6M, 1 row", {"dropout": 0.1}),
]


@pytest.mark.parametrize(("name", "settings"), _WAYS)
def test_the_prediction_is_within_a_tenth_of_what_torch_counts(
    name: str, settings: dict[str, Any]
) -> None:
    config, rows = config_of(name, settings), {"nano": 8, "nano, long": 2}.get(name, 1)
    settings = {k: v for k, v in settings.items() if k != "dropout"}
    real = measured_peak(config, rows, **settings)  # counted without a figure of the plan's
    assert planned_peak(config, rows, **settings) == pytest.approx(real, rel=0.1)


def test_what_stands_all_the_time_is_counted_by_hand() -> None:
    config = config_of("nano", {})
    total = count_parameters(config).total
    # 4 blocks of 4·128² and 3·128·352 numbers: Muon remembers one of each, AdamW two
    hidden = 4 * (4 * 128 * 128 + 3 * 128 * 352)
    assert weight_bytes(config, "fp32") == 4 * total
    assert weight_bytes(config, "bf16") == 6 * total
    assert moment_bytes(config, "adamw") == 8 * total
    assert moment_bytes(config, "muon") == 8 * (total - hidden) + 4 * hidden


def test_recomputing_needs_less_and_more_rows_need_more() -> None:
    config = config_of("base", {})
    plain = peak_memory(config, StepShape(rows=8)).total
    assert peak_memory(config, StepShape(rows=8, recompute=True)).total < 0.7 * plain
    assert peak_memory(config, StepShape(rows=16)).total > 1.4 * plain
