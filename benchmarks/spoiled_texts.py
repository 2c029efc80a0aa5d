"""Good texts, spoiled on purpose: each in one way that a report must name.

For the validation of the verdict (``corpus_verdicts``) and for its tests. Every function takes
documents of running text and a generator, and returns the documents of the spoiled corpus.
"""

from __future__ import annotations

import base64
import random
from collections.abc import Callable

Spoil = Callable[[list[str], random.Random], list[str]]
_MENU = (
    "Home | News | About us | Contact",
    "Subscribe to our newsletter and never miss a story",
    "All rights reserved. No part of this page may be copied.",
    "Share this on your favourite network",
    "Read more in our archive of older stories",
)
_LATIN_1 = {"e": "é", "a": "à", "u": "ü", "'": "’"}


def thrice(texts: list[str], draw: random.Random) -> list[str]:
    """Every document three times."""
    return draw.sample(texts * 3, 3 * len(texts))


def nearly_thrice(texts: list[str], draw: random.Random) -> list[str]:
    """Every document three times, with two words changed each time."""
    return [_with_words_changed(text, 2, draw) for text in texts * 3]


def shuffled_characters(texts: list[str], draw: random.Random) -> list[str]:
    """The characters of every document in random order."""
    return ["".join(draw.sample(text, len(text))) for text in texts]


def shuffled_words(texts: list[str], draw: random.Random) -> list[str]:
    """The words of every document in random order."""
    return [" ".join(draw.sample(words := text.split(), len(words))) for text in texts]


def boilerplate(texts: list[str], draw: random.Random) -> list[str]:
    """Three in ten lines are from a menu of five."""
    spoiled = []
    for text in texts:
        lines = [line for line in text.replace(". ", ".\n").split("\n") if line.strip()]
        for _ in range(max(1, round(len(lines) * 3 / 7))):
            lines.insert(draw.randrange(len(lines) + 1), draw.choice(_MENU))
        spoiled.append("\n".join(lines))
    return spoiled


def mojibake(texts: list[str], draw: random.Random) -> list[str]:
    """UTF-8 read as Windows-1252, in a text with some accents."""
    return [_misread(_with_accents(text, draw)) for text in texts]


def replaced_characters(texts: list[str], draw: random.Random) -> list[str]:
    """One character in a hundred was lost."""
    return ["".join("\ufffd" if draw.random() < 0.01 else c for c in text) for text in texts]


def random_base64(texts: list[str], draw: random.Random) -> list[str]:
    """Random bytes as base64, as long as the texts."""
    return [base64.b64encode(draw.randbytes(len(text) * 3 // 4)).decode() for text in texts]


def one_document(texts: list[str], _draw: random.Random) -> list[str]:
    """The first document over and over."""
    return [texts[0]] * len(texts)


def one_sentence_each(texts: list[str], _draw: random.Random) -> list[str]:
    """Every document is its first sentence, thirty times."""
    return [(text.partition(". ")[0][:150] + ". ") * 30 for text in texts]


def log_file(texts: list[str], draw: random.Random) -> list[str]:
    """The log of a web server, as documents of a hundred lines."""

    def line() -> str:
        address = f"{draw.randint(11, 99)}.{draw.randint(0, 255)}.{draw.randint(0, 255)}.7"
        minute, second = draw.randrange(60), draw.randrange(60)
        page = draw.choice(("index", "about", "news", "login"))
        return (
            f"{address} - - [12/Mar/2025:10:{minute:02}:{second:02} +0000] "
            f'"GET /{page}.html HTTP/1.1" 200 {draw.randrange(10_000)} "-" "Mozilla/5.0"'
        )

    return ["\n".join(line() for _ in range(100)) for _ in texts[: max(20, len(texts) // 10)]]


def address_lists(texts: list[str], draw: random.Random) -> list[str]:
    """Lists of people with their addresses and numbers."""
    words = sorted(
        {word.lower() for text in texts[:200] for word in text.split() if word.isalpha()}
    )

    def person() -> str:
        first, last, host = (draw.choice(words) for _ in range(3))
        number = draw.randrange(10**6, 10**7)
        return f"{first} {last}, {first}.{last}@{host}.example.org, +44 20 7{number}"

    return ["\n".join(person() for _ in range(40)) for _ in texts[: max(20, len(texts) // 10)]]


def addresses_within(texts: list[str], draw: random.Random) -> list[str]:
    """Every tenth document is signed with an address of e-mail."""
    return [
        f"{text} Write to reader{draw.randrange(10**6)}@mail.example.com."
        if number % 10 == 0
        else text
        for number, text in enumerate(texts)
    ]


def cut_short(texts: list[str], draw: random.Random) -> list[str]:
    """Every document ends in the middle of a sentence."""
    return [
        text[: max(60, int(len(text) * draw.uniform(0.3, 0.9)))].rstrip(" .!?\"'”’")
        for text in texts
    ]


def markup(texts: list[str], draw: random.Random) -> list[str]:
    """Web pages whose tags were left in."""
    return [
        f'<html><head><title>Page</title><meta charset="utf-8"></head><body><div class="c{n % 9}">'
        + "".join(
            f'<p class="text"><span style="color: #333">{part}.</span></p>'
            for part in text.split(". ")
        )
        + f'<a href="/p/{draw.randrange(10**6)}">next</a></div></body></html>'
        for n, text in enumerate(texts)
    ]


def spaced_letters(texts: list[str], _draw: random.Random) -> list[str]:
    """A space after every letter, as bad recognition of a page gives."""
    return [" ".join(text.replace(" ", "")) for text in texts]


def single_words(texts: list[str], _draw: random.Random) -> list[str]:
    """Every document is one word."""
    return [word for text in texts for word in text.split()][:5000]


def figures(texts: list[str], draw: random.Random) -> list[str]:
    """A table of random figures."""
    return [
        "\n".join(",".join(f"{draw.gauss(0, 100):.3f}" for _ in range(8)) for _ in range(40))
        for _ in texts[: max(20, len(texts) // 10)]
    ]


def secrets(texts: list[str], draw: random.Random) -> list[str]:
    """Every twentieth document holds a password in an address."""
    return [
        f"{text} See https://admin:{draw.randbytes(6).hex()}@intern.example.com/ for more."
        if number % 20 == 0
        else text
        for number, text in enumerate(texts)
    ]


def little(texts: list[str], _draw: random.Random) -> list[str]:
    """About 20 KB of it."""
    kept, size = [], 0
    for text in texts:
        if size + len(text) > 20_000:
            break
        kept.append(text)
        size += len(text)
    return kept


def _with_words_changed(text: str, count: int, draw: random.Random) -> str:
    words = text.split(" ")
    for _ in range(count):
        words[draw.randrange(len(words))] = f"{draw.choice('bdgklmnprst')}o{draw.randrange(99)}"
    return " ".join(words)


def _with_accents(text: str, draw: random.Random) -> str:
    return "".join(_LATIN_1.get(c, c) if draw.random() < 0.1 else c for c in text)


def _misread(text: str) -> str:
    return text.encode("utf-8").decode("cp1252", "replace")
