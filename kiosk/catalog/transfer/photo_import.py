"""Picture files into the catalogue, a batch at a time; a bad one is listed, not fatal."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from kiosk.catalog.photos import MAX_FILE_BYTES, NewPhoto
from kiosk.catalog.store import CatalogStore
from kiosk.catalog.transfer.csv_files import RowProblem
from kiosk.errors import KnownError, PictureError, StorageError, UnknownProductError
from kiosk.picture_metadata import without_metadata


@dataclass(frozen=True, slots=True)
class PhotoRow:
    """A picture that a row of a CSV names."""

    line: int
    path: str
    sku: str
    quality: str = ""


@dataclass(slots=True)
class PhotoSaver:
    """Stores the pictures that the rows of one CSV name; collects what went wrong."""

    store: CatalogStore
    csv_file: Path
    problems: list[RowProblem] = field(default_factory=list)

    def save(self, rows: Sequence[PhotoRow]) -> int:
        """Store the pictures of `rows` durably, and return how many are new.

        Raises:
            StorageError: the disk is full or write-protected.
        """
        new = self.keep(rows, self.store.existing([row.sku for row in rows]))
        return sum(self.store.link_photos(new)) if new else 0

    def keep(
        self, rows: Sequence[PhotoRow], existing: Collection[str], coming: Collection[str] = ()
    ) -> list[NewPhoto]:
        """Store the files of the pictures, and return their rows to be, without those there are.

        Products are `existing` in the catalogue, or `coming` into it with these pictures.

        Raises:
            StorageError: the disk is full or write-protected.
        """
        new: list[NewPhoto] = []
        for row in rows:
            try:
                if row.sku not in existing and row.sku not in coming:
                    raise UnknownProductError(row.sku)
                photo = self._kept(row, is_new=row.sku not in existing)
            except StorageError:
                raise
            except KnownError as error:
                self.problems.append(RowProblem(str(self.csv_file), row.line, str(error)))
                continue
            if photo is not None:
                new.append(photo)
        return new

    def _kept(self, row: PhotoRow, *, is_new: bool) -> NewPhoto | None:
        """Store the file of the picture, and return its row to be; None if it has one already."""
        quality = _quality(row.quality)
        data = without_metadata(_read(self._file(row.path)))  # as it is stored
        # Photos of a deleted product go when its SKU is used again.
        if not is_new and self.store.has_photo(row.sku, hashlib.sha256(data).hexdigest()):
            return None
        try:
            photo = self.store.keep_picture(data)
        except PictureError as error:
            raise PictureError(f"{row.path}: {error.message}", next_step=error.next_step) from error
        return replace(photo, sku=row.sku, quality=quality)

    def _file(self, written: str) -> Path:
        name = written.strip()
        if not name or "\0" in name:
            raise PictureError("The path of the picture is missing.", next_step="Fill it in.")
        if name.startswith(("http://", "https://")):
            raise PictureError(
                f"{name[:80]} is a web address.", next_step="Download it and name the file."
            )
        path = self.csv_file.parent / name
        if "\\" in name and not _is_there(path):  # a table made on Windows
            path = self.csv_file.parent / name.replace("\\", "/")
        return path


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # a name longer than the system allows
        return False


def _read(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise PictureError(f"{path} is a folder.", next_step="Name a picture file.")
        if path.exists() and not path.is_file():
            raise PictureError(f"{path} is not a file.", next_step="Name a picture file.")
        if path.stat().st_size > MAX_FILE_BYTES:
            raise PictureError(f"{path} is larger than 64 MB.", next_step="Make it smaller.")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise PictureError(
            f"{path} is not there.", next_step="Paths count from the folder of their CSV."
        ) from error
    except OSError as error:
        raise PictureError(
            f"{str(path)[:200]} cannot be read: {error.strerror or error}.",
            next_step="Check the path and the permissions.",
        ) from error


def _quality(text: str) -> float:
    if not text.strip():
        return 1.0
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise PictureError(f"The quality {text[:20]!r} is not a number from 0 to 1.")
    return value
