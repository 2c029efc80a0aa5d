"""What the report looks for in every document: the first pass, in the workers.

Between the texts and the sums (``sums``). Counts, scripts, damage, personal
data, the exact key and lines are of every document; the signature for near duplicates, and what
the rules say, are of those whose key is below a limit, so that a large corpus is measured on a
sample that does not depend on order. Costs, a megabyte of one core: 25 ms for the signature, 10 for
lines, 13 for personal data, 12 for key and counts, and 400 for the rules.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sslstudio.corpora.duplicates.minhash import DEFAULT_BANDS, Signer
from sslstudio.corpora.duplicates.plain import exact_key
from sslstudio.corpora.duplicates.repeated_lines import RepeatedLines
from sslstudio.corpora.report.damage import damaged_characters
from sslstudio.corpora.report.examining import Examiner
from sslstudio.corpora.report.frames import Message, pack_arrays, unpack_texts
from sslstudio.corpora.report.lengths import word_count
from sslstudio.corpora.report.private import PersonalData
from sslstudio.corpora.report.request import source_from
from sslstudio.corpora.report.scripts import ScriptCounts


class CheckTask:
    """Answers batches of documents with what was counted and found in them.

    A batch says for each document its source and the length of its text; ``near_below`` and
    ``rules_below`` are the limits of the samples. The message "finish" is answered with the
    repeated lines.
    """

    def __init__(self, settings: dict[str, Any]) -> None:
        self._examiners = [Examiner(source_from(plain)) for plain in settings["sources"]]
        self._signer = Signer(DEFAULT_BANDS)
        self._lines = RepeatedLines(settings["most_lines"])

    def run(self, meta: dict[str, Any], body: bytes) -> Message:
        """Return the answer to one batch."""
        if "finish" in meta:
            return self._finish()
        texts = unpack_texts(meta["lengths"], body)
        scripts, personal = ScriptCounts(), PersonalData()
        for number, text in enumerate(texts):
            scripts.add(text)
            self._lines.add(text)
            personal.add(number, text)
        keys, near, signatures = self._compared(texts, meta["near_below"])
        described, content = pack_arrays(
            [
                np.array([len(text) for text in texts], dtype=np.int64),
                keys,
                near,
                signatures,
                scripts.counts,
            ]
        )
        answer: dict[str, Any] = {
            "arrays": described,
            "words": self._words(meta["sources"], texts),
            "damaged": sum(map(damaged_characters, texts)),
            "personal": personal.counts,
            "personal_examples": personal.examples,
            "examined": self._examine(meta, texts, keys),
        }
        return answer, content

    def _compared(
        self, texts: list[str], below: int
    ) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.uint32]]:
        """Return the key of every text, which of them are in the sample, and their signatures."""
        keys, near, signatures = list[int](), list[int](), list[NDArray[np.uint32]]()
        for number, text in enumerate(texts):
            keys.append(exact_key(text))
            if keys[-1] <= below:
                near.append(number)
                signatures.append(self._signer.signature(text))
        return (
            np.array(keys, dtype=np.uint64),
            np.array(near, dtype=np.int64),
            np.array(signatures, dtype=np.uint32).reshape(-1, DEFAULT_BANDS.size),
        )

    def _words(self, sources: list[int], texts: list[str]) -> dict[str, int]:
        words: Counter[str] = Counter()
        for source, text in zip(sources, texts, strict=True):
            words[str(source)] += word_count(text)
        return words

    def _examine(
        self, meta: dict[str, Any], texts: list[str], keys: NDArray[np.uint64]
    ) -> dict[str, Any]:
        """Return what the rules say of the batch, by source."""
        chosen = np.flatnonzero(keys <= np.uint64(meta["rules_below"])).tolist()
        by_source: defaultdict[int, list[int]] = defaultdict(list)
        for i in chosen:
            by_source[meta["sources"][i]].append(i)
        return {
            str(source): self._examiners[source].examine([(i, texts[i]) for i in numbers])
            for source, numbers in by_source.items()
        }

    def _finish(self) -> Message:
        meta, arrays = self._lines.state()
        described, content = pack_arrays(arrays)
        return {"lines": meta, "arrays": described}, content
