"""``sslstudio corpus``: the word before what is done with texts alone; trains nothing."""

from __future__ import annotations

from sslstudio.commands.command import Group
from sslstudio.registry import register


@register("commands", "corpus", help="what is in texts, and what is wrong with them", place=90)
class Corpus(Group):
    """Its actions are the files ``corpus_*.py``."""
