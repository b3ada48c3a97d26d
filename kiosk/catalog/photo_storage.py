"""Where a picture's bytes are: in the photo folder, in a synced folder, or on the server."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, select

from kiosk.catalog.database.connections import Database
from kiosk.catalog.database.schema import picture_data, pictures
from kiosk.catalog.photo_files import PhotoFiles


class PhotoStorage:
    """The photo folder, and behind it the server when several machines share the catalogue.

    With a server the folder is a cache: the bytes go into the database together with
    their row, and a machine that lacks the file fetches it once.
    """

    def __init__(self, files: PhotoFiles, database: Database) -> None:
        self.files = files
        self._database = database

    def share(self, connection: Connection, sha256: str) -> None:
        """Put a picture of the photo folder beside its row; nothing to do without a server."""
        if self._database.is_sqlite or not self.files.path(sha256).is_file():
            return
        known = select(picture_data.c.sha256).where(picture_data.c.sha256 == sha256)
        if connection.execute(known).first() is None:
            jpeg = self.files.path(sha256).read_bytes()
            connection.execute(picture_data.insert().values(sha256=sha256, jpeg=jpeg))

    def find(self, sha256: str) -> Path:
        """The file with the picture; fetched from the server if need be.

        Raises:
            StorageError: the server is away, or the fetched file cannot be written.
        """
        at_home = self.files.path(sha256)
        if at_home.is_file():
            return at_home
        jpeg = None
        with self._database.read() as connection:
            path = connection.execute(
                select(pictures.c.path).where(pictures.c.sha256 == sha256)
            ).scalar()
            if not path and not self._database.is_sqlite:
                query = select(picture_data.c.jpeg).where(picture_data.c.sha256 == sha256)
                jpeg = connection.execute(query).scalar()
        if jpeg is not None:
            self.files.put(jpeg)
        return Path(path) if path else at_home

    def sweep(self, spared_s: float) -> int:
        """Delete files of the photo folder that no picture has; return how many."""
        with self._database.write() as connection:
            known = set(connection.execute(select(pictures.c.sha256)).scalars())
            return self.files.sweep(known, spared_s)
