"""Where a picture's bytes are: in the photo folder, in a synced folder, or on the server.

Files are named by their content and written so that a power cut leaves all or nothing.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Connection, select

from kiosk.catalog.database.connections import CatalogDatabase
from kiosk.catalog.database.schema import picture_data, pictures
from kiosk.errors import BugError, StorageError
from kiosk.files import TEMPORARY_PREFIX, storage_errors, sync_folder, write_whole
from kiosk.pictures import PICTURE_SUFFIXES

_HEX_DIGITS = frozenset("0123456789abcdef")
_ABANDONED_S = 3600  # chosen: no write of one photo takes an hour


class PhotoStorage:
    """The folder `photos/`, each file `<sha256>.jpg`, and behind it a server that is shared.

    With a server the folder is a cache: the bytes go into the database together with
    their row, and a machine that lacks the file fetches it once.
    """

    def __init__(self, folder: Path, database: CatalogDatabase) -> None:
        self._folder = folder
        self._database = database

    def path(self, sha256: str) -> Path:
        """Return where the picture lies; raise BugError unless `sha256` is 64 hex digits."""
        if not is_name(sha256):
            raise BugError(f"{sha256!r} is not the SHA-256 of a photo")
        return self._folder / f"{sha256}.jpg"

    def put(self, data: bytes) -> str:
        """Store `data` and return its SHA-256, in hex; `settle` makes its name durable.

        Raises:
            StorageError: the disk is full or cannot be written.
        """
        sha256 = hashlib.sha256(data).hexdigest()
        path = self.path(sha256)
        with storage_errors(f"The photo could not be saved in {self._folder}"):
            with suppress(FileNotFoundError):
                if path.stat().st_size == len(data):
                    os.utime(path)  # a sweep spares what is about to be used
                    return sha256
            write_whole(path, data, private=True)
        return sha256

    def settle(self) -> None:
        """Make the names of all files put so far durable, those of other processes too."""
        with storage_errors(f"The photos could not be saved in {self._folder}"):
            sync_folder(self._folder)

    def share(self, connection: Connection, sha256: str) -> None:
        """Copy a picture of the photo folder to the server, beside its row; else do nothing."""
        path = self.path(sha256)
        if connection.dialect.name == "sqlite" or not path.is_file():
            return
        known = select(picture_data.c.sha256).where(picture_data.c.sha256 == sha256)
        if connection.execute(known).first() is None:
            row = {"sha256": sha256, "jpeg": path.read_bytes()}
            connection.execute(picture_data.insert().values(**row))

    def find(self, sha256: str) -> Path:
        """Return the file with the picture, fetched from the server if need be.

        The path of a picture that cannot be found names no file.

        Raises:
            StorageError: the database is away, or the fetched file cannot be written.
        """
        stored = self.path(sha256)
        if stored.is_file():
            return stored
        with self._database.read() as connection:
            query = select(pictures.c.path).where(pictures.c.sha256 == sha256)
            outside = connection.execute(query).scalar()
        if outside:
            return Path(outside) if _is_plain_picture(Path(outside)) else stored
        if jpeg := self._fetch(sha256):
            self.put(jpeg)
        return stored

    def discard(self, names: Collection[str]) -> None:
        """Delete the files of these pictures where no row names them, as after a failed write.

        Raises:
            StorageError: the database cannot be written; a later sweep deletes them.
        """
        with self._database.write() as connection:
            for sha256 in set(names) - _named(connection, names):
                with suppress(OSError):
                    self.path(sha256).unlink()

    def sweep(self, spared_s: float) -> int:
        """Delete files that no picture row names, and left-over temporary files; return how many.

        What was put in the last `spared_s` seconds stays: its row may be about to come. The
        write lock is held: a photo is re-checked under it when its row is written, so none
        can lose its file between the two.
        """
        doing = f"{self._folder} could not be tidied"
        with self._database.write() as connection, storage_errors(doing):
            known = set(connection.execute(select(pictures.c.sha256)).scalars())
            unused = [path for path in self._files() if path.stem not in known]
            doomed = [path for path in unused if _age_s(path) >= spared_s]
            for path in doomed:
                path.unlink(missing_ok=True)
            if doomed:
                sync_folder(self._folder)
        return len(doomed)

    def _files(self) -> Iterator[Path]:
        for path in self._folder.iterdir():
            ours = path.suffix == ".jpg" and len(path.stem) == 64
            # A living writer renames its temporary file soon.
            if ours or (path.name.startswith(TEMPORARY_PREFIX) and _age_s(path) > _ABANDONED_S):
                yield path

    def _fetch(self, sha256: str) -> bytes | None:
        query = select(picture_data.c.jpeg).where(picture_data.c.sha256 == sha256)
        with suppress(StorageError), self._database.origin.read() as connection:
            return connection.execute(query).scalar()
        return None


def is_name(sha256: object) -> bool:
    """Whether it names a picture: 64 hex digits."""
    return isinstance(sha256, str) and len(sha256) == 64 and set(sha256) <= _HEX_DIGITS


def is_picture(file: Path, sha256: str) -> bool:
    """Whether this very picture lies in the file, and the file is a plain one."""
    try:
        if not (_is_plain_picture(file) and file.is_file()):
            return False
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest() == sha256
    except OSError:
        return False


def _is_plain_picture(file: Path) -> bool:
    """Whether the file is called a picture, and no link on the way leads elsewhere."""
    try:
        return file.suffix.lower() in PICTURE_SUFFIXES and file.resolve() == file
    except OSError:
        return False


def _named(connection: Connection, names: Collection[str]) -> set[str]:
    query = select(pictures.c.sha256).where(pictures.c.sha256.in_(names))
    return set(connection.execute(query).scalars())


def _age_s(path: Path) -> float:
    """Return the seconds since the file was put; 0 for one that is gone."""
    try:
        return max(0.0, time.time() - path.stat().st_mtime)
    except FileNotFoundError:
        return 0.0
