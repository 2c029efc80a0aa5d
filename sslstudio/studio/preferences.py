"""What the user prefers about the studio itself; a small window that blocks nothing."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from sslstudio.studio import theme
from sslstudio.studio.workspace import Workspace

_THEMES = {"automatic": "As the system", "light": "Light", "dark": "Dark"}


class Preferences(QDialog):
    """Every change takes effect at once."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.workspace = workspace
        self.setWindowTitle("Preferences")
        self.setMinimumWidth(520)
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.MARGIN)
        grid.setVerticalSpacing(theme.MARGIN)
        grid.setColumnStretch(1, 1)
        self._add_theme(grid)
        self._add_runs_folder(grid)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.button(QDialogButtonBox.StandardButton.Close).setIcon(QIcon())
        buttons.rejected.connect(self.close)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(20)
        column.addLayout(grid)
        column.addStretch()
        column.addWidget(buttons)

    def _add_theme(self, grid: QGridLayout) -> None:
        self.theme_box = QComboBox()
        for key, title in _THEMES.items():
            self.theme_box.addItem(title, key)
        self.theme_box.setCurrentIndex(self.theme_box.findData(theme.choice()))
        self.theme_box.activated.connect(lambda _row: theme.choose(self.theme_box.currentData()))
        label = QLabel("&Appearance")
        label.setBuddy(self.theme_box)
        grid.addWidget(label, 0, 0)
        grid.addWidget(self.theme_box, 0, 1)

    def _add_runs_folder(self, grid: QGridLayout) -> None:
        self.runs_edit = QLineEdit(str(self.workspace.runs_dir))
        self.runs_edit.setAccessibleName("Folder of runs")
        self.runs_edit.editingFinished.connect(self._on_typed)
        choose = QPushButton("Choose…")
        choose.clicked.connect(self._choose)
        usual = QPushButton("Usual place")
        usual.clicked.connect(lambda: self._set_runs_dir(None))
        label = QLabel("&Folder of runs")
        label.setBuddy(self.runs_edit)
        label.setContentsMargins(0, 7, 0, 0)
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        row.addWidget(self.runs_edit, 1)
        row.addWidget(choose)
        row.addWidget(usual)
        self.note = QLabel("Every run keeps its model, its curves and its text statistics there.")
        self.note.setWordWrap(True)
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        theme.mark(self.note, "caption")
        below = QVBoxLayout()
        below.setSpacing(theme.UNIT)
        below.addLayout(row)
        below.addWidget(self.note)
        grid.addWidget(label, 1, 0, Qt.AlignmentFlag.AlignTop)
        grid.addLayout(below, 1, 1)

    @Slot()
    def _on_typed(self) -> None:
        text = self.runs_edit.text().strip()
        if text and text != str(self.workspace.runs_dir):
            self._set_runs_dir(Path(text).expanduser())

    @Slot()
    def _choose(self) -> None:
        start = str(self.workspace.runs_dir)
        chosen = QFileDialog.getExistingDirectory(self, "Folder of runs", start)
        if chosen:
            self._set_runs_dir(Path(chosen))

    def _set_runs_dir(self, folder: Path | None) -> None:
        if folder is not None and folder.exists() and not folder.is_dir():
            self.note.setText(f"{folder} is a file: choose a folder.")
            return
        self.workspace.set_runs_dir(folder)
        self.runs_edit.setText(str(self.workspace.runs_dir))
