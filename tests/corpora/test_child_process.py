"""A child of the room finds this package, computes on one thread, and keeps its own limits."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import sslstudio
from sslstudio.corpora.child_process import command, started

pytest.importorskip("resource")  # Windows has no such limits


def said(program: str, given: bytes = b"") -> str:
    with started([sys.executable, "-P", "-c", program]) as child:
        return child.communicate(given, timeout=60)[0].decode().strip()


def test_a_child_is_a_module_or_in_a_bundle_a_word_to_its_entry_point(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert command("a.b", ("--b",)) == [sys.executable, "-P", "-m", "a.b"]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert command("a.b", ("--b",)) == [sys.executable, "--b"]


def test_a_child_finds_this_very_package_wherever_it_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    assert said("import sslstudio; print(sslstudio.__file__)") == str(
        Path(sslstudio.__file__).resolve()
    )


def test_a_child_keeps_the_packages_that_its_parent_was_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "only_here.py").write_text("WORD = 'found'", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert said("import only_here; print(only_here.WORD)") == "found"


def test_a_child_computes_on_one_thread_and_speaks_utf_8(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "16")
    program = "import os, sys; print(os.environ['OMP_NUM_THREADS'], sys.flags.utf8_mode)"
    assert said(program) == "1 1"


@pytest.mark.parametrize(
    ("limits", "deed", "outcome"),
    [
        ("memory_bytes=2**31", "bytearray(2**32)", "MemoryError"),
        ("memory_bytes=2**31", "bytearray(2**24)", "done"),
        (
            "memory_bytes=2**31, largest_file_bytes=0",
            "Path(sys.argv[1]).write_text('a')",
            "OSError",
        ),
        ("memory_bytes=2**31", "Path(sys.argv[1]).write_text('a')", "done"),
    ],
)
def test_a_limit_holds_and_what_is_below_it_does_not_show(
    tmp_path: Path, limits: str, deed: str, outcome: str
) -> None:
    program = f"""
import sys, signal
from pathlib import Path
from sslstudio.corpora.process_limits import limit_itself
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
limit_itself({limits})
try:
    {deed}
    word = "done"
except Exception as error:
    word = type(error).__name__
print(word)
"""
    words = [sys.executable, "-P", "-c", program, str(tmp_path / "a")]
    with started(words) as child:
        assert child.communicate(timeout=60)[0].decode().strip() == outcome


def test_processor_time_ends_a_child(tmp_path: Path) -> None:
    program = (
        "from sslstudio.corpora.process_limits import limit_itself\n"
        "limit_itself(memory_bytes=2**31, cpu_s=1)\n"
        "while True: pass"
    )
    with started([sys.executable, "-P", "-c", program], errors=subprocess.DEVNULL) as child:
        child.communicate(timeout=60)
    assert child.returncode != 0
