"""Where a picture's bytes are: in the photo folder, in a synced folder, or on the server."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from sqlalchemy import Connection, select

from kiosk.catalog.database.repository import CatalogDatabase
from kiosk.catalog.database.schema import picture_data, pictures
from kiosk.catalog.photo_files import PhotoFiles
from kiosk.errors import StorageError


class PhotoStorage:
    """The photo folder, and behind it the server when several machines share the catalogue.

    With a server the folder is a cache: the bytes go into the database together with
    their row, and a machine that lacks the file fetches it once.
    """

    def __init__(self, files: PhotoFiles, database: CatalogDatabase) -> None:
        self.files = files
        self._database = database

    def share(self, connection: Connection, sha256: str) -> None:
        """Copy a picture of the photo folder to the server, beside its row; else do nothing."""
        path = self.files.path(sha256)
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
        stored = self.files.path(sha256)
        if stored.is_file():
            return stored
        with self._database.read() as connection:
            query = select(pictures.c.path).where(pictures.c.sha256 == sha256)
            outside = connection.execute(query).scalar()
        if not outside and (jpeg := self._fetch(sha256)):
            self.files.put(jpeg)
        return Path(outside) if outside else stored

    def sweep(self, spared_s: float) -> int:
        """Delete files of the photo folder that no picture has; return how many."""
        with self._database.write() as connection:
            known = set(connection.execute(select(pictures.c.sha256)).scalars())
            return self.files.sweep(known, spared_s)

    def _fetch(self, sha256: str) -> bytes | None:
        query = select(picture_data.c.jpeg).where(picture_data.c.sha256 == sha256)
        with suppress(StorageError), self._database.origin.read() as connection:
            return connection.execute(query).scalar()
        return None
