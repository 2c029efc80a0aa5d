"""What only a graphics card can show; skipped where torch finds none."""

from __future__ import annotations

import pytest
import torch

from benchmarks.memory_plan import config_of, measured_peak, planned_peak
from benchmarks.network import build_updater
from sslstudio.training.update import Updater

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device"),
]


def _updater(**settings: object) -> Updater:
    config = config_of("nano", {})
    ids = torch.randint(0, config.vocab_size, (100_000,)).numpy()
    return build_updater(config, ids, rows=16, device="cuda", **settings)  # type: ignore[arg-type]


@pytest.mark.parametrize("compile_", ["off", "on"])
def test_bf16_follows_fp32(compile_: str) -> None:
    losses = {}
    for precision in ("fp32", "bf16"):
        updater = _updater(precision=precision, compile_=compile_)
        losses[precision] = [float(updater.take(step, 1e-3).mean_loss) for step in range(30)]
    assert losses["bf16"] == pytest.approx(losses["fp32"], rel=0.01)


def test_a_step_that_is_not_finite_is_left_out_without_asking_the_card() -> None:
    updater = _updater()
    updater.take(0, 1e-3)
    before = {name: value.clone() for name, value in updater.materials.master.state_dict().items()}
    hook = updater.materials.master.head_weight.register_hook(
        lambda gradient: torch.full_like(gradient, float("nan"))
    )
    assert float(updater.take(1, 1e-3).is_skipped) == 1
    hook.remove()
    for name, value in updater.materials.master.state_dict().items():
        assert torch.equal(value, before[name]), name
    assert float(updater.take(2, 1e-3).is_skipped) == 0


def test_rows_are_halved_when_the_card_is_full() -> None:
    plain, squeezed = _updater(), _updater()
    wanted = plain.take(0, 1e-3)
    free, total = torch.cuda.mem_get_info()
    torch.cuda.empty_cache()
    used = total - free
    torch.cuda.set_per_process_memory_fraction((used + 60e6) / total)
    shrunk: list[tuple[int, int]] = []
    squeezed.on_shrink = lambda *rows: shrunk.append(rows)
    try:
        found = squeezed.take(0, 1e-3)
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0)
    assert shrunk
    assert found.divisor == wanted.divisor
    assert float(found.mean_loss) == pytest.approx(float(wanted.mean_loss), rel=1e-4)


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
@pytest.mark.parametrize("recompute", ["off", "on"])
def test_the_planned_peak_is_within_a_tenth(precision: str, recompute: str) -> None:
    config = config_of("base", {})
    settings = {"device": "cuda", "precision": precision, "recompute": recompute}
    real = measured_peak(config, 16, **settings)
    assert planned_peak(config, 16, **settings) == pytest.approx(real, rel=0.1)
