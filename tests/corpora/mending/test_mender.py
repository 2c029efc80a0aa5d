"""Mending: each step by hand, the order of steps, and previews that say what mending does."""

from __future__ import annotations

import importlib.util
import itertools
import pickle
import random

import pytest

from sslstudio.corpora.mending.labels import CODES, labels
from sslstudio.corpora.mending.lines import line_edits, line_key
from sslstudio.corpora.mending.mender import Mender
from sslstudio.corpora.mending.outcome import Mended, Stretch
from sslstudio.corpora.rules.c4_lines import ALL
from sslstudio.errors import CorpusError, RecipeError
from sslstudio.recipe import CorpusSource

ARTICLE = (
    "The harbour lay still when the first boat came in, and nobody was there to meet it. "
    "Its captain had been at sea for forty days. He tied the rope with care and looked up at "
    "the lighthouse. That light, he thought, should have been burning. Was somebody ill? He "
    "walked along the pier to find out what had happened."
)


def test_a_mender_with_nothing_to_do_gives_back_the_very_text() -> None:
    mender = Mender(CorpusSource())
    text = "any text\r\n\x00"
    assert mender.is_idle
    assert mender.mend(text).text is text
    assert mender.explain(text) == (Stretch(text),)
    assert mender.explain("") == ()
    assert mender.reason(text) == ""


@pytest.mark.parametrize(
    ("source", "repeated"),
    [
        (CorpusSource(preset="prose"), ()),
        (CorpusSource(normalise="nfc"), ()),
        (CorpusSource(personal_data="replace"), ()),
        (CorpusSource(), {1}),
    ],
)
def test_anything_to_do_is_not_idle(source: CorpusSource, repeated: set[int]) -> None:
    assert not Mender(source, repeated).is_idle


def test_normalising_mends_line_ends_control_characters_and_spelling() -> None:
    mended = Mender(CorpusSource(normalise="nfc")).mend("\ufeffCafe\u0301\r\nx\x00y\rz\x85\tq ²")
    assert mended == Mended(
        "Café\nxy\nz\n\tq ²",
        changes=(("newline", 3), ("control_character", 2), ("nfc", 1)),
    )
    assert Mender(CorpusSource(normalise="nfkc")).mend("ﬁve m²").text == "five m2"


def test_a_mark_joins_its_letter_when_what_stood_between_them_goes() -> None:
    assert Mender(CorpusSource(normalise="nfc")).mend("e\x00\u0301").text == "é"


def test_ftfy_mends_what_was_decoded_wrongly_and_nothing_else() -> None:
    pytest.importorskip("ftfy")
    mender = Mender(CorpusSource(normalise="ftfy"))
    assert mender.mend("schÃ¶n &amp; “gut” ﬁ\nplain").text == "schön &amp; “gut” ﬁ\nplain"


def test_ftfy_that_is_not_installed_is_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(CorpusError, match="not installed: add it with pip install ftfy"):
        Mender(CorpusSource(normalise="ftfy"))


def test_lines_go_with_the_blank_lines_that_they_leave_behind() -> None:
    text = "He went home.\n\nMENU\n\nThen he slept.[3]\nHome | About"
    mender = Mender(CorpusSource(preset="web", rules_off=_web_but("c4_line_punctuation")))
    assert mender.mend(text).text == "He went home.\n\nThen he slept.[3]\n"
    assert mender.mend(text).changes == (("c4_line_punctuation", 2),)
    with_citations = Mender(CorpusSource(preset="web", rules_off=_web_but("c4_citation")))
    assert "slept.\n" in with_citations.mend(text).text


def _web_but(*names: str) -> tuple[str, ...]:
    """All rules that can be turned off, but for ``names``."""
    return tuple(code for code in CODES if code not in names)


def test_repeated_lines_go_whatever_their_case_and_indent() -> None:
    mender = Mender(CorpusSource(), {line_key("All rights reserved")})
    mended = mender.mend("Hello.\n  ALL RIGHTS RESERVED \nBye.")
    assert mended == Mended("Hello.\nBye.", changes=(("repeated_line", 1),))
    kept = Mender(CorpusSource(rules_off=("repeated_line",)), {line_key("all rights reserved")})
    assert kept.is_idle


def test_a_document_of_nothing_but_repeated_lines_is_taken_out_by_that_rule() -> None:
    mender = Mender(CorpusSource(), {line_key("menu")})
    assert mender.mend("Menu\n\nMENU\n") == Mended("", "repeated_line")
    assert mender.reason("Menu") == labels("repeated_line")
    assert mender.mend(" \n") == Mended("", "blank")


def test_document_rules_judge_what_the_line_rules_leave() -> None:
    page = f"Home\nAbout us\n{{ menu }}\n{ARTICLE}\nContact"
    mender = Mender(CorpusSource(preset="web"))
    mended = mender.mend(page)
    assert mended.text == ARTICLE + "\n"  # the bracket went with its line
    assert mended.changes == (("c4_line_punctuation", 4),)
    assert Mender(CorpusSource(preset="web")).mend("Home\nToo short a page.").removed_by


def test_the_first_rule_that_fires_takes_the_document_and_says_why() -> None:
    mender = Mender(CorpusSource(preset="dialogue"))
    assert mender.mend("Too short.") == Mended("", "gopher_word_count")
    assert mender.reason("Too short.") == "2 words; at least 50"
    assert mender.explain("Too short.") == (Stretch("Too short.", "gopher_word_count"),)
    off = Mender(CorpusSource(preset="dialogue", rules_off=("gopher_word_count",)))
    assert off.mend("Too short.") == Mended("Too short.")


def test_personal_data_is_replaced_but_for_kinds_that_are_turned_off() -> None:
    text = "a@b.com, 8.8.8.8"
    source = CorpusSource(personal_data="replace")
    assert Mender(source).mend(text) == Mended("<EMAIL>, <IP>", changes=(("email", 1), ("ip", 1)))
    off = CorpusSource(personal_data="replace", rules_off=("email",))
    assert Mender(off).mend(text).text == "a@b.com, <IP>"


def test_a_rule_that_nobody_knows_is_an_error_with_the_nearest() -> None:
    with pytest.raises(RecipeError, match="did you mean 'gopher_word_count'"):
        Mender(CorpusSource(rules_off=("gopher_words_count",)))


def test_a_mender_goes_to_another_process() -> None:
    mender = Mender(CorpusSource(preset="web", personal_data="replace"), {line_key("menu")})
    again = pickle.loads(pickle.dumps(mender))
    page = f"menu\n{ARTICLE} Write to a@b.com."
    assert again.mend(page) == mender.mend(page)
    assert again.mend(page).text.endswith("Write to <EMAIL>.")


def test_a_preview_strikes_out_what_goes_and_names_the_rule() -> None:
    source = CorpusSource(normalise="nfc", personal_data="replace")
    stretches = Mender(source, {line_key("menu")}).explain("Menu\nCafe\u0301: a@b.com")
    assert stretches == (
        Stretch("Menu\n", "repeated_line"),
        Stretch("Caf"),
        Stretch("e\u0301", "nfc", "é"),
        Stretch(": "),
        Stretch("a@b.com", "email", "<EMAIL>"),
    )


def test_a_document_that_goes_keeps_the_rules_of_lines_that_had_gone() -> None:
    stretches = Mender(CorpusSource(preset="web")).explain("Home\nA line that stays.")
    assert stretches == (
        Stretch("Home\n", "c4_line_punctuation"),
        Stretch("A line that stays.", "gopher_word_count"),
    )


WORDS = (
    "Hello world, this is the text that I have to be with. |the cat sat |menu|Menu|cookie policy."
)
MARKS = "\n|\n\n|\r\n|\r|\x85|\ufeff|\x00|\x93|\u2028| |\t|...|…|{|[3]|[edit]|javascript|<EMAIL>"
LETTERS = (
    "e\u0301|é|ﬁ|²|，|한|\u1112\u1161\u11ab|漢字かな。|\U0001f600|\u0301|\u0327|\ud800|ａ１|ｶﾞ|º"
)
FOREIGN = "schÃ¶n|â€œquotedâ€\x9d|Ã\xa0|a@b.com|+49 30 901820|8.8.8.8|http://a:b@c.de"
ATOMS = f"{WORDS}|{MARKS}|{LETTERS}|{FOREIGN}".split("|")
LENIENT = _web_but("c4_few_words", "c4_javascript", "c4_policy", "c4_citation")


@pytest.mark.parametrize("normalise", ["none", "nfc", "nfkc", "ftfy"])
@pytest.mark.parametrize("preset", ["as_is", "web", "prose"])
def test_a_preview_says_exactly_what_mending_does(normalise: str, preset: str) -> None:
    if normalise == "ftfy":
        pytest.importorskip("ftfy")
    generator = random.Random(f"{normalise} {preset}")
    repeated = {line_key("menu"), line_key("the cat sat")}
    menders = (
        [
            Mender(CorpusSource(preset=preset, normalise=normalise, **more), repeated)  # type: ignore[arg-type]
            for more in ({}, {"personal_data": "replace", "rules_off": LENIENT[:-20]})
        ]
        + [Mender(CorpusSource(preset="web", normalise=normalise, rules_off=LENIENT), repeated)]
    )
    for _ in range(150):
        text = "".join(generator.choices(ATOMS, k=generator.randint(0, 40)))
        mender = generator.choice(menders)
        stretches, mended = mender.explain(text), mender.mend(text)
        assert "".join(stretch.text for stretch in stretches) == text
        left = [stretch.replacement if stretch.rule else stretch.text for stretch in stretches]
        assert "".join(left) == mended.text
        assert {stretch.rule for stretch in stretches} <= {"", *CODES}
        assert not mended.removed_by or mended.text == ""


def test_every_code_has_words_of_its_own() -> None:
    assert all(labels(code) != code for code in CODES)
    assert {"exact_duplicate", "near_duplicate", "blank", "repeated_line", "phone"} <= set(CODES)
    assert labels("no such rule") == "no such rule"


def test_edits_of_lines_stand_in_order_and_apart() -> None:
    edits = line_edits("A\n\nB c d.[1]\n" * 3, ALL, {line_key("B c d.[1]")})
    assert all(first.end <= second.start for first, second in itertools.pairwise(edits))
    assert sum(edit.counts for edit in edits) == 6


@pytest.mark.parametrize("unit", ["a\n", "\x00", "[1]", "é ", "，漢", "x. \n\n", "a b c d e f g "])
def test_long_documents_of_one_kind_of_thing_end(unit: str) -> None:
    source = CorpusSource(preset="prose", normalise="nfkc", personal_data="replace")
    text = unit * (200_000 // len(unit))
    mender = Mender(source, {1})
    assert "".join(stretch.text for stretch in mender.explain(text)) == text
    mended = mender.mend(text)
    assert mended.removed_by or mended.text
