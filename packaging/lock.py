"""Write requirements.lock and requirements-test.lock from pyproject.toml, with uv.

    .venv/bin/python -m pip install uv packaging
    .venv/bin/python packaging/lock.py [--upgrade]

One resolution covers Python 3.11 to 3.13 on Linux, Windows and macOS; where one version does not
fit all, the line carries a marker. Without ``--upgrade`` a pin stays as long as it fits. Two
choices are made here and not by the resolver (``CHOSEN``): the version of torch, and a PySide6
per Python. Packages that bring CUDA are left out: torch pins its own, and only where it needs
them. Takes seconds; needs the package index, which the files do not name.
"""

from __future__ import annotations

import itertools
import subprocess
import sys
import tempfile
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
RUNTIME = ROOT / "packaging" / "requirements.lock"
TESTS = ROOT / "packaging" / "requirements-test.lock"

# 6.12.0 drops references to None, True and False on CPython before 3.12 and aborts.
CHOSEN = """\
torch==2.13.0
PySide6-Essentials<6.12 ; python_version < '3.12'
PySide6-Essentials>=6.12 ; python_version >= '3.12'
"""
# What installs the project itself, pinned so that the same build backend is used everywhere.
BACKEND = "hatchling\neditables\n"
OF_CUDA = ("nvidia-", "cuda-", "triton")
TARGETS = [
    {
        "python_version": python,
        "python_full_version": f"{python}.1",
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
        **system,
    }
    for python, system in itertools.product(
        ["3.11", "3.12", "3.13"],
        [
            {"sys_platform": "linux", "platform_system": "Linux", "platform_machine": "x86_64"},
            {"sys_platform": "linux", "platform_system": "Linux", "platform_machine": "aarch64"},
            {"sys_platform": "win32", "platform_system": "Windows", "platform_machine": "AMD64"},
            {"sys_platform": "darwin", "platform_system": "Darwin", "platform_machine": "arm64"},
        ],
    )
]
HEADER = """\
# {title}
# Made by packaging/lock.py from pyproject.toml; do not edit. Python 3.11 to 3.13.
"""


def main() -> None:
    everything = resolve("--extra=test", pins=read(RUNTIME) + read(TESTS))
    runtime = resolve(pins=everything)
    names = {Requirement(line).name for line in runtime}
    tests = [line for line in everything if Requirement(line).name not in names]
    write(RUNTIME, "What the studio runs on, and the build backend that installs it.", runtime)
    write(TESTS, "What the tests and checks need beside requirements.lock.", tests)


def resolve(*arguments: str, pins: list[str]) -> list[str]:
    """Return the pins of pyproject.toml's requirements that matter on our targets."""
    with tempfile.TemporaryDirectory() as folder:
        constraints, output = Path(folder, "chosen.txt"), Path(folder, "pins.txt")
        constraints.write_text(CHOSEN, "utf-8")
        output.write_text("\n".join(pins), "utf-8")  # uv prefers what it finds there
        command = [sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", "-"]
        command += ["--universal", "--python-version=3.11", "--fork-strategy=fewest"]
        command += ["--quiet", "--no-header", "--no-annotate", f"--constraints={constraints}"]
        command += [f"--output-file={output}", *arguments, *sys.argv[1:]]
        subprocess.run(command, input=BACKEND, text=True, cwd=ROOT, check=True)
        lines = output.read_text("utf-8").splitlines()
    return [pin for line in lines if (pin := for_targets(line))]


def for_targets(line: str) -> str:
    """Drop a pin that none of our targets needs, and a marker that all of them fulfil."""
    requirement = Requirement(line)
    if requirement.name.startswith(OF_CUDA):
        return ""
    if requirement.marker is None:
        return line
    fits = [requirement.marker.evaluate(target) for target in TARGETS]
    if all(fits):
        requirement.marker = None
        return str(requirement)
    return line if any(fits) else ""


def read(lock: Path) -> list[str]:
    """Return the pins that stand in ``lock``; none when it is not there yet."""
    lines = lock.read_text("utf-8").splitlines() if lock.exists() else []
    return [line for line in lines if line and not line.startswith("#")]


def write(lock: Path, title: str, pins: list[str]) -> None:
    """Replace ``lock``."""
    lock.write_text(HEADER.format(title=title) + "\n".join(pins) + "\n", "utf-8")


if __name__ == "__main__":
    main()
