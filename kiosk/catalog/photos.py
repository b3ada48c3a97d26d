"""The photos of a catalogue's products, and the pictures that they share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, func, select, update

from kiosk.catalog.database.repository import CatalogDatabase, Repository
from kiosk.catalog.database.schema import photos, pictures
from kiosk.catalog.photo_files import PhotoFiles
from kiosk.catalog.photo_storage import PhotoStorage
from kiosk.catalog.product_statements import forget_unused_pictures, require
from kiosk.catalog.revisions import touch
from kiosk.catalog.validation import storable
from kiosk.domain import Image, Photo
from kiosk.errors import CatalogError, StorageError
from kiosk.pictures import decode_picture, encode_jpeg


@dataclass(frozen=True, slots=True)
class NewPhoto:
    """A picture that lies in its place already, about to get its row.

    `path` is empty for one in the photo folder, else where it lies outside.
    """

    sku: str
    sha256: str
    width: int
    height: int
    size_bytes: int
    quality: float = 1.0
    path: str = ""


class PhotoRepository(Repository):
    """Photos by product, and their files. Two photos of one picture share its file."""

    def __init__(self, database: CatalogDatabase, folder: Path) -> None:
        super().__init__(database)
        self._storage = PhotoStorage(PhotoFiles(folder / "photos"), database)

    def add_photo(self, sku: str, image: Image, *, quality: float = 1.0) -> Photo:
        """Store an RGB picture of the product as JPEG; the same picture twice stays one photo.

        Raises:
            UnknownProductError: no product has this SKU.
        """
        return self._add(sku, encode_jpeg(image), image.shape, quality)

    def add_photo_bytes(self, sku: str, data: bytes, *, quality: float = 1.0) -> Photo:
        """Store a picture file of the product; a JPEG keeps its very bytes.

        Raises:
            PictureError: not a usable JPEG, PNG or WebP.
            UnknownProductError: no product has this SKU.
        """
        jpeg, shape = _as_jpeg(data)
        return self._add(sku, jpeg, shape, quality)

    def keep_picture(self, data: bytes) -> NewPhoto:
        """First half of adding many photos: check and store the file, without a row.

        `sku` is empty in the answer; set it, then give it to `link_photos`.

        Raises:
            PictureError: not a usable JPEG, PNG or WebP.
        """
        jpeg, (height, width, _) = _as_jpeg(data)
        return NewPhoto("", self._storage.files.put(jpeg), width, height, len(jpeg))

    def link_photos(self, new: Sequence[NewPhoto]) -> list[bool]:
        """Second half: give kept pictures to their products, all or none.

        Return True for each that is new, False for each the product had already.

        Raises:
            UnknownProductError: a product does not exist.
            StorageError: a file vanished in between.
        """
        self._storage.files.settle()
        with self._database.write() as connection:
            for photo in new:
                require(connection, photo.sku)
                if not photo.path and not self._storage.files.path(photo.sha256).is_file():
                    raise StorageError(f"The photo {photo.sha256[:12]}… vanished from the disk.")
            return [self._link(connection, photo) for photo in new]

    def has_photo(self, sku: str, sha256: str) -> bool:
        """Return True if this very picture shows the product already."""
        with self._database.read() as connection:
            return has(connection, sku, sha256)

    def remove_photo(self, sku: str, sha256: str) -> None:
        """Take a photo from a product; other products that share the picture keep it.

        Raises:
            CatalogError: the product has no such photo.
        """
        with self._change_photo(sku, sha256) as (connection, chosen):
            connection.execute(photos.delete().where(chosen))
            forget_unused_pictures(connection)

    def set_cover(self, sku: str, sha256: str) -> None:
        """Make one of the product's photos its cover.

        Raises:
            CatalogError: the product has no such photo.
        """
        first = select(func.min(photos.c.position)).where(photos.c.sku == sku)
        with self._change_photo(sku, sha256) as (connection, chosen):
            position = connection.execute(first).scalar_one() - 1
            connection.execute(update(photos).where(chosen).values(position=position))

    def photos(self, sku: str) -> list[Photo]:
        """Return the product's photos, the cover first.

        Raises:
            UnknownProductError: no product has this SKU.
        """
        with self._database.read() as connection:
            require(connection, sku)
            return of_product(connection, sku)

    def cover(self, sku: str) -> Photo | None:
        """Return the photo that stands for the product, None without any."""
        found = self.photos(sku)
        return found[0] if found else None

    def photo_path(self, sha256: str) -> Path:
        """Return the picture file of a photo; from a server it is fetched once."""
        return self._storage.find(sha256)

    def picture_names(self) -> list[str]:
        """Return the SHA-256 of every stored picture."""
        with self._database.read() as connection:
            return list(connection.execute(select(pictures.c.sha256)).scalars())

    def sweep_photos(self, spared: timedelta = timedelta(0)) -> int:
        """Delete picture files that no product uses; return how many. Safe at any time.

        Files put in the last `spared` stay, since `link_photos` may be about to use them.
        """
        return self._storage.sweep(spared.total_seconds())

    def _add(self, sku: str, jpeg: bytes, shape: tuple[int, ...], quality: float) -> Photo:
        with self._database.origin.read() as connection:
            require(connection, sku)
        sha256 = self._storage.files.put(jpeg)
        new = NewPhoto(sku, sha256, shape[1], shape[0], len(jpeg), float(quality))
        with self._database.write() as connection:
            require(connection, sku)
            self._storage.files.put(jpeg)  # a sweep may have run since; it cannot while we write
            self._storage.files.settle()
            self._link(connection, new)
            return next(p for p in of_product(connection, sku) if p.sha256 == sha256)

    def _link(self, connection: Connection, new: NewPhoto) -> bool:
        added = add(connection, new)
        if not new.path:
            self._storage.share(connection, new.sha256)
        return added

    @contextmanager
    def _change_photo(
        self, sku: str, sha256: str
    ) -> Iterator[tuple[Connection, ColumnElement[bool]]]:
        """Open a transaction on a photo that exists, and record that its product changed."""
        with self._database.write() as connection:
            if not has(connection, sku, sha256):
                raise CatalogError(f"The product {sku!r} has no photo {sha256[:12]}….")
            yield connection, (photos.c.sku == sku) & (photos.c.sha256 == sha256)
            touch(connection, [sku])


def _as_jpeg(data: bytes) -> tuple[bytes, tuple[int, ...]]:
    image = decode_picture(data)
    return (data if data.startswith(b"\xff\xd8\xff") else encode_jpeg(image)), image.shape


def all_photos() -> Select[Any]:
    return select(
        photos.c.sku,
        photos.c.sha256,
        photos.c.quality,
        photos.c.created_at,
        pictures.c.width,
        pictures.c.height,
    ).select_from(photos.join(pictures))


def of_product(connection: Connection, sku: str) -> list[Photo]:
    statement = all_photos().where(photos.c.sku == sku).order_by(photos.c.position)
    return [to_photo(row) for row in connection.execute(statement).mappings()]


def has(connection: Connection, sku: str, sha256: str) -> bool:
    if not storable(sku):
        return False
    ours = (photos.c.sku == sku) & (photos.c.sha256 == sha256)
    return connection.execute(select(photos.c.sku).where(ours)).first() is not None


def add(connection: Connection, new: NewPhoto) -> bool:
    """Link a picture to its product; return False when it was linked already."""
    _add_picture(connection, new)
    if has(connection, new.sku, new.sha256):
        return False
    last = select(func.coalesce(func.max(photos.c.position), -1)).where(photos.c.sku == new.sku)
    connection.execute(
        photos.insert().values(
            sku=new.sku,
            sha256=new.sha256,
            position=connection.execute(last).scalar_one() + 1,
            quality=new.quality,
            created_at=datetime.now(UTC),
        )
    )
    touch(connection, [new.sku])
    return True


def _add_picture(connection: Connection, new: NewPhoto) -> None:
    known = select(pictures.c.path).where(pictures.c.sha256 == new.sha256)
    found = connection.execute(known).first()
    if found is None:
        row = {"width": new.width, "height": new.height, "size_bytes": new.size_bytes}
        path = new.path or None
        connection.execute(pictures.insert().values(sha256=new.sha256, path=path, **row))
    elif found.path != (new.path or None) and found.path is not None:
        # It moved within its folder, or it came home; never from home to a folder.
        connection.execute(
            update(pictures).where(pictures.c.sha256 == new.sha256).values(path=new.path or None)
        )


def to_photo(row: RowMapping) -> Photo:
    return Photo(
        sha256=row["sha256"],
        sku=row["sku"],
        width=row["width"],
        height=row["height"],
        quality=row["quality"],
        created_at=row["created_at"],
    )
