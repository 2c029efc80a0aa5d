"""Everything below the verdict: tiles, lengths, topics, languages, rules, duplicates and the rest.

A card that has nothing to say is not there. Wherever documents are named, a click opens one:
``opened`` carries its ``Example``.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from sslstudio.corpora.report.facts import CorpusReport, Difference
from sslstudio.recipe import Recipe
from sslstudio.studio import report_words, theme
from sslstudio.studio.panes.corpora_purpose import PurposeCard
from sslstudio.studio.report_words import percent
from sslstudio.studio.widgets.card_rows import CardRows
from sslstudio.studio.widgets.cards import Card
from sslstudio.studio.widgets.example_tree import Branch, ExampleTree
from sslstudio.studio.widgets.histogram import Histogram
from sslstudio.studio.widgets.share_bars import ShareBars
from sslstudio.studio.widgets.tiles import TileGrid
from sslstudio.studio.widgets.topic_map import MapPoint, TopicMap

_MOST_SKIPPED = 200
_READ = "click one to read"


class FindingCards(QWidget):
    """:meth:`show_report` fills the cards and hides the empty ones."""

    opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tiles = TileGrid()
        self.lengths = Histogram("characters", "documents")
        self.lengths.setAccessibleName("Lengths of the documents")
        self.topics = TopicMap()
        self.languages = ShareBars("Languages")
        self.scripts = ShareBars("Scripts")
        self.removed = ShareBars("What mending takes out")
        self.changed = ShareBars("What mending changes inside documents")
        self.trees: dict[str, ExampleTree] = {}
        self.cards: dict[str, Card] = {}
        self.purpose = PurposeCard()
        self._build()

    def _build(self) -> None:
        self._card("lengths", "Length of documents", "characters", self.lengths)
        self._card("topics", "Topics", "each point a document; click to read", self.topics)
        self._scripts_heading = QLabel("Scripts")
        theme.mark(self._scripts_heading, "caption")
        self._card(
            "languages",
            "Languages",
            "share of the text",
            self.languages,
            self._scripts_heading,
            self.scripts,
        )
        self._changed_heading = QLabel("Inside those that stay")
        theme.mark(self._changed_heading, "caption")
        self._card(
            "removed",
            "Taken out",
            " ",
            self.removed,
            self._changed_heading,
            self.changed,
        )
        for name, title, caption in (
            ("rules", "Quality rules", "documents each would take out"),
            ("clusters", "Near duplicates", "groups; open one to read"),
            ("lines", "Repeated lines", "in how many documents"),
            ("personal", "Personal data", "found by pattern"),
            ("typical", "Most typical documents", _READ),
            ("unusual", "Most unusual documents", _READ),
            ("variety", "Variety of words", "on a sample"),
            ("leaks", "Leaks into validation", _READ),
            ("differences", "Between sources", "0 the same words, 1 none in common"),
            ("skipped", "Not read", ""),
        ):
            tree = ExampleTree(title)
            tree.opened.connect(self.opened)
            self.trees[name] = tree
            self._card(name, title, caption, tree)
        self.cards["purpose"] = self.purpose
        self.purpose.opened.connect(self.opened)
        self.topics.opened.connect(self.opened)
        self._rows = CardRows(tuple(self.cards.values()))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addWidget(self.tiles)
        box.addWidget(self._rows, 1)

    def _card(self, name: str, title: str, caption: str, *widgets: QWidget) -> None:
        card = Card(title, caption)
        for widget in widgets:
            card.body.addWidget(widget)
        if not isinstance(widgets[0], Histogram | TopicMap):
            card.body.addStretch(1)
        self.cards[name] = card

    def show_report(self, report: CorpusReport, recipe: Recipe) -> None:
        """Show every figure of ``report``."""
        from sslstudio.corpora.estimate import bytes_per_token

        self.tiles.show_tiles(report_words.tiles_of(report, bytes_per_token(recipe)))
        self.lengths.show_counts(report.histogram_edges, report.histogram_counts)
        self._show_topics(report)
        self._show_languages(report)
        self._show_removal(report)
        trees = self.trees
        trees["rules"].show_branches(report_words.rule_branches(report.rules, report.documents))
        trees["clusters"].show_branches(report_words.cluster_branches(report))
        trees["lines"].show_branches(report_words.line_branches(report))
        self.cards["lines"].set_caption(f"{percent(report.repeated_line_share)} of the text")
        trees["personal"].show_branches(report_words.personal_branches(report))
        trees["typical"].show_leaves(report_words.leaves(report.topics.typical))
        trees["unusual"].show_leaves(report_words.leaves(report.topics.unusual))
        trees["variety"].show_branches([Branch(*row) for row in report_words.variety_rows(report)])
        trees["leaks"].show_branches(_leak_branches(report))
        trees["differences"].show_branches([_difference(d) for d in report.differences])
        self._show_skipped(report)
        self._rows.show_cards(
            [card for name, card in self.cards.items() if self._has(name, report)]
        )

    def _has(self, name: str, report: CorpusReport) -> bool:
        """Say whether the card ``name`` has something to show."""
        if name in self.trees:
            return self.trees[name].topLevelItemCount() > 0
        if name == "topics":
            return bool(report.topics.points)
        if name == "languages":
            return bool(self.languages.bars or self.scripts.bars)
        return name != "removed" or bool(self.removed.bars or self.changed.bars)

    def _show_removal(self, report: CorpusReport) -> None:
        self.removed.show_bars(report_words.removal_bars(report))
        self.changed.show_bars(report_words.change_bars(report))
        self.removed.setVisible(bool(self.removed.bars))
        for widget in (self.changed, self._changed_heading):
            widget.setVisible(bool(self.changed.bars))
        self.cards["removed"].set_caption(report_words.removal_basis(report))

    def _show_topics(self, report: CorpusReport) -> None:
        points = [
            MapPoint(p.x, p.y, p.topic, p.example.title, p.example) for p in report.topics.points
        ]
        self.topics.show_points(points, report.topics.names)

    def _show_languages(self, report: CorpusReport) -> None:
        names = {code: report_words.language_name(code) for code in report.languages}
        self.languages.show_bars(report_words.share_bars(report.languages, names))
        scripts = report.scripts if len(report.scripts) > 1 else {}
        self.scripts.show_bars(report_words.share_bars(scripts, {}))
        for widget in (self.scripts, self._scripts_heading):
            widget.setVisible(bool(scripts))

    def _show_skipped(self, report: CorpusReport) -> None:
        lines = [Branch(f"{path}: {reason}") for path, reason in report.skipped[:_MOST_SKIPPED]]
        self.trees["skipped"].show_branches(lines)
        self.cards["skipped"].set_caption(f"{len(report.skipped):,} files or parts of files")


def _leak_branches(report: CorpusReport) -> list[Branch]:
    branches = []
    if report.leak_examples:
        branches.append(
            Branch(
                "Validation documents that share text with training",
                f"{report.leaks or 0:,}",
                "Thirteen words in a row, or nearly all of the document",
                report_words.leaves(report.leak_examples),
            )
        )
    return branches + [
        Branch(name, f"{number:,}", f"Texts of {name} that stand in the training text")
        for name, number in report.evaluation_leaks.items()
        if number
    ]


def _difference(difference: Difference) -> Branch:
    first = ", ".join(difference.words_of_first[:8]) or "–"
    second = ", ".join(difference.words_of_second[:8]) or "–"
    return Branch(
        f"{difference.first} ↔ {difference.second}",
        f"{difference.divergence:.2f}",
        f"Jensen–Shannon divergence of the words, base 2\n{difference.first}: {first}\n"
        f"{difference.second}: {second}",
        report_words.words_leaves(difference),
    )
