"""The playground: type, and the model goes on; or hide words, and the model fills them.

Which surface is shown follows from what the chosen model was trained for. The page brings the
parts together: the chooser of the model, the surface, the alternatives, the sampling, and the
conversation that does the talking.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QStackedWidget,
    QWidget,
)

from sslstudio.errors import SSLStudioError
from sslstudio.registry import Option
from sslstudio.studio import generation_worker, theme
from sslstudio.studio.background import Background, Latest
from sslstudio.studio.generation_worker import RunChoice
from sslstudio.studio.panes.playground_continue import ContinueSurface
from sslstudio.studio.panes.playground_fill import FillSurface, Gap
from sslstudio.studio.panes.playground_source import LIVE, SourceChooser
from sslstudio.studio.panes.playground_talk import Conversation
from sslstudio.studio.widgets.alternatives import Alternatives, percent
from sslstudio.studio.widgets.cards import Card
from sslstudio.studio.widgets.empty_state import EmptyState
from sslstudio.studio.widgets.option_form import Face, OptionForm
from sslstudio.studio.widgets.pane import Pane
from sslstudio.studio.widgets.scroll_column import ScrollColumn
from sslstudio.studio.widgets.stream_view import WrittenToken
from sslstudio.studio.widgets.token_view import visible_text
from sslstudio.studio.workspace import Workspace

_RIGHT_WIDTH = 300
_FACES = {
    "temperature": Face(minimum=0.0, maximum=2.0),
    "top_p": Face(label="Top-p", minimum=0.05, maximum=1.0, percent=False),
    "top_k": Face(label="Top-k", minimum=0, maximum=200, zero_word="off"),
    "min_p": Face(label="Min-p", minimum=0.0, maximum=0.5, zero_word="off", percent=False),
    "max_tokens": Face(label="Length", minimum=8, maximum=1024, logarithmic=True, unit="tokens"),
    "seed": Face(minimum=0, maximum=999),
}
_ORDER = ("temperature", "top_p", "top_k", "min_p", "max_tokens", "seed")
_NOTHING = "Nothing has been trained yet. Once a model learns, it continues your texts here."
_PREPARING = "The model is being prepared; it can be asked after its first step."
_FIRST_VALUES = {"temperature": 0.8, "top_p": 0.95}


class PlaygroundPane(Pane):
    """Try a model."""

    key = "playground"
    title = "Playground"
    icon = "message-text-outline"

    def __init__(
        self,
        workspace: Workspace,
        background: Background,
        worker: Any = generation_worker,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(workspace, background, parent)
        self._worker = worker
        self._runs: tuple[RunChoice, ...] = ()
        self._live_objective = workspace.recipe.objective.name
        self._listing = Latest(background)
        self._shown_source: tuple[Any, ...] = ()
        self._wanted = str(workspace.selected_run or "")  # a run to choose once it can be
        self._options_asked = False
        self.talk = Conversation(background, workspace.training, worker, self)
        self.chooser = SourceChooser()
        self.continuing = ContinueSurface()
        self.filling = FillSurface()
        self.alternatives = Alternatives()
        self.sampling: OptionForm | None = None
        self.new_seed = QCheckBox("A new seed each time")
        self.new_seed.setChecked(True)
        self.empty = EmptyState(_NOTHING, "Start training")
        self._build()
        self._connect()

    def shown(self) -> None:
        """Look up the runs, and load what the sampling form needs."""
        self._load_options()
        self.refresh()
        if self.sampling is not None:
            self.continuing.prompt.setFocus()

    def hidden(self) -> None:
        """Leave off writing: nobody looks."""
        self.talk.stop()

    def refresh(self) -> None:
        """Look up which runs and checkpoints there are."""
        self._listing.run(
            self._worker.list_choices,
            self.workspace.runs_dir,
            on_done=self._on_runs,
            on_error=self.show_error,
        )

    # -- building

    def _build(self) -> None:
        self._surfaces = QStackedWidget()
        self._surfaces.addWidget(self.continuing)
        self._surfaces.addWidget(self.filling)
        self._card = Card("Continue", " ")
        self._card.header.addWidget(self.chooser)
        self._card.body.addWidget(self._surfaces, 1)
        content = QWidget()
        row = QHBoxLayout(content)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self._card, 1)
        row.addWidget(self._build_right())
        self._pages = QStackedWidget()
        self._pages.addWidget(self.empty)
        self._pages.addWidget(content)
        self.body.addWidget(self._pages, 1)

    def _build_right(self) -> QWidget:
        self._alternatives_card = Card("Alternatives")
        self._hint = QLabel(wordWrap=True)
        theme.mark(self._hint, "caption")
        self._alternatives_card.body.addWidget(self._hint)
        self._alternatives_card.body.addWidget(self.alternatives)
        self._sampling_card = Card("Sampling")
        self._sampling_card.body.addWidget(self.new_seed)
        self.new_seed.setToolTip("Otherwise the same prompt always gives the same text")
        column = ScrollColumn(_RIGHT_WIDTH)
        box = column.box
        box.addWidget(self._alternatives_card)
        box.addWidget(self._sampling_card)
        box.addStretch(1)
        self._show_token(None)
        return column

    def _connect(self) -> None:
        self.continuing.wanted.connect(self._continue)
        self.continuing.stopped.connect(self.talk.stop)
        self.continuing.token_shown.connect(self._show_token)
        self.filling.wanted.connect(self._fill)
        self.filling.gap_shown.connect(self._show_gap)
        self.alternatives.chosen.connect(self._on_alternative)
        self.chooser.changed.connect(self._on_source)
        self.talk.written.connect(self.continuing.append)
        self.talk.filled.connect(self.filling.show_candidates)
        self.talk.ended.connect(self._on_ended)
        self.talk.failed.connect(self.show_error)
        self.empty.clicked.connect(self._start_training)
        self.workspace.engine_ready.connect(self._on_engine)
        self.workspace.runs_changed.connect(self._on_runs_changed)
        self.workspace.run_selected.connect(self._on_run_selected)
        self.workspace.training.state_changed.connect(self._on_state)
        self.workspace.training.run_started.connect(self._on_run_started)

    def _on_engine(self) -> None:
        self._load_options()
        if not self.chooser.is_empty():
            self._on_source()

    def _load_options(self) -> None:
        if self.is_shown and not self._options_asked and self.workspace.engine is not None:
            self._options_asked = True
            self.background.run(
                self._worker.load_sampling_options,
                on_done=self._on_options,
                on_error=self.show_error,
            )

    def _on_options(self, options: tuple[Option, ...]) -> None:
        declared = {o.name: o for o in options}
        self.sampling = OptionForm([declared[n] for n in _ORDER if n in declared], _FACES)
        self.sampling.set_values({o.name: o.default for o in options} | _FIRST_VALUES)
        self._sampling_card.body.insertWidget(0, self.sampling)

    # -- which model

    @property
    def objective(self) -> str:
        """What the chosen model was trained for."""
        run = self.chooser.run
        return run.objective if run is not None else self._live_objective

    def _fills(self) -> bool:
        """Whether the chosen model fills gaps, because it sees both sides."""
        engine = self.workspace.engine
        facts = engine.objective(self.objective) if engine is not None else None
        return facts is not None and "encoder" in facts.architectures

    def _is_live(self) -> bool:
        live = self.workspace.training
        return live.can_hold and live.state in ("training", "paused")

    def _on_runs(self, runs: tuple[RunChoice, ...]) -> None:
        self._runs = runs
        live = self.workspace.training.run_path
        for run in runs:
            if live is not None and Path(run.path) == live:
                self._live_objective = run.objective
        self._show_choices()

    def _show_choices(self) -> None:
        self.chooser.show_choices(self._runs, self._is_live())
        if self._wanted and not self.chooser.is_live and self.chooser.choose(self._wanted):
            self._wanted = ""
        self._show_emptiness()
        if self._source() != self._shown_source:
            self._on_source()

    def _source(self) -> tuple[Any, ...]:
        return self.chooser.is_live, self.chooser.checkpoint, self.objective

    def _show_emptiness(self) -> None:
        empty = self.chooser.is_empty()
        self._pages.setCurrentIndex(0 if empty else 1)
        waiting = self.workspace.training.is_active
        self.empty.tell(_PREPARING if waiting else _NOTHING)
        self.empty.button.setVisible(not waiting)
        self.set_status("" if empty else "ready")

    def _on_source(self) -> None:
        """Another model was chosen: what the last one writes is no longer wanted."""
        self._shown_source = self._source()
        self.talk.stop()
        fills = self._fills()
        self._surfaces.setCurrentWidget(self.filling if fills else self.continuing)
        self._card.set_title("Fill" if fills else "Continue")
        self._sampling_card.setVisible(not fills)
        self._say_step(-1)
        if fills:
            self._show_gap(None)
            self.filling.ask()
        else:
            self._show_token(None)

    def _say_step(self, step: int) -> None:
        if self.chooser.is_live:
            step = step if step >= 0 else self.workspace.training.step
            self._card.set_caption(f"live model, step {step:,}")
        else:
            self._card.set_caption(f"step {step:,}" if step >= 0 else " ")

    def _on_runs_changed(self) -> None:
        if self.is_shown:
            self.refresh()

    def _on_run_selected(self, path: Path | None) -> None:
        self._wanted = "" if path is None else str(path)
        if self.chooser.is_live or not self.chooser.choose(self._wanted):
            return
        self._wanted = ""
        if self._source() != self._shown_source:
            self._on_source()

    def _on_run_started(self, _path: object) -> None:
        self._live_objective = self.workspace.recipe.objective.name

    def _on_state(self, state: str) -> None:
        """Offer the live model from its first step on, and a checkpoint once it has ended."""
        if state in ("training", "idle"):
            self._show_choices()
            if state == "training":
                self.chooser.choose(LIVE)
                if self._source() != self._shown_source:
                    self._on_source()
            self._on_runs_changed()

    def _start_training(self) -> None:
        try:
            self.workspace.start_training()
        except SSLStudioError as error:
            self.show_error(error)

    # -- asking

    def _continue(self, text: str) -> None:
        self.continuing.set_writing(True)
        self.talk.continue_text(self.chooser.checkpoint, text, self._sampling_values())

    def _sampling_values(self) -> dict[str, Any]:
        if self.sampling is None:
            return dict(_FIRST_VALUES)
        values = self.sampling.values()
        if self.new_seed.isChecked():
            values["seed"] = (int(values["seed"]) + 1) % 1000
            self.sampling.set_values({"seed": values["seed"]})
        return values

    def _fill(self, text: str) -> None:
        self.talk.fill(self.chooser.checkpoint, text)

    def _on_ended(self, step: int) -> None:
        self.continuing.set_writing(False)
        if step >= 0:
            self._say_step(step)

    # -- alternatives

    def _show_token(self, token: WrittenToken | None) -> None:
        if token is None:
            self._alternatives_card.set_title("Alternatives")
            self._hint.setText("Point at a word that the model wrote to see what else it weighed.")
            self.alternatives.show_rows(())
        else:
            word, share = visible_text(token.text), percent(token.probability)
            self._alternatives_card.set_title(f"“{word}” · {share}")
            self._hint.setText("Click the word, then an alternative, to branch from there.")
            self.alternatives.show_rows(token.alternatives, token.text)
        self._hint.setVisible(True)

    def _show_gap(self, gap: Gap | None) -> None:
        if self._surfaces.currentWidget() is not self.filling:
            return
        self._alternatives_card.set_title("Candidates")
        self._hint.setText(
            "Click a word to hide it; the model's candidates stand here."
            if gap is None
            else "Click a candidate to write it into the text."
        )
        self.alternatives.show_rows(gap.candidates if gap is not None else ())

    def _on_alternative(self, place: int) -> None:
        if self._surfaces.currentWidget() is self.filling:
            self.filling.choose(place)
        else:
            self.continuing.branch(place)
