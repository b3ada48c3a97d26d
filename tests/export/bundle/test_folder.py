"""A bundle is written whole or not at all, and says when a byte of it changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from export.bundle.files import BundleError, check_files, read_manifest, write_folder
from export.bundle.format import FileEntry
from kiosk.errors import StorageError


def fill(folder: Path) -> dict[str, Any]:
    (folder / "deep").mkdir()
    (folder / "deep" / "words.txt").write_text("milk", "utf-8")
    (folder / "numbers").write_bytes(bytes(range(9)))
    return {"format": "test"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_folder(tmp_path / "one.bundle", fill)
    return tmp_path / "one.bundle"


def check(folder: Path) -> None:
    files = read_manifest(folder)["files"]
    check_files(folder, {name: FileEntry(**entry) for name, entry in files.items()})


def test_written_folder_is_whole(folder: Path) -> None:
    assert read_manifest(folder)["format"] == "test"
    assert set(read_manifest(folder)["files"]) == {"deep/words.txt", "numbers"}
    check(folder)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "a flipped byte": lambda folder: (folder / "numbers").write_bytes(bytes(8) + b"\x08"),
    "a cut file": lambda folder: (folder / "numbers").write_bytes(bytes(range(8))),
    "a missing file": lambda folder: (folder / "deep" / "words.txt").unlink(),
    "a file too many": lambda folder: (folder / "deep" / "extra").write_text("?"),
    "an edited manifest": lambda folder: (folder / "manifest.json").write_text(
        (folder / "manifest.json").read_text().replace('"test"', '"best"')
    ),
    "a lost manifest": lambda folder: (folder / "manifest.json").unlink(),
    "a lost checksum": lambda folder: (folder / "manifest.sha256").unlink(),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_named(damage: str, folder: Path) -> None:
    DAMAGES[damage](folder)
    with pytest.raises(BundleError, match=r"one\.bundle"):
        check(folder)


def test_what_macos_leaves_behind_is_no_damage(folder: Path) -> None:
    (folder / ".DS_Store").write_bytes(b"Bud1")
    (folder / "deep" / ".DS_Store").write_bytes(b"Bud1")
    check(folder)


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "a/../../b", "a//b", "c:\\x", "."])
def test_file_outside_the_bundle_is_refused(name: str, folder: Path) -> None:
    with pytest.raises(BundleError, match="outside"):
        check_files(folder, {name: FileEntry(sha256="0" * 64, bytes=0)})


def test_failure_leaves_what_was_there(folder: Path) -> None:
    def fails(work: Path) -> dict[str, Any]:
        (work / "half").write_text("...")
        raise OSError(28, "No space left on device")

    with pytest.raises(StorageError, match="the disk is full"):
        write_folder(folder, fails)
    check(folder)
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_new_bundle_replaces_the_old_one(folder: Path) -> None:
    def fresh(work: Path) -> dict[str, Any]:
        (work / "only").write_text("new")
        return {"format": "again"}

    write_folder(folder, fresh)
    assert set(read_manifest(folder)["files"]) == {"only"}
    check(folder)


def test_manifest_is_json_that_people_can_read(folder: Path) -> None:
    text = (folder / "manifest.json").read_text("utf-8")
    assert json.loads(text)["files"]["numbers"]["bytes"] == 9
    assert "\n" in text
