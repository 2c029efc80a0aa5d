"""What stands in a run folder after an accident: everything under its final name must be whole."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

from sslstudio.events import CheckpointEvent, from_json
from sslstudio.runs import RunFolder
from sslstudio.storage import sha256_of, verify_manifest
from sslstudio.training.checkpoint import newest_valid

STEPS = 20  # of hasty_recipe
_FILES = ("model.safetensors", "optimizer.safetensors")


@dataclasses.dataclass(frozen=True)
class Examined:
    """What was found in a sound run folder."""

    step: int  # of the newest checkpoint, 0 without one
    temporaries: tuple[str, ...]  # what a dead process left half written
    has_torn_line: bool

    @property
    def was_saving(self) -> bool:
        """Whether a half written checkpoint lies there."""
        return any(name.startswith(".tmp-step-") for name in self.temporaries)


def examine(path: Path) -> Examined:
    """Fail unless every file of the run at ``path`` is whole; returns what was found.

    Every checkpoint matches its manifest, every JSON and TOML file can be read, every line of the
    events but a torn last one too, and no checkpoint of which the events tell is lost.
    """
    run = RunFolder.open(path)
    run.recipe()
    folders = run.checkpoint_folders()
    for checkpoint in folders:
        verify_manifest(checkpoint.path, (*_FILES, "state.json"))
    newest, refused = newest_valid(run)
    assert not refused
    step = newest.step if newest else 0
    for name in ("run.json", "status.json", "tokenizer.json"):
        if (path / name).exists():
            json.loads((path / name).read_bytes())
    assert "damaged" not in run.status().error
    lines = run.events_path.read_bytes().split(b"\n") if run.events_path.exists() else [b""]
    events = [from_json(line) for line in lines[:-1]]
    assert None not in events, "a torn line in the middle"
    told = [event.step for event in events if isinstance(event, CheckpointEvent)]
    assert step >= max(told, default=0), "a checkpoint that was there is gone"
    return Examined(
        step, tuple(p.name for p in sorted(path.rglob(".tmp-*"))), has_torn_line=bool(lines[-1])
    )


def assert_same_ending(path: Path, reference: Path) -> None:
    """Fail unless ``path`` is finished, bit for bit as ``reference``, and nothing is left over."""
    assert RunFolder.open(path).status().state == "finished"
    assert examine(path).temporaries == ()
    last = f"checkpoints/step-{STEPS:06d}"
    for name in _FILES:
        assert sha256_of(path / last / name) == sha256_of(reference / last / name)
