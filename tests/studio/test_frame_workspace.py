"""The recipe with its history, its file, and what is unsaved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sslstudio.errors import RecipeError
from sslstudio.recipe import Recipe
from sslstudio.studio.workspace import Workspace


def with_steps(recipe: Recipe, steps: int) -> Recipe:
    return recipe.with_settings([f"training.steps={steps}"])


def test_changes_are_undone_and_redone(workspace: Workspace) -> None:
    start = workspace.recipe
    workspace.change(with_steps(start, 10), "Change the steps")
    workspace.rename("tales")
    assert not workspace.is_saved
    workspace.undo_stack.undo()
    workspace.undo_stack.undo()
    assert workspace.recipe == start
    assert workspace.is_saved
    workspace.undo_stack.redo()
    assert workspace.recipe.training.steps == 10


def test_a_moved_slider_is_one_change(workspace: Workspace) -> None:
    for steps in range(10, 30):
        workspace.change(with_steps(workspace.recipe, steps), "Change the steps", key="steps")
    assert workspace.undo_stack.count() == 1
    workspace.undo_stack.undo()
    assert workspace.recipe == Recipe.default()


def test_save_open_and_recent(workspace: Workspace, tmp_path: Path, qtbot: Any) -> None:
    workspace.rename("tales")
    told: list[bool] = []
    workspace.saved_changed.connect(told.append)
    workspace.save(tmp_path / "tales.toml")
    assert told == [True]
    wanted = workspace.recipe
    workspace.new()
    assert workspace.path is None
    workspace.open(tmp_path / "tales.toml")
    assert workspace.recipe == wanted
    assert workspace.is_saved
    assert workspace.recent_files == [tmp_path / "tales.toml"]


def test_an_unsaved_recipe_survives_closing(workspace: Workspace, qtbot: Any) -> None:
    workspace.rename("tales")
    workspace.keep_draft()
    later = Workspace()
    later.restore_draft()
    assert later.recipe.name == "tales"
    assert not later.is_saved
    later.new()
    later.undo_stack.undo()
    assert later.recipe.name == "tales"
    later.new()
    later.keep_draft()
    third = Workspace()
    third.restore_draft()
    assert third.recipe == Recipe.default()


def test_a_bad_recipe_changes_nothing(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text("[training]\nstepz = 3\n")
    before = workspace.recipe
    with pytest.raises(RecipeError, match="steps"):
        workspace.open(tmp_path / "bad.toml")
    assert workspace.recipe == before
    assert workspace.recent_files == []
