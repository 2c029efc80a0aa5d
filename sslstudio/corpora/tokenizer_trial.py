"""A foreign tokenizer file is first tried in a process of its own, with limits.

Stands before every ``tokenizer.json`` that the studio did not write itself. The library that
reads them is fast and written in Rust, and some files make it abort the whole process or ask for
all the memory there is (hazards no. 15): here that ends a child, and the user gets a sentence. A
text that passed is remembered by its SHA-256, in memory and in the cache folder, so the child
(0.2 s, and 5 s for a vocabulary of 260,000) is needed once a file. The parent waits meanwhile:
the studio comes here from its worker threads only. What it does not know: whether a text that
passed is slow or fails on some other text later; that ends in a sentence too, not in an abort.

The child is ``python -m sslstudio.corpora.tokenizer_trial``: it imports neither torch nor Qt,
inherits no handle but its three streams, and where the system has limits (not on Windows) it sets
them for itself: memory, processor time, no files. A frozen bundle has no interpreter to call with
``-m``: its entry point must call :func:`main` when its arguments are :data:`FROZEN_WORDS`.
"""

from __future__ import annotations

import contextlib
import hashlib
import subprocess
import sys
from pathlib import Path

import tokenizers

from sslstudio.corpora import child_process
from sslstudio.corpora.process_limits import limit_itself
from sslstudio.errors import RecipeError, SSLStudioError
from sslstudio.storage import cache_dir, write_atomically

FROZEN_WORDS = ("--try-tokenizer",)
MEMORY_BYTES = 2 * 2**30  # a vocabulary of 260,000 takes a quarter of it
CPU_S = 20
TIMEOUT_S = 40.0
_VERSION = 1  # of what the child tries; a new one tries every file again
_REFUSED = 3  # the child's status for a file that it read and will not have
_passed: set[str] = set()


def remember(definition: str) -> None:
    """Note that ``definition`` has been loaded here already, so that no child need try it."""
    digest = _digest(definition)
    if digest in _passed:
        return
    _passed.add(digest)
    with contextlib.suppress(SSLStudioError, OSError):  # a full cache costs a child next time
        write_atomically(_note(digest), "")


def require_sound(definition: str, where: str) -> None:
    """Return where ``definition``, the text of a ``tokenizer.json``, can be loaded safely.

    Raises:
        RecipeError: the child refused it, died of it, or took too much memory or time.
    """
    digest = _digest(definition)
    if digest in _passed or _is_noted(digest):
        _passed.add(digest)
        return
    status, answer = _in_a_child(definition)
    if status == _REFUSED and answer:
        raise RecipeError(f"{where} {answer}")
    if status is None:
        raise RecipeError(
            f"{where} was given up after {TIMEOUT_S:.0f} s: choose a tokenizer.json that loads"
        )
    if status:
        raise RecipeError(
            f"{where} cannot be loaded safely (trying it in a process of its own ended with "
            f"status {status}): choose another tokenizer.json, or train one here"
        )
    remember(definition)


def _digest(definition: str) -> str:
    tried = f"{_VERSION} {tokenizers.__version__}\n{definition}"
    return hashlib.sha256(tried.encode("utf-8", "surrogatepass")).hexdigest()


def _note(digest: str) -> Path:
    return cache_dir() / "tokenizers" / digest


def _is_noted(digest: str) -> bool:
    with contextlib.suppress(OSError):
        return _note(digest).is_file()
    return False


def _in_a_child(definition: str) -> tuple[int | None, str]:
    """Return the child's status, None where it took too long, and what it says."""
    words = child_process.command("sslstudio.corpora.tokenizer_trial", FROZEN_WORDS)
    try:
        child = child_process.started(words)
    except OSError as error:
        raise RecipeError(
            f"a tokenizer file is tried in a process of its own, and none can be started here "
            f"({error.strerror}): close other programs, or train a tokenizer here"
        ) from error
    with child:
        try:
            said, _ = child.communicate(definition.encode("utf-8", "surrogatepass"), TIMEOUT_S)
        except subprocess.TimeoutExpired:
            return None, ""
        finally:
            child.kill()
    return child.returncode, said.decode("utf-8", "replace").strip()


# -- in the child ---------------------------------------------------------------------------


def main() -> int:
    """Try the text on standard input; returns the status, and says on standard output why not."""
    limit_itself(memory_bytes=MEMORY_BYTES, cpu_s=CPU_S, largest_file_bytes=0)
    from sslstudio.corpora.tokenizer import Tokenizer

    try:
        definition = sys.stdin.buffer.read().decode("utf-8")
        _exercise(Tokenizer(definition, where=""))
    except (RecipeError, ValueError) as error:
        sys.stdout.write(str(error).strip())
        sys.stdout.flush()
        return _REFUSED
    return 0


def _exercise(tokenizer: object) -> None:
    """Do once what a run does with a tokenizer; making it has tried the probe text already."""
    from sslstudio.corpora.tokenizer import PROBE, Tokenizer

    assert isinstance(tokenizer, Tokenizer)
    texts = ["", " ", "<mask>", PROBE, PROBE * 50, "x" * 5000]
    for text, ids in zip(texts, tokenizer.encode_batch(texts), strict=True):
        if tokenizer.decode(ids) != text:
            raise ValueError("does not give every text back exactly: choose another one")
        tokenizer.encode(text[:5000], markers=True)
    tokenizer.decode(range(tokenizer.vocab_size), skip_special=False)


if __name__ == "__main__":
    sys.exit(main())
