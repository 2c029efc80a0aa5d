"""Which bytes of text a token stands for: a table over the vocabulary, exact.

Stands beside the tokenizer. With it, decoding is joining bytes, streaming is cutting at complete
UTF-8, and the byte lengths of a text's tokens sum to its UTF-8 length, which bits per byte need
(reference 2.8). Two vocabularies have such a table: byte-level ones, which write each byte as a
printable character (GPT-2's alphabet; WordPiece puts a mark before what continues a word), and
ones with byte fallback, which write ``<0x0A>`` for a byte without a character of its own. Costs
one pass over the vocabulary.
"""

from __future__ import annotations

import re
from typing import Any

_FALLBACK = re.compile(r"<0x([0-9A-F]{2})>")


def byte_alphabet() -> dict[str, int]:
    """Return the byte that each character of GPT-2's byte-level alphabet stands for.

    Printable bytes of Latin-1 stand for themselves, the others for characters from U+0100 on.
    """
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in set(printable)]
    shifted = {chr(0x100 + place): byte for place, byte in enumerate(others)}
    return {chr(byte): byte for byte in printable} | shifted


def byte_table(tokenizer: dict[str, Any], tokens: list[str]) -> list[bytes] | None:
    """Return the bytes of every token, empty for special ones; None where there is no such table.

    Args:
        tokenizer: a parsed ``tokenizer.json``.
        tokens: the text of every id, in order.
    """
    added = {t["content"]: bool(t["special"]) for t in tokenizer.get("added_tokens", ())}
    alphabet = byte_alphabet()
    if "ByteLevel" in _kinds(tokenizer.get("decoder")):
        is_byte_level = True
    elif tokenizer["model"].get("byte_fallback"):
        is_byte_level = False
    else:
        return None
    is_word_piece = tokenizer["model"].get("type") == "WordPiece"
    inside = str(tokenizer["model"]["continuing_subword_prefix"]) if is_word_piece else ""
    if inside and inside[0] in alphabet:
        return None  # a word that begins with the mark cannot be told from a continued one
    table = []
    for token in tokens:
        if token in added:
            table.append(b"" if added[token] else token.encode("utf-8"))
        elif not is_byte_level:
            fallback = _FALLBACK.fullmatch(token)
            table.append(bytes.fromhex(fallback[1]) if fallback else token.encode("utf-8"))
        elif all(character in alphabet for character in token.removeprefix(inside)):
            table.append(bytes(alphabet[character] for character in token.removeprefix(inside)))
        else:
            return None
    return table


def _kinds(part: Any) -> set[str]:
    """Return the types of a decoder and of everything inside it."""
    if not isinstance(part, dict):
        return set()
    kinds = {str(part.get("type"))}
    for inner in part.get("decoders", ()):
        kinds |= _kinds(inner)
    return kinds
