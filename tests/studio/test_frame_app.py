"""The whole program in a process of its own: what it imports, how it begins and ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Opens the studio, tells when it was painted and whether torch was there, then does as told.
_PROGRAM = """
import sys, threading
from PySide6.QtCore import QTimer
from sslstudio.studio import app, main_window
seen = {{}}
main_window.MainWindow.STAGES = tuple(
    s for s in main_window.MainWindow.STAGES if s[0] in ("training", "runs"))
def begun(studio):
    def painted():
        seen["torch_at_paint"] = "torch" in sys.modules
        print("PAINTED", flush=True)
        {then}
    studio.window.painted.connect(painted)
class Studio(app.Studio):
    def __init__(self):
        super().__init__()
        begun(self)
app.Studio = Studio
status = app.main([])
import json
seen["threads"] = [t.name for t in threading.enumerate() if t.name.startswith("background")]
print(json.dumps(seen), flush=True)
sys.exit(status)
"""


def start(then: str, tmp_path: Path) -> subprocess.Popen[str]:
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": str(ROOT),
        "SSLSTUDIO_RUNS": str(tmp_path / "runs"),
        "SSLSTUDIO_SETTINGS": str(tmp_path / "settings"),
        "SSLSTUDIO_DATA": str(tmp_path / "data"),
    }
    return subprocess.Popen(
        [sys.executable, "-c", _PROGRAM.format(then=then)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_the_window_is_painted_before_torch_is_imported(tmp_path: Path) -> None:
    process = start("QTimer.singleShot(0, studio.window.close)", tmp_path)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert err == "This plugin does not support propagateSizeHints()\n" * err.count("\n")
    facts = json.loads(out.splitlines()[-1])
    assert facts == {"torch_at_paint": False, "threads": []}


@pytest.mark.skipif(os.name == "nt", reason="needs signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_closes_the_window(tmp_path: Path, number: signal.Signals) -> None:
    process = start("pass", tmp_path)
    assert process.stdout is not None
    assert process.stdout.readline() == "PAINTED\n"
    process.send_signal(number)
    process.communicate(timeout=120)
    assert process.returncode == 130


def test_importing_the_studio_imports_no_torch() -> None:
    code = "import sys, sslstudio.studio.app; sys.exit('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False)
    assert done.returncode == 0
