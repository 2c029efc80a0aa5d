"""One small tokenizer and networks of its vocabulary, for every test of this room."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import torch

from sslstudio.corpora.tokenizer import Tokenizer
from sslstudio.models.configuration import model_config
from sslstudio.models.transformer import Transformer
from sslstudio.recipe import ModelOptions, TokenizerOptions

TEXT = "the cat sat on the mat, and the dog – é! – saw the cat again."


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    """For networks this small a second thread only waits for a core that others use."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="session")
def tokenizer() -> Tokenizer:
    return Tokenizer.train([TEXT], TokenizerOptions(kind="characters"))


@pytest.fixture
def build(tokenizer: Tokenizer) -> Callable[..., Transformer]:
    """Return a maker of small networks with opinions: weights five times the usual size."""

    def make(
        architecture: str = "decoder", *, context: int = 24, dropout: float = 0.0
    ) -> Transformer:
        torch.manual_seed(0)
        options = ModelOptions(
            context=context, layers=2, width=32, heads=4, kv_heads=2, dropout=dropout
        )
        model = Transformer(model_config(options, tokenizer.vocab_size, architecture))
        with torch.no_grad():
            for parameter in model.parameters():
                if parameter.ndim == 2:
                    parameter.mul_(5.0)
        return model

    return make
