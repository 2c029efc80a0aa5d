"""English out of Python source: the long string literals, without what is not prose.

Stands between ``sources`` and ``handbook``. One regular expression finds the triple-quoted
literals, docstrings and the texts that torch and numpy attach to compiled functions alike (about
30 MB/s, ten times faster than ``ast`` and exact enough: it steps over comments and other strings).
A literal falls into blocks at blank lines, and a block stays if it reads like English: doctests,
tables, formulas, signatures and bare parameter lists do not. Knows no package on purpose.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

_LITERAL = re.compile(
    r"""\#[^\n]*"""
    r"""|(?P<prefix>[A-Za-z]{0,2})(?P<quote>\"\"\"|''')(?P<body>(?:[^\\]|\\.)*?)(?P=quote)"""
    r"""|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'""",
    re.DOTALL,
)
_PREFIXES = frozenset({"", "r", "u"})
_ROLE = re.compile(r":[a-z:+-]+:`[~!]?([^`<]+?)(?:\s*<[^`]*>)?`")
_UNDERLINE = re.compile(r"^\s*([-=~^*#+_.\"'])\1{2,}\s*$", re.MULTILINE)
_DIRECTIVE = re.compile(r"^\s*\.\. [\w:-]+::.*$", re.MULTILINE)
_BLANK_LINES = re.compile(r"\n\s*\n")
_LISTED = re.compile(r"^\s*(?:[-*+•]|\d+[.)]|\(?[a-z]\)|\w[\w ,.*]* ?:)\s", re.MULTILINE)
_SPACES = re.compile(r"\s+")
_NOT_LETTERS = re.compile(r"[^A-Za-z ]+")
_COMMON_WORDS = frozenset(
    re.findall(
        r"\w+",
        """the a an of to in and is are be been was were it its this that these those which who
        what for with as on by from at or not no but if when where then than so such can may must
        will would should could does do did has have had you your we they he she i there into only
        all any each other one two same more most both also because while how use used using""",
    )
)
LITERAL_CHARACTERS = 80
_BLOCK_WORDS = 7


def literals(source: str) -> Iterator[str]:
    """Yield the bodies of the triple-quoted strings of ``source``, dedented, in order."""
    for match in _LITERAL.finditer(source):
        body = match["body"]
        if body is None or len(body) < LITERAL_CHARACTERS:
            continue
        if match["prefix"].lower() in _PREFIXES:
            yield inspect.cleandoc(body.removeprefix("\\\n"))


def prose_blocks(text: str) -> list[str]:
    """Return the paragraphs of ``text`` that read like English, unwrapped, markup stripped."""
    if not _worth_reading(text):
        return []
    plain = _ROLE.sub(r"\1", text).replace("``", "")
    plain = _UNDERLINE.sub("", _DIRECTIVE.sub("", plain))
    blocks = (_unwrapped(block) for block in _BLANK_LINES.split(plain) if ">>>" not in block)
    return [block for block in blocks if reads_like_english(block)]


def _worth_reading(text: str) -> bool:
    """Tell cheaply whether ``text`` could hold a paragraph at all."""
    return " the " in text or " a " in text or " is " in text or " to " in text


def _unwrapped(block: str) -> str:
    """Join the lines of a paragraph; keep those of a list."""
    lines = [line for line in block.split("\n") if line.strip()]
    if len(lines) > 1 and _LISTED.search(block):
        plain = inspect.cleandoc("\n".join(lines))
    else:
        plain = _SPACES.sub(" ", " ".join(lines)).strip()
    return plain[:-1] if plain.endswith("::") else plain


def reads_like_english(block: str) -> bool:
    """Tell whether ``block`` is mostly letters, and a quarter of its words are common ones."""
    letters = _NOT_LETTERS.sub("", block)
    words = letters.lower().split()
    if len(words) < _BLOCK_WORDS or len(letters) < 0.85 * len(block):
        return False
    return sum(word in _COMMON_WORDS for word in words) >= 0.25 * len(words)
