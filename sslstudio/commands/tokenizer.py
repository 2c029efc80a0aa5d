"""``sslstudio tokenizer``: the word before what is done with vocabularies; no model is trained."""

from __future__ import annotations

from sslstudio.commands.command import Group
from sslstudio.registry import register


@register("commands", "tokenizer", help="learn a vocabulary, or see how one fits a text", place=100)
class TokenizerCommand(Group):
    """Its actions are the files ``tokenizer_*.py``."""
