"""Photos as files named by their content, written so that a power cut leaves all or nothing."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

from kiosk.errors import BugError
from kiosk.files import TEMPORARY_PREFIX, storage_errors, sync_folder, write_whole

_ABANDONED_S = 3600  # chosen: no write of one photo takes an hour


class PhotoFiles:
    """The folder `photos/`, each file `<sha256>.jpg`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, sha256: str) -> Path:
        """Return where the picture lies; raise BugError unless `sha256` is 64 hex digits."""
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise BugError(f"{sha256!r} is not the SHA-256 of a photo")
        return self.folder / f"{sha256}.jpg"

    def put(self, data: bytes) -> str:
        """Store `data` and return its SHA-256, in hex; `settle` makes its name durable.

        Raises:
            StorageError: the disk is full or cannot be written.
        """
        sha256 = hashlib.sha256(data).hexdigest()
        path = self.path(sha256)
        with storage_errors(f"The photo could not be saved in {self.folder}"):
            if self._has(path, len(data)):
                os.utime(path)  # a sweep spares what is about to be used
            else:
                write_whole(path, data, private=True)
        return sha256

    def settle(self) -> None:
        """Make the names of all files put so far durable, those of other processes too."""
        with storage_errors(f"The photos could not be saved in {self.folder}"):
            sync_folder(self.folder)

    def sweep(self, known: set[str], spared_s: float = 0.0) -> int:
        """Delete files that no picture row names, and left-over temporary files.

        What was put in the last `spared_s` seconds stays: its row may be about to come.

        Call it inside a write transaction: a photo is re-checked under that lock when
        its row is written, so none can lose its file between the two.
        """
        with storage_errors(f"{self.folder} could not be tidied"):
            unused = [path for path in self._files() if path.stem not in known]
            doomed = [path for path in unused if self._age_s(path) >= spared_s]
            for path in doomed:
                path.unlink(missing_ok=True)
            if doomed:
                sync_folder(self.folder)
        return len(doomed)

    def _files(self) -> Iterator[Path]:
        for path in self.folder.iterdir():
            ours = path.suffix == ".jpg" and len(path.stem) == 64
            if ours or (path.name.startswith(TEMPORARY_PREFIX) and self._is_abandoned(path)):
                yield path

    @staticmethod
    def _is_abandoned(path: Path) -> bool:
        """Whether the writer of this temporary file was killed; a living one renames it soon."""
        return PhotoFiles._age_s(path) > _ABANDONED_S

    @staticmethod
    def _age_s(path: Path) -> float:
        """Return the seconds since the file was put; 0 for one that is gone."""
        try:
            return max(0.0, time.time() - path.stat().st_mtime)
        except FileNotFoundError:
            return 0.0

    @staticmethod
    def _has(path: Path, size: int) -> bool:
        try:
            return path.stat().st_size == size
        except FileNotFoundError:
            return False
