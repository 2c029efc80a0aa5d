"""The objective page: cards, options, and the picture made by the engine's own collate."""

from __future__ import annotations

import time
from typing import Any

import pytest
from PySide6.QtCore import Qt

from sslstudio.errors import CorpusError
from sslstudio.recipe import TokenizerOptions
from sslstudio.studio import preview_worker
from sslstudio.studio.background import Background
from sslstudio.studio.engine import load_engine
from sslstudio.studio.panes.objective import ObjectivePane
from sslstudio.studio.panes.objective_words import shares_within_one
from sslstudio.studio.preview_worker import Excerpt
from sslstudio.studio.workspace import Workspace

TEXT = "Mira found a small key under the old tree and took it home to her brother. " * 3


class Worker:
    """The real preview, on a text of our own and a byte tokenizer."""

    def __init__(self) -> None:
        self.previews: list[tuple[str, dict[str, Any], int]] = []

    def read_excerpt(self, sources: Any, index: int, cancelled: Any) -> Excerpt:
        return Excerpt(TEXT, "sample:tales", index, index + 1)

    def train_preview_tokenizer(self, sources: Any, options: Any, cancelled: Any) -> Any:
        from sslstudio.corpora.tokenizer import Tokenizer

        return Tokenizer.train([], TokenizerOptions(kind="bytes"))

    def make_preview(self, name: str, text: str, tokenizer: Any, options: Any, seed: int, n: int):  # type: ignore[no-untyped-def]
        self.previews.append((name, options, seed))
        return preview_worker.make_preview(name, text, tokenizer, options, seed, n)


@pytest.fixture
def worker() -> Worker:
    return Worker()


@pytest.fixture
def pane(qtbot: Any, themed: Any, workspace: Workspace, worker: Worker) -> Any:
    background = Background()
    workspace.set_engine(load_engine())
    made = ObjectivePane(workspace, background, worker)
    qtbot.addWidget(made)
    made.resize(1000, 700)
    made.show()
    qtbot.waitUntil(lambda: bool(made.picture.inputs.tokens) and background.is_idle())
    yield made
    background.close()


def choose(qtbot: Any, pane: ObjectivePane, name: str) -> None:
    qtbot.mouseClick(pane.cards[name], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: _settled(pane, name))


def _settled(pane: ObjectivePane, name: str) -> bool:
    is_masked = any(t.role == "hidden" for t in pane.picture.inputs.tokens)
    return pane.background.is_idle() and is_masked == (name == "masked_lm")


def test_causal_shows_every_token_shifted_by_one(pane: ObjectivePane) -> None:
    inputs = [t.text for t in pane.picture.inputs.tokens]
    targets = [t.text for t in pane.picture.targets.tokens]
    assert targets[:-1] == inputs[1:]
    assert pane.tiles["targets"].figure.text() == "1,000"
    assert pane.tiles["architecture"].figure.text() == "Decoder"
    assert pane.status.mark == "ready"


def test_a_card_changes_the_recipe_and_the_picture(qtbot: Any, pane: ObjectivePane) -> None:
    choose(qtbot, pane, "masked_lm")
    assert pane.workspace.recipe.objective.name == "masked_lm"
    roles = [t.role for t in pane.picture.targets.tokens]
    hidden = roles.count("target")
    assert hidden == round(0.15 * (len(roles) - 1))  # of all but <bos>
    assert pane.tiles["architecture"].figure.text() == "Encoder"
    pane.workspace.undo_stack.undo()
    qtbot.waitUntil(lambda: _settled(pane, "causal_lm"))
    assert pane.cards["causal_lm"].isChecked()


def test_the_picture_follows_a_slider(qtbot: Any, pane: ObjectivePane) -> None:
    choose(qtbot, pane, "masked_lm")
    assert pane._form is not None
    row: Any = pane._form.row("mask_rate")
    row.field.selectAll()
    qtbot.keyClicks(row.field, "50")
    began = time.perf_counter()
    qtbot.keyClick(row.field, Qt.Key.Key_Return)
    tokens = len(pane.picture.inputs.tokens)

    def targets() -> int:
        return [t.role for t in pane.picture.targets.tokens].count("target")

    qtbot.waitUntil(lambda: targets() == round(0.5 * (tokens - 1)))
    assert time.perf_counter() - began < 1.0  # 50 ms on a machine of one's own
    assert pane.workspace.recipe.objective.options["mask_rate"] == pytest.approx(0.5)


def test_space_draws_new_noise_but_writes_a_space_in_the_text(
    qtbot: Any, pane: ObjectivePane, worker: Worker
) -> None:
    choose(qtbot, pane, "masked_lm")
    before, seed = pane.picture.inputs.tokens, pane.seed
    qtbot.mouseClick(pane.picture.noise, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: pane.picture.inputs.tokens != before)
    assert pane.seed == seed + 1
    qtbot.keyClick(pane.picture.text, Qt.Key.Key_Space)
    assert pane.seed == seed + 1
    assert pane.picture.text.toPlainText().startswith(" ")
    qtbot.waitUntil(pane.background.is_idle)


def test_pointing_at_a_token_marks_its_partner(qtbot: Any, pane: ObjectivePane) -> None:
    qtbot.keyClick(pane.picture.inputs, Qt.Key.Key_Right)
    assert pane.picture.targets._linked == 0


def test_without_text_the_page_says_what_to_do(
    qtbot: Any, themed: Any, workspace: Workspace, worker: Worker, monkeypatch: Any
) -> None:
    def nothing(sources: Any, index: int, cancelled: Any) -> Excerpt:
        raise CorpusError("there is no text in these sources yet: add some")

    monkeypatch.setattr(worker, "read_excerpt", nothing)
    background = Background()
    pane = ObjectivePane(workspace, background, worker)
    qtbot.addWidget(pane)
    pane.show()
    qtbot.waitUntil(lambda: "no text" in pane.banner.text)
    qtbot.waitUntil(background.is_idle)
    background.close()


def test_two_shares_never_add_up_to_more_than_one() -> None:
    assert shares_within_one({"mask_share": 0.95}, "mask_share")["random_share"] == 0.05
    assert shares_within_one({"random_share": 0.5}, "random_share")["mask_share"] == 0.5
    assert "random_share" not in shares_within_one({"mask_share": 0.7}, "mask_share")
