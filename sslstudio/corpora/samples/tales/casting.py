"""Who and what is in one story, drawn from the lexicon so that no two members can be confused.

Stands between ``lexicon`` and ``plots``. Hero and friend always differ in name, kind and pronoun,
so "he" and "she" say who is meant. Knows no plot: every story gets a whole cast.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

from sslstudio.corpora.samples.tales import lexicon
from sslstudio.corpora.samples.tales.grammar import (
    Cast,
    Forms,
    draw,
    number,
    plural,
    pronouns,
    with_article,
)

T = TypeVar("T")


def pick(rng: random.Random, choices: Sequence[T]) -> T:
    """Return one of ``choices``."""
    return choices[draw(rng, len(choices))]


def cast_for(rng: random.Random, *, child: bool) -> Cast:
    """Draw a cast; ``child`` asks for a hero who is a child."""
    she = rng.random() < 0.5
    human = child or rng.random() < 0.6
    species = list(lexicon.SPECIES)
    hero = _somebody(rng, she, species, human)
    friend = _somebody(rng, not she, species, rng.random() < 0.6)
    return {
        "hero": hero,
        "friend": friend,
        "elder": _elder(pick(rng, lexicon.ELDERS)),
        "neighbor": _named(pick(rng, lexicon.NEIGHBORS), rng.random() < 0.5),
        "toy": _toy(pick(rng, lexicon.TOYS), pick(rng, lexicon.TOY_WORDS)),
        "color": {"": pick(rng, lexicon.COLORS)},
        "food": _food(pick(rng, lexicon.FOODS)),
        "warm": {"": pick(rng, lexicon.WARM_THINGS)},
        "place": _place(pick(rng, lexicon.PLACES)),
        "spot": {"": pick(rng, lexicon.SPOTS)},
        "home": {"": pick(rng, lexicon.HOMES)},
        "flock": _flock(rng),
        "harvest": _harvest(rng),
        "skill": _skill(pick(rng, lexicon.SKILLS), hero),
        "plant": _plant(pick(rng, lexicon.PLANTS)),
    }


def _somebody(rng: random.Random, she: bool, species: list[str], human: bool) -> Forms:
    """Draw a child or an animal with a name; takes the animal out of ``species``."""
    if human:
        noun = "girl" if she else "boy"
        name = pick(rng, lexicon.GIRLS if she else lexicon.BOYS)
        described, who = noun, name
    else:
        noun = species.pop(draw(rng, len(species)))
        name = pick(rng, lexicon.ANIMAL_NAMES[she])
        described = f"little {noun}"
        who = f"{name}, {with_article(described)},"
    forms = {"": name, "s": f"{name}'s", "noun": noun, "the": f"the {noun}", "who": who}
    return forms | {"a": with_article(described)} | pronouns(she)


def _named(noun: str, she: bool) -> dict[str, str]:
    return {"": noun, "the": f"the {noun}", "a": with_article(noun)} | pronouns(she)


def _elder(person: lexicon.Person) -> Forms:
    return _named(person.noun, person.she) | {"call": person.call}


def _toy(toy: lexicon.Toy, word: str) -> Forms:
    full = f"{word} {toy.noun}"
    return {"": toy.noun, "full": full, "a": with_article(full), "play": toy.play}


def _food(food: lexicon.Food) -> Forms:
    it, was = ("them", "were") if food.many else ("it", "was")
    they = "they" if food.many else "it"
    return {"": food.noun, "some": food.some, "it": it, "they": they, "was": was}


def _place(place: lexicon.Place) -> Forms:
    at = f"{place.preposition} the {place.noun}"
    return {"": place.noun, "at": at, "to": f"to the {place.noun}"}


def _flock(rng: random.Random) -> Forms:
    noun, where = pick(rng, lexicon.FLOCKS)
    count = 2 + draw(rng, 5)
    return {"": f"{number(count)} {plural(noun)}", "where": where}


def _harvest(rng: random.Random) -> Forms:
    """Draw two amounts and their sum, for counting."""
    mine, yours = 2 + draw(rng, 4), 2 + draw(rng, 4)
    many = plural(pick(rng, lexicon.HARVEST))
    return {
        "": many,
        "mine": number(mine),
        "yours": number(yours),
        "all": number(mine + yours),
    }


def _skill(skill: lexicon.Skill, hero: Forms) -> Forms:
    fail = skill.fail.replace("{hero.his}", hero["his"])
    return {"": skill.verb, "fail": fail, "done": skill.done}


def _plant(plant: lexicon.Plant) -> Forms:
    return {"": plant.noun, "a": with_article(plant.noun), "ripe": plant.ripe}
