"""The tales: grammar that always holds, causes that have their consequences, and variety."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Iterator

import pytest

from sslstudio.corpora.samples import tales as module
from sslstudio.corpora.samples.tales import grammar, tales
from sslstudio.corpora.samples.tales.casting import cast_for
from sslstudio.corpora.samples.tales.grammar import (
    Cast,
    Choice,
    Rule,
    Slot,
    Template,
    expand,
    parse,
    plural,
    with_article,
)
from sslstudio.corpora.samples.tales.plots import PLOTS, RULES, Plot

NUMBERS = "zero one two three four five six seven eight nine ten".split()  # noqa: SIM905
STORIES = 20_000


@pytest.fixture(scope="module")
def stories() -> list[str]:
    return list(itertools.islice(tales(7), STORIES))


def _told(name: str, count: int) -> Iterator[tuple[str, Cast]]:
    plot = next(plot for plot in PLOTS if plot.name == name)
    rng = random.Random(3)
    for _ in range(count):
        cast = cast_for(rng, child=plot.child)
        yield expand(plot.template, cast, RULES, rng), cast


def _slots(template: Template) -> Iterator[Slot]:
    for node in template:
        if isinstance(node, Slot):
            yield node
        elif isinstance(node, Rule):
            yield from _slots(RULES[node.name])
        elif isinstance(node, Choice):
            for option in node.options:
                yield from _slots(option)


def test_the_same_seed_tells_the_same_stories() -> None:
    first, again, other = (list(itertools.islice(tales(seed), 50)) for seed in (5, 5, 6))
    assert first == again
    assert not set(first) & set(other)


def test_hardly_a_story_is_told_twice(stories: list[str]) -> None:
    assert len(stories) - len(set(stories)) < STORIES // 1000


def test_stories_have_60_to_200_words_out_of_a_few_hundred(stories: list[str]) -> None:
    lengths = [len(story.split()) for story in stories]
    assert min(lengths) >= 60
    assert max(lengths) <= 200
    words = {word for story in stories for word in re.findall(r"[a-z]+", story.lower())}
    assert 300 <= len(words) <= 650


def test_every_story_is_well_formed(stories: list[str]) -> None:
    """Nothing of the template language is left, and sentences begin and end as they should."""
    broken = re.compile(
        r"[\[\]{}<>|]|  | [.,!?]|,[.!?]|\.\.|\n\n\n| \n|\n |[^\n]\n[^\n]"
        r"|[a-z][.!?] [a-z]|(?:^|\n)[a-z]|, *\n"
    )
    for story in stories:
        assert not broken.search(story), broken.search(story)
        assert story.endswith((".", "!", '"'))
        for paragraph in story.split("\n\n"):
            assert paragraph.count('"') % 2 == 0, paragraph


def test_articles_verbs_and_plurals_agree(stories: list[str]) -> None:
    wrong = re.compile(
        r"\b[Aa] [aeiou]|\b[Aa]n [^aeiou]"
        r"|\b(?:they|we|you|They|We|You) was\b|\b(?:he|she|it|He|She|It) were\b"
        r"|\b(?:two|three|four|five|six|seven|eight|nine|ten) "
        r"(?:mouse|goose|child|berry|cherry|cow|duck|bird|apple|pear|nut|egg|day|piece)\b"
        r"|\b(\w+) \1\b(?<!had had)(?<!ever ever)"
    )
    for story in stories:
        assert not wrong.search(story), wrong.search(story)


@pytest.mark.parametrize("plot", PLOTS, ids=lambda plot: plot.name)
def test_every_wording_of_a_plot_finds_its_forms(plot: Plot) -> None:
    cast = cast_for(random.Random(0), child=plot.child)
    for slot in _slots(plot.template):
        assert grammar.form_of(cast[slot.who], slot.form)


@pytest.mark.parametrize("plot", PLOTS, ids=lambda plot: plot.name)
def test_no_pronoun_is_written_into_a_plot(plot: Plot) -> None:
    """Where everybody who can be meant is she, no "he" is left, and the other way round."""
    who = {slot.who for slot in _slots(plot.template)} & {"hero", "elder", "friend"}
    other = {"he": r"\b(she|her|herself)\b", "she": r"\b(he|him|his|himself)\b"}
    rng = random.Random(11)
    for _ in range(40):
        cast = dict(cast_for(rng, child=plot.child))
        if "friend" in who:
            cast["friend"] = {**cast["friend"], **grammar.pronouns(cast["hero"]["he"] == "she")}
        cast["elder"] = {**cast["elder"], **grammar.pronouns(cast["hero"]["he"] == "she")}
        story = expand(plot.template, cast, RULES, rng).lower()
        assert not re.search(other[cast["hero"]["he"]], story), story


def test_what_is_lost_is_found_where_it_was_left() -> None:
    for story, cast in _told("lost toy", 200):
        left, found = story.split("At home" if "At home" in story else "In the evening", 1)
        assert f"put the {cast['toy']['']} {cast['spot']['']}" in left
        assert f"there was the {cast['toy']['']}, {cast['spot']['']}" in found


def test_who_goes_without_a_coat_gets_wet_and_who_takes_one_stays_dry() -> None:
    for story, _ in _told("rain without a coat", 100):
        assert "got wet" in story
        assert "stayed dry" not in story
    for story, cast in _told("rain with a coat", 100):
        assert f"{cast['hero']['']} stayed dry" in story
        assert f"{cast['friend']['']} had no coat and got wet" in story


def test_what_two_find_adds_up() -> None:
    for story, _ in _told("how many", 200):
        found = [NUMBERS.index(word) for word in re.findall(r"found (\w+) ", story)]
        together = re.search(r"There were (\w+) ", story)
        assert together is not None
        assert len(found) == 2
        assert NUMBERS.index(together[1]) == sum(found)


def test_hero_and_friend_cannot_be_confused() -> None:
    rng = random.Random(2)
    for _ in range(500):
        cast = cast_for(rng, child=False)
        hero, friend = cast["hero"], cast["friend"]
        assert hero[""] != friend[""]
        assert hero["he"] != friend["he"]
        assert hero["noun"] != friend["noun"]


def test_the_template_language() -> None:
    rules = {"greet": parse("Hello, {hero}")}
    cast = {"hero": {"": "Mia", "his": "her", "a": "a girl"}}
    template = parse("<greet>!  [|]  {hero.A}\n lost {hero.his} [hat].\n\n [Yes|Yes].")
    story = expand(template, cast, rules, random.Random(0))
    assert story == "Hello, Mia! A girl lost her hat.\n\nYes."
    told = {expand(parse("[a|b[c|]]"), {}, {}, random.Random(seed)) for seed in range(50)}
    assert told == {"a", "b", "bc"}
    for broken in ("[a", "a]", "a|b", "{", "<a b>"):
        with pytest.raises((ValueError, IndexError)):
            parse(broken)


def test_articles_and_plurals_by_hand() -> None:
    assert [with_article(word) for word in ("old hat", "red egg", "egg")] == [
        "an old hat",
        "a red egg",
        "an egg",
    ]
    many = {"mouse": "mice", "sheep": "sheep", "fox": "foxes", "berry": "berries", "cow": "cows"}
    assert {one: plural(one) for one in many} == many


def test_the_sample_fills_its_size() -> None:
    size = sum(len(text) + 1 for text, _ in module.sample())
    assert module.SAMPLE_BYTES - 2000 < size <= module.SAMPLE_BYTES
