"""Qt must never abort: what is missing is said in one sentence before it starts."""

from __future__ import annotations

import ctypes
import shutil
import sys

import pytest

from sslstudio import display

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux only")


def _lacking(monkeypatch: pytest.MonkeyPatch, *libraries: str) -> None:
    """Make the loader refuse ``libraries`` and find every other one."""

    def load(name: str) -> object:
        if name in libraries:
            raise OSError(name)
        return object()

    monkeypatch.setattr(ctypes, "CDLL", load)


def test_no_display_is_one_sentence_with_the_headless_command() -> None:
    problem = display.display_problem({}, command="python -m sslstudio")
    assert problem is not None
    assert "no display" in problem
    assert "python -m sslstudio train RECIPE.toml" in problem
    assert "\n" not in problem


def test_a_missing_library_names_its_package_and_the_command(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _lacking(monkeypatch, "libxcb-cursor.so.0")
    monkeypatch.setattr(shutil, "which", lambda name: name if name == "apt-get" else None)
    assert display.missing_qt_libraries({"DISPLAY": ":0"}) == ["libxcb-cursor0"]
    problem = display.display_problem({"DISPLAY": ":0"})
    assert problem is not None
    assert problem.endswith("sudo apt-get update && sudo apt-get install -y libxcb-cursor0")


def test_elsewhere_than_debian_the_library_itself_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: name if name == "dnf" else None)
    command = display.installation_command(["libxcb-cursor0"])
    assert command == "sudo dnf install 'libxcb-cursor.so.0()(64bit)'"


def test_x11_libraries_do_not_matter_where_wayland_is_complete(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _lacking(monkeypatch, "libxcb-cursor.so.0")
    both = {"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}
    assert display.missing_qt_libraries(both) == []
    assert display.missing_libraries("offscreen") == {}


def test_a_display_that_does_not_answer_is_found_out_before_qt_aborts() -> None:
    if display.missing_libraries("xcb"):
        pytest.skip("needs the libraries of X11")
    problem = display.display_problem({"DISPLAY": ":9731"})
    assert problem is not None
    assert ":9731 does not answer" in problem


def test_off_screen_needs_no_display() -> None:
    if display.missing_libraries("offscreen"):
        pytest.skip("needs the libraries of Qt")
    assert display.display_problem({"QT_QPA_PLATFORM": "offscreen"}) is None
    assert display.qt_platforms({"QT_QPA_PLATFORM": "wayland-egl;xcb:1"}) == ["wayland", "xcb"]
