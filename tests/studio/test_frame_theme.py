"""Colours can be read, and the scheme follows the user's choice live."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QPushButton

from sslstudio.studio import theme

TEXTS = ("text", "quiet", "accent", "validation", "good", "caution", "bad")
GROUNDS = ("window", "surface")


def luminance(colour: str) -> float:
    """WCAG 2.1, relative luminance."""
    parts = [c / 255 for c in QColor(colour).getRgb()[:3]]  # type: ignore[index]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return float(0.2126 * r + 0.7152 * g + 0.0722 * b)


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
def test_every_text_can_be_read(colours: theme.Colours) -> None:
    pairs = [
        *itertools.product(TEXTS, GROUNDS),
        ("accent_text", "accent"),
        ("accent_text", "accent_hover"),
        ("text", "selected"),
        ("text", "hover"),
        ("quiet", "hover"),
        ("quiet", "line"),
        ("text", "rail"),
        ("quiet", "rail"),
    ]
    low = {
        f"{ink} on {ground}": round(ratio, 2)
        for ink, ground in pairs
        if (ratio := contrast(getattr(colours, ink), getattr(colours, ground))) < 4.5
    }
    assert low == {}


def test_the_choice_recolours_palette_and_icons(qtbot: Any, themed: QApplication) -> None:
    button = QPushButton()
    qtbot.addWidget(button)
    theme.set_icon(button, "play", "text")
    changes: list[bool] = []
    theme.watch(lambda: changes.append(theme.is_dark()))
    theme.choose("light")
    light = button.icon().cacheKey()
    theme.choose("dark")
    assert themed.palette().color(QPalette.ColorRole.Window) == QColor(theme.DARK.window)
    assert button.icon().cacheKey() != light
    assert changes[-1] is True
    theme.choose("light")
    assert changes[-1] is False
