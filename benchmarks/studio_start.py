"""Time from the start of the process to the first paint of the window, and to a ready engine.

    python -m benchmarks.studio_start [--times N]

Needs a display (Xvfb will do). The first start warms the file cache and is not counted.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time

from benchmarks.machine import machine

_PROBE = """
import os, sys, time
began = float(os.environ["BEGAN"])  # the system's own figure is only good to a second
from PySide6.QtCore import QTimer
from sslstudio.studio import app
class Timed(app.Studio):
    def __init__(self):
        super().__init__()
        self.window.painted.connect(lambda: print("paint", time.time() - began, flush=True))
        self.workspace.engine_ready.connect(self._ready)
    def _ready(self, _engine):
        print("engine", time.time() - began, flush=True)
        QTimer.singleShot(200, self.window.close)
app.Studio = Timed
sys.exit(app.main([]))
"""


def _start() -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        env = {
            **os.environ,
            "SSLSTUDIO_SETTINGS": folder,
            "SSLSTUDIO_DATA": folder,
            "BEGAN": str(time.time()),
        }
        done = subprocess.run(
            [sys.executable, "-c", _PROBE], capture_output=True, text=True, check=True, env=env
        )
    words = [line.split() for line in done.stdout.splitlines()]
    return {name: float(value) for name, value in words}


def main() -> None:
    """Start the studio several times and print medians."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=7)
    times = parser.parse_args().times
    print(machine())
    _start()
    starts = [_start() for _ in range(times)]
    print(f"{'from process start to':24} {'median s':>9} {'worst s':>9}   aim")
    for name, aim in (("paint", "1.0"), ("engine", "–")):
        values = [start[name] for start in starts]
        label = {"paint": "first paint", "engine": "engine ready"}[name]
        print(f"{label:24} {statistics.median(values):9.2f} {max(values):9.2f}   {aim}")


if __name__ == "__main__":
    main()
