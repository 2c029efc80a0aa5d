"""Ask a network something without changing it, even in the middle of its training.

Everything generation does with a network happens inside :func:`undisturbed`. It is entered once
a token and never spans a ``yield``: a generator that held inference mode open would switch off
gradients for whoever consumes it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn


@contextmanager
def undisturbed(model: nn.Module) -> Iterator[None]:
    """Dropout off, no gradients recorded; afterwards the mode is what it was before."""
    was_training = model.training
    if was_training:
        model.eval()
    try:
        with torch.inference_mode():
            yield
    finally:
        if was_training:
            model.train()
