"""The range test reads its losses rightly, and leaves everything as it found it."""

from __future__ import annotations

import contextlib
import json
import math
from pathlib import Path

import pytest
import torch

from sslstudio.cli import main
from sslstudio.errors import SSLStudioError
from sslstudio.training.rate_range import (
    everything_put_back,
    geometric,
    is_too_high,
    judged,
    range_test,
    smoothed,
)
from sslstudio.training.update import Updater


def test_rates_rise_by_the_same_factor() -> None:
    assert geometric(1e-5, 1e-1, 5) == pytest.approx([1e-5, 1e-4, 1e-3, 1e-2, 1e-1])


def test_the_mean_is_corrected_for_its_beginning() -> None:
    # by hand: (0.1·2) / 0.1; (0.9·0.2 + 0.1·4) / 0.19; (0.9·0.58 + 0.1·1) / 0.271
    assert smoothed([2.0, 4.0, 1.0]) == pytest.approx([2.0, 0.58 / 0.19, 0.622 / 0.271])
    assert smoothed([3.0] * 5) == pytest.approx([3.0] * 5)


def test_a_tenth_of_the_rate_at_the_least_loss_is_suggested() -> None:
    rates = geometric(1e-5, 1e-1, 401)
    # a parabola over the logarithm: least at 1e-2, steepest where it begins
    losses = [4 + (math.log10(rate) + 2) ** 2 for rate in rates]
    found = judged(rates, losses, stopped_early=False)
    lag = 9  # steps by which an exponential mean of 0.9 trails a straight line
    at_least = rates[300 + lag] / 10
    assert found.suggested == pytest.approx(at_least, rel=0.05)
    assert found.steepest < 1e-4
    assert [p.loss for p in found.points] == losses


def test_it_ends_where_the_loss_is_four_times_its_least() -> None:
    assert not is_too_high([2.0] * 30)
    assert not is_too_high([2.0] * 30 + [20.0])  # the mean is 3.9
    assert is_too_high([2.0] * 30 + [80.0])
    assert is_too_high([2.0, math.nan])


def test_losses_that_are_no_numbers_are_left_out_or_refused() -> None:
    rates = geometric(1e-5, 1e-1, 20)
    found = judged(rates, [5.0 - 0.1 * n for n in range(15)] + [math.inf], stopped_early=True)
    assert len(found.points) == 15
    with pytest.raises(SSLStudioError, match="no number"):
        judged(rates, [5.0, math.nan], stopped_early=True)


@pytest.mark.parametrize("optimizer", ["adamw", "muon"])
def test_everything_is_put_back_bit_for_bit(assembled, optimizer: str) -> None:  # type: ignore[no-untyped-def]
    m = assembled("model.dropout=0.2", f"training.optimizer={optimizer}")
    updater = Updater(m)
    for step in range(3):
        updater.take(step, 1e-3)
    weights = {k: v.clone() for k, v in m.master.state_dict().items()}
    moments = [{k: v.clone() for k, v in s.items()} for s in m.optimizers.state.values()]
    generator = torch.get_rng_state()
    found = range_test(m, steps=25)
    assert len(found.points) >= 10
    assert found.points[0].rate == 1e-5
    for name, value in m.master.state_dict().items():
        assert torch.equal(value, weights[name]), name
    for before, state in zip(moments, m.optimizers.state.values(), strict=True):
        assert before.keys() == state.keys()
        assert all(torch.equal(before[key], state[key]) for key in before)
    assert torch.equal(generator, torch.get_rng_state())
    with contextlib.suppress(ZeroDivisionError), everything_put_back(m):
        m.begin_anew()
        _ = 1 / 0
    assert torch.equal(m.master.embedding.weight, weights["embedding.weight"])


def test_the_command_writes_no_run_and_prints_a_suggestion(
    text_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recipe = tmp_path / "r.toml"
    recipe.write_text(
        f'[[corpora]]\npath = "{text_path}"\n[model]\ncontext = 16\nlayers = 1\nwidth = 16\n'
        "heads = 2\nffn_width = 32\n[training]\nbatch_tokens = 64\n[tokenizer]\n"
        'kind = "characters"\n',
        encoding="utf-8",
    )
    before = sorted(tmp_path.iterdir())
    assert main(["rates", str(recipe), "--steps", "30", "--device", "cpu", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert {"points", "suggested", "steepest", "stopped_early"} <= document.keys()
    assert 1e-6 <= document["suggested"] <= 1e-2
    assert main(["rates", str(recipe), "--steps", "20", "--device", "cpu"]) == 0
    assert "training.learning_rate=" in capsys.readouterr().out
    assert main(["rates", str(recipe), "--steps", "3"]) == 2
    assert sorted(tmp_path.iterdir()) == before
