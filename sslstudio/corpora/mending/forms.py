"""One spelling for every character: Unicode's NFC or NFKC, or ftfy's mending of wrong decoding.

Part of normalising. All three work line by line, for a newline never joins with what stands
around it; lines of ASCII, and lines that are in their form already, cost next to nothing. The
edits for a preview are as small as they can be told apart: single characters, else words, else
the middle of a line that differs (``aligned``).
"""

from __future__ import annotations

import functools
import importlib.util
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any, Literal

from sslstudio.corpora.mending.edits import Edit
from sslstudio.errors import CorpusError

FORMS = ("nfc", "nfkc", "ftfy")
Respell = Callable[[str], str]


def respelling(form: str) -> Respell:
    """Return what respells one line in ``form``, one of ``FORMS``.

    Raises:
        CorpusError: "ftfy" is not installed.
    """
    if form == "ftfy":
        if importlib.util.find_spec("ftfy") is None:
            raise CorpusError(
                "normalise = ftfy needs the package ftfy, which is not installed: add it with "
                "pip install ftfy, or choose nfc"
            )
        return _without_mojibake
    return functools.partial(_in_form, "NFKC" if form == "nfkc" else "NFC")


def form_edits(text: str, form: str) -> list[Edit]:
    """Return what ``form`` changes in ``text``; a line with changes counts once."""
    if text.isascii():
        return []
    respell = respelling(form)
    edits: list[Edit] = []
    start = 0
    for line in text.split("\n"):
        new = line if line.isascii() else respell(line)
        if new != line:
            counts = 1
            for offset, before, after in aligned(line, new, respell):
                first = start + offset
                edits.append(Edit(first, first + len(before), form, after, counts))
                counts = 0
        start += len(line) + 1
    return edits


def apply_form(text: str, form: str) -> tuple[str, int]:
    """Return ``text`` in ``form`` and how many lines that changed; the same as its edits would."""
    if text.isascii():
        return text, 0
    respell = respelling(form)
    lines = text.split("\n")
    new = [line if line.isascii() else respell(line) for line in lines]
    changed = sum(map(str.__ne__, lines, new))
    return ("\n".join(new), changed) if changed else (text, 0)


def aligned(before: str, after: str, respell: Respell) -> Iterator[tuple[int, str, str]]:
    """Yield (offset, old, new) of the places where ``after`` differs from ``before``.

    Replacing each old by its new, at its offset in ``before``, gives ``after`` exactly.
    """
    old_words, new_words = before.split(" "), after.split(" ")
    if len(old_words) != len(new_words):
        yield _middle(before, after)
        return
    offset = 0
    for old, new in zip(old_words, new_words, strict=True):
        if old != new:
            for inner, old_part, new_part in _aligned_word(old, new, respell):
                yield offset + inner, old_part, new_part
        offset += len(old) + 1


def _aligned_word(old: str, new: str, respell: Respell) -> Iterator[tuple[int, str, str]]:
    """Yield single characters where each is respelled for itself, else what lies in the middle."""
    parts = [character if character.isascii() else respell(character) for character in old]
    if "".join(parts) != new:
        yield _middle(old, new)
        return
    for offset, (character, part) in enumerate(zip(old, parts, strict=True)):
        if character != part:
            yield offset, character, part


def _middle(before: str, after: str) -> tuple[int, str, str]:
    """Return what is left of both without the beginning and the end that they share."""
    shorter = min(len(before), len(after))
    start = _shared(before, after, shorter)
    end = _shared(before[::-1], after[::-1], shorter - start)
    return start, before[start : len(before) - end], after[start : len(after) - end]


def _shared(first: str, second: str, limit: int) -> int:
    """Return how many characters both begin with, at most ``limit``; by halving."""
    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        if first[:middle] == second[:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _in_form(form: Literal["NFC", "NFKC"], line: str) -> str:
    return line if unicodedata.is_normalized(form, line) else unicodedata.normalize(form, line)


def _without_mojibake(line: str) -> str:
    import ftfy

    return str(ftfy.fix_text(line, _ftfy_settings()))


@functools.cache
def _ftfy_settings() -> Any:
    """Mend what was decoded wrongly, and nothing that is a matter of taste."""
    import ftfy

    return ftfy.TextFixerConfig(
        unescape_html=False,
        remove_terminal_escapes=False,
        fix_latin_ligatures=False,
        fix_character_width=False,
        uncurl_quotes=False,
        fix_line_breaks=False,
        remove_control_chars=False,
        normalization=None,
        explain=False,
    )
