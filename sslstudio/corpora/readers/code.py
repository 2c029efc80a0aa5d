"""Source code and its neighbours: plain text under other extensions.

A document is a file, as for plain text. Nothing is taken out: comments, indentation and licence
headers are what a model of code learns from.
"""

from __future__ import annotations

from sslstudio.corpora.readers.text import TextReader
from sslstudio.registry import register

_LANGUAGES = """
    ada adb ads agda applescript asm awk bash bat bib c cc cfg cjs clj cljs cmake cob coffee cpp cr
    cs css cu cuh cxx d dart diff dockerfile el elm erl ex exs f f03 f08 f77 f90 f95 fish for fs fsi
    fsx fth gd glsl go gradle groovy h hh hlsl hpp hrl hs hxx idr ini inl java jl js jsx kt kts lean
    less lisp lsp lua m m4 make mjs mk ml mli mm nim nix pas patch php pl pm pp properties proto ps1
    psm1 purs pxd py pyi pyx r rake rb rkt rs s sass scala scm scss sh sol sql ss sty cls styl sv
    svelte svh swift tcl tf thy toml ts tsx v vala vb vba vbs verilog vhd vhdl vim vue wat wgsl wl
    yaml yml zig zsh
"""


@register(
    "readers",
    "code",
    extensions=tuple(f".{language}" for language in _LANGUAGES.split()),
    version=1,
    direct=True,
    lines=True,
)
class CodeReader(TextReader):
    """Reads source code."""
