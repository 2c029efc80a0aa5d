"""A folder that ``datasets.save_to_disk`` of Hugging Face wrote: its Arrow files, in their order.

Beside ``listing``. ``state.json`` names the files of one split, ``dataset_dict.json`` the splits,
each a folder of its own. Where there are several and ``include`` names none, only ``train`` is
read: the others are for measuring. Costs the reading of those two small files; the package
``datasets`` is not needed.
"""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

from sslstudio.recipe import CorpusSource
from sslstudio.storage import UNREADABLE

_STATE, _SPLITS = "state.json", "dataset_dict.json"
_MOST_BYTES = 16 * 2**20


@dataclasses.dataclass(frozen=True)
class DatasetFiles:
    """What a dataset folder names.

    Attributes:
        files: Arrow files, in the order of their rows.
        left_out: what is not read, with reasons.
    """

    files: tuple[Path, ...]
    left_out: tuple[tuple[Path, str], ...]


def dataset_files(folder: Path, source: CorpusSource) -> DatasetFiles | None:
    """Return the files of a dataset folder, or None where ``folder`` is none."""
    splits = _texts(_content(folder / _SPLITS).get("splits"))
    if not splits:
        files = _files_of_split(folder)
        return DatasetFiles(files, ()) if files else None
    read = splits if source.include or "train" not in splits else ["train"]
    files = tuple(file for split in read for file in _files_of_split(folder / split))
    reason = "is a split for measuring: name it in include to read it"
    left_out = tuple((folder / split, reason) for split in splits if split not in read)
    return DatasetFiles(files, left_out) if files else None


def _files_of_split(folder: Path) -> tuple[Path, ...]:
    entries: Any = _content(folder / _STATE).get("_data_files")
    named = [e.get("filename") for e in entries if isinstance(e, dict)] if _is_list(entries) else []
    return tuple(folder / name for name in _texts(named) if (folder / name).is_file())


def _content(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > _MOST_BYTES:
            return {}
        content = json.loads(path.read_bytes())
    except UNREADABLE:
        return {}
    return content if isinstance(content, dict) else {}


def _texts(values: Any) -> list[str]:
    """Return those of ``values`` that are plain names of files in the folder itself."""
    texts = [v for v in values if isinstance(v, str)] if _is_list(values) else []
    return [
        t for t in texts if t and "/" not in t and "\\" not in t and "\0" not in t and t != ".."
    ]


def _is_list(values: Any) -> bool:
    return isinstance(values, list)
