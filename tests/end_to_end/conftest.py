"""A small recipe on text of our own, and one finished run of it for all tests to look at."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sslstudio.cli import main
from sslstudio.corpora.samples.tales import tales
from sslstudio.recipe import Recipe

_ROOT = str(Path(__file__).resolve().parents[2])
if _ROOT not in sys.path:  # for tests.end_to_end.forks, whatever pytest was called with
    sys.path.insert(0, _ROOT)

from tests.end_to_end.forks import Forks  # noqa: E402

RECIPE = """
name = "small"
[[corpora]]
path = "{text}"
documents = "paragraph"
[tokenizer]
vocab_size = 420
[model]
preset = "nano"
context = 32
layers = 2
width = 32
heads = 2
kv_heads = 1
ffn_width = 64
dropout = 0.1
[training]
steps = 40
batch_tokens = 256
micro_batch = 3
log_every = 7
[evaluation]
every = 20
tokens = 512
[samples]
every = 20
max_tokens = 8
[checkpoints]
every = 10
keep = 2
"""


@pytest.fixture(scope="session")
def recipe_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recipe file beside the text that it names."""
    folder = tmp_path_factory.mktemp("recipe")
    text = "\n\n".join(t.replace("\n", " ") for t in itertools.islice(tales(3), 200))
    (folder / "tales.txt").write_text(text, encoding="utf-8")
    path = folder / "small.toml"
    path.write_text(RECIPE.format(text="tales.txt"), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def finished_run(recipe_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run that was trained to its end by the command line."""
    runs = tmp_path_factory.mktemp("runs")
    assert main(["train", str(recipe_path), "--runs", str(runs), "--device", "cpu"]) == 0
    (run,) = runs.iterdir()
    return run


@pytest.fixture(scope="session")
def forks() -> Iterator[Forks]:
    """The process from which commands are forked that shall be killed."""
    started = Forks()
    yield started
    started.close()


@pytest.fixture(scope="session")
def hasty_recipe(recipe_path: Path) -> Path:
    """The small recipe, saving after every one of its twenty steps."""
    settings = ["training.steps=20", "checkpoints.every=1", "samples.every=0"]
    settings += ["evaluation.every=1000", "training.log_every=1"]
    path = recipe_path.with_name("hasty.toml")
    Recipe.load(recipe_path).with_settings(settings).save(path)
    return path


@pytest.fixture(scope="session")
def hasty_run(hasty_recipe: Path, forks: Forks, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the run of ``hasty_recipe`` that nothing befell."""
    runs = tmp_path_factory.mktemp("hasty")
    words = ["train", str(hasty_recipe), "--runs", str(runs / "runs"), "--device", "cpu"]
    assert forks.run(words, runs / "log") == 0, (runs / "log").read_text(encoding="utf-8")
    (run,) = (runs / "runs").iterdir()
    return run
