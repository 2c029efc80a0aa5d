"""Small recipes on text of our own, trained in this process."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from sslstudio.corpora.preparation import prepare
from sslstudio.corpora.samples.tales import tales
from sslstudio.events import Event
from sslstudio.recipe import Recipe
from sslstudio.runs import RunFolder
from sslstudio.training.assembly import assemble
from sslstudio.training.control import Control
from sslstudio.training.materials import Materials
from sslstudio.training.processes import Processes
from sslstudio.training.resolve import resolve
from sslstudio.training.session import RunResult, train

_RECIPE = """
name = "small"
[[corpora]]
path = "{text}"
documents = "paragraph"
[tokenizer]
kind = "characters"
[model]
preset = "nano"
context = 32
layers = 2
width = 32
heads = 2
ffn_width = 64
[training]
steps = 12
batch_tokens = 256
log_every = 4
learning_rate = 0.003
[evaluation]
every = 6
tokens = 512
[samples]
every = 6
max_tokens = 8
[checkpoints]
every = 6
"""


@dataclasses.dataclass
class Trained:
    """A run and what it told."""

    result: RunResult
    events: list[Event]

    @property
    def path(self) -> Path:
        assert self.result.path is not None
        return self.result.path


Train = Callable[..., Trained]


@pytest.fixture(scope="session")
def text_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("text") / "tales.txt"
    stories = [t.replace("\n", " ") for t in itertools.islice(tales(5), 100)]
    path.write_text("\n\n".join(stories), encoding="utf-8")
    return path


@pytest.fixture
def train_small(text_path: Path, tmp_path: Path) -> Train:
    """Train the small recipe with ``settings``; ``on_event(event, control)`` may interfere."""

    def run(
        *settings: str,
        on_event: Callable[[Event, Control], None] = lambda _e, _c: None,
        device: str = "cpu",
    ) -> Trained:
        recipe = Recipe.from_toml(_RECIPE.format(text=text_path)).with_settings(settings)
        control, events = Control(), []

        def emit(event: Event) -> None:
            events.append(event)
            on_event(event, control)

        result = train(recipe, runs_dir=tmp_path, device=device, control=control, emit=emit)
        return Trained(result, events)

    return run


@pytest.fixture
def assembled(text_path: Path, tmp_path: Path) -> Callable[..., Materials]:
    """Build what a trainer of the small recipe works with, with ``settings``; nothing trains."""

    def build(*settings: str) -> Materials:
        recipe = Recipe.from_toml(_RECIPE.format(text=text_path)).with_settings(settings)
        data, device = prepare(recipe), torch.device("cpu")
        resolved = resolve(
            recipe,
            vocab_size=data.tokenizer.vocab_size,
            train_tokens=len(data.train.ids),
            device=device,
            data=data.facts,
        )
        return assemble(resolved, RunFolder(tmp_path), data, device, Processes())

    return build
