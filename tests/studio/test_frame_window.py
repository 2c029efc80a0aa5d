"""The frame: stages, the one button, the name, the log, and the question at closing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from sslstudio.errors import CorpusError
from sslstudio.studio import theme
from sslstudio.studio.background import Background
from sslstudio.studio.engine import Device, Engine
from sslstudio.studio.main_window import MainWindow
from sslstudio.studio.workspace import Workspace
from tests.studio.fakes import FakeTrainer


@pytest.fixture
def window(
    qtbot: Any,
    themed: QApplication,
    studio_workspace: Workspace,
    background: Background,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[MainWindow]:
    ours = tuple(s for s in MainWindow.STAGES if s[0] in ("training", "runs"))
    monkeypatch.setattr(MainWindow, "STAGES", ours)
    made = MainWindow(studio_workspace, background)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    yield made
    studio_workspace.close()


def press(qtbot: Any, button: QWidget) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def begin(qtbot: Any, window: MainWindow, trainer: FakeTrainer) -> None:
    trainer.steps = 100_000
    press(qtbot, window.top_bar.primary)
    qtbot.waitUntil(lambda: window.workspace.training.step > 2)


def test_one_button_says_what_it_will_do(
    qtbot: Any, window: MainWindow, trainer: FakeTrainer
) -> None:
    button = window.top_bar.primary
    assert button.text() == "Start training"
    assert not window.top_bar.stop.isVisible()
    begin(qtbot, window, trainer)
    assert window.current == "training"
    assert button.text() == "Pause"
    qtbot.waitUntil(lambda: "of 100,000" in window.top_bar.text.text())
    qtbot.waitUntil(lambda: "done at" in window.top_bar.text.text())
    press(qtbot, button)
    qtbot.waitUntil(lambda: button.text() == "Resume")
    press(qtbot, button)
    qtbot.waitUntil(lambda: button.text() == "Pause")
    press(qtbot, window.top_bar.stop)
    qtbot.waitUntil(lambda: button.text() == "Start training")
    assert not window.top_bar.progress.isVisible()


def test_everything_is_reached_by_keyboard(
    qtbot: Any, window: MainWindow, trainer: FakeTrainer
) -> None:
    trainer.steps = 100_000
    control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(window, Qt.Key.Key_2, control)
    qtbot.waitUntil(lambda: window.current == "runs")
    qtbot.keyClick(window, Qt.Key.Key_1, control)
    qtbot.waitUntil(lambda: window.current == "training")
    qtbot.keyClick(window, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: window.workspace.training.state == "training")
    qtbot.keyClick(window, Qt.Key.Key_F5, shift)
    qtbot.waitUntil(lambda: window.workspace.training.state == "idle")
    qtbot.keyClick(window, Qt.Key.Key_L, control)
    assert window.log.isVisible()
    assert "Training." in window.log.text.toPlainText()


def test_the_name_is_edited_in_place(qtbot: Any, window: MainWindow) -> None:
    name = window.top_bar.name
    assert name.text() == "first run"
    assert not window.top_bar.unsaved.isVisible()
    name.setFocus()
    name.selectAll()
    qtbot.keyClicks(name, "tales")
    qtbot.keyClick(name, Qt.Key.Key_Return)
    assert window.workspace.recipe.name == "tales"
    assert window.top_bar.unsaved.isVisible()
    assert window.windowTitle().startswith("tales[*]")
    qtbot.keyClicks(name, " more")
    qtbot.keyClick(name, Qt.Key.Key_Escape)
    assert window.workspace.recipe.name == "tales"
    assert name.text() == "tales"
    name.clearFocus()
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.workspace.recipe.name == "first run"


def test_saving_and_opening_through_the_menu(
    qtbot: Any, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "tales"
    monkeypatch.setattr(
        "sslstudio.studio.commands.QFileDialog.getSaveFileName", lambda *_: (str(target), "")
    )
    window.workspace.rename("tales")
    control = Qt.KeyboardModifier.ControlModifier
    qtbot.keyClick(window, Qt.Key.Key_S, control)
    assert (tmp_path / "tales.toml").is_file()
    assert not window.top_bar.unsaved.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_N, control)
    assert window.workspace.recipe.name == "first run"
    window.commands.recent.aboutToShow.emit()
    window.commands.recent.actions()[0].trigger()
    assert window.workspace.recipe.name == "tales"


def test_a_bad_recipe_is_one_sentence_on_the_page(
    qtbot: Any, window: MainWindow, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text("[training]\nstepz = 3\n")
    window.open_path(bad)
    pane = window.panes[window.current]
    assert "stepz is not a setting; did you mean 'steps'?" in pane.banner.text
    press(qtbot, pane.banner.close_button)
    assert pane.banner.text == ""


def test_devices_come_with_the_engine(qtbot: Any, window: MainWindow) -> None:
    devices = (Device("cuda:0", "GPU", 12 * 10**9), Device("cpu", "Processor", 16 * 10**9))
    window.workspace.set_engine(Engine((), devices))
    box = window.top_bar.device
    assert [box.itemData(i) for i in range(box.count())] == ["auto", "cuda:0", "cpu"]
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_End)
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert window.workspace.device == "cpu"
    assert window.status.facts.text().startswith("Processor")


def test_marks_are_told_in_words(qtbot: Any, window: MainWindow, trainer: FakeTrainer) -> None:
    begin(qtbot, window, trainer)
    assert window.rail.buttons["training"].accessibleName() == "Training, running: training"


def test_a_fault_of_ours_is_shown_and_logged(qtbot: Any, window: MainWindow) -> None:
    window.show_fault("Something went wrong", "Traceback\nZeroDivisionError")
    press(qtbot, window.banner.button)
    assert "ZeroDivisionError" in window.log.text.toPlainText()


def question_of(qtbot: Any, window: MainWindow) -> QMessageBox:
    window.close()
    qtbot.waitUntil(lambda: window._question is not None and window._question.isVisible())
    assert window._question is not None
    assert window.isVisible()
    return window._question


def button_of(question: QMessageBox, text: str) -> QWidget:
    return next(b for b in question.buttons() if b.text() == text)


def test_closing_asks_while_a_model_trains(
    qtbot: Any, window: MainWindow, trainer: FakeTrainer
) -> None:
    begin(qtbot, window, trainer)
    press(qtbot, button_of(question_of(qtbot, window), "Keep training"))
    assert window.workspace.training.state == "training"
    step = window.workspace.training.step
    qtbot.waitUntil(lambda: window.workspace.training.step > step)
    question = question_of(qtbot, window)
    with qtbot.waitSignal(window.closed):
        press(qtbot, button_of(question, "Stop and save"))
    assert window.workspace.training.state == "idle"
    assert not window.isVisible()


def test_closing_asks_nothing_otherwise(qtbot: Any, window: MainWindow) -> None:
    window.workspace.rename("unsaved")
    with qtbot.waitSignal(window.closed):
        window.close()
    later = Workspace()
    later.restore_draft()
    assert later.recipe.name == "unsaved"


def test_an_error_of_starting_is_shown(
    qtbot: Any, window: MainWindow, trainer: FakeTrainer
) -> None:
    trainer.error = CorpusError("the folder is empty: add a text file")
    press(qtbot, window.top_bar.primary)
    qtbot.waitUntil(lambda: window.panes["training"].banner.text != "")
    assert window.workspace.training.state == "idle"


def test_preferences_change_the_theme_at_once(qtbot: Any, window: MainWindow) -> None:
    from sslstudio.studio.preferences import Preferences

    qtbot.keyClick(window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    dialog = window._preferences
    assert isinstance(dialog, Preferences)
    qtbot.waitUntil(dialog.isVisible)
    assert not dialog.isModal()
    for key, is_dark in (("dark", True), ("light", False)):
        dialog.theme_box.setCurrentIndex(dialog.theme_box.findData(key))
        dialog.theme_box.activated.emit(dialog.theme_box.currentIndex())
        assert theme.is_dark() is is_dark
    theme.choose("automatic")


def test_every_control_has_a_name(qtbot: Any, window: MainWindow) -> None:
    from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit, QSlider

    window.show_page("runs")
    window.show_page("training")
    kinds = (QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit, QSlider)
    unnamed = [
        f"{type(w).__name__} in {type(w.parent()).__name__}"
        for kind in kinds
        for w in window.findChildren(kind)
        if w.focusPolicy() != Qt.FocusPolicy.NoFocus
        and not w.objectName().startswith("qt_")
        and not w.accessibleName()
        and not (isinstance(w, QAbstractButton) and w.text())
        and w.isVisibleTo(window)
    ]
    assert unnamed == []
