"""The tabs of the corpora page, each built when it is first seen, all following the recipe.

The first paint of the window builds Read only. Signals are those of the tabs; the page answers.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from sslstudio.corpora.report.facts import Example
from sslstudio.recipe import Recipe
from sslstudio.studio import decision_worker
from sslstudio.studio.background import Background
from sslstudio.studio.mix_view import Mix
from sslstudio.studio.panes.corpora_preparation import PreparationTab
from sslstudio.studio.panes.corpora_read import ReadTab
from sslstudio.studio.panes.corpora_report import ReportTab
from sslstudio.studio.widgets.scroll_column import ScrollColumn
from sslstudio.studio.workspace import Workspace

if TYPE_CHECKING:
    from sslstudio.studio.panes.corpora_tokens import TokensTab

TABS: Mapping[str, str] = MappingProxyType(
    {"read": "Read", "report": "Report", "tokens": "Tokens", "preparation": "Preparation"}
)
TAB_HELP: Mapping[str, str] = MappingProxyType(
    {
        "read": "The documents, and what mending does to them",
        "report": "What is in all sources, what is wrong with it, and what mends it",
        "tokens": "Vocabularies, and any text cut into tokens",
        "preparation": "How text is mended, mixed, kept for validation, and cut into documents",
    }
)


@dataclasses.dataclass(frozen=True)
class _Facts:
    """What the page last said."""

    recipe: Recipe
    place: int
    titles: Sequence[str]
    overviews: Sequence[Any]
    overview: Any
    mix: Mix
    split: str
    reads: bool

    @property
    def size_bytes(self) -> int | None:
        """Of all texts; None where one is not known yet."""
        sizes = [overview.bytes for overview in self.overviews]
        return sum(sizes) if len(sizes) == len(self.recipe.corpora) else None


class CorporaTabs(QStackedWidget):
    """``show_tab`` builds a tab where it is not there; ``follow`` tells the one in sight."""

    opened = Signal(object)  # Example
    changed = Signal(str, str, object)  # table, name, value
    mended = Signal(object)  # Remedy
    weighted = Signal(object)  # weights
    spread = Signal()
    kept = Signal(str)  # rule
    failed = Signal(object)
    reported = Signal()  # there is a new report

    def __init__(
        self,
        workspace: Workspace,
        background: Background,
        worker: Any,
        reporter: Any,
        tokens: Any,
        decider: Any = decision_worker,
    ) -> None:
        super().__init__()
        self._workspace = workspace
        self._background = background
        self._worker, self._reporter, self._token_worker = worker, reporter, tokens
        self._decider = decider
        self._facts: _Facts | None = None
        self._built: dict[str, QWidget] = {}
        self._columns: dict[str, QWidget] = {}
        self.current = "read"
        self.read: ReadTab = self._add("read", self._build_read())

    @property
    def report(self) -> ReportTab:
        """The Report tab."""
        tab: ReportTab = self._tab("report", self._build_report)
        return tab

    @property
    def tokens(self) -> TokensTab:
        """The Tokens tab."""
        tab: TokensTab = self._tab("tokens", self._build_tokens)
        return tab

    @property
    def preparation(self) -> PreparationTab:
        """The Preparation tab."""
        tab: PreparationTab = self._tab("preparation", self._build_preparation)
        return tab

    @property
    def is_about_all(self) -> bool:
        """Whether the tab in sight shows all sources together."""
        has_report = self.current == "report" and self.report.reports.report is not None
        return has_report or self.current == "tokens"

    def show_tab(self, name: str) -> None:
        """Bring a tab into sight."""
        getattr(self, name)
        self.current = name
        self.setCurrentWidget(self._columns[name])
        self._tell()

    def follow(self, recipe: Recipe, place: int, **known: Any) -> None:
        """Show ``recipe`` with its source ``place`` and what is known of it."""
        self._facts = _Facts(recipe, place, **known)
        self._tell()

    def _tab(self, name: str, build: Any) -> Any:
        if name not in self._built:
            self._add(name, build())
            if self._facts is not None:
                self._tell_tab(name, self._facts)
        return self._built[name]

    def _add(self, name: str, tab: Any) -> Any:
        self._built[name] = tab
        column = ScrollColumn()
        column.box.addWidget(tab)
        self._columns[name] = column
        self.addWidget(column)
        return tab

    def _build_read(self) -> ReadTab:
        tab = ReadTab(self._background, self.failed.emit, self._worker, self._decider)
        tab.kept.connect(self.kept)
        tab.opened.connect(self.opened)
        return tab

    def _build_report(self) -> ReportTab:
        tab = ReportTab(self._background, self._reporter)
        tab.opened.connect(self.opened)
        tab.overview.opened.connect(self._open_here)
        tab.mended.connect(self.mended)
        tab.weighted.connect(self.weighted)
        tab.failed.connect(self.failed)
        tab.said.connect(self._workspace.say)
        tab.reported.connect(self.reported)
        return tab

    def _build_tokens(self) -> TokensTab:
        from sslstudio.studio.panes.corpora_tokens import TokensTab  # loads the plots

        tab = TokensTab(self._background, self._token_worker)
        tab.changed.connect(lambda name, value: self.changed.emit("tokenizer", name, value))
        tab.failed.connect(self.failed)
        self.read.page_shown.connect(tab.set_document)
        if self.read.page is not None:
            tab.set_document(self.read.page)
        return tab

    def _build_preparation(self) -> PreparationTab:
        tab = PreparationTab()
        tab.changed.connect(self.changed)
        tab.spread.connect(self.spread)
        self._background.run(
            self._worker.load_presets,
            on_done=tab.mending.set_presets,
            on_error=self.failed.emit,
        )
        return tab

    def _open_here(self, document: int) -> None:
        if self._facts is not None:
            self.opened.emit(Example(self._facts.place, document, ""))

    @property
    def _is_free(self) -> bool:
        """Whether the cores are: what reads all texts beside a run is done when it is asked for."""
        return not self._workspace.training.is_active

    def _tell(self) -> None:
        facts = self._facts
        if facts is None:
            return
        if facts.overview is None:
            self.read.show_source(None)
        elif facts.reads:
            self.read.show_recipe(
                facts.recipe, facts.place, facts.size_bytes, is_free=self._is_free
            )
        # the others are told when they are seen
        self._tell_tab(self.current, facts)

    def _tell_tab(self, name: str, facts: _Facts) -> None:
        if name == "report":
            self._tell_report(facts)
        elif name == "tokens":
            self.tokens.show_recipe(facts.recipe, visible=self.current == "tokens")
        elif name == "preparation":
            self.preparation.show_recipe(
                facts.recipe, facts.place, facts.titles, facts.mix, facts.split
            )

    def _tell_report(self, facts: _Facts) -> None:
        report = self.report
        report.show_recipe(facts.recipe)
        report.overview.setVisible(facts.overview is not None)
        if facts.overview is not None:
            report.overview.show_overview(facts.overview, facts.split)
        if self.current == "report" and facts.reads and self._is_free:
            report.offer(facts.size_bytes)
