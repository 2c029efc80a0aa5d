"""What counting alone achieves on the same split: the lines that a curve must cross.

Measured once per prepared corpus and kept beside it, so a second run shows them at once.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable

from sslstudio.corpora.baselines import Baseline, baselines
from sslstudio.corpora.preparation import PreparedData
from sslstudio.storage import UNREADABLE, write_atomically


def measure_baselines(data: PreparedData, cancelled: Callable[[], bool]) -> list[Baseline]:
    """Return the baselines of ``data``, from its folder where they are known."""
    path = data.folder / "baselines.json"
    try:
        return [Baseline(**fields) for fields in json.loads(path.read_bytes())]
    except (*UNREADABLE, TypeError):
        pass
    tokenizer = data.tokenizer
    found = baselines(
        data.train.ids,
        data.validation.ids,
        special_ids=tokenizer.special_ids,
        bos=tokenizer.bos,
        eos=tokenizer.eos,
        byte_lengths=tokenizer.byte_lengths,
        decode=lambda ids: tokenizer.decode(ids.tolist()).encode("utf-8"),
        cancelled=cancelled,
    )
    write_atomically(path, json.dumps([dataclasses.asdict(b) for b in found]))
    return found
