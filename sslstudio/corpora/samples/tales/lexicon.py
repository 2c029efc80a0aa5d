"""The words of the tales: who is in them, what they play with, what they eat, where they go.

Stands beside ``plots``; ``casting`` draws from it. Every entry carries the forms that templates
ask for, so that grammar never has to be guessed. Short on purpose: a tiny model should meet every
word some thousand times.
"""

from __future__ import annotations

from typing import NamedTuple

GIRLS = ("Anna", "Lily", "Mia", "Rosa", "Nora", "Ella")
BOYS = ("Tom", "Ben", "Max", "Leo", "Finn", "Sam")
ANIMAL_NAMES = {True: ("Hazel", "Dot", "Fern", "Tilly"), False: ("Pip", "Rusty", "Bruno", "Oscar")}
SPECIES = ("fox", "bear", "rabbit", "duck", "owl", "hedgehog", "frog", "cat", "otter")


class Person(NamedTuple):
    """A grown-up: how others speak of and to them."""

    noun: str
    she: bool
    call: str = ""


ELDERS = (
    Person("mother", True, "Mama"),
    Person("father", False, "Papa"),
    Person("grandmother", True, "Grandma"),
    Person("grandfather", False, "Grandpa"),
)
NEIGHBORS = ("baker", "farmer", "painter", "teacher", "gardener")


class Toy(NamedTuple):
    """Something to play with, and what one does with it (past tense)."""

    noun: str
    play: str


TOYS = (
    Toy("ball", "ran after it again and again"),
    Toy("drum", "beat it as loud as the wind"),
    Toy("flute", "played a little song on it"),
    Toy("book", "looked at it for a long time"),
    Toy("doll", "told it a long story"),
    Toy("bell", "rang it again and again"),
    Toy("cart", "pulled it over the grass"),
    Toy("umbrella", "jumped from a stone with it"),
    Toy("hat", "danced around with it"),
    Toy("spoon", "dug a deep hole with it"),
)
TOY_WORDS = ("red", "blue", "green", "yellow", "orange", "old", "little", "new")
COLORS = ("red", "blue", "green", "yellow", "white")


class Food(NamedTuple):
    """Something to eat: bare, as one would ask for it, and whether it is many."""

    noun: str
    some: str
    many: bool = False


FOODS = (
    Food("apple", "an apple"),
    Food("pear", "a pear"),
    Food("bread", "some bread"),
    Food("cheese", "some cheese"),
    Food("cake", "a piece of cake"),
    Food("pie", "a piece of pie"),
    Food("egg", "an egg"),
    Food("nuts", "some nuts", many=True),
    Food("berries", "some berries", many=True),
    Food("carrots", "some carrots", many=True),
    Food("cookies", "some cookies", many=True),
)
WARM_THINGS = (
    "a bowl of hot soup",
    "a cup of warm milk",
    "a cup of hot tea",
    "a bowl of warm porridge",
)


class Place(NamedTuple):
    """Somewhere outside: the noun, and the word that says one is there."""

    noun: str
    preposition: str


PLACES = (
    Place("park", "in"),
    Place("garden", "in"),
    Place("forest", "in"),
    Place("meadow", "in"),
    Place("river", "by"),
    Place("lake", "by"),
    Place("hill", "on"),
)
SPOTS = (
    "under an old tree",
    "behind a bush",
    "on a flat stone",
    "in the tall grass",
    "beside the path",
    "on a low wall",
    "next to a fence",
)
HOMES = (
    "a small house by the river",
    "a little house near the forest",
    "a small village",
    "a green valley",
    "a red house on a hill",
    "a house with a blue door",
    "an old mill",
)
FLOCKS = (
    ("goose", "by the water"),
    ("sheep", "on the grass"),
    ("cow", "behind a fence"),
    ("mouse", "under a bush"),
    ("duck", "in the water"),
    ("bird", "in a tree"),
    ("child", "on the path"),
)
HARVEST = ("apple", "pear", "cherry", "berry", "mushroom", "nut")


class Skill(NamedTuple):
    """Something to learn: bare, how it goes wrong, and how it goes at last (past tense)."""

    verb: str
    fail: str
    done: str


SKILLS = (
    Skill("swim", "got water in {hero.his} nose", "swam from one side to the other"),
    Skill("whistle", "made no sound at all", "whistled a whole song"),
    Skill("climb a rope", "slid down again", "climbed right up to the top"),
    Skill("jump over the stream", "landed in the water", "jumped over it with one big jump"),
)


class Plant(NamedTuple):
    """Something that grows from a seed, and what becomes of it."""

    noun: str
    ripe: str


PLANTS = (
    Plant("sunflower", "as tall as the door"),
    Plant("pumpkin", "as big as a table"),
    Plant("apple tree", "higher than the roof"),
    Plant("rose", "as red as the evening sky"),
    Plant("carrot", "as long as an arm"),
)
