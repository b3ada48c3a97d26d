"""One catalogue's rows into another, whatever database each is in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, Table, select, text

from kiosk.catalog import collection_rows
from kiosk.catalog.database import pgvector, schema
from kiosk.catalog.database.connections import portions
from kiosk.catalog.product_statements import forget_unused_pictures

_BATCH: Final = 500  # rows held at once; chosen, 2.5 MB of vectors
_TABLES: Final = (
    schema.products,
    schema.photos,
    schema.vectors,
    schema.values,
    schema.taps,
    schema.code_requests,
    schema.synced_files,
)


def copy_rows(source: Connection, target: Connection) -> None:
    """Replace all rows of `target` by those of `source`.

    Picture bytes are not copied. The features of pictures that both have stay as they are in
    `target`: hours of work, and gigabytes.
    """
    for table in reversed((*_TABLES, schema.picture_data)):
        target.execute(table.delete())
    _copy_pictures(source, target)
    for table in _TABLES:
        _add(source, target, table)


def _copy_pictures(source: Connection, target: Connection) -> None:
    pictures = schema.pictures
    theirs, ours = (
        {row.sha256: row.path for row in each.execute(select(pictures.c.sha256, pictures.c.path))}
        for each in (source, target)
    )
    kept = {name for name, path in ours.items() if name in theirs and theirs[name] == path}
    for portion in portions(sorted(set(ours) - set(theirs))):
        target.execute(pictures.delete().where(pictures.c.sha256.in_(portion)))
    for name in sorted(set(ours) & set(theirs) - kept):
        moved = pictures.update().where(pictures.c.sha256 == name)
        target.execute(moved.values(path=theirs[name]))
    for portion in portions(sorted(set(theirs) - set(ours))):
        _add(source, target, pictures, pictures.c.sha256.in_(portion))


def copy_collections(source: Connection, target: Connection) -> None:
    """Replace the vectors without products too; they keep their numbers."""
    tables = (collection_rows.collections, collection_rows.vectors)
    for table in reversed(tables):
        target.execute(table.delete())
    for table in tables:
        columns = [column for column in table.c if column.name != "embedding"]
        _insert(target, table, source, select(*columns))
    if target.dialect.name == "postgresql":  # explicit numbers do not move its counter
        name = collection_rows.vectors.name
        last = f"(SELECT coalesce(max(id), 0) + 1 FROM {name})"
        target.execute(
            text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), {last}, false)")
        )


def copy_values(source: Connection, target: Connection) -> None:
    """Replace the small settings of `target` by those of `source`."""
    target.execute(schema.values.delete())
    _add(source, target, schema.values)


def copy_changes(source: Connection, target: Connection, skus: Sequence[str]) -> None:
    """Bring these products in `target` (SQLite), with photos and vectors, to `source`'s state."""
    for portion in portions(skus):
        target.execute(schema.products.delete().where(schema.products.c.sku.in_(portion)))
        _add(source, target, schema.products, schema.products.c.sku.in_(portion))
        shown = select(schema.photos.c.sha256).where(schema.photos.c.sku.in_(portion))
        shas = sorted(set(source.execute(shown).scalars()))
        known = select(schema.pictures.c.sha256).where(schema.pictures.c.sha256.in_(shas))
        fresh = sorted(set(shas) - set(target.execute(known).scalars()))
        _add(source, target, schema.pictures, schema.pictures.c.sha256.in_(fresh))
        _add(source, target, schema.photos, schema.photos.c.sku.in_(portion))
        target.execute(schema.vectors.delete().where(schema.vectors.c.sha256.in_(shas)))
        _add(source, target, schema.vectors, schema.vectors.c.sha256.in_(shas))
    forget_unused_pictures(target)


def _add(
    source: Connection, target: Connection, table: Table, *conditions: ColumnElement[bool]
) -> None:
    # `id` is each database's own; `embedding` is made anew where it is of use.
    columns = [column for column in table.c if column.name not in ("id", "embedding")]
    _insert(target, table, source, select(*columns).where(*conditions))


def _insert(target: Connection, table: Table, source: Connection, found: Select[Any]) -> None:
    rows = source.execute(found, execution_options={"yield_per": _BATCH})
    for batch in rows.mappings().partitions():
        if "vector" in table.c:
            target.execute(table.insert(), pgvector.with_embeddings(target, table, batch))
        else:
            target.execute(table.insert(), [dict(row) for row in batch])
