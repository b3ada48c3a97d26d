"""The rows of synced folders: their files, and the products and photos that they bring."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select, update

from kiosk.catalog.database.connections import Repository, portions
from kiosk.catalog.database.schema import photos, pictures, synced_files
from kiosk.catalog.photos import link
from kiosk.catalog.product_statements import by_skus, change, forget_unused_pictures, save_new
from kiosk.catalog.revisions import touch
from kiosk.catalog.sync.file_reader import ReadFile
from kiosk.catalog.sync.folder_scan import FileState
from kiosk.catalog.validation import clean_product
from kiosk.catalog.vectors import put as put_vectors
from kiosk.domain import Price, Product

MADE_BY_SYNC: Final = {"source": "folder"}
"""The extra field of products that a folder brought and that leave with it."""


class SyncedFileRepository(Repository):
    """What synced folders held when they were last scanned."""

    def synced_files(self, folder: str) -> dict[str, FileState]:
        """Return the files of the last scan of `folder`, by relative path."""
        statement = select(synced_files).where(synced_files.c.folder == folder)
        with self._database.origin.read() as connection:
            return {
                row.path: FileState(row.size_bytes, row.mtime_ns, row.sha256, row.sku, row.problem)
                for row in connection.execute(statement)
            }

    def put_synced(
        self,
        folder: str,
        files: Mapping[str, ReadFile],
        *,
        previous: Mapping[str, FileState],
        currency: str,
        model_id: str,
        vectors: Mapping[str, NDArray[np.float32]],
    ) -> None:
        """Take in files of a folder, by relative path, all or none.

        Args:
            previous: what the folder held at its last scan.
            currency: of the products that are made where a picture's is missing.
            vectors: of the model by SHA-256, float32 (d,) of norm 1.
        """
        states = {path: file.state for path, file in files.items()}
        names = {file.photo: file.product_name for file in files.values() if file.photo}
        replaced = [
            previous[path]
            for path, state in states.items()
            if path in previous and previous[path].sha256 != state.sha256
        ]
        with self._database.write() as connection:
            make_products(connection, {p.sku: name for p, name in names.items()}, currency)
            link(connection, list(names))
            put_vectors(connection, model_id, vectors)
            record(connection, folder, states)
            drop_photos(connection, replaced)

    def forget_synced(self, folder: str, gone: Mapping[str, FileState]) -> None:
        """Take out the photos of files that are gone from a folder, all or none."""
        if gone:
            with self._database.write() as connection:
                forget(connection, folder, list(gone))
                drop_photos(connection, gone.values())


def record(connection: Connection, folder: str, states: Mapping[str, FileState]) -> None:
    """Remember what each path holds now."""
    forget(connection, folder, list(states))
    rows = [{"folder": folder, "path": path, **asdict(state)} for path, state in states.items()]
    if rows:
        connection.execute(synced_files.insert(), rows)


def make_products(connection: Connection, names: Mapping[str, str], currency: str) -> None:
    """Add the products (name by SKU) that are missing, without a price."""
    known = {product.sku for product in by_skus(connection, list(names))}
    save_new(
        connection,
        [
            clean_product(Product(sku, name, Price(0, currency), metadata=MADE_BY_SYNC))
            for sku, name in names.items()
            if sku not in known
        ],
    )


def drop_photos(connection: Connection, gone: Iterable[FileState]) -> None:
    """Take out photos whose path is gone, unless another path shows the same product so."""
    touched: set[str] = set()
    for sku, sha256 in {(s.sku, s.sha256) for s in gone if s.sha256}:
        other = connection.execute(
            select(synced_files.c.folder, synced_files.c.path, synced_files.c.sku)
            .where(synced_files.c.sha256 == sha256)
            .order_by(synced_files.c.sku != sku)
        ).first()
        outside = pictures.c.path.is_not(None) & (pictures.c.sha256 == sha256)
        if other is not None:
            path = f"{other.folder}/{other.path}"
            connection.execute(update(pictures).where(outside).values(path=path))
        if other is None or other.sku != sku:
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


def forget(connection: Connection, folder: str, paths: Sequence[str]) -> None:
    """Remove what was remembered of these paths."""
    for portion in portions(paths):
        ours = (synced_files.c.folder == folder) & synced_files.c.path.in_(portion)
        connection.execute(synced_files.delete().where(ours))
