"""Characters that say nothing: foreign line ends, byte-order marks, control characters.

Part of normalising. Line ends of Windows and of old Macs, and the next-line character, become
``\\n``; U+FEFF and the control characters of C0 and C1 go, but for the newline and the tab.
"""

from __future__ import annotations

import re

from sslstudio.corpora.mending.edits import Edit

NEWLINE = "newline"
CONTROL = "control_character"
_STRAY = re.compile("\r\n?|\x85|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff]")
_LINE_ENDS = "\r\x85"


def character_edits(text: str) -> list[Edit]:
    """Return what becomes of stray characters; one search of the text."""
    return [
        Edit(match.start(), match.end(), NEWLINE, "\n")
        if match.group()[0] in _LINE_ENDS
        else Edit(match.start(), match.end(), CONTROL)
        for match in _STRAY.finditer(text)
    ]
