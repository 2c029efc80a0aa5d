"""How each role of a token looks: a colour after Okabe and Ito, and a mark that is not colour.

seen plain · hidden filled box · replaced wavy underline · kept dotted box · sentinel rounded ·
target bold · ignored struck. Shared by every view that shows tokens.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from sslstudio.studio import theme

BOXED = ("hidden", "replaced", "kept", "sentinel", "target")


def paint_token(painter: QPainter, place: QRectF, text: str, role: str, marked: bool) -> None:
    """Paint one token's box, text and mark into ``place``; ``marked`` when it is pointed at."""
    colour = theme.colour(role) if role in BOXED else theme.colour("quiet")
    box = place.adjusted(0.5, 0.5, -0.5, -0.5)
    if role in BOXED:
        _paint_box(painter, box, role, colour, marked)
    elif marked:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_veil(theme.colour("accent"), 0.14))
        painter.drawRoundedRect(box, 4, 4)
    painter.setFont(theme.mono_font(bold=role == "target"))
    painter.setPen(theme.colour("quiet" if role == "ignored" else "text"))
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)
    if role == "replaced":
        _paint_wave(painter, place, colour)
    elif role == "ignored":
        painter.setPen(QPen(colour, 1))
        painter.drawLine(
            QPointF(place.left() + 4, place.center().y()),
            QPointF(place.right() - 4, place.center().y()),
        )


def _paint_box(painter: QPainter, box: QRectF, role: str, colour: QColor, marked: bool) -> None:
    style = Qt.PenStyle.DotLine if role == "kept" else Qt.PenStyle.SolidLine
    painter.setPen(QPen(colour, 2.0 if marked else 1.2, style))
    strength = {"hidden": 0.24, "kept": 0.06, "replaced": 0.10, "sentinel": 0.16, "target": 0.18}
    painter.setBrush(_veil(colour, strength[role] * (1.6 if theme.is_dark() else 1.0)))
    radius = box.height() / 2 if role == "sentinel" else 4
    painter.drawRoundedRect(box, radius, radius)


def _paint_wave(painter: QPainter, place: QRectF, colour: QColor) -> None:
    path = QPainterPath(QPointF(place.left() + 5, place.bottom() - 5))
    left, up = place.left() + 5, True
    while left < place.right() - 7:
        path.quadTo(
            QPointF(left + 1.5, place.bottom() - (8 if up else 2)),
            QPointF(left + 3, place.bottom() - 5),
        )
        left, up = left + 3, not up
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour, 1.3))
    painter.drawPath(path)


def _veil(colour: QColor, strength: float) -> QColor:
    veiled = QColor(colour)
    veiled.setAlphaF(min(1.0, strength))
    return veiled
