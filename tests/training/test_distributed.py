"""Shares of a batch, and what a process knows of the others, without any others."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch

from sslstudio.errors import DeviceError, RecipeError
from sslstudio.models.configuration import ModelConfig, count_parameters, model_config
from sslstudio.objectives.batch import NO_TARGET, Batch
from sslstudio.recipe import ModelOptions, Recipe, TrainingOptions
from sslstudio.training import parallel
from sslstudio.training.agreement import AgreedControl
from sslstudio.training.control import Control, SampleRequest
from sslstudio.training.distributed import (
    Joined,
    Place,
    own_device,
    place_from_environment,
    share_of,
)
from sslstudio.training.parallel import check_shares, choose_parallel, own_step
from sslstudio.training.processes import Processes

_VARIABLES = {"RANK": "1", "WORLD_SIZE": "2", "LOCAL_RANK": "1"}
_ADDRESS = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": "29500"}


def _batch(rows: int, tokens: int = 4) -> Batch:
    ids_BT = np.arange(rows * tokens).reshape(rows, tokens)
    targets_BT = np.where(ids_BT % 3 == 0, ids_BT, NO_TARGET)
    return Batch.from_arrays(ids_BT, targets_BT, np.cumsum(ids_BT % 2, axis=1))


def _of(count: int) -> list[Joined]:
    return [Joined(Place(rank, count, rank, count), None) for rank in range(count)]


@pytest.mark.parametrize("rows", [2, 5, 9, 16])
@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_shares_laid_side_by_side_are_the_batch(rows: int, count: int) -> None:
    if rows < count:
        pytest.skip("refused before anything starts")
    batch = _batch(rows)
    shares = [share_of(batch, rank, count) for rank in range(count)]
    assert torch.equal(torch.cat([s.inputs_BT for s in shares]), batch.inputs_BT)
    assert torch.equal(torch.cat([s.targets_BT for s in shares]), batch.targets_BT)
    documents = [s.documents_BT for s in shares if s.documents_BT is not None]
    assert batch.documents_BT is not None
    assert torch.equal(torch.cat(documents), batch.documents_BT)
    assert sum(s.target_count for s in shares) == batch.target_count
    sizes = [len(s.inputs_BT) for s in shares]
    assert max(sizes) - min(sizes) <= 1


@pytest.mark.parametrize("rows", [3, 5, 9, 16])
@pytest.mark.parametrize("at_once", [1, 2, 4, 100])
def test_every_process_has_as_many_micro_batches_and_no_target_is_lost(
    rows: int, at_once: int
) -> None:
    batch = _batch(rows)
    parts = [p.micro_batches(batch, at_once) for p in _of(3)]
    assert len({len(own) for own in parts}) == 1
    assert sum(part.target_count for own in parts for part in own) == batch.target_count
    assert all(len(part.inputs_BT) <= at_once for own in parts for part in own)
    targets = torch.cat([p.targets_BT.flatten() for own in parts for p in own])
    expected = batch.targets_BT[batch.targets_BT != NO_TARGET]
    assert torch.equal(targets[targets != NO_TARGET], expected)


@pytest.mark.parametrize("windows", [0, 1, 5, 6])
def test_windows_are_dealt_out_once_in_equal_numbers(windows: int) -> None:
    hands = [list(p.turns(range(windows))) for p in _of(3)]
    assert len({len(hand) for hand in hands}) == 1
    counted = [item for hand in hands for item, counts in hand if counts]
    assert sorted(counted) == list(range(windows))


def test_alone_everything_is_ones_own() -> None:
    batch, alone = _batch(5), Processes()
    assert [len(p.inputs_BT) for p in alone.micro_batches(batch, 2)] == [2, 2, 1]
    assert list(alone.turns("ab")) == [("a", True), ("b", True)]
    assert alone.totals((1.5, 2.0)) == [1.5, 2.0]


def test_a_process_knows_its_place_only_from_all_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*_VARIABLES, *_ADDRESS, "LOCAL_WORLD_SIZE"):
        monkeypatch.delenv(name, raising=False)
    assert place_from_environment() is None
    for name, value in _VARIABLES.items():
        monkeypatch.setenv(name, value)
    assert place_from_environment() is None
    for name, value in _ADDRESS.items():
        monkeypatch.setenv(name, value)
    assert place_from_environment() == Place(1, 2, 1, 2)
    monkeypatch.setenv("LOCAL_WORLD_SIZE", "1")
    assert place_from_environment() == Place(1, 2, 1, 1)
    monkeypatch.setenv("WORLD_SIZE", "1")
    assert place_from_environment() is None


def test_each_process_has_a_card_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    assert own_device("auto", Place(5, 8, 1, 2)) == torch.device("cuda", 1)
    assert own_device("cpu", Place(5, 8, 1, 2)) == torch.device("cpu")
    with pytest.raises(DeviceError, match="use --device cuda"):
        own_device("cuda:1", Place(0, 2, 0, 2))
    with pytest.raises(DeviceError, match="--nproc-per-node=2"):
        own_device("cuda", Place(0, 3, 0, 3))


def test_a_step_needs_a_row_for_everyone() -> None:
    recipe = Recipe.default().with_settings(["training.batch_tokens=512", "model.context=256"])
    check_shares(recipe, _of(2)[0])
    with pytest.raises(RecipeError, match="raise it to 768"):
        check_shares(recipe, _of(3)[0])


def _config() -> ModelConfig:
    return model_config(ModelOptions(preset="nano"), 500, "decoder")


@pytest.mark.parametrize(
    ("copies", "count", "expected"),
    [(3.0, 2, "replicate"), (1.9, 2, "shard"), (1.9, 1, "replicate")],
)
def test_shares_are_chosen_where_copies_do_not_fit(
    monkeypatch: pytest.MonkeyPatch, copies: float, count: int, expected: str
) -> None:
    config, processes = _config(), Processes() if count == 1 else _of(count)[0]
    training = TrainingOptions(precision="fp32")
    there = int(parallel.bytes_of_a_copy(config, training) * copies)
    monkeypatch.setattr(parallel, "memory_of", lambda _device: there)
    chosen = choose_parallel(training, config, torch.device("cpu"), processes)
    assert chosen == expected


def test_a_copy_in_fp32_takes_16_bytes_a_parameter() -> None:
    training = TrainingOptions(precision="fp32")
    total = count_parameters(_config()).total
    assert parallel.bytes_of_a_copy(_config(), training) == 16 * total


def test_shares_leave_more_room_and_a_processor_is_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "free_bytes", lambda _device: 4_000_000)
    copies = TrainingOptions(precision="fp32", parallel="replicate")
    shares = dataclasses.replace(copies, parallel="shard")
    size, processes = parallel.bytes_of_a_copy(_config(), copies), _of(4)[0]
    cpu, cuda = torch.device("cpu"), torch.device("cuda", 0)
    assert parallel.room_for(copies, _config(), cuda, processes) == 4_000_000
    assert parallel.room_for(copies, _config(), cpu, processes) == 1_000_000
    spared = parallel.room_for(shares, _config(), cuda, processes) - 4_000_000
    assert spared == pytest.approx(size * 3 / 4, abs=1)


@pytest.mark.parametrize(("asked", "expected"), [("auto", "auto"), (2, 2), (9, 5), (10, 10)])
def test_a_process_computes_no_more_at_once_than_its_rows(
    asked: int | str, expected: int | str
) -> None:
    settings = ["training.batch_tokens=288", "model.context=32", f"training.micro_batch={asked}"]
    own = own_step(Recipe.default().with_settings(settings), _of(2)[0])
    assert own.training.batch_tokens == 5 * 32
    assert own.training.micro_batch == expected


def test_nothing_asked_counts_before_all_have_looked() -> None:
    asked, told = Control(), []

    def tell(numbers: list[int]) -> list[int]:
        told.append(numbers)
        return told[-1]

    first = AgreedControl(asked, tell, is_writer=True)
    other = AgreedControl(Control(), lambda _numbers: told[-1], is_writer=False)
    asked.stop("enough")
    asked.save_now()
    assert not first.is_stopping
    assert first.is_asked_to_stop
    assert not first.take_save()
    first.look()
    other.look()
    assert first.is_stopping
    assert other.is_stopping
    assert (first.take_save(), other.take_save()) == (True, True)
    assert first.stop_reason == "enough"


def test_a_pause_ends_for_all_together_and_texts_wait_at_number_0() -> None:
    asked, told = Control(), []

    def tell(numbers: list[int]) -> list[int]:
        told.append(numbers)
        return told[-1]

    first = AgreedControl(asked, tell, is_writer=True)
    other = AgreedControl(Control(), lambda _numbers: told[-1], is_writer=False)
    asked.pause()
    first.look()
    other.look()
    assert (first.is_paused, other.is_paused) == (True, True)
    asked.sample(SampleRequest("Once"))
    assert first.has_requests
    assert not other.has_requests
    assert len(first.take_samples()) == 1
    asked.resume()
    assert first.is_paused
    first.wait_while_paused()
    other.wait_while_paused()
    assert (first.is_paused, other.is_paused) == (False, False)
