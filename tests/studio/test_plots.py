"""Plots: what they show, how often they draw, and that they cost no references (hazard no. 1)."""

from __future__ import annotations

import math
import sys
from functools import partial
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication

from sslstudio.studio import theme
from sslstudio.studio.run_curves import RunCurves
from sslstudio.studio.widgets.plot import Plot
from sslstudio.studio.widgets.plot_axis import log_ticks, round_ticks
from sslstudio.studio.widgets.plot_loss import LossPlot
from sslstudio.studio.widgets.plot_loss_card import LossCard
from tests.studio.fakes import baseline_event, events_of, spike_event, step_event


@pytest.fixture
def card(qtbot: Any, themed: QApplication) -> LossCard:
    curves = RunCurves()
    curves.take([baseline_event("unigram", 6.3), baseline_event("5-gram", 2.9), *events_of(100)])
    made = LossCard()
    qtbot.addWidget(made)
    made.resize(700, 420)
    made.show_curves(curves)
    with qtbot.waitExposed(made):
        made.show()
    qtbot.waitUntil(lambda: made.plot.redraws > 0)
    return made


def test_the_full_extent_is_what_one_sees_first(card: LossCard) -> None:
    (left, right), (bottom, top) = card.plot.box.viewRange()
    assert left <= 1
    assert right >= 100
    assert bottom < 1.6 + 0.2
    assert top > 8.3


def test_the_legend_tells_the_newest_values(card: LossCard) -> None:
    card.set_smoothing(0)
    card.refresh()
    assert card.training_text.text() == f"training {1.5 + 7 * math.exp(-2.5):.3f}"
    assert "bits per byte" in card.validation_text.text()


def test_pointing_tells_the_values_there(qtbot: Any, card: LossCard) -> None:
    card.set_smoothing(0)
    place = card.plot.box.mapViewToScene(card.plot.box.viewRect().center())
    at = card.plot.view.mapFromScene(place)
    qtbot.mouseMove(card.plot.view.viewport(), QPoint(at.x() - 3, at.y()))
    qtbot.mouseMove(card.plot.view.viewport(), at)
    qtbot.waitUntil(lambda: card.plot.crosshair.isVisible())
    step = int(card.step_text.text().removeprefix("at step "))
    assert 40 <= step <= 60
    assert card.training_text.text() == f"training {1.5 + 7 * math.exp(-step / 40):.3f}"


def test_zooming_keeps_its_place_and_a_double_click_shows_all(qtbot: Any, card: LossCard) -> None:
    card.plot.box.sigRangeChangedManually.emit(card.plot.box.state["mouseEnabled"])
    card.plot.box.setRange(xRange=(20, 30), padding=0)
    assert card.full_button.isEnabled()
    card.plot.curves.take([step_event(101)])
    before = card.plot.redraws
    card.refresh()
    qtbot.waitUntil(lambda: card.plot.redraws > before)
    assert card.plot.visible_x() == pytest.approx((20, 30))
    qtbot.mouseDClick(card.plot.view.viewport(), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: card.plot.visible_x()[1] >= 101)
    assert not card.full_button.isEnabled()


def test_axis_and_logarithm_by_keyboard(qtbot: Any, card: LossCard) -> None:
    card.axis_box.setFocus()
    qtbot.keyClick(card.axis_box, Qt.Key.Key_Down)
    assert card.axis == "tokens"
    qtbot.waitUntil(lambda: card.plot.visible_x()[1] >= 100 * 4096)
    card.log_button.setFocus()
    qtbot.keyClick(card.log_button, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: card.plot.box.viewRange()[1][1] < 1.2)  # log10 of 8.3 is 0.92
    assert card.plot.box.viewRange()[1][0] == pytest.approx(math.log10(1.6), abs=0.15)


def test_baselines_are_named_lines(card: LossCard) -> None:
    labels = {label.toPlainText() for _, label in card.plot._lines.values()}
    assert labels == {"unigram 6.30", "5-gram 2.90"}


def test_a_click_on_a_spike_shows_the_text_of_its_batch(qtbot: Any, card: LossCard) -> None:
    spiked = [spike_event(50, 7.5), spike_event(80, 8.0, ("<b>Mira</b> found",))]
    card.plot.curves.take(spiked)
    before = card.plot.redraws
    card.refresh()
    qtbot.waitUntil(lambda: card.plot.redraws > before)
    assert len(card.plot._spikes.data) == 2
    assert card.spike_text.isHidden()
    x, y, spike = card.plot._spike_places()[1]
    assert (x, spike.step) == (80, 80)
    place = card.plot.view.mapFromScene(card.plot.box.mapViewToScene(QPointF(x, y)))
    click = partial(qtbot.mouseClick, card.plot.view.viewport(), Qt.MouseButton.LeftButton)
    click(pos=place + QPoint(3, -2))
    assert card.spike_text.isVisible()
    text = card.spike_text.text()
    assert text.startswith("Step 80: the loss jumped to 8.0")
    assert "“<b>Mira</b> found…”" in text
    click(pos=place - QPoint(40, 40))
    assert card.spike_text.isHidden()


def test_a_hidden_plot_draws_nothing(qtbot: Any, card: LossCard) -> None:
    card.hide()
    before = card.plot.redraws
    for step in range(101, 200):
        card.plot.curves.take([step_event(step)])
        card.refresh()
    QApplication.processEvents()
    assert card.plot.redraws == before
    card.show()
    qtbot.waitUntil(lambda: card.plot.redraws > before)


def test_many_changes_are_few_redraws(qtbot: Any, card: LossCard) -> None:
    before, told = card.plot.redraws, 0

    def tell() -> bool:
        nonlocal told
        told += 1
        card.refresh()
        return card.plot.redraws >= before + 3

    qtbot.waitUntil(tell, timeout=5000)
    assert told > 6


def test_the_colours_follow_the_theme(card: LossCard) -> None:
    theme.choose("dark")
    assert card.plot._smooth.opts["pen"].color().name() == theme.DARK.accent.lower()
    theme.choose("light")
    assert card.plot._smooth.opts["pen"].color().name() == theme.LIGHT.accent.lower()


def test_500_repaints_cost_no_reference_to_none(qtbot: Any, themed: QApplication) -> None:
    """PySide6 6.12.0 on Python 3.11 drops one or more a frame, and aborts (hazard no. 1)."""
    plot = LossPlot()
    qtbot.addWidget(plot)
    plot.resize(500, 300)
    curves = RunCurves()
    curves.take(events_of(200))
    plot.show_curves(curves, "step")
    with qtbot.waitExposed(plot):
        plot.show()
    before = sys.getrefcount(None)
    for step in range(500):
        curves.take([step_event(201 + step)])
        plot._redraw()
        plot.view.viewport().repaint()
    assert plot.redraws >= 500
    assert sys.getrefcount(None) >= before - 20


def test_an_empty_plot_has_no_figures(qtbot: Any, themed: QApplication) -> None:
    plot = Plot("Plot of nothing")
    qtbot.addWidget(plot)
    plot.show()
    qtbot.waitUntil(lambda: plot.redraws > 0)
    assert plot.axis_x.tickValues(0, 1, 500) == []


def test_ticks_are_round() -> None:
    assert round_ticks(0, 9.7, 6) == [0, 2, 4, 6, 8]
    assert round_ticks(0.0, 1e-3, 4) == pytest.approx([0, 2.5e-4, 5e-4, 7.5e-4, 1e-3])
    assert [round(10**t, 6) for t in log_ticks(-3, 2, 20)] == [
        0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100,
    ]  # fmt: skip
    assert [round(10**t, 6) for t in log_ticks(math.log10(1.4), math.log10(8.6), 8)] == [
        2, 3, 4, 5, 6, 7, 8,
    ]  # fmt: skip
