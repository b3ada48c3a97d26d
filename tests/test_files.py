"""Durable writes: whole or not at all, and nothing left behind."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest

from kiosk import files
from kiosk.files import replacing, scratch_folder, write_durably


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


@pytest.mark.parametrize("kept", [True, False])
@pytest.mark.parametrize("is_there", [True, False])
def test_folder_takes_the_place_of_another(tmp_path: Path, is_there: bool, kept: bool) -> None:
    target = tmp_path / "target"
    if is_there:
        target.mkdir()
        (target / "old.txt").write_text("old")
    with suppress(ZeroDivisionError), replacing(target) as work:
        (work / "inner").mkdir(parents=True)
        (work / "inner" / "new.txt").write_text("new")
        if not kept:
            raise ZeroDivisionError
    names = sorted(path.name for path in tmp_path.rglob("*"))
    if kept:
        assert names == ["inner", "new.txt", "target"]
    else:
        assert names == (["old.txt", "target"] if is_there else [])


def test_file_takes_the_place_of_another(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    with replacing(tmp_path / "a") as work:
        work.write_text("new")
    assert (tmp_path / "a").read_text() == "new"
    assert list(tmp_path.iterdir()) == [tmp_path / "a"]


def test_what_a_kill_left_in_the_temporary_folder_is_swept_a_day_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    left, running, other = (tmp_path / name for name in ("work-left", "work-running", "other"))
    for folder in (left, running, other):
        folder.mkdir()
        (folder / "checkpoint.bin").write_bytes(b"x")
    for folder in (left, other):
        os.utime(folder, (0, 0))
    with scratch_folder("work-") as made:
        assert set(tmp_path.iterdir()) == {running, other, made}
    assert set(tmp_path.iterdir()) == {running, other}
