"""The drawings of the report's page, as SVG: the histogram of lengths and the map of topics.

Colours come from the page's style, so that they follow the reader's light or dark; whatever comes
from a corpus is escaped.
"""

from __future__ import annotations

import html
import math
from collections.abc import Sequence

from sslstudio.corpora.report.facts import Topics
from sslstudio.corpora.report.html_style import TOPIC_COLOURS

_WIDTH, _HEIGHT, _FOOT = 480, 180, 24
_MAP_SIZE = 460


def escaped(text: str) -> str:
    """Return ``text`` for a page: nothing in it is markup, and no control characters stay."""
    shown = "".join(c if c >= " " or c in "\n\t" else "\N{REPLACEMENT CHARACTER}" for c in text)
    return html.escape(shown.encode("utf-8", "replace").decode(), quote=True)


def histogram(edges: Sequence[float], counts: Sequence[int]) -> str:
    """Return the lengths of documents as columns over a logarithmic axis."""
    top = max(counts, default=0)
    if not top:
        return ""
    low, high = math.log(max(edges[0], 1)), math.log(max(edges[-1], 2))
    scale = _WIDTH / max(high - low, 1e-9)
    places = [(math.log(max(edge, 1)) - low) * scale for edge in edges]
    columns = []
    for left, right, first, last, count in zip(
        places, places[1:], edges, edges[1:], counts, strict=False
    ):
        height = (_HEIGHT - _FOOT) * count / top
        columns.append(
            f'<rect class="column" x="{left + 0.5:.1f}" y="{_HEIGHT - _FOOT - height:.1f}" '
            f'width="{max(right - left - 1, 0.5):.1f}" height="{height:.1f}">'
            f"<title>{first:,.0f} to {last:,.0f} characters: {count:,} documents</title></rect>"
        )
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'aria-label="Histogram of document lengths">{"".join(columns)}'
        f'<line class="axis" x1="0" x2="{_WIDTH}" y1="{_HEIGHT - _FOOT}" y2="{_HEIGHT - _FOOT}"/>'
        f"{_marks(edges[0], edges[-1], low, scale)}</svg>"
    )


def _marks(first: float, last: float, low: float, scale: float) -> str:
    """Return labels at the powers of ten that lie inside, or at both ends."""
    powers = [10.0**n for n in range(9) if first < 10**n < last]
    marks = powers if len(powers) > 1 else [max(first, 1.0), max(last, 2.0)]
    labels = []
    for mark in marks:
        x = (math.log(mark) - low) * scale
        anchor = "start" if x < 20 else "end" if x > _WIDTH - 20 else "middle"
        labels.append(
            f'<text x="{x:.1f}" y="{_HEIGHT - 8}" text-anchor="{anchor}">{mark:,.0f}</text>'
        )
    return "".join(labels)


def topic_map(topics: Topics) -> str:
    """Return the passages as points; near ones share words. A point's title names its document."""
    points = []
    for point in topics.points:
        x, y = 6 + point.x * (_MAP_SIZE - 12), 6 + point.y * (_MAP_SIZE - 12)
        title = f"{point.example.title} — {topics.names[point.topic]}"
        points.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.2" fill="{colour(point.topic)}" '
            f'fill-opacity="0.8"><title>{escaped(title)}</title></circle>'
        )
    return (
        f'<svg viewBox="0 0 {_MAP_SIZE} {_MAP_SIZE}" role="img" '
        f'aria-label="Map of topics">{"".join(points)}</svg>'
    )


def colour(topic: int) -> str:
    """Return the colour of a topic."""
    return TOPIC_COLOURS[topic % len(TOPIC_COLOURS)]


def bar(share: float) -> str:
    """Return a bar of ``share``, from 0 to 1, for a table's cell."""
    percent = max(0.0, min(1.0, share)) * 100
    return f'<div class="bar" style="width:{percent:.1f}%"></div>'
