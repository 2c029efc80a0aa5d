"""What training costs the window, and what the window costs training.

    python -m benchmarks.studio_training [--seconds N] [--rounds N]

Alternates the command line and the studio on the default recipe (the first round of each warms
the caches) and prints tokens per second of both, the time from the click to the first point on
the curve, and the lateness of a 5 ms timer in the window while it trains. Needs a display.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.machine import machine
from sslstudio.recipe import Recipe

_STUDIO = """
import json, sys, time
from PySide6.QtCore import QTimer, Qt
from sslstudio.events import StepEvent
from sslstudio.studio import app
seconds = float(sys.argv[1])
late, speeds, marks = [], [], {}

class Timed(app.Studio):
    def __init__(self):
        super().__init__()
        self.live = self.workspace.training
        self.workspace.engine_ready.connect(lambda _e: QTimer.singleShot(1500, self.click))
        self.live.events_arrived.connect(self.note)
        self.timer = QTimer(self, interval=5)
        self.timer.setTimerType(Qt.TimerType.PreciseTimer)
        self.timer.timeout.connect(self.tick)

    def click(self):
        self.window.show_page("training")
        marks["click"] = time.perf_counter()
        self.window.top_bar.primary.click()

    def note(self, events):
        now = time.perf_counter()
        points = [e for e in events if isinstance(e, StepEvent)]
        if points and "first" not in marks:
            marks["first"] = now - marks["click"]
            QTimer.singleShot(3000, self.begin)
            QTimer.singleShot(int(seconds * 1000) + 3000, self.end)
        if self.timer.isActive():
            speeds.extend(e.tokens_per_second for e in points)

    def begin(self):
        self.due = time.perf_counter() + 0.005
        self.timer.start()

    def tick(self):
        now = time.perf_counter()
        late.append(max(0.0, now - self.due))
        self.due = now + 0.005

    def end(self):
        self.timer.stop()
        print(json.dumps({"first": marks["first"], "late": late, "speeds": speeds}), flush=True)
        self.window.leave("the benchmark is over")

app.Studio = Timed
sys.exit(app.main([]))
"""


def _environment(folder: str) -> dict[str, str]:
    return {
        **os.environ,
        "SSLSTUDIO_SETTINGS": f"{folder}/settings",
        "SSLSTUDIO_DATA": f"{folder}/data",
        "SSLSTUDIO_RUNS": f"{folder}/runs",
    }


def _studio(seconds: float) -> dict[str, list[float]]:
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-c", _STUDIO, str(seconds)],
            capture_output=True,
            text=True,
            check=True,
            env=_environment(folder),
        )
    found: dict[str, list[float]] = json.loads(done.stdout.splitlines()[-1])
    return found


def _command_line(seconds: float) -> list[float]:
    """Return the tokens per second of every point, the first three seconds left out."""
    with tempfile.TemporaryDirectory() as folder:
        recipe = Path(folder) / "default.toml"
        Recipe.default().save(recipe)
        process = subprocess.Popen(
            [sys.executable, "-m", "sslstudio", "train", str(recipe), "--json"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=_environment(folder),
        )
        speeds: list[float] = []
        first = 0.0
        assert process.stdout is not None
        for line in process.stdout:
            event = json.loads(line)
            if event["kind"] != "step":
                continue
            first = first or time.perf_counter()
            if time.perf_counter() - first > 3:
                speeds.append(event["tokens_per_second"])
            if time.perf_counter() - first > seconds + 3:
                break
        process.terminate()
        process.communicate()
    return speeds


def _quantile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def main() -> None:
    """Alternate, and print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    print(machine())
    _command_line(1)
    studio: list[float] = []
    plain: list[float] = []
    late: list[float] = []
    firsts: list[float] = []
    for number in range(options.rounds):
        plain.append(statistics.median(_command_line(options.seconds)))
        found = _studio(options.seconds)
        studio.append(statistics.median(found["speeds"]))
        late.extend(found["late"])
        firsts.append(float(found["first"]))  # type: ignore[arg-type]
        print(f"  round {number + 1}: command line {plain[-1]:,.0f}, studio {studio[-1]:,.0f}")
    ratios = [s / p for s, p in zip(studio, plain, strict=True)]
    print(
        f"tokens per second         command line {statistics.median(plain):,.0f}, "
        f"studio {statistics.median(studio):,.0f}, ratio {statistics.median(ratios):.3f}"
        "   (aim 0.97)"
    )
    print(f"click to first point      {statistics.median(firsts):.1f} s   (aim 10)")
    milliseconds = [1000 * value for value in late]
    print(
        f"lateness of a 5 ms timer  p50 {_quantile(milliseconds, 0.5):.1f}  "
        f"p95 {_quantile(milliseconds, 0.95):.1f}  p99 {_quantile(milliseconds, 0.99):.1f}  "
        f"max {max(milliseconds):.1f} ms over {len(late):,} ticks   (aim p99 16, max 100)"
    )


if __name__ == "__main__":
    main()
