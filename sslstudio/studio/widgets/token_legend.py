"""The legend of the roles in sight: a small sample of each mark, and what it means."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from sslstudio.studio import theme
from sslstudio.studio.guard import guarded
from sslstudio.studio.widgets.token_paint import BOXED, paint_token

_SHORT = {
    "hidden": "hidden",
    "replaced": "replaced at random",
    "kept": "selected, left as it is",
    "sentinel": "marker",
    "target": "to be predicted",
    "ignored": "not learned from",
}
_SAMPLE = 30.0
_HEIGHT = 22.0


class RoleLegend(QWidget):
    """One line of samples; roles that are plain need none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._roles: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_roles(self, roles: Iterable[str]) -> None:
        """Show the legend for ``roles``."""
        present = set(roles)
        self._roles = tuple(r for r in (*BOXED, "ignored") if r in present)
        self.setAccessibleName("Legend: " + ", ".join(_SHORT[r] for r in self._roles))
        self.update()

    @guarded(fallback=QSize(120, 24))
    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(300, int(_HEIGHT))

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the samples with their words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = QFontMetrics(theme.caption_font())
        left = 0.0
        for role in self._roles:
            paint_token(painter, QRectF(left, 2, _SAMPLE, _HEIGHT - 4), "ab", role, False)
            painter.setFont(theme.caption_font())
            painter.setPen(theme.colour("quiet"))
            left += _SAMPLE + 6
            baseline = (_HEIGHT + metrics.ascent() - metrics.descent()) / 2
            painter.drawText(int(left), int(baseline), _SHORT[role])
            left += metrics.horizontalAdvance(_SHORT[role]) + 16
        painter.end()
