"""The little language in which plots are written, and the rules of English it needs.

Stands under ``plots``: a template goes in once, and text comes out for every cast and every draw.

* ``{hero}``, ``{hero.his}``, ``{toy.A}``: a form of somebody or something in the cast; a capital
  first letter asks for the form with a capital.
* ``[one|two|]``: one of several wordings, each as likely; they nest, and may be empty.
* ``<walk>``: a rule that many plots share, a template itself.
* an empty line begins a paragraph; all other white space is one space.

Costs about 0.1 ms a story. Knows no word of the lexicon on purpose.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass

Forms = Mapping[str, str]
Cast = Mapping[str, Forms]

_TOKEN = re.compile(r"\{(\w+)(?:\.(\w+))?\}|<(\w+)>|([\[|\]])|([^{}<>\[\]|]+)")
_SPACES = re.compile(r"[ \t]*\n[ \t]*|[ \t]{2,}")
_BEFORE_STOP = re.compile(r"[ ,]+([.,!?])")
_VOWELS = frozenset("aeiou")
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_IRREGULAR = {"mouse": "mice", "goose": "geese", "sheep": "sheep", "leaf": "leaves"}
_IRREGULAR |= {"child": "children", "loaf": "loaves", "berry": "berries", "cherry": "cherries"}


@dataclass(frozen=True, slots=True)
class Slot:
    """A form of a member of the cast."""

    who: str
    form: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A shared template, by name."""

    name: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several wordings."""

    options: tuple[Template, ...]


Template = tuple[str | Slot | Rule | Choice, ...]


def parse(text: str) -> Template:
    """Read a template.

    Raises:
        ValueError: a bracket is not closed, or a character has no meaning here.
    """
    normal = "\n\n".join(" ".join(part.split()) for part in re.split(r"\n\s*\n", text.strip()))
    stack: list[list[list[str | Slot | Rule | Choice]]] = [[[]]]
    position = 0
    while position < len(normal):
        match = _TOKEN.match(normal, position)
        if match is None:
            raise ValueError(f"cannot read {normal[position : position + 20]!r}")
        position = match.end()
        who, form, rule, bracket, literal = match.groups()
        if bracket == "[":
            stack.append([[]])
        elif bracket == "|":
            stack[-1].append([])
        elif bracket == "]":
            options = tuple(tuple(option) for option in stack.pop())
            stack[-1][-1].append(Choice(options))
        elif who:
            stack[-1][-1].append(Slot(who, form or ""))
        else:
            stack[-1][-1].append(Rule(rule) if rule else literal)
    if len(stack) != 1 or len(stack[0]) != 1:
        raise ValueError(f"a bracket is open or a bar stands outside in {normal[:60]!r}")
    return tuple(stack[0][0])


def draw(rng: random.Random, count: int) -> int:
    """Return 0 <= i < count; from ``random()`` alone, which Python promises never to change."""
    return int(rng.random() * count)


def expand(
    template: Template, cast: Cast, rules: Mapping[str, Template], rng: random.Random
) -> str:
    """Tell ``template`` with this ``cast``.

    Raises:
        KeyError: the cast has no such member or form, or there is no such rule.
    """
    parts: list[str] = []
    _expand_into(parts, template, cast, rules, rng)
    text = _SPACES.sub(lambda m: "\n" * min(m[0].count("\n"), 2) or " ", "".join(parts))
    return _BEFORE_STOP.sub(r"\1", text).strip()


def _expand_into(
    parts: list[str],
    template: Template,
    cast: Cast,
    rules: Mapping[str, Template],
    rng: random.Random,
) -> None:
    for node in template:
        if isinstance(node, str):
            parts.append(node)
        elif isinstance(node, Slot):
            parts.append(form_of(cast[node.who], node.form))
        elif isinstance(node, Rule):
            _expand_into(parts, rules[node.name], cast, rules, rng)
        else:
            option = node.options[draw(rng, len(node.options))]
            _expand_into(parts, option, cast, rules, rng)


def form_of(forms: Forms, form: str) -> str:
    """Return the asked form; with a capital where the name of the form has one."""
    if form[:1].isupper():
        return capital(forms[form[0].lower() + form[1:]])
    return forms[form]


def capital(text: str) -> str:
    """Return ``text`` with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def with_article(words: str) -> str:
    """Return ``words`` after "a" or "an", whichever they are spoken with."""
    return f"an {words}" if words[0] in _VOWELS else f"a {words}"


def plural(noun: str) -> str:
    """Return the plural of ``noun``."""
    if noun in _IRREGULAR:
        return _IRREGULAR[noun]
    return f"{noun}es" if noun.endswith(("s", "x", "ch", "sh")) else f"{noun}s"


def number(count: int) -> str:
    """Return 0 to 10 as a word."""
    return _NUMBERS[count]


def pronouns(she: bool) -> dict[str, str]:
    """Return the forms by which templates ask for a pronoun, named after the masculine ones."""
    if she:
        return {"he": "she", "him": "her", "his": "her", "himself": "herself"}
    return {"he": "he", "him": "him", "his": "his", "himself": "himself"}
