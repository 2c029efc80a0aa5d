"""Every rule against one text that breaks it and one that keeps it, both made by hand."""

from __future__ import annotations

import math
import random

import pytest

from sslstudio.corpora.rules.catalogue import FAMILIES, RULE_OF, RULES
from sslstudio.corpora.rules.rule import fired, first_fired
from sslstudio.corpora.rules.view import View

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def different_words(count: int, seed: int = 0, length: int = 5) -> str:
    """Words of ``length`` letters, no two alike."""
    generator = random.Random(seed)
    words: dict[str, None] = {}
    while len(words) < count:
        words["".join(generator.choices(_LETTERS, k=length))] = None
    return " ".join(words)


SENTENCE = "The dog has to be with the cat and that is all of it."
GERMAN = (
    "Der Hund läuft heute schnell durch den großen Garten, weil er die Katze des Nachbarn sieht "
    "und sie nicht leiden kann."
)

# name, what breaks it, what keeps it by the smallest margin that is easily written
FIXTURES = [
    ("gopher_word_count", different_words(49), different_words(50)),
    ("gopher_word_count", "ab " * 100_001, "ab " * 100_000),
    ("gopher_word_length", "ab cd", "abc def"),
    ("gopher_word_length", "abcdefghijk", "abcdefghij"),
    ("gopher_hashes", "# # a b c d e f g h", "# b c d e f g h i j"),
    ("gopher_ellipses", "a... b… c d e f g h i j", "a... b c d e f g h i j"),
    ("gopher_bullet_lines", "- a\n• b", "\n".join(["- a"] * 9 + ["b"])),
    ("gopher_ellipsis_lines", "\n".join(["a..."] * 4 + ["b"] * 6), "a…\na...\na…" + "\nb" * 7),
    ("gopher_alphabetic_words", "a b c 1", "a b c d 1"),
    ("gopher_stop_words", "buy the cheapest watches online now", "buy The watch and be glad"),
    ("gopher_duplicate_lines", "a\nb\na\nb", "a\nb\nc\nd\ne\nf\ng\na\nb\nc"),
    ("gopher_duplicate_paragraphs", "a\n\nb\n\n\na", "a\n\nb\n\nc\na"),
    ("gopher_duplicate_line_characters", "aaa\nbbb\naaa", "aaa\nbbb\nccc\nddd\naaa"),
    ("gopher_duplicate_paragraph_characters", "aaa\n\nbbb\n\naaa", "aaaaa\n\nbbbbb\naaaaa"),
    ("gopher_top_2_gram", "we go on we go up we go", different_words(40) + " we go we go"),
    ("gopher_top_3_gram", "a b c x a b c y z", different_words(40)),
    ("gopher_top_4_gram", "a b c d x a b c d y z", different_words(40)),
    *(
        (
            f"gopher_duplicate_{n}_grams",
            f"{different_words(n, seed=n)} . {different_words(n, seed=n)}",
            f"{different_words(n, seed=n)} {different_words(n - 1, seed=n)}",
        )
        for n in range(5, 11)
    ),
    ("c4_long_word", f"A {'x' * 1001} word.", f"A {'x' * 999} word."),
    ("c4_line_punctuation", "A heading of some words\nAnd a line...", 'He went. He said: "No"'),
    ("c4_few_words", "Two words.", "These three words."),
    ("c4_javascript", "Please enable JavaScript in it.", "Please enable scripts in it."),
    ("c4_policy", "We use cookies on this page.", "We bake biscuits on this page."),
    ("c4_citation", "So it was said.[12]", "So it was said (12)."),
    ("c4_lorem_ipsum", "Lorem Ipsum dolor sit amet.", "Lorem dolor sit amet."),
    ("c4_curly_bracket", "if (a) { b }", "if (a) b"),
    ("c4_sentences", " ".join([SENTENCE] * 4), " ".join([SENTENCE] * 5)),
    ("fineweb_line_punctuation", "\n".join(["a"] * 8 + ["b."]), "\n".join(["a"] * 7 + ["b."])),
    ("fineweb_short_lines", f"{'a' * 30}\n{'b' * 30}\n{'c' * 30}\n{'d' * 31}", f"a\n{'b' * 31}"),
    ("fineweb_duplicate_characters", "aa\nbb\naa", f"{'x' * 297}\na\nb\na"),
    ("fineweb_newlines", "a b c\nd\ne", "a b c d\ne"),
]


@pytest.mark.parametrize(("name", "breaks", "keeps"), FIXTURES)
def test_a_rule_fires_on_what_breaks_it_and_not_on_what_keeps_it(
    name: str, breaks: str, keeps: str
) -> None:
    rule = RULE_OF[name]
    assert [found.rule.name for found in fired(View(breaks), [rule])] == [name]
    assert fired(View(keeps), [rule]) == []


def test_every_rule_has_a_fixture_and_belongs_to_one_family() -> None:
    assert {name for name, _, _ in FIXTURES} == set(RULE_OF)
    assert len(RULE_OF) == len(RULES)
    assert list(FAMILIES) == ["gopher_quality", "gopher_repetition", "c4", "fineweb"]


def test_the_bounds_are_those_of_the_papers() -> None:
    bounds = {rule.name: (rule.at_least, rule.at_most) for rule in RULES}
    assert bounds["gopher_word_count"] == (50, 100_000)
    assert bounds["gopher_word_length"] == (3, 10)
    assert bounds["gopher_alphabetic_words"] == (0.8, None)
    assert [bounds[f"gopher_top_{n}_gram"][1] for n in (2, 3, 4)] == [0.20, 0.18, 0.16]
    duplicate = [bounds[f"gopher_duplicate_{n}_grams"][1] for n in range(5, 11)]
    assert duplicate == [0.15, 0.14, 0.13, 0.12, 0.11, 0.10]
    assert bounds["fineweb_line_punctuation"] == (0.12, None)
    assert bounds["fineweb_duplicate_characters"] == (None, 0.01)


def test_the_sentence_gives_the_value_against_the_bound() -> None:
    lines = "\n".join(["a..."] * 62 + ["b"] * 38)
    (found,) = fired(View(lines), [RULE_OF["gopher_ellipsis_lines"]])
    assert found.value == pytest.approx(0.62)
    assert found.bound == 0.3
    assert found.sentence == "62 % of lines end in an ellipsis; at most 30 %"
    (found,) = fired(View(different_words(31)), [RULE_OF["gopher_word_count"]])
    assert found.sentence == "31 words; at least 50"


def test_a_value_just_beyond_its_bound_does_not_look_like_the_bound() -> None:
    # 1 of 833 characters is 0.1200 %, so 12.0 % of lines needs a decimal to be told from 12 %
    lines = "\n".join(["a"] * 881 + ["b."] * 120)
    (found,) = fired(View(lines), [RULE_OF["fineweb_line_punctuation"]])
    assert found.sentence.startswith("11.99 % of lines")


def test_all_rules_that_fire_are_named_in_the_order_of_the_catalogue() -> None:
    names = [found.rule.name for found in fired(View("a\na\na"), RULES)]
    assert names == sorted(names, key=list(RULE_OF).index)
    assert len(names) > 3
    first = first_fired(View("a\na\na"), RULES)
    assert first is not None
    assert first.rule.name == names[0] == "gopher_word_count"
    assert first_fired(View("a"), []) is None


@pytest.mark.parametrize("text", ["", " \n\n\t", "\ud800", "\u2028" * 9, "\x00", "💥" * 50])
def test_any_text_is_measured_without_an_error(text: str) -> None:
    values = [rule.measure(View(text)) for rule in RULES]
    assert all(value is None or 0 <= value < math.inf for value in values)


@pytest.mark.parametrize(
    "text",
    [
        "我们认为这些真理是不言而喻的：人人生而平等。" * 20,
        "すべての人間は、生まれながらにして自由である。" * 20,
        "มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกัน" * 20,
    ],
)
def test_rules_that_count_words_are_silent_where_scripts_have_no_spaces(text: str) -> None:
    names = {found.rule.name for found in fired(View(text), RULES)}
    assert not any("word" in name or "gram" in name for name in names)
    assert not names & {"gopher_stop_words", "fineweb_newlines", "fineweb_short_lines"}


def test_korean_and_cyrillic_put_spaces_between_words() -> None:
    assert View("모든 인간은 태어날 때부터 자유롭다").has_spaces
    assert View("Все люди рождаются свободными").has_spaces
    assert not View("我们 use AI 认为这些真理是不言而喻的").has_spaces


def test_stop_words_are_asked_of_english_only() -> None:
    rule = RULE_OF["gopher_stop_words"]
    assert fired(View(GERMAN), [rule]) == []
    assert len(fired(View("cheap watches online, best prices, buy now, free postage"), [rule])) == 1


def test_a_sequence_that_stands_once_is_no_repetition() -> None:
    assert fired(View("hello world"), [RULE_OF["gopher_top_2_gram"]]) == []


def test_a_line_ends_at_a_newline_and_nowhere_else() -> None:
    assert View("one\u2028line\x0bstill\nanother\n\n  \n").lines == [
        "one\u2028line\x0bstill",
        "another",
    ]


def test_paragraphs_stand_between_two_or_more_newlines() -> None:
    assert View("\na\n\n\n\nb\nc\n\nd\n").paragraphs == ["a", "b\nc", "d"]
