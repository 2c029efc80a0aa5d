"""Characters that say nothing: foreign line ends, byte-order marks, control characters.

Part of normalising. Line ends of Windows and of old Macs, and the next-line character, become
``\\n``; U+FEFF and the control characters of C0 and C1 go, but for the newline and the tab.
"""

from __future__ import annotations

import re

from sslstudio.corpora.mending.edits import Edit

NEWLINE = "newline"
CONTROL = "control_character"
_CONTROLS = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff"
_CONTROL_RUN = re.compile(f"[{_CONTROLS}]+")
_STRAY = re.compile(f"\r\n?|\x85|[{_CONTROLS}]+")
_LINE_ENDS = "\r\x85"


def character_edits(text: str) -> list[Edit]:
    """Return what becomes of stray characters; one search of the text."""
    return [
        Edit(match.start(), match.end(), NEWLINE, "\n")
        if match.group()[0] in _LINE_ENDS
        else Edit(match.start(), match.end(), CONTROL, counts=len(match.group()))
        for match in _STRAY.finditer(text)
    ]


def apply_characters(text: str, changes: dict[str, int]) -> str:
    """Return ``text`` as its edits would make it, without making them, and count the changes."""
    newlines = sum(map(text.count, _LINE_ENDS))
    if newlines:
        changes[NEWLINE] = changes.get(NEWLINE, 0) + newlines
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n")
    left = _CONTROL_RUN.sub("", text)
    if len(left) < len(text):
        changes[CONTROL] = changes.get(CONTROL, 0) + len(text) - len(left)
        return left
    return text
