"""What every architecture is: a file that counts without torch and builds with it.

An architecture is a file in ``architectures/`` with one registered class: what it is called, which
settings it can have, how many parameters and operations they come to, and the network itself,
which is imported when it is built. So plans and forms know all architectures before torch is
loaded. It knows nothing of objectives.
"""

from __future__ import annotations

import abc
from typing import TYPE_CHECKING, ClassVar, cast

from sslstudio.errors import RecipeError
from sslstudio.models.parameter_count import ParameterCount
from sslstudio.registry import find

if TYPE_CHECKING:
    from sslstudio.models.configuration import ModelConfig
    from sslstudio.models.network import Network


class Architecture(abc.ABC):
    """How a network of one kind is checked, counted and built.

    Attributes:
        is_causal: whether a token sees only what came before it, unless an objective asks.
        has_two_sides: whether an encoder reads one text and a decoder writes another.
    """

    is_causal: ClassVar[bool] = False
    has_two_sides: ClassVar[bool] = False

    @classmethod
    def check(cls, config: ModelConfig) -> None:
        """Raise a :class:`RecipeError` where ``config`` cannot be built.

        Called for every configuration, after the checks that hold for all architectures.
        """
        del config

    @classmethod
    @abc.abstractmethod
    def count(cls, config: ModelConfig) -> ParameterCount:
        """Count the parameters, by formula, without extras."""

    @classmethod
    @abc.abstractmethod
    def build(cls, config: ModelConfig) -> Network:
        """Return the network with its first weights, drawn from torch's global generator."""

    @classmethod
    def flops_per_token(cls, config: ModelConfig) -> float:
        """Return training FLOPs a token: 6·N_mat + 12·L·d·T (reference §4.3)."""
        count = cls.count(config)
        matrices = count.attention + count.feed_forward + config.vocab_size * config.width
        return 6.0 * matrices + 12.0 * config.layers * config.width * config.context


def architecture_of(name: str) -> type[Architecture]:
    """Return the architecture ``name``.

    Raises:
        RecipeError: there is none; the message names the nearest.
    """
    try:
        return cast("type[Architecture]", find("architectures", name).cls)
    except RecipeError as error:
        raise RecipeError(f"model.architecture: {error}") from error
