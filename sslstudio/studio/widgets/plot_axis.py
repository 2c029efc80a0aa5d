"""An axis with few, round, short labels; the logarithmic one has useful ticks in any range."""

from __future__ import annotations

import math
from typing import Any

import pyqtgraph as pg

from sslstudio.studio import sentences
from sslstudio.studio.guard import guarded

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


def round_ticks(
    low: float, high: float, most: int, steps: tuple[float, ...] = _STEPS
) -> list[float]:
    """Return at most ``most`` round numbers between ``low`` and ``high``."""
    if not high > low or most < 1:
        return []
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next((s * power for s in steps if s * power >= rough * 0.999), 10 * power)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [i * step for i in range(first, last + 1)]


def log_ticks(low: float, high: float, most: int) -> list[float]:
    """Return round numbers between ``10**low`` and ``10**high``, as their logarithms."""
    if high - low < 1.0:
        return [math.log10(v) for v in round_ticks(10.0**low, 10.0**high, most) if v > 0]
    decades = range(math.floor(low), math.ceil(high) + 1)
    for leaders in ((1, 2, 5), (1, 3), (1,)):
        ticks = [d + math.log10(k) for d in decades for k in leaders]
        inside = [t for t in ticks if low <= t <= high]
        if len(inside) <= most:
            return inside
    stride = max(1, len(decades) // max(1, most))
    return [float(d) for d in decades if low <= d <= high and d % stride == 0]


class PlotAxis(pg.AxisItem):  # type: ignore[misc]
    """One level of ticks; ``seconds`` writes them as durations."""

    def __init__(self, orientation: str) -> None:
        super().__init__(orientation)
        self.is_log = False
        self.seconds = False
        self.blank = True  # nothing to measure yet
        self.setStyle(tickLength=0, tickTextOffset=6, maxTickLevel=0)
        if orientation == "left":
            self.setWidth(44)
        else:
            self.setHeight(22)

    def set_log(self, on: bool) -> None:
        """Read the values on this axis as logarithms to the base of ten."""
        self.is_log = on
        self.picture = None
        self.update()

    def set_blank(self, blank: bool) -> None:
        """Write no labels while there is nothing to measure."""
        if blank != self.blank:
            self.blank = blank
            self.picture = None
            self.update()

    @guarded(fallback=[])
    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[Any]:
        """Return one level of ticks for pyqtgraph."""
        if self.blank:
            return []
        most = max(2, int(size / (56 if self.orientation == "bottom" else 36)))
        if self.is_log:
            ticks = log_ticks(minVal, maxVal, most)
        elif self.seconds:
            ticks = round_ticks(minVal, maxVal, most, _second_steps(maxVal - minVal, most))
        else:
            ticks = round_ticks(minVal, maxVal, most)
        spacing = ticks[1] - ticks[0] if len(ticks) > 1 else 1.0
        return [(spacing, ticks)]

    @guarded(fallback=[])
    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Write the ticks in a few characters."""
        if self.is_log:
            return [_short(10.0**v, 0.0) for v in values]
        if self.seconds:
            return [sentences.clock(v) for v in values]
        largest = max(map(abs, values), default=0.0)
        return [_short(v, spacing, largest) for v in values]


def _second_steps(span: float, most: int) -> tuple[float, ...]:
    """Return steps that fall on round minutes and hours, as multiples of a power of ten."""
    rough = span / most
    for step in (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200):
        if step >= rough:
            return (step / 10.0 ** math.floor(math.log10(rough)),)
    return _STEPS


def _short(value: float, spacing: float, largest: float = 0.0) -> str:
    """Write ``value`` in the unit that suits the largest label beside it."""
    magnitude = abs(value)
    if magnitude < 1e-12:
        return "0"
    for limit, unit in ((1e9, " G"), (1e6, " M"), (1e4, " k")):
        if max(magnitude, largest) >= limit:
            return f"{value / (1e3 if unit == ' k' else limit):.4g}{unit}"
    if magnitude < 1e-3:
        mantissa, exponent = f"{value:.1e}".split("e")
        return f"{mantissa.removesuffix('.0')}e{int(exponent)}"
    if spacing and spacing < 1:
        digits = max(0, -math.floor(math.log10(spacing) + 1e-9))
        if round(spacing, digits) != round(spacing, digits + 1):
            digits += 1
        return f"{value:.{digits}f}"
    return f"{value:.4g}" if magnitude < 1e4 else f"{value:,.0f}"
