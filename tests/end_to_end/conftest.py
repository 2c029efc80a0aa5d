"""A small recipe on text of our own, and one finished run of it for all tests to look at."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from sslstudio.cli import main
from sslstudio.corpora.samples.tales import tales

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
