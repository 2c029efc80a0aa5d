"""The top of the Report tab: is this text good to train on, why not, and what mends it.

Green, amber or red as a dot, and in words. Each finding has its reason and, where a change of the
recipe mends it, a button; a finding whose change has been made says so. Knows no report's making.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from sslstudio.corpora.report.facts import CorpusReport, Finding, Remedy
from sslstudio.recipe import Recipe
from sslstudio.studio import report_words, theme
from sslstudio.studio.widgets.cards import Card
from sslstudio.studio.widgets.dot import Dot

_BUTTONS = {
    "deduplicate": "Keep one of each",
    "personal_data": "Replace them",
    "repeated_lines": "Take them out",
    "normalise": "Tidy the characters",
    "split": "Split another way",
    "documents": "Cut it so",
}
_PRESETS = {
    "as_is": "Use it as it is",
    "web": "Use the web rules",
    "prose": "Use the prose rules",
    "dialogue": "Use the dialogue rules",
    "code": "Use the code rules",
}


class VerdictCard(Card):
    """``mended`` carries the remedy whose button was pressed."""

    mended = Signal(object)
    again = Signal()
    export = Signal(str)  # "html" or "json"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Verdict", "", parent)
        self.dot = Dot()
        self.header.insertWidget(0, self.dot)
        self.rows: list[FindingRow] = []
        self.again_button = QPushButton("Make again")
        self.again_button.setToolTip("Read the sources again and make a new report")
        self.again_button.clicked.connect(self.again)
        self.save_button = QPushButton("Save report…")
        self.save_button.setToolTip("Save the report as a page for the browser, or as JSON")
        menu = QMenu(self.save_button)
        self.save_html = menu.addAction("As a web page…", lambda: self.export.emit("html"))
        self.save_json = menu.addAction("As JSON…", lambda: self.export.emit("json"))
        self.save_button.setMenu(menu)
        for button in (self.again_button, self.save_button):
            button.setAutoDefault(False)
            self.header.addWidget(button)
        self.basis = QLabel(wordWrap=True)
        theme.mark(self.basis, "caption")
        self.body.addWidget(self.basis)
        self.stale = QLabel(wordWrap=True)
        theme.mark(self.stale, "caution")
        self.body.addWidget(self.stale)
        self._findings = QVBoxLayout()
        self._findings.setSpacing(6)
        self.body.addLayout(self._findings)

    def show_report(self, report: CorpusReport, recipe: Recipe, stale: str) -> None:
        """Show the verdict; ``stale`` says what has changed since."""
        self.set_title(report_words.verdict_words(report))
        self.basis.setText(report_words.basis(report))
        self.dot.set_level(report.verdict)
        self.stale.setVisible(bool(stale))
        self.stale.setText(
            f"Since this was made, {stale}: make it again to see the difference." if stale else ""
        )
        self._show_findings(report, recipe)

    def _show_findings(self, report: CorpusReport, recipe: Recipe) -> None:
        while len(self.rows) > len(report.findings):
            row = self.rows.pop()
            self._findings.removeWidget(row)
            row.hide()
            row.deleteLater()
        for place, finding in enumerate(report.findings):
            if place == len(self.rows):
                row = FindingRow()
                row.mended.connect(self.mended)
                self.rows.append(row)
                self._findings.addWidget(row)
            done = finding.change is not None and is_done(recipe, finding.change)
            self.rows[place].show_finding(finding, done)


class FindingRow(QWidget):
    """A dot, a sentence, and a button."""

    mended = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._change: Remedy | None = None
        self.dot = Dot()
        self.text = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.button = QPushButton()
        self.button.setAutoDefault(False)
        self.button.clicked.connect(self._mend)
        self.done = QLabel()
        theme.mark(self.done, "caption")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.dot)
        row.addWidget(self.text, 1)
        row.addWidget(self.done)
        row.addWidget(self.button)

    def show_finding(self, finding: Finding, done: bool) -> None:
        """Show ``finding``; ``done`` where the recipe has its remedy already."""
        self._change = finding.change
        self.dot.set_level(finding.level)
        has_button = finding.change is not None
        words = finding.text if has_button else f"{finding.text} {finding.remedy}".strip()
        self.text.setText(words)
        self.setAccessibleName(f"{finding.level}: {words}")
        offered = has_button and not done
        self.button.setVisible(offered)
        self.done.setVisible(done)
        self.done.setText("✓ changed in the recipe; undo takes it back")
        if finding.change is not None:
            self.button.setText(button_words(finding.change))
            self.button.setToolTip(finding.remedy or "Changes the recipe; undo takes it back")
            self.button.setAccessibleName(f"{button_words(finding.change)}: {finding.text}")

    def _mend(self) -> None:
        if self._change is not None:
            self.mended.emit(self._change)


def button_words(remedy: Remedy) -> str:
    """Return what the button of a remedy says."""
    if remedy.name == "preset":
        return _PRESETS.get(remedy.value, f"Use “{remedy.value}”")
    return _BUTTONS.get(remedy.name, "Mend it")


def is_done(recipe: Recipe, remedy: Remedy) -> bool:
    """Say whether ``recipe`` has what ``remedy`` asks for."""
    if remedy.table != "source":
        return bool(getattr(getattr(recipe, remedy.table), remedy.name) == remedy.value)
    sources = recipe.corpora if remedy.source < 0 else recipe.corpora[remedy.source :][:1]
    return all(getattr(s, remedy.name) == remedy.value for s in sources)
