"""Events are whole lines, whatever befell the writer or the disk."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sslstudio.events import MessageEvent
from sslstudio.recipe import Recipe
from sslstudio.run_writer import RunWriter
from sslstudio.runs import RunFolder


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    return RunFolder.create(tmp_path, Recipe.default(), "lines")


def _message(text: str) -> MessageEvent:
    return MessageEvent(time=1.0, step=0, level="info", text=text)


def _write(run: RunFolder, *texts: str) -> None:
    writer = RunWriter(run)
    for text in texts:
        writer.write(_message(text))
    writer.close()


def _texts(run: RunFolder) -> list[str]:
    lines = run.events_path.read_text(encoding="utf-8").split("\n")
    assert lines.pop() == ""
    return [json.loads(line)["text"] for line in lines]


@pytest.mark.parametrize(
    "torn", [b'{"kind": "mess', b"{}", b"x" * 200_000, '"日'.encode()[:-1], b"\x00" * 70_000]
)
def test_a_torn_last_line_is_cut_and_what_stood_before_stays(run: RunFolder, torn: bytes) -> None:
    _write(run, "one", "two")
    with run.events_path.open("ab") as file:
        file.write(torn)
    assert len(run.events()[0]) == 2
    _write(run, "three")
    assert _texts(run) == ["one", "two", "three"]


def test_a_file_of_one_torn_line_is_begun_anew(run: RunFolder) -> None:
    run.events_path.write_bytes(b'{"kind"')
    _write(run, "one")
    assert _texts(run) == ["one"]


# the limit falls into the third line; later there is room again
_FILL = """
import resource, sys
from pathlib import Path
from sslstudio.errors import StorageError
from sslstudio.events import MessageEvent
from sslstudio.run_writer import RunWriter
from sslstudio.runs import RunFolder
writer = RunWriter(RunFolder.open(Path(sys.argv[1])))
def write(text):
    writer.write(MessageEvent(time=1.0, step=0, level="info", text=text))
write("one")
write("two")
size = writer.run.events_path.stat().st_size
resource.setrlimit(resource.RLIMIT_FSIZE, (size + int(sys.argv[2]), resource.RLIM_INFINITY))
try:
    write("refused")
except StorageError as error:
    print(error)
assert writer.run.events_path.stat().st_size == size
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
write("three")
writer.close()
"""


@pytest.mark.parametrize("room_bytes", [0, 1, 40])
def test_a_line_that_a_full_disk_cut_is_taken_back(run: RunFolder, room_bytes: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _FILL, str(run.path), str(room_bytes)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "events.jsonl: the file would be larger" in done.stdout
    assert _texts(run) == ["one", "two", "three"]
