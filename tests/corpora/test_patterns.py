"""Patterns of include and exclude fit what a person would expect of them."""

from __future__ import annotations

import pytest

from sslstudio.corpora.patterns import fits_any, is_wanted
from sslstudio.recipe import CorpusSource


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("*.txt", "a.txt", True),
        ("*.txt", "a/b/c.TXT", True),
        ("*.txt", "a.txt.gz", False),
        ("drafts", "drafts/a.txt", True),
        ("drafts", "x/drafts/y/a.txt", True),
        ("drafts/", "drafts/a.txt", True),
        ("drafts", "my drafts/a.txt", False),
        ("drafts/*", "drafts/a/b.txt", True),
        ("drafts/*", "x/drafts/a.txt", False),
        ("**/drafts/*", "x/drafts/a.txt", True),
        ("**/drafts/*", "drafts/a.txt", True),
        ("**/x", "x", True),
        ("a/**/c.txt", "a/c.txt", True),
        ("a/**/c.txt", "a/b/b/c.txt", True),
        ("./a.txt", "a.txt", True),
        ("a?[0-9].txt", "ab7.txt", True),
        ("a[", "a[", True),
        ("letters.zip", "letters.zip/a.txt", True),
        ("letters.zip/*.md", "letters.zip/a.txt", False),
        ("", "a.txt", False),
        ("*" * 50 + "x", "a" * 200, False),
    ],
)
def test_a_pattern_fits(pattern: str, path: str, fits: bool) -> None:
    assert fits_any((pattern,), path) is fits


def test_exclude_goes_before_include_and_archives_are_looked_into() -> None:
    source = CorpusSource(include=("*.txt", "*.md"), exclude=("drafts/*", "old.zip"))
    assert is_wanted(source, "a.txt")
    assert not is_wanted(source, "a.rst")
    assert not is_wanted(source, "drafts/a.txt")
    assert not is_wanted(source, "new.zip")
    assert is_wanted(source, "new.zip", is_container=True)
    assert not is_wanted(source, "old.zip", is_container=True)
    assert is_wanted(CorpusSource(), "anything")
