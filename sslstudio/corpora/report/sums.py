"""The sums of the first pass: answers of the workers, put together in the order of the text.

In the process that makes the report. Because answers come in order, the same examples are kept
whichever worker was quicker. Holds 12 bytes a document (its key and its length) beside the sample
of near duplicates.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sslstudio.corpora.mending.mender import labels
from sslstudio.corpora.report.dealing import Batch
from sslstudio.corpora.report.facts import Example, RuleCount
from sslstudio.corpora.report.frames import Message, unpack_arrays
from sslstudio.corpora.report.near import NearSample
from sslstudio.corpora.report.scripts import ScriptCounts

_EXAMPLES = 5


class SourceSums:
    """The counts of one source."""

    def __init__(self) -> None:
        self.documents = self.characters = self.bytes = self.words = 0
        self.examined = self.examined_characters = self.repetitive = 0
        self.removed_characters = 0
        self.sentences = self.cut_off = self.tag_characters = 0
        self.presets: Counter[str] = Counter()


class Sums:
    """What all documents come to.

    Attributes:
        sources: counts of each source.
        near: signatures of the sample for near duplicates.
        rules_below: keys up to this one are examined by the rules.
        personal: stretches of personal data by kind.
    """

    def __init__(self, sources: int, near_share: float, rules_share: float) -> None:
        self.sources = [SourceSums() for _ in range(sources)]
        self.near = NearSample(near_share)
        self.rules_below = min(2**64 - 1, int(rules_share * 2.0**64))
        self.scripts = ScriptCounts()
        self.damaged = 0
        self.ruled_documents = self.ruled_bytes = 0
        self.personal: Counter[str] = Counter()
        self.personal_examples: defaultdict[str, list[Example]] = defaultdict(list)
        self.families: Counter[str] = Counter()
        self._rules = Counter[str]()
        self._rule_examples: defaultdict[str, list[Example]] = defaultdict(list)
        self._keys, self._lengths = array("Q"), array("I")

    def settings(self) -> dict[str, int]:
        """Return what a batch says of the samples."""
        return {"near_below": self.near.below, "rules_below": self.rules_below}

    def add(self, batch: Batch, answer: Message) -> None:
        """Add the answer to ``batch``."""
        meta, body = answer
        lengths, keys, near, signatures, scripts = unpack_arrays(meta["arrays"], body)
        self._keys.frombytes(np.ascontiguousarray(keys, dtype=np.uint64).tobytes())
        self._lengths.frombytes(lengths.astype(np.uintc).tobytes())
        self._count(batch, lengths.tolist(), meta["words"])
        chosen = near.tolist()
        self.near.add(
            signatures,
            keys[near],
            lengths[near],
            [batch.sizes[i] for i in chosen],
            [batch.example(i) for i in chosen],
        )
        self.scripts.merge(scripts)
        self.damaged += meta["damaged"]
        self.personal.update(meta["personal"])
        for kind, examples in meta["personal_examples"].items():
            _keep(self.personal_examples[kind], batch, examples)
        inside = keys <= np.uint64(self.rules_below)
        self.ruled_documents += int(np.count_nonzero(inside))
        self.ruled_bytes += int(np.array(batch.sizes)[inside].sum())
        for source, found in meta["examined"].items():
            self._examined(self.sources[int(source)], batch, found)

    def keys(self) -> NDArray[np.uint64]:
        """The exact keys of all documents."""
        return np.frombuffer(self._keys, dtype=np.uint64)

    def lengths(self) -> NDArray[np.uintc]:
        """The characters of all documents."""
        return np.frombuffer(self._lengths, dtype=np.uintc)

    def rules(self) -> tuple[RuleCount, ...]:
        """Every rule that fired, the most frequent first."""
        return _table(self._rules, self._rule_examples)

    def _count(self, batch: Batch, lengths: list[int], words: Mapping[str, int]) -> None:
        for source, characters, size in zip(batch.sources, lengths, batch.sizes, strict=True):
            counts = self.sources[source]
            counts.documents += 1
            counts.characters += characters
            counts.bytes += size
        for name, count in words.items():
            self.sources[int(name)].words += count

    def _examined(self, source: SourceSums, batch: Batch, found: dict[str, Any]) -> None:
        source.examined += found["documents"]
        source.examined_characters += found["characters"]
        source.removed_characters += found["removed_characters"]
        source.repetitive += found["repetitive"]
        source.sentences += found["sentences"]
        source.cut_off += found["cut_off"]
        source.tag_characters += found["tag_characters"]
        source.presets.update(found["presets"])
        self.families.update(found["families"])
        self._rules.update(found["rules"])
        for rule, examples in found["examples"].items():
            _keep(self._rule_examples[rule], batch, examples)


def _keep(kept: list[Example], batch: Batch, found: Any) -> None:
    kept += [batch.example(place, excerpt) for place, excerpt in found[: _EXAMPLES - len(kept)]]


def _table(counts: Counter[str], examples: Mapping[str, list[Example]]) -> tuple[RuleCount, ...]:
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(
        RuleCount(rule, labels(rule), count, tuple(examples.get(rule, ())))
        for rule, count in ordered
        if count
    )
