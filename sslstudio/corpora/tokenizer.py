"""Tokenizer: text <-> ids, trained on the training side of the split only.

Stands between documents and shards, and again between a model and what a person reads. Text goes
in and comes out exactly: every vocabulary here can spell every byte. A text that happens to hold
``<mask>`` or ``<eos>`` is text; only ``encode(text, markers=True)`` takes such words for markers.

Kinds: one file each in ``vocabularies/``, and ``file`` (a ``tokenizer.json``). Where a vocabulary
has a normaliser, what comes back is the normalised text (:meth:`Tokenizer.normalise`). Encoding
runs in Rust on all cores and releases the interpreter: about 4 MB a second and core for ``bpe``,
and 3.5 to train it. A file that was not written here is first tried in a child
(``tokenizer_trial``), which takes 0.2 s once. Knows nothing of documents or files of text.
"""

from __future__ import annotations

import codecs
import errno
import json
from collections.abc import Iterable, Iterator, Sequence, Sized
from pathlib import Path
from typing import Any, Literal, TypeVar

import numpy as np
import tokenizers
from numpy.typing import NDArray

from sslstudio.corpora import special_tokens as special
from sslstudio.corpora import tokenizer_trial
from sslstudio.corpora.byte_table import byte_table
from sslstudio.corpora.document import well_formed
from sslstudio.corpora.pieces import pieces
from sslstudio.errors import Cancelled, RecipeError, SSLStudioError
from sslstudio.recipe import TokenizerOptions
from sslstudio.registry import find
from sslstudio.storage import write_atomically

Part = TypeVar("Part", bound=Sized)
GROUP_CHARACTERS = 500_000
_LARGEST_FILE_BYTES = 256 * 2**20  # ten times the largest vocabulary in use
PROBE = "A naïve probe:\tе́ 日本語 👩‍🚀  two  spaces\n\n\u2028 e\u0301 <mask> 1234'll\r\n "


class Tokenizer:
    """A vocabulary and the way to spell text with it.

    Attributes:
        vocab_size: number of ids.
        pad, bos, eos, mask, sep, cls: ids of the markers.
        special_ids: every id that is not text.
        byte_lengths: UTF-8 bytes of text that each id stands for, int32 [vocab]; 0 for markers.
    """

    def __init__(self, definition: str, where: str = "the tokenizer") -> None:
        """Build from the text of a ``tokenizer.json``; missing markers are added at its end.

        Raises:
            RecipeError: it is no tokenizer, or does not give text back exactly.
        """
        self._guard = _Guard(where)
        with self._guard:
            self._text = _library_tokenizer(definition)
            self._text.encode_special_tokens = True  # "<mask>" in a text is text
            self._definition = str(self._text.to_str())
            self._markers = tokenizers.Tokenizer.from_str(self._definition)
        self.vocab_size: int = self._text.get_vocab_size()
        names = [self._text.id_to_token(i) for i in range(self.vocab_size)]
        table = None if None in names else byte_table(json.loads(self._definition), names)
        if table is None:
            raise RecipeError(_not_exact(where))
        self._names: list[str] = names
        self._bytes = table
        self.byte_lengths: NDArray[np.int32] = np.array([len(b) for b in table], dtype=np.int32)
        self.special_ids = frozenset(self._text.token_to_id(t) for t in _special_names(self._text))
        self.pad, self.bos, self.eos, self.mask, self.sep, self.cls = (
            int(self._text.token_to_id(token)) for token in special.LEADING[:6]
        )
        with self._guard:
            is_exact = self.decode(self.encode(PROBE)) == self.normalise(PROBE)
        if not is_exact:
            raise RecipeError(_not_exact(where))

    @classmethod
    def train(cls, texts: Iterable[str], options: TokenizerOptions) -> Tokenizer:
        """Learn a vocabulary of at most ``options.vocab_size`` ids from ``texts``, in one pass.

        ``bytes`` and ``file`` read no text. ``characters`` keeps the most frequent characters
        that fit beside the 256 bytes and 112 markers.

        Raises:
            RecipeError: a file that cannot be used, or texts that the kind cannot learn from.
        """
        if options.kind == "file":
            if not options.file:
                raise RecipeError("tokenizer.kind is file, but tokenizer.file names none: set it")
            return cls.load(Path(options.file).expanduser())
        with _Guard("the tokenizer"):
            kind: Any = find("vocabularies", options.kind).cls
            definition = kind.learned(texts, options)
        return cls(definition)

    @classmethod
    def load(cls, path: Path) -> Tokenizer:
        """Read a ``tokenizer.json``, ours or another's.

        Raises:
            RecipeError: no such file, no tokenizer, or one that does not give text back exactly.
        """
        try:
            definition = _read(path)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
            raise RecipeError(
                f"the tokenizer {path} cannot be read ({reason}): choose a tokenizer.json"
            ) from error
        tokenizer_trial.require_sound(definition, f"the tokenizer {path}")
        return cls(definition, where=f"the tokenizer {path}")

    def save(self, path: Path) -> None:
        """Write a ``tokenizer.json`` that Hugging Face reads too, atomically."""
        write_atomically(path, self.to_json())
        tokenizer_trial.remember(self.to_json())

    def to_json(self) -> str:
        """Return the text of the ``tokenizer.json``."""
        return self._definition

    def normalise(self, text: str) -> str:
        """Return what ids of ``text`` spell: the text itself, unless there is a normaliser."""
        normalizer = self._text.normalizer
        return text if normalizer is None else str(normalizer.normalize_str(text))

    def encode(self, text: str, markers: bool = False) -> list[int]:
        """Return the ids of ``text``, without <bos> and <eos>.

        Args:
            text: any text; lone surrogates become U+FFFD.
            markers: take ``<mask>`` and its like for the markers that they spell.
        """
        text = well_formed(text)
        if markers:
            with self._guard:
                return list(self._markers.encode(text, add_special_tokens=False).ids)
        # normalised as a whole: a piece may end between a letter and its accent
        return [i for ids in self._encoded(pieces(self.normalise(text))) for i in ids]

    def encode_batch(self, texts: Sequence[str]) -> list[NDArray[np.int64]]:
        """Return the ids of every text; short texts are encoded in parallel."""
        cut = [list(pieces(self.normalise(well_formed(text)))) for text in texts]
        encoded = self._encoded(piece for part in cut for piece in part)
        found = []
        for part in cut:
            arrays = [np.array(next(encoded), dtype=np.int64) for _ in part]
            found.append(np.concatenate(arrays) if arrays else np.empty(0, dtype=np.int64))
        return found

    def encode_pieces(self, texts: list[str]) -> list[list[int]]:
        """Return the ids of texts that are well formed and short, in one call of the library."""
        with self._guard:
            encodings = self._text.encode_batch_fast(texts, add_special_tokens=False)
            return [encoding.ids for encoding in encodings]

    def decode(self, ids: Iterable[int], skip_special: bool = True) -> str:
        """Return the text of ``ids``; bytes that are no UTF-8 become U+FFFD."""
        table = self._bytes
        if skip_special:
            return b"".join([table[i] for i in ids]).decode("utf-8", "replace")
        shown = [self._names[i].encode() if i in self.special_ids else table[i] for i in ids]
        return b"".join(shown).decode("utf-8", "replace")

    def marker(self, name: str) -> int:
        """Return the id of the marker ``name``, such as ``<extra_id_0>`` or ``[R]``."""
        found = int(self._text.token_to_id(name))
        assert found in self.special_ids, name
        return found

    def token_bytes(self, token_id: int) -> bytes:
        """Return the bytes of text that an id stands for; none for a marker."""
        return self._bytes[token_id]

    def token_text(self, token_id: int) -> str:
        """Return an id as a person may read it; bytes that are no text as ``\\xe2``."""
        if token_id in self.special_ids:
            return self._names[token_id]
        return self._bytes[token_id].decode("utf-8", "backslashreplace")

    def _encoded(self, parts: Iterable[str]) -> Iterator[list[int]]:
        """Yield the ids of every part, a bounded group at a time."""
        for group in grouped(parts, GROUP_CHARACTERS):
            yield from self.encode_pieces(group)


class StreamDecoder:
    """Turns ids into text as they come, and never hands out a part of a character."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def push(self, token_id: int) -> str:
        """Return the text that this id completes; often empty within a rare character."""
        return self._decoder.decode(self._tokenizer.token_bytes(token_id))

    def flush(self) -> str:
        """Return U+FFFD for a character that was begun and never completed, else nothing."""
        rest = self._decoder.decode(b"", final=True)
        self._decoder.reset()
        return rest


def grouped(parts: Iterable[Part], characters: int) -> Iterator[list[Part]]:
    """Yield ``parts`` (of some length each) in lists of about ``characters``; nothing is cut."""
    group: list[Part] = []
    size = 0
    for part in parts:
        group.append(part)
        size += len(part) + 1
        if size >= characters:
            yield group
            group, size = [], 0
    if group:
        yield group


def _read(path: Path) -> str:
    """Return the text of a file that is one, and of a size that a vocabulary can have."""
    if path.exists() and not path.is_file():  # a pipe would block, a device never end
        raise OSError(errno.EINVAL, "it is not a file")
    with path.open("rb") as file:
        content = file.read(_LARGEST_FILE_BYTES + 1)
    if len(content) > _LARGEST_FILE_BYTES:
        raise OSError(errno.EFBIG, f"it is larger than {_LARGEST_FILE_BYTES / 2**20:.0f} MiB")
    return content.decode("utf-8")


def _library_tokenizer(definition: str) -> Any:
    """Return the library's object with every marker in it.

    Padding and truncation go before the library sees them: they are not ours to keep, and some
    values of padding abort the process (hazards no. 15).
    """
    parsed = json.loads(definition)
    if not isinstance(parsed, dict) or not isinstance(parsed.get("model"), dict):
        raise ValueError("no model inside")
    stripped = json.dumps({**parsed, "padding": None, "truncation": None})
    tokenizer = tokenizers.Tokenizer.from_str(stripped)
    missing = [t for t in special.SPECIAL_TOKENS if tokenizer.token_to_id(t) is None]
    tokenizer.add_special_tokens([*missing, *_unmarked(tokenizer)])
    return tokenizer


def _special_names(tokenizer: Any) -> list[str]:
    added = tokenizer.get_added_tokens_decoder().values()
    return [token.content for token in added if token.special]


def _unmarked(tokenizer: Any) -> list[str]:
    """Return the markers that a foreign vocabulary holds as ordinary tokens."""
    known = set(_special_names(tokenizer))
    return [
        token
        for token in special.SPECIAL_TOKENS
        if token not in known and tokenizer.token_to_id(token) is not None
    ]


def _not_exact(where: str) -> str:
    return f"{where} does not give every text back exactly: use a byte-level BPE, or train one here"


class _Guard:
    """Turns what the library raises over a bad file, panics included, into a RecipeError."""

    def __init__(self, where: str) -> None:
        self._where = where

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, kind: type[BaseException] | None, error: Any, trace: Any) -> Literal[False]:
        if kind is not None and issubclass(kind, (SSLStudioError, Cancelled)):
            return False  # said already, by whoever reads the texts
        # a panic of Rust is a BaseException, and its class cannot be imported
        is_panic = kind is not None and kind.__name__ == "PanicException"
        if is_panic or (kind is not None and issubclass(kind, Exception)):
            reason = str(error).partition("\n")[0][:120]
            raise RecipeError(
                f"{self._where} is not a usable tokenizer.json ({reason}): choose another file"
            ) from error
        return False
