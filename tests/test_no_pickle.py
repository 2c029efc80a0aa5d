"""Nothing is ever unpickled: no module of the program can, whatever a file holds."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

_PACKAGE = Path(__file__).resolve().parents[1] / "sslstudio"
_MODULES = frozenset(
    ("pickle", "_pickle", "cPickle", "cloudpickle", "dill", "shelve", "marshal", "joblib")
)
# torch.load and its like, pandas.read_pickle; of numpy.load only where it allows pickles
_CALLS = frozenset(("read_pickle", "load_state_dict_from_url"))
_OF_TORCH = frozenset(("load", "save", "jit", "package", "serialization", "hub"))


def _offences(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the line and the name of everything that could unpickle."""
    torch_names = {"torch"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name == "torch":
                    torch_names.add(alias.asname or "torch")
                yield from _module_offence(node.lineno, alias.name)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from _module_offence(node.lineno, node.module)
            for alias in node.names:
                yield from _module_offence(node.lineno, f"{node.module}.{alias.name}")
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            of_torch = isinstance(node.value, ast.Name) and node.value.id in torch_names
            if (of_torch and node.attr in _OF_TORCH) or node.attr in _CALLS:
                yield node.lineno, node.attr
        elif isinstance(node, ast.keyword) and node.arg == "allow_pickle":
            if not (isinstance(node.value, ast.Constant) and node.value.value is False):
                yield node.value.lineno, "allow_pickle"
        elif isinstance(node, ast.Name) and node.id == "__import__":
            yield node.lineno, "__import__"


def _module_offence(line: int, name: str) -> Iterator[tuple[int, str]]:
    first, _, rest = name.partition(".")
    if first in _MODULES or (first == "torch" and rest.partition(".")[0] in _OF_TORCH):
        yield line, name


def test_no_module_unpickles() -> None:
    paths = sorted(_PACKAGE.rglob("*.py"))
    assert len(paths) > 50
    found = [
        f"{path.relative_to(_PACKAGE)}:{line}: {name}"
        for path in paths
        for line, name in _offences(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not found


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "import a, dill as b",
        "from pickle import loads",
        "def f():\n    import shelve",
        "import torch\ntorch.load('x')",
        "import torch as t\nt.save(1, 'x')",
        "from torch import load",
        "from torch.serialization import load",
        "import torch\nload = torch.load",
        "import numpy as np\nnp.load('x', allow_pickle=True)",
        "import numpy as np\nnp.load('x', allow_pickle=wanted)",
        "import pandas as pd\npd.read_pickle('x')",
        "import joblib",
        "__import__('pickle')",
    ],
)
def test_what_unpickles_is_found(source: str) -> None:
    assert list(_offences(ast.parse(source)))


def test_what_does_not_is_let_pass() -> None:
    source = "import json\nimport numpy as np\nnp.load('x', allow_pickle=False)\njson.load(f)"
    assert not list(_offences(ast.parse(source)))
