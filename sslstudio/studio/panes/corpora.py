"""The corpora page: which texts are read, how they look, what is wrong with them, what mends it.

Left the sources; right what is inside the chosen one, in tabs that are built when they are first
seen. A source is read once in full before it is taken into the recipe, so that a broken file is
refused with its line; all reading happens in worker threads, with a progress line and a Cancel.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from sslstudio.corpora.report.facts import Example
from sslstudio.recipe import CorpusSource, Recipe
from sslstudio.studio import (
    corpus_worker,
    decision_worker,
    report_worker,
    theme,
    token_worker,
)
from sslstudio.studio.background import Background
from sslstudio.studio.corpus_facts import CorpusFacts
from sslstudio.studio.corpus_tables import CorpusTables
from sslstudio.studio.corpus_worker import SampleFacts, source_title
from sslstudio.studio.guard import guarded
from sslstudio.studio.panes.corpora_admission import SourceAdmission
from sslstudio.studio.panes.corpora_cards import card_facts, mix_now
from sslstudio.studio.panes.corpora_changes import CorporaChanges
from sslstudio.studio.panes.corpora_detail_host import DetailHost
from sslstudio.studio.panes.corpora_left import LeftColumn
from sslstudio.studio.panes.corpora_overview import split_sentence
from sslstudio.studio.panes.corpora_tabs import TAB_HELP, TABS, CorporaTabs
from sslstudio.studio.widgets.empty_state import EmptyState
from sslstudio.studio.widgets.pane import Pane
from sslstudio.studio.widgets.reading_bar import ReadingBar
from sslstudio.studio.widgets.segments import Segments
from sslstudio.studio.workspace import Workspace


class CorporaPane(Pane):
    """Choose what is read."""

    key = "corpora"
    title = "Corpora"
    icon = "file-document-multiple-outline"

    def __init__(
        self,
        workspace: Workspace,
        background: Background,
        worker: Any = corpus_worker,
        reporter: Any = report_worker,
        tokens: Any = token_worker,
        decider: Any = decision_worker,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(workspace, background, parent)
        self._worker = worker
        self._chosen = 0
        self._samples_asked = False
        self._titles: dict[str, str] = {}  # of samples, by path
        self.changes = CorporaChanges(workspace, lambda words: self.banner.tell(words, "info"))
        self.admission = SourceAdmission(background, worker, self)
        self.facts = CorpusFacts.of(workspace, background, worker)
        self.tables = CorpusTables(background, worker, self)
        self.left = LeftColumn()
        self.details = DetailHost(background, worker)
        self.tab_buttons = Segments(TABS, "What to show of the source", TAB_HELP)
        self.tabs = CorporaTabs(workspace, background, worker, reporter, tokens, decider)
        self.progress = ReadingBar()
        self.unreadable = EmptyState("", "Read again")
        self.setAcceptDrops(True)
        self.unreadable.button.setToolTip("Try again, once the file is there and can be read")
        self._build()
        self._connect()
        self._follow()

    def shown(self) -> None:
        """Read what has not been read yet."""
        if not self._samples_asked:
            self._samples_asked = True
            self.background.run(
                self._worker.load_samples, on_done=self._show_samples, on_error=self.show_error
            )
        self._want()
        self._follow()

    # -- building

    def _build(self) -> None:
        self._title = QLabel()
        theme.mark(self._title, "title")
        top = QHBoxLayout()
        top.addWidget(self._title, 1)
        top.addWidget(self.tab_buttons)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.tabs)
        self._pages.addWidget(self.unreadable)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addLayout(top)
        right.addWidget(self.details)
        right.addWidget(self.progress)
        right.addWidget(self._pages, 1)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.left)
        row.addLayout(right, 1)
        self.body.addLayout(row, 1)

    def _connect(self) -> None:
        self.workspace.recipe_changed.connect(self._on_recipe)
        self.facts.changed.connect(self._follow)
        self.facts.failed.connect(lambda _source, error: self.show_error(error))
        self.tables.changed.connect(self._follow)
        self.left.added.connect(self.add_paths)
        self.left.sources.chosen.connect(self.choose)
        self.left.sources.wanted.connect(self._on_menu)
        self.left.sources.weighted.connect(self._on_weight)
        self.details.changed.connect(self._on_detail)
        self.details.confirmed.connect(self._on_confirmed)
        self.left.hub_wanted.connect(self.details.ask_hub)
        self.details.failed.connect(self.show_error)
        self.tab_buttons.changed.connect(self.show_tab)
        self.progress.cancelled.connect(self._cancel)
        self.admission.admitted.connect(self._on_admitted)
        self.admission.refused.connect(self._on_refused)
        self.admission.changed.connect(self._show_progress)
        self.unreadable.clicked.connect(self._read_again)
        self.tabs.opened.connect(self._open_example)
        self.tabs.changed.connect(
            lambda table, name, value: self.changes.set_option(self._chosen, table, name, value)
        )
        self.tabs.mended.connect(self.changes.mend)
        self.tabs.weighted.connect(self.changes.use_weights)
        self.tabs.spread.connect(lambda: self.changes.mend_all_like(self._chosen))
        self.tabs.kept.connect(lambda rule: self.changes.keep(self._chosen, rule))
        self.tabs.failed.connect(self.show_error)
        self.tabs.reported.connect(self._follow)

    def _show_samples(self, samples: tuple[SampleFacts, ...]) -> None:
        self.left.set_samples(samples)
        self._titles.update({sample.path: sample.title for sample in samples})
        self._follow()

    # -- what the user does

    def choose(self, place: int) -> None:
        """Show the source ``place`` on the right."""
        if place != self._chosen:
            self.details.close_card()
        self._chosen = place
        self._follow()

    def remove(self, place: int) -> None:
        """Take a source out of the recipe."""
        self.details.close_card()
        self.changes.remove(place)

    def add_paths(self, paths: tuple[str, ...]) -> None:
        """Check every path by reading it, and take those that can be read into the recipe."""
        present = {s.path for s in self.workspace.recipe.corpora}
        for path in dict.fromkeys(paths):
            if path in present:
                self.banner.tell(f"{self._name(path)} is among the sources already.", "info")
                continue
            self.admission.check(CorpusSource(path=path))

    def show_tab(self, name: str) -> None:
        """Show one of the tabs."""
        self.tab_buttons.choose(name)
        self.tabs.show_tab(name)
        self._follow()

    def _on_admitted(self, source: CorpusSource, overview: Any) -> None:
        self.facts.remember(source, overview)
        self._chosen = len(self.workspace.recipe.corpora)
        self.changes.add(source, self._name(source.path))

    def _on_refused(self, source: CorpusSource, error: BaseException) -> None:
        self.show_error(error)
        if source.encoding == "auto":
            self.details.ask_encoding(source, self._name(source.path))

    def _on_confirmed(self, source: CorpusSource) -> None:
        """Read again what was refused, now that it is known how."""
        self.banner.hide()
        self.admission.check(source)

    def _cancel(self) -> None:
        self.admission.cancel()
        self.facts.cancel()
        self._show_progress()

    def _on_menu(self, place: int, what: str) -> None:
        self.choose(place)
        if what == "remove":
            self.remove(place)
            return
        source = self.workspace.recipe.corpora[place]
        self.details.open_card(what, source, self._name(source.path), self.tables.of(source))

    def _on_detail(self, name: str, value: Any) -> None:
        self.changes.set_option(self._chosen, "source", name, value)

    def _on_weight(self, place: int, weight: float) -> None:
        if not self.changes.weigh(place, weight):
            self._follow()  # one source at least is read

    @guarded
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files and folders."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()
            self.left.drop_hint.set_active(True)

    @guarded
    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Nothing hovers any more."""
        self.left.drop_hint.set_active(False)

    @guarded
    def dropEvent(self, event: QDropEvent) -> None:
        """Add what was dropped."""
        self.left.drop_hint.set_active(False)
        urls = [url for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        self.add_paths(tuple(str(Path(url.toLocalFile())) for url in urls))

    # -- following

    def _want(self) -> None:
        self.facts.want(self.workspace.recipe.corpora)
        self.tables.want(s for s in self.workspace.recipe.corpora if self.facts.overview(s))

    def _on_recipe(self) -> None:
        if self.is_shown:
            self._want()
        self._follow()

    def _follow(self) -> None:
        recipe = self.workspace.recipe
        self._chosen = min(self._chosen, len(recipe.corpora) - 1)
        if self.is_shown:
            self.tables.want(s for s in recipe.corpora if self.facts.overview(s) is not None)
        mix = mix_now(recipe, self.facts)
        cards = card_facts(recipe, self.facts, self.tables, mix, self._name)
        self.left.sources.show_sources(cards, self._chosen)
        self.left.hide_samples({s.path for s in recipe.corpora})
        source = recipe.corpora[self._chosen]
        about_all = self.tabs.is_about_all and len(recipe.corpora) > 1
        self._title.setText("All sources" if about_all else self._name(source.path))
        self._show_fault(source)
        known = [o for s in recipe.corpora if (o := self.facts.overview(s)) is not None]
        self.tabs.follow(
            recipe,
            self._chosen,
            titles=[card.title for card in cards],
            overviews=known,
            overview=self.facts.overview(source),
            mix=mix,
            split=split_sentence(recipe, known),
            reads=self.is_shown,
        )
        self._show_progress()
        self._show_status(recipe)

    def _show_fault(self, source: CorpusSource) -> None:
        """Show why ``source`` cannot be read in place of the tabs, where that is so."""
        fault = self.facts.error(source) if self.facts.overview(source) is None else ""
        self._pages.setCurrentIndex(1 if fault else 0)
        self.unreadable.tell(fault[:1].upper() + fault[1:] + "." if fault else "")

    def _name(self, path: str) -> str:
        return self._titles.get(path) or source_title(path)

    def _read_again(self) -> None:
        self.facts.again(self.workspace.recipe.corpora[self._chosen])

    def _open_example(self, example: Example) -> None:
        """Read the document that a finding names."""
        if example.source < len(self.workspace.recipe.corpora):
            self.choose(example.source)
            self.show_tab("read")
            self.tabs.read.open_document(example.document)

    def _show_progress(self) -> None:
        reading = self.admission.path
        if not reading and self.facts.reading is not None:
            reading = self.facts.reading.path
        if reading:
            self.progress.begin(f"Reading {self._name(reading)}…")
            is_new = bool(self.admission.path)
            known = self.admission.progress if is_new else self.facts.progress[-2:]
            if len(known) == 2:
                self.progress.show_progress(*known)
        else:
            self.progress.end()

    def _show_status(self, recipe: Recipe) -> None:
        errors = [e for s in recipe.corpora if (e := self.facts.error(s))]
        if errors:
            self.set_status("attention", errors[0])
        elif all(self.facts.overview(s) is not None for s in recipe.corpora):
            self.set_status("ready")
        else:
            self.set_status("running" if self.facts.reading else "")
