"""The one-token pass as compiled C, where this machine has a compiler; silently not, elsewhere.

``one_token.c`` is compiled once a machine (half a second) into the user's cache, under a name
made of its text, the flags and the processor, and loaded through ctypes. It runs on the calling
thread alone, so nothing beside it waits or changes, lets go of Python's lock meanwhile, and reads
the weights where they lie: they may be trained on between two tokens. It takes about what reading
them once takes. Only fp32 in the CPU's memory.

Shapes: V vocabulary.
"""

from __future__ import annotations

import ctypes
import functools
import hashlib
import os
import platform
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from sslstudio.models.cache import KeyValueCache
from sslstudio.models.transformer import Transformer
from sslstudio.storage import cache_dir

SOURCE = Path(__file__).with_name("one_token.c")
# Sums may be reordered, or no loop would be vectorised. Not -ffast-math: some linkers then switch
# the whole process to flushing tiny numbers to zero, and a training beside us would change.
_FLAGS = ("-O3", "-march=native", "-fPIC", "-shared", "-fassociative-math", "-fno-signed-zeros",
          "-fno-trapping-math", "-fno-math-errno")  # fmt: skip
_COMPILE_SECONDS = 60


class NativePass:
    """Calls the compiled pass on one network; see :func:`native_pass`."""

    def __init__(self, model: Transformer, function: Callable[..., None]) -> None:
        config = model.config
        self._function = function
        self._model = model
        self._parts = _parts(model)
        self._sizes = (ctypes.c_int * 7)(
            config.layers,
            config.width,
            config.heads,
            config.kv_heads,
            config.ffn_width,
            config.vocab_size,
            config.context,
        )
        joint = config.width + 2 * config.kv_heads * config.head_dim
        self._work = torch.empty(3 * config.width + joint + 2 * config.ffn_width + config.context)

    def logits(self, token: int, cache: KeyValueCache) -> Tensor:
        """Return the logits [V] after ``token``, which the cache then holds."""
        config, rotary, position = self._model.config, self._model.rotary, cache.length
        assert 0 <= token < config.vocab_size, "no such token"
        assert position < cache.capacity == config.context, "past the context: clear the cache"
        logits_V = torch.empty(config.vocab_size)
        keys, values = cache.addresses()
        self._function(
            self._sizes,
            # asked anew for every token: an optimizer may have put a weight elsewhere
            (ctypes.c_void_p * len(self._parts))(
                *[None if part is None else part.data_ptr() for part in self._parts]
            ),
            config.norm_eps,
            token,
            position,
            rotary.cosines[position].data_ptr(),
            rotary.signed_sines[position].data_ptr(),
            keys,
            values,
            self._work.data_ptr(),
            logits_V.data_ptr(),
        )
        cache.advance(1)
        return logits_V


def native_pass(model: Transformer) -> NativePass | None:
    """Return the compiled pass for a decoder, or None where it cannot be had."""
    tensors = [*model.parameters(), model.rotary.cosines, model.rotary.signed_sines]
    if not all(t.is_cpu and t.dtype == torch.float32 and t.is_contiguous() for t in tensors):
        return None
    function = _compiled()
    return None if function is None else NativePass(model, function)


def _parts(model: Transformer) -> list[Tensor | None]:
    """Return the weights in the order of ``one_token.c``."""
    parts: list[Tensor | None] = []
    for block in model.blocks:
        attention: Any = block.attention
        feed_forward: Any = block.feed_forward
        norms: list[Any] = [attention.query_norm, attention.key_norm]
        parts += [
            block.attention_norm.weight,  # type: ignore[list-item, union-attr]
            attention.query.weight,
            attention.key.weight,
            attention.value.weight,
            attention.output.weight,
            *[None if norm is None else norm.weight for norm in norms],
            block.feed_forward_norm.weight,  # type: ignore[list-item, union-attr]
            feed_forward.gate.weight,
            feed_forward.up.weight,
            feed_forward.down.weight,
        ]
    return [*parts, model.embedding.weight, model.final_norm.weight, model.head_weight]


@functools.cache
def _compiled() -> Callable[..., None] | None:
    """Return the C function, compiled now if it never was on this machine."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None or os.name != "posix":
        return None
    try:
        function = ctypes.CDLL(str(_library(compiler))).one_token
    except (OSError, AttributeError, subprocess.SubprocessError):
        return None
    address = ctypes.c_void_p
    function.restype = None
    arguments: list[Any] = [address, address, ctypes.c_float, ctypes.c_int, ctypes.c_int]
    function.argtypes = [*arguments, *[address] * 6]
    found: Callable[..., None] = function
    return found


def _library(compiler: str) -> Path:
    """Return the compiled file's path; it appears whole or not at all."""
    folder = cache_dir() / "native"
    what = "\n".join([SOURCE.read_text(encoding="utf-8"), *_FLAGS, _processor()])
    library = folder / f"one_token-{hashlib.sha256(what.encode()).hexdigest()[:16]}.so"
    if not library.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as inside:
            made = Path(inside) / "made.so"
            subprocess.run(
                [compiler, *_FLAGS, str(SOURCE), "-o", str(made), "-lm"],
                check=True,
                capture_output=True,
                timeout=_COMPILE_SECONDS,
            )
            made.replace(library)
    return library


def _processor() -> str:
    """Name what the compiler's ``native`` means here: a cache may lie on a shared disk."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text(encoding="utf-8").splitlines() if cpuinfo.exists() else []
    flags = [line for line in lines if line.startswith(("flags", "Features", "model name"))]
    return "\n".join([platform.machine(), platform.processor(), *sorted(set(flags))])
