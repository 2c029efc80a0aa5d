"""A child that meets the compiler first changes nothing, and can be told to stop."""

from __future__ import annotations

import dataclasses
import threading
import time

import pytest
import torch

from sslstudio.models.configuration import ModelConfig
from sslstudio.recipe import Recipe, TrainingOptions
from sslstudio.training import warm_compiler

_CONFIG = ModelConfig(
    architecture="decoder",
    vocab_size=20,
    context=8,
    layers=1,
    width=8,
    heads=2,
    kv_heads=1,
    ffn_width=16,
)


def _settings(compile_: str) -> TrainingOptions:
    return dataclasses.replace(
        Recipe.default().training, compile=compile_, micro_batch=2, precision="fp32"
    )


def test_a_child_is_wanted_only_where_somebody_else_lives_in_the_process() -> None:
    assert not warm_compiler.is_wanted(_settings("on"))
    said: list[bool] = []
    for kind in ("on", "off"):
        beside = threading.Thread(
            target=lambda kind=kind: said.append(warm_compiler.is_wanted(_settings(kind)))
        )
        beside.start()
        beside.join()
    assert said == [True, False]


def test_the_child_reads_its_settings_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[ModelConfig, TrainingOptions]] = []
    monkeypatch.setattr(
        warm_compiler,
        "compile_once",
        lambda config, training, _device: seen.append((config, training)),
    )
    commands: list[list[str]] = []

    class Child:
        def __init__(self, command: list[str], **_more: object) -> None:
            commands.append(command)
            warm_compiler.main(command[3:])

        def __enter__(self) -> Child:
            return self

        def __exit__(self, *_: object) -> None:
            return None

        def wait(self, _timeout: float) -> int:
            return 0

    monkeypatch.setattr("subprocess.Popen", Child)
    warm_compiler.warm(_CONFIG, _settings("on"), torch.device("cpu"), lambda: False)
    assert seen == [(_CONFIG, _settings("on"))]
    assert commands[0][1:3] == ["-m", "sslstudio.training.warm_compiler"]


def test_stopping_ends_the_child_at_once() -> None:
    began = time.monotonic()
    warm_compiler.warm(_CONFIG, _settings("off"), torch.device("cpu"), lambda: True)
    assert time.monotonic() - began < 2  # torch alone takes longer to import
