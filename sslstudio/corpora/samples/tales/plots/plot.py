"""What a plot is: a name, a template, and whether only a child can be its hero."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from sslstudio.corpora.samples.tales.grammar import Template, parse


@dataclass(frozen=True)
class Plot:
    """One kind of story."""

    name: str
    text: str
    child: bool = False

    @cached_property
    def template(self) -> Template:
        """Return the text, parsed once."""
        return parse(self.text)
