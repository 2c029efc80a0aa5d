"""Nothing stands under its final name before it is whole."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sslstudio.errors import RunError, StorageError
from sslstudio.storage import (
    commit_folder,
    remove_folder,
    require_room,
    sha256_of,
    sweep_temporaries,
    temporary_folder,
    verify_manifest,
    write_atomically,
)


def test_sha256_is_that_of_the_content(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    assert sha256_of(tmp_path / "a") == hashlib.sha256(b"abc").hexdigest()


@pytest.fixture
def committed(tmp_path: Path) -> Path:
    temporary = temporary_folder(tmp_path / "final")
    (temporary / "a.bin").write_bytes(bytes(range(256)) * 16)
    (temporary / "b.json").write_text("{}", encoding="utf-8")
    commit_folder(temporary, tmp_path / "final")
    return tmp_path / "final"


def test_a_committed_folder_verifies_and_leaves_no_temporary(committed: Path) -> None:
    verify_manifest(committed)
    assert [p.name for p in committed.parent.iterdir()] == ["final"]


def test_every_kind_of_damage_is_refused(committed: Path) -> None:
    whole = (committed / "a.bin").read_bytes()
    for damaged in (whole[:-1], whole + b"x", whole[:7] + b"\xff" + whole[8:], b""):
        (committed / "a.bin").write_bytes(damaged)
        with pytest.raises(RunError, match="damaged"):
            verify_manifest(committed)
    (committed / "a.bin").unlink()
    with pytest.raises(RunError, match="damaged"):
        verify_manifest(committed)
    for manifest in ("", "{}", "[]", '{"files": 3}', '{"files": {"a.bin": 1}}'):
        (committed / "manifest.json").write_text(manifest, encoding="utf-8")
        with pytest.raises(RunError, match="no valid manifest"):
            verify_manifest(committed)


def test_committing_again_replaces_the_whole_folder(committed: Path) -> None:
    temporary = temporary_folder(committed)
    (temporary / "c.txt").write_text("new", encoding="utf-8")
    commit_folder(temporary, committed)
    assert sorted(p.name for p in committed.iterdir()) == ["c.txt", "manifest.json"]


def test_leftovers_are_swept(tmp_path: Path) -> None:
    temporary_folder(tmp_path / "killed")
    (tmp_path / ".tmp-status.json-1").write_text("{", encoding="utf-8")
    (tmp_path / "kept").write_text("", encoding="utf-8")
    sweep_temporaries(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["kept"]


def test_a_manifest_has_one_spelling(committed: Path) -> None:
    """What means the same and is written otherwise was not written here."""
    file = committed / "manifest.json"
    written = file.read_text(encoding="utf-8")
    for other in (
        written + "\n",
        written.replace("\n", "\r\n"),
        written.replace('": ', '":'),
        written.replace('"schema": 1', '"schema": 2'),
        written.replace('"size": 4096', '"size": 4096.0'),
        written.replace('"size": 4096', '"size": 4e4096'),
        written.replace("sha256", "sha\\u003256"),
    ):
        assert other != written
        file.write_text(other, encoding="utf-8", newline="")
        with pytest.raises(RunError, match="no valid manifest"):
            verify_manifest(committed)
    file.write_text(written, encoding="utf-8")
    verify_manifest(committed)


def test_what_was_moved_aside_comes_back_where_nothing_replaced_it(committed: Path) -> None:
    """A kill between the two renames of a replacement."""
    committed.rename(committed.with_name(".tmp-old-final-123"))
    temporary_folder(committed)
    sweep_temporaries(committed.parent)
    verify_manifest(committed)
    assert [p.name for p in committed.parent.iterdir()] == ["final"]


def test_what_was_replaced_goes(committed: Path) -> None:
    """A kill after both renames."""
    shutil.copytree(committed, committed.with_name(".tmp-old-final-123"))
    sweep_temporaries(committed.parent)
    assert [p.name for p in committed.parent.iterdir()] == ["final"]


def test_a_removal_that_is_cut_short_leaves_no_half_under_the_name(
    committed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", lambda *_words, **_more: None)  # killed here
        remove_folder(committed)
    assert not committed.exists()
    sweep_temporaries(committed.parent)
    assert not list(committed.parent.iterdir())


def test_too_little_room_is_one_sentence(tmp_path: Path) -> None:
    require_room(tmp_path, 1)
    with pytest.raises(StorageError, match=r"takes 1,000,000,000,000\.0 MB .* free some space"):
        require_room(tmp_path, 10**18)


_WRITE_UNDER_A_LIMIT = """
import resource, sys
from pathlib import Path
from sslstudio.errors import StorageError
from sslstudio.storage import write_atomically
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    write_atomically(Path(sys.argv[1]), b"x" * 5000)
except StorageError as error:
    print(error)
"""


def test_a_full_disk_leaves_the_old_content_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "kept.json"
    write_atomically(path, "old")
    done = subprocess.run(
        [sys.executable, "-c", _WRITE_UNDER_A_LIMIT, str(path)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "cannot write" in done.stdout
    assert path.read_text(encoding="utf-8") == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["kept.json"]
