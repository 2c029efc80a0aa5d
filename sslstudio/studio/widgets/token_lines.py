"""Tokens in wrapped lines: where each stands, which one is pointed at, how high the widget is.

Below ``TokenView`` and ``ColouredTokens``, which say how wide a token is, how it is painted and
what the tooltip tells. The layout is computed once per width and text (Qt asks for the height at
the same few widths again and again); a repaint only paints. Knows neither texts nor roles.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from sslstudio.studio.guard import guarded

_LEAST_WIDTH, _MOST_LAYOUTS = 120, 4


class TokenLines(QWidget):
    """Lines of tokens, as high as their width asks. ``pointed``: the one pointed at, or -1.

    Args:
        name: for screen readers.
        line_height: of one line, in pixels.
        usual_width: that is asked for before the widget has a width, in pixels.
    """

    pointed = Signal(int)

    def __init__(
        self, name: str, line_height: float, usual_width: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._line_height = line_height
        self._usual_width = usual_width
        self._hover = -1
        self._places: list[QRectF] = []
        self._laid_out = -1
        self._layouts: dict[int, tuple[list[QRectF], float]] = {}
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def explanation(self, index: int) -> str:
        """Return what the tooltip says of the token ``index``."""
        raise NotImplementedError

    def _measured(self, width: int) -> tuple[list[QRectF], float]:
        """Return the places of all tokens at ``width``, and the height that they need."""
        raise NotImplementedError

    def place_of(self, index: int) -> QRectF:
        """Return where the token ``index`` is drawn, in pixels."""
        self._lay_out()
        return self._places[index]

    def token_at(self, position: QPointF) -> int:
        """Return the index of the token at ``position``, or -1."""
        self._lay_out()
        for index, place in enumerate(self._places):
            if place.contains(position):
                return index
        return -1

    @guarded(fallback=24)
    def heightForWidth(self, width: int) -> int:
        """Return the height that the wrapped lines need at ``width``."""
        return int(self._layout_at(width)[1])

    @guarded(fallback=QSize(_LEAST_WIDTH, 24))
    def sizeHint(self) -> QSize:
        """Return the size at the present width."""
        width = self.width() if self.width() > 50 else self._usual_width
        return QSize(width, self.heightForWidth(width))

    @guarded(fallback=QSize(_LEAST_WIDTH, 24))
    def minimumSizeHint(self) -> QSize:
        """Return one line's room."""
        return QSize(_LEAST_WIDTH, int(self._line_height))

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap anew."""
        self._lay_out()
        self.updateGeometry()

    @guarded
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Point at a token and say what it is."""
        index = self.token_at(event.position())
        self._point(index)
        if index >= 0:
            QToolTip.showText(event.globalPosition().toPoint(), self.explanation(index), self)

    @guarded
    def leaveEvent(self, event: QEvent) -> None:
        """Point at nothing."""
        self._point(-1)

    def _point(self, index: int) -> None:
        if index != self._hover:
            self._hover = index
            self.pointed.emit(index)
            self.update()

    def _stepped(self, event: QKeyEvent, current: int) -> int | None:
        """Return the token that an arrow leads to from ``current``; None for any other key."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        self._lay_out()
        if not step or not self._places:
            return None
        return min(max(0, current + step), len(self._places) - 1)

    def _forget_layout(self) -> None:
        """Measure anew: other tokens are shown."""
        self._hover = self._laid_out = -1
        self._layouts.clear()
        self.updateGeometry()
        self.update()

    def _lay_out(self) -> None:
        if self._laid_out != self.width():
            self._laid_out = self.width()
            self._places, _ = self._layout_at(self.width())

    def _layout_at(self, width: int) -> tuple[list[QRectF], float]:
        if width not in self._layouts:
            if len(self._layouts) >= _MOST_LAYOUTS:
                self._layouts.clear()
            self._layouts[width] = self._measured(width)
        return self._layouts[width]
