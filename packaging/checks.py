"""Every check of the project in one go: what `bootstrap.py test` runs inside .venv.

mypy has one core and the quick checks the other; pytest comes last and has the machine to itself,
because it measures times. Its output is passed through as it comes, then a table tells how each
check ended and how long it took. The exit status is 0 only when all of them passed.

On Linux the tests get a virtual screen (Xvfb) of their own where there is one, elsewhere Qt's
off-screen platform: they never open a window on the screen of whoever runs them. A platform that
is chosen in QT_QPA_PLATFORM stays. Standard library only; it does not know what is tested.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = [sys.executable, "-m"]
LINT_IMPORTS = str(Path(sysconfig.get_path("scripts"), "lint-imports"))

QUICK = {
    "ruff check": [*PYTHON, "ruff", "check", "."],
    "ruff format": [*PYTHON, "ruff", "format", "--check", "."],
    "import-linter": [LINT_IMPORTS],
    "pip check": [*PYTHON, "pip", "check"],
}
TYPES = {"mypy": [*PYTHON, "mypy"]}


@dataclass(frozen=True)
class Outcome:
    """How one check ended."""

    name: str
    status: int
    seconds: float
    output: str

    @property
    def row(self) -> str:
        """The line of the table: verdict, time, and the last words of the check."""
        words = [line for line in self.output.splitlines() if line.strip()]
        verdict = "ok" if self.status == 0 else "FAILED"
        return f"{self.name:<14}{verdict:<7}{self.seconds:7.1f} s  {words[-1] if words else ''}"


def main(arguments: list[str]) -> int:
    """Run all checks, pytest with ``arguments``; return the exit status."""
    with ThreadPoolExecutor(2) as lanes:
        types, quick = lanes.submit(run_lane, TYPES), lanes.submit(run_lane, QUICK)
        outcomes = quick.result() + types.result()
    for outcome in outcomes:
        if outcome.status:
            print(f"\n{outcome.name} failed:\n{outcome.output}", flush=True)
    with screen() as environ:
        outcomes.append(run_tests(arguments, environ))
    print("\n" + "\n".join(outcome.row for outcome in outcomes), flush=True)
    return 1 if any(outcome.status for outcome in outcomes) else 0


def run_lane(checks: dict[str, list[str]]) -> list[Outcome]:
    """Run ``checks`` one after another, keeping what they say."""
    outcomes = []
    for name, command in checks.items():
        began = time.monotonic()
        done = subprocess.run(
            command,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        outcomes.append(Outcome(name, done.returncode, time.monotonic() - began, done.stdout))
    return outcomes


def run_tests(arguments: list[str], environ: dict[str, str]) -> Outcome:
    """Run pytest, passing on what it prints and keeping it for the table."""
    command = [*PYTHON, "pytest", *arguments]
    if sys.stdout.isatty():
        command.append("--color=yes")
    began, kept = time.monotonic(), bytearray()
    with subprocess.Popen(
        command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL
    ) as process:
        assert process.stdout is not None
        while chunk := os.read(process.stdout.fileno(), 65536):
            kept += chunk
            sys.stdout.buffer.write(chunk)
            sys.stdout.buffer.flush()
    output = kept.decode("utf-8", "replace")
    return Outcome("pytest", process.returncode, time.monotonic() - began, output)


@contextlib.contextmanager
def screen() -> Iterator[dict[str, str]]:
    """Give the environment in which Qt draws where nobody looks."""
    environ = dict(os.environ)
    xvfb = shutil.which("Xvfb") if sys.platform.startswith("linux") else None
    if "QT_QPA_PLATFORM" in environ:
        yield environ
    elif xvfb is None:
        yield {**environ, "QT_QPA_PLATFORM": "offscreen"}
    else:
        environ.pop("WAYLAND_DISPLAY", None)
        with virtual_screen(xvfb) as display:
            yield {**environ, "QT_QPA_PLATFORM": "xcb", "DISPLAY": display}


@contextlib.contextmanager
def virtual_screen(xvfb: str) -> Iterator[str]:
    """Start Xvfb on the first free display, and end it afterwards. Yields e.g. ``":3"``."""
    ours, theirs = os.pipe()
    command = [xvfb, "-displayfd", str(theirs), "-screen", "0", "1600x1000x24"]
    with subprocess.Popen(
        [*command, "-nolisten", "tcp"], pass_fds=[theirs], stderr=subprocess.DEVNULL
    ) as server:
        os.close(theirs)
        with os.fdopen(ours) as answer:
            number = answer.readline().strip()  # empty when the server could not start
        if not number:
            sys.exit("Xvfb does not start here: set QT_QPA_PLATFORM=offscreen and try again.")
        try:
            yield f":{number}"
        finally:
            server.terminate()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
