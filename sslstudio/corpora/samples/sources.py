"""Python source files that are already on this computer, found without importing anything.

Stands before ``handbook`` and ``code``: names of packages go in, paths and their text come out,
sorted, so that the same installed files give the same corpus. Costs a walk of the folders, about
0.2 s for torch. Does not know what the text is used for.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
import sysconfig
from collections.abc import Callable, Iterator
from pathlib import Path

from sslstudio.errors import Cancelled

NEVER = lambda: False  # noqa: E731 - a default, written once
SKIPPED_FOLDERS = frozenset(
    {
        "__pycache__", "site-packages", "dist-packages", "test", "tests", "idle_test",
        "idlelib", "lib2to3", "turtledemo", "ensurepip", "__phello__", "_internal",
        "_vendor", "vendor", "vendored", "third_party", "pydoc_data",
    }
)  # fmt: skip
_DISTRIBUTIONS = {"sklearn": "scikit-learn"}


def standard_library() -> Path:
    """Return the folder of the Python library that is running."""
    return Path(sysconfig.get_paths()["stdlib"])


def package_folders(name: str) -> list[Path]:
    """Return where the sources of the installed top-level package ``name`` lie; [] if nowhere."""
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        return []
    if spec is None or spec.submodule_search_locations is None:
        return []
    return [Path(folder) for folder in sorted(spec.submodule_search_locations)]


def package_versions(names: tuple[str, ...]) -> dict[str, str]:
    """Return name -> version for Python itself and those of ``names`` that are installed."""
    versions = {"python": platform.python_version()}
    for name in names:
        if package_folders(name):
            try:
                versions[name] = importlib.metadata.version(_DISTRIBUTIONS.get(name, name))
            except importlib.metadata.PackageNotFoundError:
                versions[name] = "unknown"
    return versions


def python_files(folder: Path, cancelled: Callable[[], bool]) -> Iterator[Path]:
    """Yield the ``.py`` files under ``folder``, tests and vendored copies left out, sorted.

    Raises:
        Cancelled: ``cancelled()`` said so; asked once a folder.
    """
    for root, folders, files in os.walk(folder):
        if cancelled():
            raise Cancelled
        folders[:] = sorted(name for name in folders if name not in SKIPPED_FOLDERS)
        for name in sorted(files):
            if name.endswith(".py") and not name.startswith("test_"):
                yield Path(root) / name


def read_source(path: Path, most_bytes: int) -> str:
    """Return the text of ``path``; empty where it is unreadable, not UTF-8, or too large."""
    try:
        if path.stat().st_size > most_bytes:
            return ""
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def module_name(path: Path, folder: Path, package: str) -> str:
    """Return the dotted name of the module at ``path`` inside ``package`` at ``folder``."""
    parts = (*([package] if package else []), *path.relative_to(folder).with_suffix("").parts)
    return ".".join(part for part in parts if part != "__init__") or package
