"""A trained model from its folder: the very weights, and no chance taken from a run beside it."""

from __future__ import annotations

import pytest
import torch
from safetensors.torch import load_file

from sslstudio.runs import RunFolder
from sslstudio.training.loading import load_trained


@pytest.mark.parametrize("objective", ["causal_lm", "masked_lm"])
def test_loading_draws_nothing_from_torchs_generator(train_small, objective: str) -> None:  # type: ignore[no-untyped-def]
    """A run in another thread may be drawing its dropout from it."""
    run = RunFolder.open(train_small(f"objective.name={objective}", "training.steps=2").path)
    torch.manual_seed(5)
    before = torch.get_rng_state()
    trained = load_trained(run)
    assert torch.equal(torch.get_rng_state(), before)
    saved = load_file(run.checkpoints()[-1].path / "model.safetensors")
    loaded = trained.model.state_dict()
    assert saved.keys() == loaded.keys()
    assert all(torch.equal(saved[name], loaded[name]) for name in saved)


def test_a_loaded_model_says_what_the_trained_one_did(train_small) -> None:  # type: ignore[no-untyped-def]
    """Also what is in no checkpoint, as the tables of positions, is there."""
    from sslstudio.evaluation.suites import evaluate
    from sslstudio.events import EvaluationEvent

    run = train_small()
    told = [e for e in run.events if isinstance(e, EvaluationEvent)][-1].loss
    found = evaluate(run.path, suites=["perplexity"])
    assert str(round(told, 5)) in str(_rounded(found))


def _rounded(value: object) -> object:
    if isinstance(value, dict):
        return {key: _rounded(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(inner) for inner in value]
    return round(value, 5) if isinstance(value, float) else value
