"""How the studio looks: every colour, font and distance, in this one place.

Light or dark follows the system live, unless the user chose one. Widgets ask :func:`colour`
when they paint and :func:`watch` the change; everything else is done by the palette and the one
style sheet (``resources/style.qss``). Text pairs stand at 4.5 : 1 or better, which a test
holds. Importing this costs nothing but Qt; icons are loaded when the first one is asked for.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import gc
import string
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPalette
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from sslstudio.studio import settings

RESOURCES = Path(__file__).resolve().parent.parent / "resources"
UNIT = 4  # every distance is a multiple, in device-independent pixels
GAP, MARGIN, RADIUS = 2 * UNIT, 4 * UNIT, 6
TEXT_PX, CAPTION_PX, FIGURE_PX = 13, 11, 20
CHOICES = ("automatic", "light", "dark")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Colours:
    """The colours of one scheme, as #RRGGBB."""

    window: str
    rail: str
    surface: str
    hover: str
    line: str
    control: str  # grooves and borders that must be seen: 3 : 1 on the surface
    text: str
    quiet: str
    accent: str
    accent_hover: str
    accent_text: str  # on the accent
    selected: str  # behind text that is chosen
    validation: str
    good: str
    caution: str
    bad: str
    hidden: str
    replaced: str
    kept: str
    sentinel: str
    target: str
    ignored: str
    surprise: str


LIGHT = Colours(
    window="#F6F7F9",
    rail="#EDEFF3",
    surface="#FFFFFF",
    hover="#EEF1F6",
    line="#E2E5EA",
    control="#868E9A",
    text="#1A1D22",
    quiet="#59606B",
    accent="#2B63D9",
    accent_hover="#2255C0",
    accent_text="#FFFFFF",
    selected="#DCE7FB",
    validation="#B45309",
    good="#18794E",
    caution="#8A6100",
    bad="#B42318",
    hidden="#0072B2",
    replaced="#D55E00",
    kept="#009E73",
    sentinel="#AA4499",
    target="#B26A00",
    ignored="#59606B",
    surprise="#E0A100",
)
DARK = Colours(
    window="#15171B",
    rail="#0F1114",
    surface="#1D2025",
    hover="#282C33",
    line="#2D3138",
    control="#6B7380",
    text="#E7E9ED",
    quiet="#9AA2AE",
    accent="#7AA7FF",
    accent_hover="#94B8FF",
    accent_text="#10141B",
    selected="#25334D",
    validation="#F5B66B",
    good="#5BC38C",
    caution="#E2B84B",
    bad="#FF8A80",
    hidden="#3FA7E0",
    replaced="#FF8A3D",
    kept="#2CC79A",
    sentinel="#D67FC6",
    target="#E8A33D",
    ignored="#9AA2AE",
    surprise="#E8B93A",
)


class _Theme(QObject):
    """Remembers the scheme in force and what must be told when it changes."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.colours = LIGHT
        self.choice = "automatic"
        self.icons: weakref.WeakKeyDictionary[Any, tuple[str, str]] = weakref.WeakKeyDictionary()

    @Slot()
    def refresh(self) -> None:
        """Take the scheme that the system and the user's choice ask for now."""
        wanted = DARK if _wants_dark(self.choice) else LIGHT
        application = QApplication.instance()
        if not isinstance(application, QApplication):
            return
        if wanted is self.colours and application.styleSheet():
            return
        self.colours = wanted
        with _no_collection():
            application.setPalette(_palette(wanted))
            application.setStyleSheet(_style_sheet(wanted))
        for button, (name, colour_name) in list(self.icons.items()):
            if isValid(button):  # its Python half may outlive it until the next collection
                button.setIcon(icon(name, colour_name))
        self.changed.emit()


@contextlib.contextmanager
def _no_collection() -> Iterator[None]:
    """Keep Python from collecting garbage meanwhile.

    Qt walks over all widgets there are and calls Python handlers on the way; a collection in
    one of them may delete widgets that Qt has yet to come to, which is a segmentation fault.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@functools.cache
def _theme() -> _Theme:
    return _Theme()


def install(application: QApplication) -> None:
    """Give the application its fonts, palette and style sheet, and follow the system."""
    theme = _theme()
    theme.choice = settings.text("theme", "automatic")
    # Once only: a style sheet that is taken away and set again leaves Qt with widgets that it
    # never forgets, and a segmentation fault at the next change after one of them is gone.
    if not application.styleSheet():
        application.setStyle("Fusion")
        application.setFont(text_font())
        application.styleHints().colorSchemeChanged.connect(theme.refresh)
    theme.refresh()


def choose(choice: str) -> None:
    """Set and remember ``automatic``, ``light`` or ``dark``."""
    assert choice in CHOICES, choice
    _theme().choice = choice
    settings.remember("theme", choice)
    _theme().refresh()


def choice() -> str:
    """Return what the user chose: one of :data:`CHOICES`."""
    return _theme().choice


def current() -> Colours:
    """Return the colours in force."""
    return _theme().colours


def is_dark() -> bool:
    """Say whether the dark scheme is in force."""
    return _theme().colours is DARK


def colour(name: str) -> QColor:
    """Return a colour of the scheme in force by its name in :class:`Colours`."""
    return QColor(getattr(_theme().colours, name))


def watch(slot: Callable[[], None]) -> None:
    """Call ``slot`` after every change of scheme; a method of a QObject dies with it."""
    _theme().changed.connect(slot)


def mark(widget: QWidget, look: str) -> None:
    """Give a widget a look of the style sheet.

    title, heading, caption, figure, mono, card, plain, primary, quiet (flat), danger.
    """
    widget.setProperty("look", look)
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)


def icon(name: str, colour_name: str = "quiet") -> QIcon:
    """Return an icon of the ``mdi6`` set, such as ``chart-line``, in a colour of the scheme."""
    return _icon(name, getattr(current(), colour_name), current().line)


@functools.lru_cache(maxsize=256)
def _icon(name: str, shade: str, faint: str) -> QIcon:
    import qtawesome

    found: QIcon = qtawesome.icon(f"mdi6.{name}", color=shade, color_disabled=faint)
    # Drawn once here: qtawesome otherwise runs a Python painter at every repaint.
    drawn = QIcon()
    for size in (16, 20, 32, 40):
        for mode in (QIcon.Mode.Normal, QIcon.Mode.Disabled):
            drawn.addPixmap(found.pixmap(QSize(size, size), mode), mode)
    return drawn


def set_icon(button: Any, name: str, colour_name: str = "quiet") -> None:
    """Give a button or an action an icon that is coloured anew when the scheme changes."""
    button.setIcon(icon(name, colour_name))
    _theme().icons[button] = (name, colour_name)


def text_font(bold: bool = False) -> QFont:
    """Return the font of the interface: Inter where it is installed, else the system's."""
    return _font(_interface_family(), TEXT_PX, bold)


def caption_font() -> QFont:
    """Return the small font, for what explains."""
    return _font(_interface_family(), CAPTION_PX, False)


def figure_font(size_px: int = FIGURE_PX) -> QFont:
    """Return the font for figures, all digits of one width."""
    font = _font(_interface_family(), size_px, True)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def mono_font(bold: bool = False) -> QFont:
    """Return the font for tokens and logs."""
    return _font(_mono_family(), TEXT_PX - 1, bold)


def _font(family: str, size_px: int, bold: bool) -> QFont:
    font = QFont(family)
    font.setPixelSize(size_px)
    if bold:
        font.setWeight(QFont.Weight.DemiBold)
    return font


@functools.cache
def _interface_family() -> str:
    if "Inter" in QFontDatabase.families():
        return "Inter"
    return QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()


@functools.cache
def _mono_family() -> str:
    return QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family()


def _wants_dark(chosen: str) -> bool:
    if chosen in ("light", "dark"):
        return chosen == "dark"
    return QApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark


def _palette(colours: Colours) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    for which, name in (
        (role.Window, colours.window),
        (role.Base, colours.surface),
        (role.AlternateBase, colours.hover),
        (role.Button, colours.surface),
        (role.WindowText, colours.text),
        (role.Text, colours.text),
        (role.ButtonText, colours.text),
        (role.BrightText, colours.bad),
        (role.PlaceholderText, colours.quiet),
        (role.Highlight, colours.accent),
        (role.HighlightedText, colours.accent_text),
        (role.Accent, colours.accent),
        (role.Link, colours.accent),
        (role.LinkVisited, colours.accent),
        (role.ToolTipBase, colours.surface),
        (role.ToolTipText, colours.text),
        (role.Light, colours.line),
        (role.Midlight, colours.line),
        (role.Mid, colours.control),
        (role.Dark, colours.line),
        (role.Shadow, colours.line),
    ):
        palette.setColor(which, QColor(name))
    for which in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(colours.control))
    palette.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor(colours.line))
    return palette


def _style_sheet(colours: Colours) -> str:
    template = string.Template((RESOURCES / "style.qss").read_text(encoding="utf-8"))
    return template.substitute(
        dataclasses.asdict(colours),
        resources=RESOURCES.as_posix(),
        scheme="dark" if colours is DARK else "light",
        caption_px=CAPTION_PX,
        text_px=TEXT_PX,
        figure_px=FIGURE_PX,
        radius=RADIUS,
        mono=_mono_family(),
    )
