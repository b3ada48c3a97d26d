"""The photos of a catalogue's products, and the pictures that they share."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, func, select, update

from kiosk.catalog.database.connections import CatalogDatabase, Repository, portions
from kiosk.catalog.database.schema import photos, pictures
from kiosk.catalog.photo_storage import PhotoStorage, is_name, is_picture
from kiosk.catalog.product_statements import forget_unused_pictures, require
from kiosk.catalog.revisions import touch
from kiosk.catalog.validation import storable
from kiosk.domain import Image, Photo
from kiosk.errors import CatalogError, StorageError
from kiosk.picture_metadata import without_metadata
from kiosk.pictures import decode_picture, encode_jpeg

log = logging.getLogger(__name__)

MAX_FILE_BYTES: Final = 64 * 2**20  # chosen: larger than any camera's JPEG


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
        self._folder = folder
        self._storage = PhotoStorage(folder / "photos", database)

    def add_photo(self, sku: str, image: Image, *, quality: float = 1.0) -> Photo:
        """Store an RGB picture of the product as JPEG; the same picture twice stays one photo.

        Raises:
            UnknownProductError: no product has this SKU.
        """
        return self._add(sku, encode_jpeg(image), image.shape, quality)

    def add_photo_bytes(self, sku: str, data: bytes, *, quality: float = 1.0) -> Photo:
        """Store a picture file of the product; a JPEG loses its metadata and nothing else.

        Raises:
            PictureError: not a usable JPEG, PNG or WebP.
            UnknownProductError: no product has this SKU.
        """
        jpeg, shape = _as_jpeg(data)
        return self._add(sku, jpeg, shape, quality)

    def keep_picture(self, picture: Image | bytes) -> NewPhoto:
        """First half of adding many photos: check and store the file, without a row.

        `picture` is RGB pixels, or a file. `sku` is empty in the answer; set it, then give it
        to `link_photos`.

        Raises:
            PictureError: not a usable JPEG, PNG or WebP.
        """
        if isinstance(picture, bytes):
            jpeg, (height, width, _) = _as_jpeg(picture)
        else:
            jpeg, (height, width, _) = encode_jpeg(picture), picture.shape
        return NewPhoto("", self._storage.put(jpeg), width, height, len(jpeg))

    @contextmanager
    def keeping(self, pictures: Sequence[Image | bytes]) -> Iterator[list[NewPhoto]]:
        """`keep_picture` for all of them; after an error, here or inside, their files go again."""
        kept: list[NewPhoto] = []
        try:
            kept.extend(map(self.keep_picture, pictures))  # up to an error
            yield kept
        except BaseException:
            with suppress(StorageError):
                self._storage.discard({photo.sha256 for photo in kept})
            raise

    def link_photos(self, new: Sequence[NewPhoto]) -> list[bool]:
        """Second half: give kept pictures to their products, all or none.

        Return True for each that is new, False for each the product had already.

        Raises:
            UnknownProductError: a product does not exist.
            StorageError: a file vanished in between.
        """
        self._storage.settle()
        with self._database.write() as connection:
            for sku in {photo.sku for photo in new}:
                require(connection, sku)
            return self._link(connection, new)

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

    def photo_counts(self) -> dict[str, int]:
        """Return how many photos each product has, by SKU; one without photos is left out."""
        counted = select(photos.c.sku, func.count().label("photos")).group_by(photos.c.sku)
        with self._database.read() as connection:
            return {row.sku: row.photos for row in connection.execute(counted)}

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
            names = connection.execute(select(pictures.c.sha256)).scalars()
            return [name for name in names if is_name(name)]

    def forget_foreign_paths(self) -> int:
        """Take pictures for missing whose path leads to no such picture here; return how many.

        What a backup says of places on this machine is believed only where the very picture
        lies there. The pictures of the photo folder are not concerned.
        """
        outside = select(pictures.c.sha256, pictures.c.path).where(pictures.c.path.is_not(None))
        with self._database.write() as connection:
            rows = connection.execute(outside).all()
            foreign = [row.sha256 for row in rows if not is_picture(Path(row.path), row.sha256)]
            for portion in portions(foreign):
                named = pictures.c.sha256.in_(portion)
                connection.execute(update(pictures).where(named).values(path=None))
        return len(foreign)

    def sweep_photos(self, spared: timedelta = timedelta(0)) -> int:
        """Delete picture files that no product uses; return how many. Safe at any time.

        Files put in the last `spared` stay, since `link_photos` may be about to use them.
        """
        return self._storage.sweep(spared.total_seconds())

    def _add(self, sku: str, jpeg: bytes, shape: tuple[int, ...], quality: float) -> Photo:
        with self._database.origin.read() as connection:
            require(connection, sku)
        sha256 = self._storage.put(jpeg)
        new = NewPhoto(sku, sha256, shape[1], shape[0], len(jpeg), float(quality))
        with self._database.write() as connection:
            require(connection, sku)
            self._storage.put(jpeg)  # a sweep may have run since; it cannot while we write
            self._storage.settle()
            self._link(connection, [new])
            return next(p for p in of_product(connection, sku) if p.sha256 == sha256)

    def _link(self, connection: Connection, new: Sequence[NewPhoto]) -> list[bool]:
        for photo in new:
            if not photo.path and not self._storage.path(photo.sha256).is_file():
                raise StorageError(f"The photo {photo.sha256[:12]}… vanished from the disk.")
        outcomes = link(connection, new)
        for photo in new:
            if not photo.path:
                self._storage.share(connection, photo.sha256)
        return outcomes

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
    is_jpeg = data.startswith(b"\xff\xd8\xff")
    return (without_metadata(data) if is_jpeg else encode_jpeg(image)), image.shape


def all_photos() -> Select[Any]:
    """Select what a `Photo` holds."""
    return select(
        *photos.c["sku", "sha256", "quality", "created_at"], *pictures.c["width", "height"]
    ).select_from(photos.join(pictures))


def of_product(connection: Connection, sku: str) -> list[Photo]:
    statement = all_photos().where(photos.c.sku == sku).order_by(photos.c.position)
    return list(readable(connection.execute(statement).mappings()))


def readable(rows: Iterable[RowMapping]) -> Iterator[Photo]:
    """Yield the photos of `all_photos`; damaged rows give a line in the log instead."""
    for row in rows:
        numbers = row["width"], row["height"], row["quality"]
        if is_name(row["sha256"]) and all(isinstance(n, int | float) for n in numbers):
            yield Photo(**row)
        else:
            log.warning("the row of a photo of %.40r is damaged", row["sku"])


def has(connection: Connection, sku: str, sha256: str) -> bool:
    if not storable(sku):
        return False
    ours = (photos.c.sku == sku) & (photos.c.sha256 == sha256)
    return connection.execute(select(photos.c.sku).where(ours)).first() is not None


def link(connection: Connection, new: Sequence[NewPhoto]) -> list[bool]:
    """Give a batch of pictures to their products; return whether each was not linked before."""
    _add_pictures(connection, {photo.sha256: photo for photo in new})
    skus, names = {photo.sku for photo in new}, {photo.sha256 for photo in new}
    known = select(photos.c.sku, photos.c.sha256)
    known = known.where(photos.c.sku.in_(skus), photos.c.sha256.in_(names))
    linked = {(row.sku, row.sha256) for row in connection.execute(known)}
    last = select(photos.c.sku, func.max(photos.c.position).label("last"))
    last = last.where(photos.c.sku.in_(skus)).group_by(photos.c.sku)
    positions = {row.sku: row.last for row in connection.execute(last)}
    rows: list[dict[str, Any]] = []
    outcomes = []
    for photo in new:
        outcomes.append((photo.sku, photo.sha256) not in linked)
        if not outcomes[-1]:
            continue
        linked.add((photo.sku, photo.sha256))
        positions[photo.sku] = positions.get(photo.sku, -1) + 1
        rows.append(
            {
                "sku": photo.sku,
                "sha256": photo.sha256,
                "position": positions[photo.sku],
                "quality": photo.quality,
                "created_at": datetime.now(UTC),
            }
        )
    if rows:
        connection.execute(photos.insert(), rows)
        touch(connection, [row["sku"] for row in rows])
    return outcomes


def _add_pictures(connection: Connection, new: Mapping[str, NewPhoto]) -> None:
    known = select(pictures.c.sha256, pictures.c.path).where(pictures.c.sha256.in_(new))
    paths = {row.sha256: row.path for row in connection.execute(known)}
    rows = []
    for sha256, photo in new.items():
        path = photo.path or None
        if sha256 not in paths:
            size = {"width": photo.width, "height": photo.height, "size_bytes": photo.size_bytes}
            rows.append({"sha256": sha256, "path": path, **size})
        elif paths[sha256] not in (None, path):
            # It moved within its folder, or into the photo folder; never out of that again.
            moved = update(pictures).where(pictures.c.sha256 == sha256)
            connection.execute(moved.values(path=path))
    if rows:
        connection.execute(pictures.insert(), rows)
