"""What a file is, told by its name."""

from __future__ import annotations

from sslstudio.corpora.kinds import kind_of


def test_kinds_are_told_by_name() -> None:
    kind = kind_of("A.CSV.GZ")
    assert (kind.compressions, kind.archive, kind.suffix) == (("gzip",), "", ".csv")
    kind = kind_of("a.tar.zst")
    assert (kind.compressions, kind.archive) == (("zstd",), "tar")
    assert kind_of("a.tgz").compressions == ("gzip",)
    assert kind_of("a.zip").archive == "zip"
    assert kind_of(".gz").compressions == ()
    assert kind_of("README").is_known
    assert not kind_of("a.png").is_known
