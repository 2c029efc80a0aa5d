"""Modules that an objective needs beside the network: how they are counted and built.

Each kind is a file in ``extras/`` with one registered class, which counts without torch. They hang
in ``network.extras``, learn and are saved with it, and can be left out later: the network's own
weights and results are the same without them. Knows no objective.
"""

from __future__ import annotations

import abc
from typing import TYPE_CHECKING, cast

from sslstudio.registry import find

if TYPE_CHECKING:
    from torch import nn

    from sslstudio.models.configuration import ModelConfig


class Extra(abc.ABC):
    """One kind of module beside the network."""

    @classmethod
    @abc.abstractmethod
    def count(cls, config: ModelConfig, number: int) -> int:
        """Return how many parameters ``number`` of them have."""

    @classmethod
    @abc.abstractmethod
    def build(cls, config: ModelConfig, number: int) -> nn.Module:
        """Return ``number`` of them as one module, with their first weights."""


def extra_of(name: str) -> type[Extra]:
    """Return the kind ``name``."""
    return cast("type[Extra]", find("extras", name).cls)


def count_extras(config: ModelConfig) -> int:
    """Return how many parameters stand beside the network."""
    return sum(extra_of(name).count(config, number) for name, number in config.extras)


def build_extras(config: ModelConfig) -> nn.ModuleDict:
    """Return all modules of ``config.extras`` by name, with their first weights."""
    from torch import nn

    kinds = {name: extra_of(name).build(config, number) for name, number in config.extras}
    return nn.ModuleDict(kinds)
