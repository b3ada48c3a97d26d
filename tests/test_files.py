"""Durable writes: whole or not at all, and nothing left behind."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kiosk import files
from kiosk.files import replace_folder, write_durably


@pytest.mark.parametrize("data", ["Cà phê\n", "Cà phê\n".encode()])
def test_file_is_replaced_whole(tmp_path: Path, data: str | bytes) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")
    write_durably(path, data)
    assert path.read_bytes() == "Cà phê\n".encode()
    assert list(tmp_path.iterdir()) == [path]


def test_failed_write_leaves_the_old_file_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")

    def fail(_descriptor: int) -> None:
        raise OSError("gone")

    monkeypatch.setattr(files, "_sync", fail)
    with pytest.raises(OSError, match="gone"):
        write_durably(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(os.name == "nt", reason="POSIX permissions")
@pytest.mark.parametrize(("private", "mode"), [(True, 0o600), (False, 0o644)])
def test_private_file_is_its_owners_alone(tmp_path: Path, private: bool, mode: int) -> None:
    before = os.umask(0o022)
    try:
        write_durably(tmp_path / "a", b"x", private=private)
    finally:
        os.umask(before)
    assert (tmp_path / "a").stat().st_mode & 0o777 == mode


@pytest.mark.parametrize("there", [True, False])
def test_folder_takes_the_place_of_another(tmp_path: Path, there: bool) -> None:
    work, target = tmp_path / "work", tmp_path / "target"
    (work / "inner").mkdir(parents=True)
    (work / "inner" / "new.txt").write_text("new")
    if there:
        target.mkdir()
        (target / "old.txt").write_text("old")
    replace_folder(work, target)
    assert [p.name for p in target.rglob("*")] == ["inner", "new.txt"]
    assert list(tmp_path.iterdir()) == [target]
