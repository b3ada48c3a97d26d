"""Statements on photos and pictures. Those that change need the write lock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, func, select, update

from kiosk.catalog.database.schema import photos, pictures
from kiosk.catalog.products import forget_unused_pictures, touch
from kiosk.catalog.validation import storable
from kiosk.domain import Photo
from kiosk.errors import CatalogError


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
    """Link a picture to its product; False when it was there already."""
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


def remove(connection: Connection, sku: str, sha256: str) -> None:
    _require(connection, sku, sha256)
    connection.execute(photos.delete().where(photos.c.sku == sku, photos.c.sha256 == sha256))
    forget_unused_pictures(connection)
    touch(connection, [sku])


def make_cover(connection: Connection, sku: str, sha256: str) -> None:
    _require(connection, sku, sha256)
    first = select(func.min(photos.c.position)).where(photos.c.sku == sku)
    connection.execute(
        update(photos)
        .where(photos.c.sku == sku, photos.c.sha256 == sha256)
        .values(position=connection.execute(first).scalar_one() - 1)
    )
    touch(connection, [sku])


def to_photo(row: RowMapping) -> Photo:
    return Photo(
        sha256=row["sha256"],
        sku=row["sku"],
        width=row["width"],
        height=row["height"],
        quality=row["quality"],
        created_at=row["created_at"],
    )


def _require(connection: Connection, sku: str, sha256: str) -> None:
    if not has(connection, sku, sha256):
        raise CatalogError(f"The product {sku!r} has no photo {sha256[:12]}….")
