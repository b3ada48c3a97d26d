"""Statements on synced folders. Those that change need the write lock."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, func, select, update

from kiosk.catalog.database.schema import photos, pictures, synced_files
from kiosk.catalog.photos import NewPhoto
from kiosk.catalog.products import by_skus, change, forget_unused_pictures, save_new, touch
from kiosk.catalog.sync.folder_scan import FileState
from kiosk.catalog.validation import clean_product
from kiosk.domain import Price, Product

MADE_BY_SYNC: Final = {"source": "folder"}
"""The extra field of products that a folder brought and that leave with it."""


def files(connection: Connection, folder: str) -> dict[str, FileState]:
    statement = select(synced_files).where(synced_files.c.folder == folder)
    return {
        row.path: FileState(row.size_bytes, row.mtime_ns, row.sha256, row.sku, row.problem)
        for row in connection.execute(statement)
    }


def record(connection: Connection, folder: str, states: Mapping[str, FileState]) -> None:
    """Remember what each path holds now."""
    forget(connection, folder, list(states))
    rows = [
        {
            "folder": folder,
            "path": path,
            "size_bytes": state.size_bytes,
            "mtime_ns": state.mtime_ns,
            "sha256": state.sha256,
            "sku": state.sku,
            "problem": state.problem,
        }
        for path, state in states.items()
    ]
    if rows:
        connection.execute(synced_files.insert(), rows)


def make_products(connection: Connection, names: Mapping[str, str], currency: str) -> None:
    """Make the products (name by SKU) that are not there yet, without a price."""
    known = {product.sku for product in by_skus(connection, list(names))}
    save_new(
        connection,
        [
            clean_product(Product(sku, name, Price(0, currency), metadata=MADE_BY_SYNC))
            for sku, name in names.items()
            if sku not in known
        ],
    )


def link(connection: Connection, new: Sequence[NewPhoto]) -> None:
    """Give the pictures, which stay where they lie, to their products."""
    wanted = {(photo.sku, photo.sha256): photo for photo in new}
    skus = sorted({photo.sku for photo in new})
    shas = sorted({photo.sha256 for photo in new})
    _add_pictures(connection, {photo.sha256: photo for photo in new})
    linked = select(photos.c.sku, photos.c.sha256).where(
        photos.c.sku.in_(skus), photos.c.sha256.in_(shas)
    )
    there = {(row.sku, row.sha256) for row in connection.execute(linked)}
    last = select(photos.c.sku, func.max(photos.c.position).label("last"))
    last = last.where(photos.c.sku.in_(skus)).group_by(photos.c.sku)
    position = {row.sku: row.last for row in connection.execute(last)}
    rows: list[dict[str, Any]] = []
    for (sku, sha256), photo in wanted.items():
        if (sku, sha256) in there:
            continue
        position[sku] = position.get(sku, -1) + 1
        rows.append(
            {
                "sku": sku,
                "sha256": sha256,
                "position": position[sku],
                "quality": photo.quality,
                "created_at": datetime.now(UTC),
            }
        )
    if rows:
        connection.execute(photos.insert(), rows)
        touch(connection, [row["sku"] for row in rows])


def drop_photos(connection: Connection, gone: Iterable[FileState]) -> None:
    """Take out photos whose path is gone, unless another path shows the same product so."""
    touched: set[str] = set()
    for sku, sha256 in {(s.sku, s.sha256) for s in gone if s.sha256}:
        elsewhere = connection.execute(
            select(synced_files.c.folder, synced_files.c.path, synced_files.c.sku)
            .where(synced_files.c.sha256 == sha256)
            .order_by(synced_files.c.sku != sku)
        ).first()
        outside = pictures.c.path.is_not(None) & (pictures.c.sha256 == sha256)
        if elsewhere is not None:
            path = f"{elsewhere.folder}/{elsewhere.path}"
            connection.execute(update(pictures).where(outside).values(path=path))
        if elsewhere is None or elsewhere.sku != sku:
            shown = select(pictures.c.sha256).where(outside)
            ours = (photos.c.sku == sku) & photos.c.sha256.in_(shown)
            if connection.execute(photos.delete().where(ours)).rowcount:
                touched.add(sku)
    if touched:
        touch(connection, touched)
        forget_unused_pictures(connection)
        _delete_empty(connection, touched)


def _delete_empty(connection: Connection, skus: Collection[str]) -> None:
    """Delete products that a folder brought and that have no photo left."""
    shown = select(photos.c.sku).where(photos.c.sku.in_(sorted(skus))).distinct()
    kept = set(connection.execute(shown).scalars())
    for product in by_skus(connection, sorted(set(skus) - kept)):
        if product.metadata.get("source") == MADE_BY_SYNC["source"]:
            change(connection, product.sku, deleted_at=datetime.now(UTC))


def _add_pictures(connection: Connection, new: Mapping[str, NewPhoto]) -> None:
    known = select(pictures.c.sha256, pictures.c.path).where(pictures.c.sha256.in_(list(new)))
    there = {row.sha256: row.path for row in connection.execute(known)}
    for sha256, path in there.items():
        if path is not None and path != new[sha256].path:  # it moved within its folder
            moved = update(pictures).where(pictures.c.sha256 == sha256)
            connection.execute(moved.values(path=new[sha256].path))
    rows = [
        {
            "sha256": photo.sha256,
            "width": photo.width,
            "height": photo.height,
            "size_bytes": photo.size_bytes,
            "path": photo.path,
        }
        for photo in new.values()
        if photo.sha256 not in there
    ]
    if rows:
        connection.execute(pictures.insert(), rows)


def forget(connection: Connection, folder: str, paths: Sequence[str]) -> None:
    """Remove what was remembered of these paths."""
    for some in _portions(paths):
        ours = (synced_files.c.folder == folder) & synced_files.c.path.in_(some)
        connection.execute(synced_files.delete().where(ours))


def _portions(items: Sequence[str], size: int = 500) -> Iterable[Sequence[str]]:
    return (items[start : start + size] for start in range(0, len(items), size))
