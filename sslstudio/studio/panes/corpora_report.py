"""The Report tab: the verdict, the figures with their meaning, and every finding's documents.

Before a report is made the tab shows what reading gave anyway (:class:`OverviewTab`) and one
button. A report is made beside the window with progress, time left and Cancel, and kept until the
sources change. ``opened`` carries the ``Example`` that the user wants to read.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton, QVBoxLayout, QWidget

from sslstudio.corpora.report.facts import CorpusReport
from sslstudio.recipe import Recipe
from sslstudio.studio import report_worker, theme
from sslstudio.studio.background import Background
from sslstudio.studio.corpus_reports import CorpusReports
from sslstudio.studio.panes.corpora_findings import FindingCards
from sslstudio.studio.panes.corpora_overview import OverviewTab
from sslstudio.studio.panes.corpora_verdict import VerdictCard
from sslstudio.studio.widgets.cards import Card
from sslstudio.studio.widgets.reading_bar import ReadingBar

SMALL_BYTES = 20_000_000  # of text; a report on less is made without being asked for
_NOT_YET = (
    "Not looked at closely yet. A report finds duplicates, languages, poor and personal text, and "
    "leaks into validation; it says what to mend, and changes nothing."
)


class ReportTab(QWidget):
    """``mended(remedy)`` and ``weighted(weights)`` ask for changes of the recipe."""

    opened = Signal(object)
    mended = Signal(object)
    weighted = Signal(object)
    said = Signal(str)
    failed = Signal(object)
    reported = Signal()

    def __init__(self, background: Background, worker: Any = report_worker) -> None:
        super().__init__()
        self._worker = worker
        self._background = background
        self._recipe: Recipe | None = None
        self._shown: CorpusReport | None = None
        self._was_offered = False
        self.reports = CorpusReports(background, worker, self)
        self.progress = ReadingBar()
        self.invitation = Card("Verdict")
        self.make_button = QPushButton("Make the report")
        self.overview = OverviewTab()
        self.verdict = VerdictCard()
        self.findings = FindingCards()
        self._before, self._after = QWidget(), QWidget()
        self._build()
        self._connect()

    def _build(self) -> None:
        theme.mark(self.make_button, "primary")
        self.make_button.setAutoDefault(False)
        self.make_button.setToolTip("Reads all sources once, beside the window")
        words = QLabel(_NOT_YET, wordWrap=True)
        self.invitation.body.addWidget(words)
        self.invitation.header.addWidget(self.make_button)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addWidget(self.progress)
        # no stack: the page in sight alone decides how high the tab is
        for page, widgets in (
            (self._before, (self.invitation, self.overview)),
            (self._after, (self.verdict, self.findings)),
        ):
            inner = QVBoxLayout(page)
            inner.setContentsMargins(0, 0, 0, 0)
            inner.setSpacing(8)
            for place, widget in enumerate(widgets):
                inner.addWidget(widget, place)
            box.addWidget(page, 1)
        self._after.hide()

    def _connect(self) -> None:
        self.make_button.clicked.connect(self.make)
        self.verdict.again.connect(self.make)
        self.progress.cancelled.connect(self.reports.cancel)
        self.reports.changed.connect(self._follow)
        self.reports.failed.connect(self.failed)
        self.verdict.mended.connect(self.mended)
        self.verdict.export.connect(self.ask_and_save)
        self.findings.opened.connect(self.opened)
        self.findings.purpose.chosen.connect(self._on_purpose)
        self.findings.purpose.applied.connect(self.weighted)

    def show_recipe(self, recipe: Recipe) -> None:
        """Follow the recipe: what is stale, and which remedies it has."""
        self._recipe = recipe
        self._follow()

    def offer(self, size_bytes: int | None) -> None:
        """Make the first report unasked where the text is small; called when the tab is seen."""
        if self._was_offered or size_bytes is None or size_bytes > SMALL_BYTES:
            return
        self._was_offered = True
        if self.reports.report is None and not self.reports.is_making:
            self.make()

    def make(self) -> None:
        """Make the report of the present sources."""
        if self._recipe is not None:
            self._was_offered = True
            self.reports.make(self._recipe, self.reports.purpose)

    def ask_and_save(self, kind: str) -> None:
        """Ask where to, and write the report there."""
        report = self.reports.report
        if report is None:
            return
        path, _chosen = QFileDialog.getSaveFileName(
            self, "Save the report", f"report.{kind}", f"*.{kind}"
        )
        if path:
            self._background.run(
                self._worker.save_report,
                report,
                path,
                on_done=lambda _nothing: self.said.emit(f"Report saved as {path}."),
                on_error=self.failed.emit,
            )

    def _on_purpose(self, path: str) -> None:
        if self._recipe is not None:
            self.reports.make(self._recipe, path)

    def _follow(self) -> None:
        if self.reports.is_making:
            self.progress.begin("Making the report…")
            _stage, done, total, _unit = self._worker.progress_of(self.reports.progress)
            self.progress.say(self.reports.sentence())
            self.progress.show_progress(done, total)
        else:
            self.progress.end()
        self.make_button.setEnabled(not self.reports.is_making)
        report, recipe = self.reports.report, self._recipe
        self._before.setVisible(report is None)
        self._after.setVisible(report is not None)
        if report is None or recipe is None:
            return
        self.verdict.show_report(report, recipe, self.reports.stale(recipe))
        if report is not self._shown:
            self._shown = report
            self.findings.show_report(report, recipe)
            purpose = self.reports.purpose
            weights = self._worker.propose_weights(report) if purpose else ()
            self.findings.purpose.show_report(report, purpose, weights)
            self.reported.emit()
