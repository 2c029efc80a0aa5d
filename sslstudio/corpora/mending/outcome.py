"""What mending does to one document: the text that is left, and by which rule it changed.

Between the readers and everything that counts or trains. A rule is named by a short code
(``gopher_word_count``, ``email``, ``near_duplicate``); :data:`sslstudio.corpora.rules` says in
words what each means.
"""

from __future__ import annotations

import dataclasses
import itertools

EXACT_DUPLICATE, NEAR_DUPLICATE = "exact_duplicate", "near_duplicate"
TWIN = "twin_of_training_text"
COPIES = (EXACT_DUPLICATE, NEAR_DUPLICATE, TWIN)
"""The rules that need the whole corpus; no source can turn them off by itself."""


@dataclasses.dataclass(frozen=True, slots=True)
class Mended:
    """A document after mending.

    Attributes:
        text: what is left; empty where the whole document was taken out.
        removed_by: the first rule that took the document out, or an empty text.
        changes: how often each rule changed something inside a document that stays.
    """

    text: str
    removed_by: str = ""
    changes: tuple[tuple[str, int], ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of the document as it was read, for a preview; all of them make up its text.

    Attributes:
        text: as it was.
        rule: what took it out or replaced it; empty where it stays.
        replacement: what stands there now, where something does.
    """

    text: str
    rule: str = ""
    replacement: str = ""


def left_out(stretches: tuple[Stretch, ...], rule: str) -> tuple[Stretch, ...]:
    """Return the stretches of a document that ``rule`` leaves out as a whole.

    What is gone already keeps its own rule; what only was replaced goes with the rest.
    """
    fates = [(s, s.rule if s.rule and not s.replacement else rule) for s in stretches]
    return tuple(
        Stretch("".join(s.text for s, _ in group), fate)
        for fate, group in itertools.groupby(fates, key=lambda pair: pair[1])
    )
