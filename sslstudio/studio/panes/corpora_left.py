"""The left side of the corpora page: the sources' cards, the way to add more, and the samples."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from sslstudio.studio import theme
from sslstudio.studio.corpus_worker import SampleFacts
from sslstudio.studio.panes.corpora_adding import DropHint, SampleButton
from sslstudio.studio.panes.corpora_sources import SourceColumn
from sslstudio.studio.widgets.scroll_column import ScrollColumn

WIDTH = 268


class LeftColumn(QWidget):
    """``added`` carries paths that the user chose, ``hub_wanted`` asks for a card in the page."""

    added = Signal(tuple)
    hub_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sources = SourceColumn()
        self.drop_hint = DropHint()
        self.samples: dict[str, SampleButton] = {}
        self.setFixedWidth(WIDTH)
        self.add = QPushButton("Add text…")
        self._samples_heading = QLabel("TEXT WITHOUT A DOWNLOAD")
        self._samples_box = QVBoxLayout()
        self._build_menu()
        self._build()

    def _build_menu(self) -> None:
        self.add.setToolTip(
            "Text, Markdown, tables, JSON, PDF, e-books, documents, web pages, mail, subtitles, "
            "code; plain or packed"
        )
        menu = QMenu(self.add)
        menu.addAction("Files…", self._ask_files)
        menu.addAction("A folder…", self._ask_folder)
        self.add_hub_action = menu.addAction("From the Hugging Face hub…", self.hub_wanted.emit)
        self.add.setMenu(menu)

    def _build(self) -> None:
        heading = QLabel("Sources")
        theme.mark(heading, "title")
        top = QHBoxLayout()
        top.addWidget(heading, 1)
        top.addWidget(self.add)
        theme.mark(self._samples_heading, "caption")
        self._samples_box.setSpacing(8)
        column = ScrollColumn(WIDTH)
        column.box.addWidget(self.sources)
        column.box.addWidget(self.drop_hint)
        column.box.addSpacing(8)
        column.box.addWidget(self._samples_heading)
        column.box.addLayout(self._samples_box)
        column.box.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(8)
        outer.addLayout(top)
        outer.addWidget(column, 1)

    def set_samples(self, samples: Sequence[SampleFacts]) -> None:
        """Offer these samples."""
        for sample in samples:
            button = SampleButton(sample)
            button.clicked.connect(
                lambda _checked=False, path=sample.path: self.added.emit((path,))
            )
            self._samples_box.addWidget(button)
            self.samples[sample.path] = button

    def hide_samples(self, paths: set[str]) -> None:
        """Offer those samples only that are not among ``paths``."""
        for path, button in self.samples.items():
            button.setVisible(path not in paths)
        self._samples_heading.setVisible(any(not b.isHidden() for b in self.samples.values()))

    def _ask_files(self) -> None:
        files, _kind = QFileDialog.getOpenFileNames(self, "Add text")
        if files:
            self.added.emit(tuple(files))

    def _ask_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "Add a folder of text")
        if folder:
            self.added.emit((folder,))
