"""Rules of the house that import-linter does not see: late imports, Qt, and unpickling."""

from __future__ import annotations

import ast
import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "sslstudio"
UNPICKLERS = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "marshal", "shelve"}
QT = {"PySide6", "shiboken6", "pyqtgraph", "qtawesome"}

# Run in a fresh interpreter: refuses Qt, as if it were not installed.
WITHOUT_QT = """
import importlib.abc, sys
class Refuse(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"PySide6", "shiboken6", "pyqtgraph", "qtawesome"}:
            raise ModuleNotFoundError(f"No module named {name!r} (refused by this test)", name=name)
sys.meta_path.insert(0, Refuse())
"""


def _sources() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def _imported(tree: ast.AST) -> Iterator[str]:
    """Yield the full names that ``tree`` imports, at any depth."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def _run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_the_window_comes_before_torch() -> None:
    if importlib.util.find_spec("sslstudio.studio.app") is None:
        pytest.skip("there is no studio yet")
    done = _run("import sys, sslstudio.studio.app; print('torch' in sys.modules)")
    assert done.stdout.strip() == "False", done.stderr


def test_nothing_is_unpickled_or_evaluated() -> None:
    offences = []
    for path in _sources():
        tree = ast.parse(path.read_text("utf-8"))
        roots = {name.partition(".")[0] for name in _imported(tree)}
        offences += [f"{path}: import {name}" for name in sorted(roots & UNPICKLERS)]
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        for node in calls:
            words = {ast.unparse(node.func), *(word.arg for word in node.keywords)}
            found = words & {"eval", "exec", "torch.load", "allow_pickle"}
            offences += [f"{path}:{node.lineno}: {name}" for name in found]
    assert offences == []


def test_only_the_studio_imports_qt() -> None:
    offences = []
    for path in _sources():
        names = {name.partition(".")[0] for name in _imported(ast.parse(path.read_text("utf-8")))}
        if names & QT and PACKAGE / "studio" not in path.parents:
            offences.append(path)
    assert offences == []


def test_everything_but_the_studio_is_collected_without_qt(tmp_path: Path) -> None:
    # A configuration of its own: the project's names options of pytest-qt, which needs Qt.
    (tmp_path / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\n", "utf-8")
    arguments = ["--collect-only", "-qq", "-p", "no:pytest-qt", "-p", "no:cacheprovider"]
    arguments += ["--import-mode=importlib", f"--rootdir={ROOT}", "-c", f"{tmp_path}/pytest.ini"]
    arguments += ["-W", "ignore::pytest.PytestUnknownMarkWarning"]
    arguments += ["--ignore=tests/studio", "tests"]
    done = _run(f"{WITHOUT_QT}\nimport pytest\nsys.exit(pytest.main({arguments!r}))")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
