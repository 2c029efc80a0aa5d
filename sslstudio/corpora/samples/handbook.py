"""``sample:handbook``: the English documentation that is already on this computer.

The help topics of Python, then the docstrings of its library, then those of the installed
packages below, read from their source files without importing one. Stands before ``catalogue``.
Repeated paragraphs are kept once; short docstrings of a module are joined, so that documents are
of a useful size. No package gives more than ``PACKAGE_BYTES``, so that none drowns the others.

Costs about 4 s and 60 MB. The same installed files give the same corpus, byte for byte; another
computer gives another one. Knows nothing of files on disk on purpose: ``catalogue`` writes.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

from sslstudio.corpora.samples import prose, sources
from sslstudio.errors import Cancelled

BUILDER = 1
PACKAGES = (
    "torch", "numpy", "sympy", "networkx", "mpmath", "setuptools", "jinja2", "fsspec", "pyqtgraph",
    "huggingface_hub", "rich", "httpx", "scipy", "pandas", "matplotlib", "sklearn", "transformers",
    "packaging", "typer", "click", "filelock", "platformdirs", "psutil", "pygments", "tqdm",
)  # fmt: skip
PACKAGE_BYTES = 2_500_000
TOTAL_BYTES = 8_500_000
FILE_BYTES = 2_000_000
_DOCUMENT_CHARACTERS = 1000
SHORTEST_CHARACTERS = 200


def handbook(cancelled: Callable[[], bool] = sources.NEVER) -> Iterator[tuple[str, str]]:
    """Yield (text, source) of each document; the source is a dotted module name.

    Raises:
        Cancelled: ``cancelled()`` said so; asked once a topic, a literal and a folder.
    """
    seen: set[str] = set()
    library = sources.standard_library()
    total = 0
    for text, source in _documents_of_topics(library, seen, cancelled):
        total += len(text)
        yield text, source
    places = [("", library)]
    places += [(name, folder) for name in PACKAGES for folder in sources.package_folders(name)]
    for package, folder in places:
        room = min(PACKAGE_BYTES, TOTAL_BYTES - total)
        for text, source in _documents_of_package(package, folder, seen, cancelled):
            if len(text) > room:
                break
            room -= len(text)
            total += len(text)
            yield text, source


def _documents_of_package(
    package: str, folder: Path, seen: set[str], cancelled: Callable[[], bool]
) -> Iterator[tuple[str, str]]:
    """Yield the documents of one package, public modules first: theirs are written with care."""
    paths = sources.python_files(folder, cancelled)
    for path in sorted(paths, key=lambda path: _is_private(path.relative_to(folder))):
        pieces = []
        for literal in prose.literals(sources.read_source(path, FILE_BYTES)):
            if cancelled():
                raise Cancelled
            pieces.append(new_blocks(prose.prose_blocks(literal), seen))
        name = sources.module_name(path, folder, package)
        for text in joined([piece for piece in pieces if piece]):
            yield text, name


def _is_private(inside: Path) -> bool:
    return any(part.startswith("_") and part != "__init__.py" for part in inside.parts)


def new_blocks(blocks: list[str], seen: set[str]) -> str:
    """Join those ``blocks`` that are not in ``seen``, and add them to it."""
    fresh = [block for block in dict.fromkeys(blocks) if block not in seen]
    seen.update(fresh)
    return "\n\n".join(fresh)


def joined(pieces: list[str]) -> list[str]:
    """Join neighbouring pieces to documents of useful size; a short rest joins the last one."""
    documents: list[str] = []
    waiting: list[str] = []
    for piece in pieces:
        waiting.append(piece)
        if sum(map(len, waiting)) >= _DOCUMENT_CHARACTERS:
            documents.append("\n\n".join(waiting))
            waiting = []
    rest = "\n\n".join(waiting)
    if len(rest) >= SHORTEST_CHARACTERS:
        documents.append(rest)
    elif rest and documents:
        documents[-1] += "\n\n" + rest
    return documents


def _documents_of_topics(
    library: Path, seen: set[str], cancelled: Callable[[], bool]
) -> Iterator[tuple[str, str]]:
    """Yield the help topics of Python (``help("if")``), each one document."""
    source = sources.read_source(library / "pydoc_data" / "topics.py", FILE_BYTES)
    for topic, text in sorted(_topics(source).items()):
        if cancelled():
            raise Cancelled
        document = new_blocks(prose.prose_blocks(text), seen)
        if len(document) >= SHORTEST_CHARACTERS:
            yield document, f"help topic {topic}"


def _topics(source: str) -> dict[str, str]:
    """Read the one dictionary of ``pydoc_data/topics.py``; {} where it is built otherwise."""
    try:
        for node in ast.parse(source).body:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict):
                value = ast.literal_eval(node.value)
                return {str(topic): str(text) for topic, text in value.items()}
    except (SyntaxError, ValueError):
        return {}
    return {}
