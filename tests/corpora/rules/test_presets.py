"""Presets: poems and code survive the one that is theirs, and fail the one for web pages."""

from __future__ import annotations

from sslstudio.corpora.rules.catalogue import RULES
from sslstudio.corpora.rules.presets import PRESETS
from sslstudio.corpora.rules.rule import fired
from sslstudio.corpora.rules.view import View
from sslstudio.recipe import CorpusSource
from sslstudio.registry import options_of

SONG = "\n".join(
    f"{line}\nRow on, row on,\n"
    for line in (
        "The river runs below the hill",
        "The miller sleeps beside the mill",
        "The moon has left her silver shawl",
        "Upon the reeds, upon the wall",
        "And nobody remembers why",
        "The herons never said goodbye",
    )
)
CODE = "\n".join(
    f"def area_{name}(width, height):\n    return {{'{name}': width * height + {number}}}\n"
    for number, name in enumerate(("door", "window", "roof", "floor", "wall", "stair", "lamp"))
) + "\n".join(f"print(area_{n}(3, 4), '{n}', table[{n!r}])" for n in ("one", "two", "six", "ten"))


def _names(text: str, preset: str) -> set[str]:
    return {found.rule.name for found in fired(View(text), PRESETS[preset].rules)}


def test_every_preset_of_a_recipe_is_here_and_the_other_way_round() -> None:
    choices = {option.name: option.choices for option in options_of(CorpusSource)}["preset"]
    assert set(choices) == set(PRESETS)
    assert all(preset.name == name and preset.title for name, preset in PRESETS.items())


def test_as_it_is_takes_nothing_and_web_asks_everything() -> None:
    assert PRESETS["as_is"].rules == ()
    assert PRESETS["web"].rules == RULES


def test_prose_is_judged_by_repetition_and_letters_alone() -> None:
    names = [rule.name for rule in PRESETS["prose"].rules]
    assert names[0] == "gopher_alphabetic_words"
    assert all("duplicate" in name or "top" in name for name in names[1:])
    assert len(names) == 14


def test_dialogue_and_code_allow_twice_the_repetition() -> None:
    for preset in ("dialogue", "code"):
        bounds = {rule.name: rule.at_most for rule in PRESETS[preset].rules}
        assert list(bounds) == [
            "gopher_word_count",
            *(f"gopher_duplicate_{n}_grams" for n in range(5, 11)),
        ]
        assert bounds["gopher_duplicate_5_grams"] == 0.30
        assert bounds["gopher_duplicate_10_grams"] == 0.20


def test_a_song_and_code_stay_under_their_own_preset_and_fail_the_one_for_web_pages() -> None:
    assert _names(SONG, "dialogue") == set()
    assert _names(CODE, "code") == set()
    assert {"gopher_duplicate_lines", "c4_line_punctuation"} <= _names(SONG, "web")
    assert "c4_curly_bracket" in _names(CODE, "web")


def test_single_rules_can_be_turned_off() -> None:
    left = PRESETS["web"].without(("c4_curly_bracket",))
    assert [rule.name for rule in RULES if rule not in left] == ["c4_curly_bracket"]


def test_descriptions_are_one_sentence() -> None:
    for preset in PRESETS.values():
        assert preset.description.endswith(".")
        assert preset.description.count(". ") == 0


def test_rules_have_names_labels_and_sources_for_people() -> None:
    for rule in RULES:
        assert rule.name == rule.name.lower()
        assert rule.label[0].isupper() or rule.label[0] == "“"
        assert rule.source
        assert "{}" in rule.wording
