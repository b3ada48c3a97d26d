"""Which pictures a folder holds now, and how that differs from the last time."""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from kiosk.errors import StorageError
from kiosk.pictures import PICTURE_SUFFIXES

_VANISHED_SHARE: Final = 0.2  # chosen: a clean-up seldom removes a fifth of all files
_VANISHED_FEW: Final = 5  # chosen: a handful may go at any time
_RACY_NS: Final = 2_000_000_000  # FAT keeps times to 2 s
RACY: Final = -1
"""In place of a time of change too recent to trust: the next look reads the file again."""


@dataclass(frozen=True, slots=True)
class FileState:
    """A file as it was seen: size, time of change, content, product, and what is wrong."""

    size_bytes: int
    mtime_ns: int
    sha256: str = ""
    sku: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Scan:
    """`files` by path relative to the folder, with `/`; `unlisted` are folders we may not list."""

    files: Mapping[str, FileState]
    unlisted: tuple[str, ...] = ()


def scan(root: Path, now_ns: int | None = None) -> Scan:
    """List the pictures below `root`; hidden ones and links are left out.

    Raises:
        StorageError: `root` is not a folder that can be listed.
    """
    now_ns = time.time_ns() if now_ns is None else now_ns
    files: dict[str, FileState] = {}
    unlisted: list[str] = []
    waiting = [PurePosixPath()]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(root / folder) as entries:
                for entry in entries:
                    _add_entry(entry, folder, files, waiting, now_ns)
        except OSError as error:
            if folder == PurePosixPath():
                raise StorageError(
                    f"The folder {root} cannot be read: {error.strerror or error}.",
                    next_step="Check that its disk is connected. Nothing was removed.",
                ) from error
            unlisted.append(str(folder))
    return Scan(dict(sorted(files.items())), tuple(sorted(unlisted)))


def _add_entry(
    entry: os.DirEntry[str],
    folder: PurePosixPath,
    files: dict[str, FileState],
    waiting: list[PurePosixPath],
    now_ns: int,
) -> None:
    path = folder / entry.name
    if entry.name.startswith(".") or not entry.name.isprintable():
        return
    if entry.is_dir(follow_symlinks=False):
        waiting.append(path)
    elif path.suffix.lower() in PICTURE_SUFFIXES and entry.is_file(follow_symlinks=False):
        state = entry.stat(follow_symlinks=False)
        racy = abs(now_ns - state.st_mtime_ns) < _RACY_NS
        files[str(path)] = FileState(state.st_size, RACY if racy else state.st_mtime_ns)


def differs(current: FileState, previous: FileState | None) -> bool:
    """Whether the file has to be read again."""
    return (
        previous is None
        or previous.mtime_ns == RACY
        or (current.size_bytes, current.mtime_ns) != (previous.size_bytes, previous.mtime_ns)
    )


def vanished(found: Scan, previous: Collection[str]) -> list[str]:
    """Return the paths of the last scan that are gone; what lies in unlisted folders is not."""
    hidden = tuple(f"{folder}/" for folder in found.unlisted)
    return [
        path
        for path in previous
        if path not in found.files and not (hidden and path.startswith(hidden))
    ]


def looks_unplugged(gone: int, previous: int, found: int) -> bool:
    """Whether so much is gone at once that a missing disk is likelier than a clean-up.

    Args:
        gone: files of the last scan that are missing now.
        previous: files of the last scan.
        found: files of this scan.
    """
    if gone == 0:
        return False
    return found == 0 or (gone > _VANISHED_FEW and gone > _VANISHED_SHARE * previous)
