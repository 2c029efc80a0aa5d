"""First values of the weights: small enough that an untrained network knows nothing.

Every matrix is drawn from N(0, 0.02); the two matrices of a block that write into the residual
stream are scaled down by √(2 · layers), so that the stream's variance does not grow with depth
(GPT-2, Radford et al. 2019, section 2.3). Norm weights stay 1, biases 0. Draws from torch's
global generator, in the order of the modules, so a seed set before decides them.
"""

from __future__ import annotations

import math

from torch import nn

STANDARD_DEVIATION = 0.02
_INTO_THE_STREAM = ("attention.output.weight", "feed_forward.down.weight")


def initialize(model: nn.Module, layers: int) -> None:
    """Draw every matrix of ``model`` anew."""
    into_the_stream = STANDARD_DEVIATION / math.sqrt(2 * layers)
    for name, parameter in model.named_parameters():
        if parameter.ndim == 2:
            residual = name.endswith(_INTO_THE_STREAM)
            nn.init.normal_(parameter, std=into_the_stream if residual else STANDARD_DEVIATION)
