"""Forms from declarations: every kind of row, by mouse and keyboard."""

from __future__ import annotations

import dataclasses
from typing import Any, Literal

import pytest
from PySide6.QtCore import Qt

from sslstudio.registry import option, options_of
from sslstudio.studio.widgets.option_form import (
    ChoiceRow,
    Face,
    OptionForm,
    SwitchRow,
    TextRow,
)
from sslstudio.studio.widgets.slider_row import Scale, SliderRow

Auto = Literal["auto"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Example:
    rate: float = option(0.15, minimum=0.0, maximum=1.0, help="A share.")
    layers: int | Auto = option("auto", minimum=1, maximum=200, help="How many.")
    kind: str = option("bpe", choices=("bpe", "bytes"), help="Which.")
    tied: bool = option(True, help="Whether.")
    file: str = option("", help="Where.")


@pytest.fixture
def form(qtbot: Any, themed: Any) -> OptionForm:
    faces = {"layers": Face(minimum=1, maximum=32)}
    made = OptionForm(options_of(Example), faces)
    qtbot.addWidget(made)
    made.set_values({"rate": 0.15, "layers": "auto", "kind": "bpe", "tied": True}, {"layers": 4})
    made.show()
    return made


def slider(form: OptionForm, name: str) -> SliderRow:
    row = form.row(name)
    assert isinstance(row, SliderRow)
    return row


def test_each_option_gets_the_row_that_suits_it(form: OptionForm) -> None:
    kinds = [type(form.row(o.name)) for o in options_of(Example)]
    assert kinds == [SliderRow, SliderRow, ChoiceRow, SwitchRow, TextRow]
    assert slider(form, "rate").field.text() == "15 %"
    assert slider(form, "rate").slider.toolTip() == "A share."


def test_showing_values_emits_nothing(qtbot: Any, form: OptionForm) -> None:
    with qtbot.assertNotEmitted(form.changed):
        form.set_values({"rate": 0.3, "layers": 7, "kind": "bytes", "tied": False, "file": "a"})
    assert form.values() == {
        "rate": 0.3,
        "layers": 7,
        "kind": "bytes",
        "tied": False,
        "file": "a",
    }


def test_the_slider_moves_by_key_and_takes_back_what_was_automatic(
    qtbot: Any, form: OptionForm
) -> None:
    row = slider(form, "layers")
    assert row.value() == "auto"
    assert row.field.text() == "4"
    with qtbot.waitSignal(form.changed) as changed:
        qtbot.keyClick(row.slider, Qt.Key.Key_Right)
    assert changed.args == ["layers", 5]
    assert row.value() == 5


def test_a_typed_figure_is_exact_and_may_leave_the_sliders_range(
    qtbot: Any, form: OptionForm
) -> None:
    row = slider(form, "layers")
    row.field.selectAll()
    qtbot.keyClicks(row.field, "100")
    with qtbot.waitSignal(form.changed) as changed:
        qtbot.keyClick(row.field, Qt.Key.Key_Return)
    assert changed.args == ["layers", 100]


@pytest.mark.parametrize("typed", ["x", "-3", "1000000", "nan"])
def test_what_is_no_figure_within_bounds_goes_back(
    qtbot: Any, form: OptionForm, typed: str
) -> None:
    row = slider(form, "rate")
    row.field.selectAll()
    qtbot.keyClicks(row.field, typed)
    with qtbot.assertNotEmitted(form.changed):
        qtbot.keyClick(row.field, Qt.Key.Key_Return)
    assert row.field.text() == "15 %"


def test_the_wheel_belongs_to_the_page(form: OptionForm) -> None:
    """A wheel over a slider must scroll, not change what is trained."""
    row = slider(form, "rate")
    before = row.value()
    row.slider.wheelEvent(_Ignored())  # type: ignore[arg-type]
    assert row.value() == before


class _Ignored:
    def ignore(self) -> None:
        pass


@pytest.mark.parametrize(
    "scale",
    [
        Scale(minimum=16, maximum=4096, integer=True, logarithmic=True),
        Scale(minimum=1e-5, maximum=1e-1, logarithmic=True),
        Scale(minimum=0, maximum=5000, integer=True, logarithmic=True),
        Scale(minimum=1, maximum=32, integer=True),
        Scale(minimum=0.0, maximum=1.0, percent=True),
    ],
)
def test_positions_and_values_agree(scale: Scale) -> None:
    values = [scale.value_at(p) for p in range(scale.positions + 1)]
    assert values == sorted(values)
    assert (values[0], values[-1]) == (scale.minimum, scale.maximum)
    for value in values:
        parsed = scale.parsed(scale.text_of(value))
        assert parsed == pytest.approx(value, rel=1e-3)
        assert scale.value_at(scale.position_of(value)) == pytest.approx(value, rel=1e-9, abs=0)
