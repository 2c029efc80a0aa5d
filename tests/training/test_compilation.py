"""The compiler: asked for only where it pays, the same digits within rounding, done without."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch

from sslstudio.errors import DeviceError
from sslstudio.events import EvaluationEvent, MessageEvent, StepEvent
from sslstudio.models import running
from sslstudio.models.configuration import ModelConfig
from sslstudio.recipe import TrainingOptions
from sslstudio.runs import RunFolder
from sslstudio.storage import sha256_of
from sslstudio.training import attention_choice, compilation, going_on
from sslstudio.training.compilation import (
    can_compile,
    choose_compile,
    failure_named,
    is_compiler_failure,
)
from sslstudio.training.control import Control
from sslstudio.training.session import resume

Train = Callable[..., object]
_CPU = torch.device("cpu")


@pytest.fixture
def no_compiler(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the probe fail as it does where there is no g++."""

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("no working C++ compiler found")

    can_compile.cache_clear()
    monkeypatch.setattr(torch, "compile", fail)
    yield
    can_compile.cache_clear()


def needs_a_compiler() -> None:
    if not can_compile("cpu"):
        pytest.skip("this machine has no compiler for torch")


def _losses(run) -> list[float]:  # type: ignore[no-untyped-def]
    return [e.loss for e in run.events if isinstance(e, (StepEvent, EvaluationEvent))]


def _end(path: Path) -> str:
    return sha256_of(RunFolder.open(path).checkpoints()[-1].path / "model.safetensors")


@pytest.mark.usefixtures("no_compiler")
def test_without_a_compiler_auto_goes_without_and_on_is_refused() -> None:
    assert choose_compile("auto", _CPU, 1e30) == "off"
    with pytest.raises(DeviceError, match=r"no compiler.*install g\+\+.*compile to auto"):
        choose_compile("on", _CPU, 1e30)
    assert choose_compile("off", _CPU, 1e30) == "off"


def test_auto_asks_for_it_only_where_the_run_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compilation, "can_compile", lambda _kind: True)
    cuda = torch.device("cuda")
    assert choose_compile("auto", _CPU, 1e13) == "off"
    assert choose_compile("auto", _CPU, 1e15) == "on"
    assert choose_compile("auto", cuda, 1e15) == "off"
    assert choose_compile("auto", cuda, 1e17) == "on"
    assert choose_compile("auto", torch.device("mps"), 1e30) == "off"


@pytest.mark.filterwarnings("default")  # torch's own, about its own tensors
def test_compiled_blocks_learn_what_plain_ones_do(train_small) -> None:  # type: ignore[no-untyped-def]
    needs_a_compiler()
    # one shape only, so that one variant is compiled: that takes some ten seconds
    settings = ["training.micro_batch=4", "objective.document_mask=false"]
    plain = train_small(*settings)
    fast = train_small(*settings, "training.compile=on")
    assert _losses(fast) == pytest.approx(_losses(plain), rel=1e-4)
    assert _end(fast.path) != _end(plain.path)  # or it was not compiled
    assert "uncompiled" not in [e.code for e in fast.events if isinstance(e, MessageEvent)]


@pytest.mark.parametrize("pass_", ["forward", "backward"])
def test_a_compiler_that_fails_is_done_without_and_said(  # type: ignore[no-untyped-def]
    train_small, monkeypatch: pytest.MonkeyPatch, pass_: str
) -> None:
    """The same weights, bit for bit, as a run that never asked for it."""
    from torch._inductor.exc import CppCompileError

    settings = ["training.micro_batch=3", "model.dropout=0.2", "training.attention=fused"]
    plain = train_small(*settings)
    failure = CppCompileError(["g++"], "fatal error: no space left")

    def broken(run):  # type: ignore[no-untyped-def]
        class Broken(torch.autograd.Function):
            @staticmethod
            def forward(ctx, value):  # type: ignore[no-untyped-def]
                return value.clone()

            @staticmethod
            def backward(ctx, gradient):  # type: ignore[no-untyped-def]
                raise failure

        def run_block(*arguments):  # type: ignore[no-untyped-def]
            if pass_ == "forward":
                raise failure
            return Broken.apply(run(*arguments))  # type: ignore[no-untyped-call]

        return run_block

    monkeypatch.setattr("sslstudio.training.assembly.compiled", broken)
    monkeypatch.setattr("sslstudio.training.resolve.choose_compile", lambda asked, *_: asked)
    helped = train_small(*settings, "training.compile=on")
    assert _end(helped.path) == _end(plain.path)
    said = [e for e in helped.events if isinstance(e, MessageEvent) and e.code == "uncompiled"]
    assert len(said) == 1
    assert "CppCompileError" in said[0].text
    assert "blocks run without it" in said[0].text


@pytest.mark.filterwarnings("default")
def test_what_torch_raises_for_a_missing_compiler_is_known() -> None:
    needs_a_compiler()
    import torch._inductor.config as inductor

    torch.compiler.reset()
    compiled = torch.compile(lambda x: (x * 3 - 2).tanh() * 5, dynamic=False)
    missing = {"cpp.cxx": ("no-such-compiler",), "fx_graph_cache": False}
    with inductor.patch(missing), pytest.raises(Exception, match="ompiler") as caught:
        compiled(torch.ones(7))
    assert is_compiler_failure(caught.value)
    assert "\n" not in failure_named(caught.value)
    assert not is_compiler_failure(RuntimeError("size mismatch"))


def test_a_run_that_began_compiled_goes_on_where_there_is_no_compiler(  # type: ignore[no-untyped-def]
    train_small, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sslstudio.training.assembly.compiled", lambda run: run)
    monkeypatch.setattr("sslstudio.training.resolve.choose_compile", lambda asked, *_: asked)
    run = train_small("training.compile=on", "training.attention=composed")
    monkeypatch.setattr(going_on, "can_compile", lambda _kind: False)
    said: list[str] = []
    result = resume(
        run.path,
        settings=["training.steps=14"],
        control=Control(),
        emit=lambda e: said.append(getattr(e, "text", "")),
    )
    assert result.step == 14
    assert any("no longer compiled" in text for text in said)
    changes = RunFolder.open(run.path).facts()["history"][-1]["changes"]
    assert {"key": "training.compile", "before": "on", "after": "off"} in changes


def test_who_asks_for_a_compiler_that_is_not_there_is_refused(  # type: ignore[no-untyped-def]
    train_small, no_compiler: None
) -> None:
    run = train_small("training.steps=2")
    with pytest.raises(DeviceError, match="no compiler"):
        resume(
            run.path,
            settings=["training.compile=on", "training.steps=4"],
            control=Control(),
            emit=lambda _event: None,
        )


@pytest.mark.filterwarnings("default")
def test_many_runs_in_one_process_do_not_use_up_torchs_variants(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """torch counts the variants of one function together, and gives up silently beyond a limit."""
    needs_a_compiler()
    monkeypatch.setattr(running, "_MOST_VARIANTS", 2)
    compiled_calls: list[int] = []

    def backend(graph, _inputs):  # type: ignore[no-untyped-def]
        compiled_calls.append(1)
        return graph.forward

    def scale(values: torch.Tensor) -> torch.Tensor:
        return values * 2

    with torch._dynamo.config.patch(recompile_limit=2):
        for number in range(5):
            running.compiled(scale)  # type: ignore[arg-type]
            torch.compile(scale, dynamic=False, backend=backend)(torch.ones(number + 1))
    assert len(compiled_calls) == 5


def _choosing(**changes: object) -> tuple[TrainingOptions, ModelConfig, torch.device]:
    training = TrainingOptions(micro_batch=2, compile="on", precision="fp32", learning_rate=0.01)
    config = ModelConfig(
        architecture="decoder", layers=1, width=16, heads=2, kv_heads=2, ffn_width=16,
        vocab_size=20, context=8,
    )  # fmt: skip
    return dataclasses.replace(training, **changes), config, _CPU  # type: ignore[arg-type]


@pytest.mark.usefixtures("own_cache")
def test_the_faster_attention_is_taken_but_not_by_a_run_that_must_repeat(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(attention_choice, "measured", lambda *_: (1.0, 0.5))
    assert attention_choice.choose_attention(*_choosing(deterministic=True)) == "fused"
    assert attention_choice.choose_attention(*_choosing(compile="off")) == "fused"
    assert attention_choice.choose_attention(*_choosing()) == "composed"
    # another day the stopwatch says something else: the same recipe keeps its digits
    monkeypatch.setattr(attention_choice, "measured", lambda *_: (1.0, 0.95))
    assert attention_choice.choose_attention(*_choosing()) == "composed"
    assert attention_choice.choose_attention(*_choosing(micro_batch=3)) == "fused"
    assert attention_choice.choose_attention(*_choosing(micro_batch=3)) == "fused"


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSLSTUDIO_CACHE", str(tmp_path / "cache"))


@pytest.mark.usefixtures("own_cache")
def test_a_compiler_that_fails_while_attention_is_tried_stops_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from torch._inductor.exc import CppCompileError

    def fail(*_: object) -> None:
        raise CppCompileError(["g++"], "no space left")

    monkeypatch.setattr(attention_choice, "measured", fail)
    assert attention_choice.choose_attention(*_choosing()) == "fused"
