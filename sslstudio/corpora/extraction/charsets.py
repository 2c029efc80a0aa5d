"""Bytes that say themselves how they spell characters: pages, messages, answers of servers.

Below the readers of HTML, e-mail and web archives; ``encodings`` is for plain text, which says
nothing. Labels are read as browsers read them (WHATWG Encoding Standard, section 4.2): who writes
"ISO-8859-1" means Windows-1252. What cannot be decoded becomes U+FFFD, as there, since one bad
byte in a page is usual. Costs about 2 ms a megabyte.
"""

from __future__ import annotations

from sslstudio.corpora.encodings import canonical, encoding_of_mark
from sslstudio.errors import CorpusError

_FALLBACK = "cp1252"
# what a label names -> what is meant by it
_MEANT = {
    "ascii": "cp1252",
    "latin_1": "cp1252",
    "iso8859_9": "cp1254",
    "iso8859_11": "cp874",
    "tis_620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    # a label that can be read as ASCII is not written in these
    **dict.fromkeys(("utf_16", "utf_16_le", "utf_16_be", "utf_32"), "utf_8"),
    **dict.fromkeys(("utf_32_le", "utf_32_be", "utf_7"), "utf_8"),
}
_LABELS = {
    "windows-31j": "cp932",
    "windows-874": "cp874",
    "iso-8859-8-i": "iso8859_8",
    "unicode-1-1-utf-8": "utf-8",
}
# these are ASCII to look at, so that UTF-8 fits them too
_SEVEN_BITS = ("iso2022", "hz")


def meant_by(label: str) -> str:
    """Return Python's name of the encoding that ``label`` means, or "" where none is known."""
    label = label.strip(" \t\r\n\"'").lower().removeprefix("x-")
    try:
        name = canonical(_LABELS.get(label, label))
    except CorpusError:
        return ""
    return "" if name == "auto" else _MEANT.get(name, name)


def decoded(data: bytes, label: str = "") -> str:
    """Return ``data`` as text: by its mark, as UTF-8, as ``label`` says, or as Windows-1252.

    Args:
        data: may be in no encoding at all.
        label: a charset as pages and messages declare it; empty or unknown where there is none.
    """
    marked, length = encoding_of_mark(data[:4])
    if marked:
        return data[length:].decode(marked, "replace")
    name = meant_by(label) if label else ""
    if not name.startswith(_SEVEN_BITS):
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            pass
    return data.decode(name or _FALLBACK, "replace")
