"""Answers: one document or lines, whatever numbers and characters are in them."""

from __future__ import annotations

import argparse
import io
import json
import math
import sys

import pytest

from sslstudio.commands.output import answer, spell_anything


def _unasked() -> list[str]:
    raise AssertionError("this form was not asked for")


def test_an_answer_is_made_in_the_form_that_was_asked_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked = argparse.Namespace(json=True)
    assert answer(asked, lambda: {"a": [1, math.nan], "b": "ü"}, _unasked) == 0
    shown = capsys.readouterr().out
    assert json.loads(shown) == {"a": [1, None], "b": "ü"}
    assert "ü" in shown
    assert answer(argparse.Namespace(json=False), _unasked, lambda: iter(["one", "two"])) == 0
    assert capsys.readouterr().out == "one\ntwo\n"


@pytest.mark.parametrize(("as_json", "written"), [(True, "ü".encode()), (False, b"\\xfc")])
def test_what_a_terminal_cannot_spell_is_escaped_unless_it_is_json(
    monkeypatch: pytest.MonkeyPatch, as_json: bool, written: bytes
) -> None:
    buffer = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(buffer, encoding="ascii"))
    spell_anything(as_json)
    sys.stdout.write("ü")
    sys.stdout.flush()
    assert buffer.getvalue() == written
