"""The corpora page: which texts are read, how they look, and how they are prepared.

Left the sources; right what is inside the chosen one. A source is read once in full before it is
taken into the recipe, so that a broken file is refused with its line; all reading happens in
worker threads, with a progress line and a Cancel.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from sslstudio.recipe import CorpusSource, Recipe
from sslstudio.studio import corpus_worker, sentences, theme
from sslstudio.studio.background import Background
from sslstudio.studio.corpus_facts import CorpusFacts
from sslstudio.studio.corpus_worker import SampleFacts, source_kind, source_title
from sslstudio.studio.guard import guarded
from sslstudio.studio.panes.corpora_admission import SourceAdmission
from sslstudio.studio.panes.corpora_options import OptionsTab
from sslstudio.studio.panes.corpora_overview import OverviewTab, split_sentence
from sslstudio.studio.panes.corpora_read import ReadTab
from sslstudio.studio.panes.corpora_sources import (
    DropHint,
    SampleButton,
    SourceColumn,
    SourceFacts,
)
from sslstudio.studio.widgets.empty_state import EmptyState
from sslstudio.studio.widgets.pane import Pane
from sslstudio.studio.widgets.reading_bar import ReadingBar
from sslstudio.studio.widgets.scroll_column import ScrollColumn
from sslstudio.studio.widgets.segments import Segments
from sslstudio.studio.workspace import Workspace

_LEFT_WIDTH = 268
_TABS = {"read": "Read", "overview": "Overview", "options": "Preparation"}


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
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(workspace, background, parent)
        self._worker = worker
        self._chosen = 0
        self.admission = SourceAdmission(background, worker, self)
        self._samples_asked = False
        self._titles: dict[str, str] = {}  # of samples, by path
        self.facts = CorpusFacts.of(workspace, background, worker)
        self.sources = SourceColumn()
        self.samples: dict[str, SampleButton] = {}
        self.drop_hint = DropHint()
        self.tabs = Segments(_TABS, "What to show of the source")
        self.read_tab = ReadTab(background, self.show_error, worker)
        self.overview_tab = OverviewTab()
        self.options_tab = OptionsTab()
        self.progress = ReadingBar()
        self.unreadable = EmptyState("", "Read again")
        self.setAcceptDrops(True)
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
        self.facts.want(self.workspace.recipe.corpora)
        self._follow()

    # -- building

    def _build(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self._build_left())
        row.addWidget(self._build_right(), 1)
        self.body.addLayout(row, 1)

    def _build_left(self) -> QWidget:
        heading = QLabel("Sources")
        theme.mark(heading, "title")
        self.add = QPushButton("Add text…")
        self.add.setToolTip("Add files or a folder of text, Markdown or JSON lines")
        menu = QMenu(self.add)
        self.add_files_action = menu.addAction("Files…", self._ask_files)
        self.add_folder_action = menu.addAction("A folder…", self._ask_folder)
        self.add.setMenu(menu)
        top = QHBoxLayout()
        top.addWidget(heading, 1)
        top.addWidget(self.add)
        self._samples_heading = QLabel("TEXT WITHOUT A DOWNLOAD")
        theme.mark(self._samples_heading, "caption")
        self._samples_box = QVBoxLayout()
        self._samples_box.setSpacing(8)
        column = ScrollColumn(_LEFT_WIDTH)
        box = column.box
        box.addWidget(self.sources)
        box.addWidget(self.drop_hint)
        box.addSpacing(8)
        box.addWidget(self._samples_heading)
        box.addLayout(self._samples_box)
        box.addStretch(1)
        left = QWidget()
        left.setFixedWidth(_LEFT_WIDTH)
        outer = QVBoxLayout(left)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(8)
        outer.addLayout(top)
        outer.addWidget(column, 1)
        return left

    def _build_right(self) -> QWidget:
        self._title = QLabel()
        theme.mark(self._title, "title")
        top = QHBoxLayout()
        top.addWidget(self._title, 1)
        top.addWidget(self.tabs)
        self._stack = QStackedWidget()
        for tab in (self.read_tab, self.overview_tab, self.options_tab):
            column = ScrollColumn()
            column.box.addWidget(tab)
            self._stack.addWidget(column)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._stack)
        self._pages.addWidget(self.unreadable)
        right = QWidget()
        box = QVBoxLayout(right)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addLayout(top)
        box.addWidget(self.progress)
        box.addWidget(self._pages, 1)
        return right

    def _connect(self) -> None:
        self.workspace.recipe_changed.connect(self._on_recipe)
        self.facts.changed.connect(self._follow)
        self.facts.failed.connect(lambda _source, error: self.show_error(error))
        self.sources.chosen.connect(self.choose)
        self.sources.removed.connect(self.remove)
        self.sources.weighted.connect(self._on_weight)
        self.tabs.changed.connect(self._show_tab)
        self.options_tab.changed.connect(self._on_option)
        self.progress.cancelled.connect(self._cancel)
        self.admission.admitted.connect(self._on_admitted)
        self.admission.refused.connect(lambda _source, error: self.show_error(error))
        self.admission.changed.connect(self._show_progress)
        self.overview_tab.opened.connect(self._read_document)
        self.unreadable.clicked.connect(self._read_again)

    def _show_samples(self, samples: tuple[SampleFacts, ...]) -> None:
        for sample in samples:
            button = SampleButton(sample)
            button.clicked.connect(lambda _checked=False, path=sample.path: self.add_paths((path,)))
            self._samples_box.addWidget(button)
            self.samples[sample.path] = button
            self._titles[sample.path] = sample.title
        self._follow()

    # -- what the user does

    def choose(self, place: int) -> None:
        """Show the source ``place`` on the right."""
        self._chosen = place
        self._follow()

    def remove(self, place: int) -> None:
        """Take a source out of the recipe."""
        corpora = self.workspace.recipe.corpora
        if len(corpora) > 1:
            self._change_sources((*corpora[:place], *corpora[place + 1 :]), "Remove a source")

    def add_paths(self, paths: tuple[str, ...]) -> None:
        """Check every path by reading it, and take those that can be read into the recipe."""
        present = {s.path for s in self.workspace.recipe.corpora}
        for path in dict.fromkeys(paths):
            if path in present:
                self.banner.tell(f"{self._name(path)} is among the sources already.", "info")
                continue
            self.admission.check(CorpusSource(path=path))

    def _on_admitted(self, source: CorpusSource, overview: Any) -> None:
        self.facts.remember(source, overview)
        corpora = self.workspace.recipe.corpora
        self._chosen = len(corpora)
        self._change_sources((*corpora, source), f"Add {self._name(source.path)}")

    def _cancel(self) -> None:
        self.admission.cancel()
        self.facts.cancel()
        self._show_progress()

    def _on_weight(self, place: int, weight: float) -> None:
        corpora = list(self.workspace.recipe.corpora)
        corpora[place] = dataclasses.replace(corpora[place], weight=weight)
        if any(s.weight > 0 for s in corpora):
            self._change_sources(tuple(corpora), "Change a weight", f"corpora.{place}.weight")

    def _on_option(self, table: str, name: str, value: Any) -> None:
        recipe = self.workspace.recipe
        if table == "source":
            corpora = list(recipe.corpora)
            changed = dataclasses.replace(corpora[self._chosen], **{name: value})
            corpora[self._chosen] = changed
            self._change_sources(tuple(corpora), "Change what one document is")
            return
        options = dataclasses.replace(getattr(recipe, table), **{name: value})
        word = name.replace("_", " ")
        self.workspace.change(
            dataclasses.replace(recipe, **{table: options}),
            f"Change the {word}",
            f"{table}.{name}",
        )

    def _change_sources(self, corpora: tuple[CorpusSource, ...], text: str, key: str = "") -> None:
        recipe = dataclasses.replace(self.workspace.recipe, corpora=corpora)
        self.workspace.change(recipe, text, key)

    def _ask_files(self) -> None:
        files, _kind = QFileDialog.getOpenFileNames(
            self, "Add text", "", "Text (*.txt *.md *.markdown *.jsonl *.rst);;All files (*)"
        )
        self.add_paths(tuple(files))

    def _ask_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "Add a folder of text")
        if folder:
            self.add_paths((folder,))

    @guarded
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files and folders."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()
            self.drop_hint.set_active(True)

    @guarded
    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Nothing hovers any more."""
        self.drop_hint.set_active(False)

    @guarded
    def dropEvent(self, event: QDropEvent) -> None:
        """Add what was dropped."""
        self.drop_hint.set_active(False)
        urls = [url for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        self.add_paths(tuple(str(Path(url.toLocalFile())) for url in urls))

    # -- following

    def _on_recipe(self) -> None:
        if self.is_shown:
            self.facts.want(self.workspace.recipe.corpora)
        self._follow()

    def _follow(self) -> None:
        recipe = self.workspace.recipe
        self._chosen = min(self._chosen, len(recipe.corpora) - 1)
        source = recipe.corpora[self._chosen]
        self.sources.show_sources(self._source_facts(recipe), self._chosen)
        for path, button in self.samples.items():
            button.setVisible(path not in {s.path for s in recipe.corpora})
        self._samples_heading.setVisible(any(not b.isHidden() for b in self.samples.values()))
        title = self._name(source.path)
        self._title.setText(title)
        overview = self.facts.overview(source)
        known = [o for s in recipe.corpora if (o := self.facts.overview(s)) is not None]
        split = split_sentence(recipe, known)
        self.options_tab.show_recipe(recipe, source, title, split)
        self.overview_tab.setVisible(overview is not None)
        self._show_fault(self.facts.error(source) if overview is None else "")
        if overview is not None:
            self.overview_tab.show_overview(overview, split)
            if self.is_shown:
                self.read_tab.show_source(source)
        else:
            self.read_tab.show_source(None)
        self._show_progress()
        self._show_status(recipe)

    def _show_fault(self, fault: str) -> None:
        """Put the reason in place of the tabs where the chosen source cannot be read."""
        self._pages.setCurrentIndex(1 if fault else 0)
        self.unreadable.tell(fault[:1].upper() + fault[1:] + "." if fault else "")

    def _source_facts(self, recipe: Recipe) -> list[SourceFacts]:
        overviews = [self.facts.overview(s) for s in recipe.corpora]
        sizes = [
            None if o is None else o.bytes * s.weight
            for o, s in zip(overviews, recipe.corpora, strict=True)
        ]
        known = [s for s in sizes if s is not None]
        whole = sum(known) if len(known) == len(sizes) else 0.0
        return [
            SourceFacts(
                title=self._name(source.path),
                path=source.path,
                caption=self._caption(source, overview),
                weight=source.weight,
                share=size / whole if whole and size is not None else None,
                removable=len(recipe.corpora) > 1,
                faulty=bool(self.facts.error(source)),
            )
            for source, overview, size in zip(recipe.corpora, overviews, sizes, strict=True)
        ]

    def _name(self, path: str) -> str:
        return self._titles.get(path) or source_title(path)

    def _caption(self, source: CorpusSource, overview: Any) -> str:
        kind = source_kind(source.path)
        if overview is not None:
            documents = sentences.count(overview.documents)
            return f"{kind} · {documents} documents · {sentences.size(overview.bytes)}"
        if error := self.facts.error(source):
            return f"{kind} · {error}"
        if self.facts.reading == source:
            return f"{kind} · reading…"
        return kind

    def _read_again(self) -> None:
        self.facts.again(self.workspace.recipe.corpora[self._chosen])

    def _read_document(self, place: int) -> None:
        self.tabs.choose("read")
        self._show_tab("read")
        self.read_tab.open_document(place)

    def _show_tab(self, name: str) -> None:
        self._stack.setCurrentIndex(list(_TABS).index(name))

    def _show_progress(self) -> None:
        reading = self.admission.path
        if not reading and self.facts.reading is not None:
            reading = self.facts.reading.path
        if reading:
            self.progress.begin(f"Reading {self._name(reading)}…")
            if self.facts.progress:
                self.progress.show_progress(*self.facts.progress)
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
