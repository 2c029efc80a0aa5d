"""The library of runs: find one, look at its curves, go on with it, copy its recipe, delete it.

Reads the folder of runs in a worker thread every few seconds while the page is seen, so runs
that a command line writes appear and move too. A run that a crash left half done is told of on
top, with the button that resumes it.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from sslstudio.errors import SSLStudioError
from sslstudio.recipe import Recipe
from sslstudio.runs import RunFolder, RunSummary
from sslstudio.studio import sentences, theme
from sslstudio.studio.background import Background, Latest
from sslstudio.studio.run_list import LIVE, RunList, move_to_bin, read_runs
from sslstudio.studio.widgets.empty_state import EmptyState
from sslstudio.studio.widgets.pane import Pane
from sslstudio.studio.widgets.run_table import (
    INTERRUPTED,
    NAME,
    STARTED,
    RunTableModel,
    RunTableProxy,
)
from sslstudio.studio.workspace import Workspace

POLL_MS = 2000


class RunsPane(Pane):
    """Everything that was ever trained here."""

    key = "runs"
    title = "Runs"
    icon = "folder-clock-outline"

    def __init__(
        self, workspace: Workspace, background: Background, parent: QWidget | None = None
    ) -> None:
        super().__init__(workspace, background, parent)
        self.known: RunList | None = None
        self._dismissed: set[str] = set()
        self._offered = ""
        self._latest = Latest(background)
        self._timer = QTimer(self, interval=POLL_MS)
        self._timer.timeout.connect(self.refresh)
        self._build()
        workspace.runs_changed.connect(self.refresh)
        workspace.training.state_changed.connect(self._on_choice)
        self.refresh()

    def shown(self) -> None:
        """Look at the folder now and from time to time."""
        self.refresh()
        self._timer.start()

    def hidden(self) -> None:
        """Leave the folder alone."""
        self._timer.stop()

    @property
    def chosen(self) -> RunSummary | None:
        """The run that is selected."""
        rows = self.table.selectionModel().selectedRows()
        if not rows:
            return None
        return self.model.rows[self.proxy.mapToSource(rows[0]).row()]

    @Slot()
    def refresh(self, *_anything: object) -> None:
        """Read the folder of runs again."""
        self._latest.run(
            read_runs,
            self.workspace.runs_dir,
            self.known,
            on_done=self._on_read,
            on_error=self.show_error,
        )

    # Building

    def _build(self) -> None:
        self.empty = EmptyState(
            "Every model you train is kept here, with its curves, its checkpoints and its recipe.",
            "Start training",
        )
        self.empty.clicked.connect(self._start)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self._build_page())
        self.body.addWidget(self.stack)

    def _build_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        heading = QLabel("Runs")
        theme.mark(heading, "title")
        self.count = QLabel()
        theme.mark(self.count, "caption")
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("Filter by name, objective, state…")
        self.filter.setAccessibleName("Filter the runs")
        self.filter.setClearButtonEnabled(True)
        self.filter.setFixedWidth(280)
        top = QHBoxLayout()
        top.setSpacing(theme.GAP)
        top.addWidget(heading)
        top.addWidget(self.count)
        top.addStretch()
        top.addWidget(self.filter)
        self._build_table()
        self.filter.textChanged.connect(self._on_filter)
        column.addLayout(top)
        column.addWidget(self.table, 1)
        column.addWidget(self._build_actions())
        return page

    def _build_table(self) -> None:
        self.model = RunTableModel(self)
        self.proxy = RunTableProxy(self)
        self.proxy.setSourceModel(self.model)
        self.table = QTableView()
        self.table.setModel(self.proxy)
        self.table.setAccessibleName("Runs")
        self.table.setSortingEnabled(True)
        self.table.sortByColumn(STARTED, Qt.SortOrder.DescendingOrder)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(34)
        header = self.table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        self.table.selectionModel().selectionChanged.connect(self._on_choice)
        self.table.activated.connect(self._show_curves)
        theme.watch(self.table.viewport().update)

    def _build_actions(self) -> QFrame:
        bar = QFrame()
        theme.mark(bar, "card")
        self.about = QLabel()
        self.about.setMinimumWidth(60)
        self.until_label = QLabel("until step")
        self.until = QSpinBox()
        self.until.setRange(1, 100_000_000)
        self.until.setGroupSeparatorShown(True)
        self.until.setSingleStep(100)
        # The style sheet's padding does not reach the field inside a spin box.
        self.until.lineEdit().setTextMargins(9, 0, 0, 0)
        self.until.setAccessibleName("Train until step")
        self.until.setToolTip("At which step the run shall end when it goes on")
        self.until_label.setBuddy(self.until)
        self.go_on = _button("Continue", "Go on from its last checkpoint", self._continue)
        self.curves = _button("Curves", "Show its curves and samples (Enter)", self._show_curves)
        self.duplicate = _button(
            "Use its recipe", "Start from a copy of this run's recipe", self._duplicate
        )
        self.reveal = _button("Open folder", "Show its files", self._reveal)
        self.delete = _button("Delete", "Move the run to the bin (Delete)", self._delete)
        theme.mark(self.delete, "danger")
        QShortcut(
            QKeySequence.StandardKey.Delete,
            self.table,
            self._delete,
            context=Qt.ShortcutContext.WidgetShortcut,
        )
        row = QHBoxLayout(bar)
        row.setContentsMargins(14, 8, 10, 8)
        row.setSpacing(theme.GAP)
        row.addWidget(self.about, 1)
        for widget in (
            self.go_on,
            self.until_label,
            self.until,
            self.curves,
            self.duplicate,
            self.reveal,
            self.delete,
        ):
            row.addWidget(widget)
        self._on_choice()
        return bar

    # What was read

    def _on_read(self, found: RunList | None) -> None:
        if found is None:
            return
        path = self.chosen.path if self.chosen else ""
        self.known = found
        self.model.set_rows(found.rows)
        self.stack.setCurrentIndex(1 if found.rows else 0)
        if path and self.chosen is None:
            self._select(path)
        self._on_filter()
        self._on_choice()
        self._tell_interrupted()

    def _select(self, path: str) -> None:
        for row, run in enumerate(self.model.rows):
            if run.path == path:
                self.table.selectRow(self.proxy.mapFromSource(self.model.index(row, 0)).row())

    def _tell_interrupted(self) -> None:
        """Offer to resume the newest run that a crash left half done."""
        left = [r for r in self.model.rows if r.state == INTERRUPTED]
        left = [r for r in left if r.path not in self._dismissed]
        if left and self.workspace.training.state == "idle":
            run = left[0]
            self._offered = run.path
            self._dismissed.add(run.path)
            if self.chosen is None:
                self._select(run.path)
            self.banner.tell(
                f"{run.name} was interrupted at step {run.step:,}"
                + (f" of {run.steps:,}." if run.steps else "."),
                "caution",
                "Resume",
                lambda: self._resume(Path(run.path), ()),
            )
            self.set_status("attention", f"{run.name} was interrupted")
        elif not any(r.path == self._offered and r.state == INTERRUPTED for r in self.model.rows):
            if self._offered:
                self._offered = ""
                self.banner.hide()
            self.set_status("")

    @Slot()
    def _on_filter(self) -> None:
        self.proxy.set_words(self.filter.text())
        shown, all_ = self.proxy.rowCount(), len(self.model.rows)
        self.count.setText(f"{all_:,}" if shown == all_ else f"{shown:,} of {all_:,}")

    @Slot()
    def _on_choice(self, *_anything: object) -> None:
        run = self.chosen
        active = self.workspace.training.is_active
        written = run is not None and run.state in LIVE
        for button in (self.curves, self.duplicate, self.reveal):
            button.setEnabled(run is not None)
        self.delete.setEnabled(run is not None and not written)
        self.go_on.setEnabled(run is not None and not written and not active)
        self.until.setEnabled(self.go_on.isEnabled())
        self.go_on.setText("Resume" if run and run.state == INTERRUPTED else "Continue")
        if run is None:
            self.about.setText("Choose a run.")
            return
        self.about.setText(_about(run))
        self.about.setToolTip("\n".join((run.path, *run.history)))
        if not self.until.hasFocus():
            more = 2 * run.steps if run.state == "finished" else run.steps
            self.until.setMinimum(max(1, run.step + 1))
            self.until.setValue(max(more, run.step + 1))

    # Asked for by buttons

    @Slot()
    def _show_curves(self, *_anything: object) -> None:
        if self.chosen is not None:
            self.workspace.select_run(Path(self.chosen.path))
            self.workspace.page_requested.emit("training")

    @Slot()
    def _continue(self) -> None:
        run = self.chosen
        if run is not None:
            wanted = self.until.value()
            settings = () if wanted == run.steps else (f"training.steps={wanted}",)
            self._resume(Path(run.path), settings)

    def _resume(self, path: Path, settings: tuple[str, ...]) -> None:
        try:
            self.workspace.resume_run(path, settings)
        except SSLStudioError as error:
            self.show_error(error)

    @Slot()
    def _duplicate(self) -> None:
        if self.chosen is not None:
            path = Path(self.chosen.path)
            self.background.run(
                lambda: RunFolder.open(path).recipe(),
                on_done=self._take_recipe,
                on_error=self.show_error,
            )

    def _take_recipe(self, recipe: Recipe) -> None:
        copy = dataclasses.replace(recipe, name=f"{recipe.name} copy")
        self.workspace.adopt(copy, None, "Use the recipe of a run", saved=False)
        self.workspace.page_requested.emit("corpora")

    @Slot()
    def _reveal(self) -> None:
        run = self.chosen
        if run is not None and not QDesktopServices.openUrl(QUrl.fromLocalFile(run.path)):
            self.banner.tell(f"The folder is {run.path}.", "info")

    @Slot()
    def _delete(self) -> None:
        run = self.chosen
        if run is None or run.state in LIVE:
            return
        if self.workspace.selected_run == Path(run.path):
            self.workspace.select_run(None)
        self.background.run(
            move_to_bin,
            Path(run.path),
            on_done=lambda _nothing: self._on_deleted(run.name),
            on_error=self.show_error,
        )

    def _on_deleted(self, name: str) -> None:
        self.banner.tell(f"{name} is in the bin; it can be taken out again there.", "info")
        self.workspace.runs_changed.emit()

    @Slot()
    def _start(self) -> None:
        try:
            self.workspace.start_training()
        except SSLStudioError as error:
            self.show_error(error)


def _about(run: RunSummary) -> str:
    """Return one line on the chosen run."""
    text = f"{run.name}: {run.state} at step {run.step:,}"
    text += f", {sentences.count(run.tokens)} tokens read" if run.tokens else ""
    times = len(run.history)
    return text + (f", went on {'once' if times == 1 else f'{times} times'}" if times else "")


def _button(text: str, tip: str, slot: object) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    button.clicked.connect(slot)
    return button
