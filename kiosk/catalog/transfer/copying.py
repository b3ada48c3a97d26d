"""One catalogue's rows into another, whatever database each is in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
from sqlalchemy import ColumnElement, Connection, Table, inspect, select, text

from kiosk.catalog import collection_rows as vector_rows
from kiosk.catalog.database import pgvector, schema
from kiosk.catalog.products import forget_unused_pictures

_BATCH: Final = 500
_TABLES: Final = (
    schema.products,
    schema.pictures,
    schema.photos,
    schema.vectors,
    schema.values,
    schema.taps,
    schema.synced_files,
)


def copy_rows(source: Connection, target: Connection) -> None:
    """Replace all rows of `target` by those of `source`; picture bytes are not copied."""
    for table in reversed((*_TABLES, schema.picture_data)):
        target.execute(table.delete())
    on_server = target.dialect.name == "postgresql"
    dimensions: dict[str, int] = {}
    for table in _TABLES:
        for rows in _batches(source, table):
            if table is schema.vectors:
                dimensions |= {row["model_id"]: row["dimension"] for row in rows}
                for row in rows if on_server else ():
                    row["embedding"] = np.frombuffer(row["vector"], dtype="<f4")
            target.execute(table.insert(), rows)
    for model_id, dimension in dimensions.items() if on_server else ():
        pgvector.make_index(target, model_id, dimension)


def copy_collections(source: Connection, target: Connection) -> None:
    """Replace the vectors without products too; they keep their numbers."""
    if not inspect(source).has_table(vector_rows.collections.name):
        return
    vector_rows.tables.create_all(target)
    tables = (vector_rows.collections, vector_rows.vectors)
    for table in reversed(tables):
        target.execute(table.delete())
    for table in tables:
        found = source.execute(select(table), execution_options={"yield_per": _BATCH})
        for rows in found.mappings().partitions():
            target.execute(table.insert(), [dict(row) for row in rows])
    if target.dialect.name == "postgresql":  # explicit numbers do not move its counter
        name = vector_rows.vectors.name
        last = f"(SELECT coalesce(max(id), 0) + 1 FROM {name})"
        target.execute(
            text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), {last}, false)")
        )


def copy_changes(source: Connection, target: Connection, skus: Sequence[str]) -> None:
    """Bring these products in `target` (SQLite), with photos and vectors, to `source`'s state."""
    for some in (skus[start : start + _BATCH] for start in range(0, len(skus), _BATCH)):
        target.execute(schema.products.delete().where(schema.products.c.sku.in_(some)))
        _add(source, target, schema.products, schema.products.c.sku.in_(some))
        shown = select(schema.photos.c.sha256).where(schema.photos.c.sku.in_(some))
        shas = sorted(set(source.execute(shown).scalars()))
        known = select(schema.pictures.c.sha256).where(schema.pictures.c.sha256.in_(shas))
        fresh = sorted(set(shas) - set(target.execute(known).scalars()))
        _add(source, target, schema.pictures, schema.pictures.c.sha256.in_(fresh))
        _add(source, target, schema.photos, schema.photos.c.sku.in_(some))
        target.execute(schema.vectors.delete().where(schema.vectors.c.sha256.in_(shas)))
        _add(source, target, schema.vectors, schema.vectors.c.sha256.in_(shas))
    forget_unused_pictures(target)


def _add(source: Connection, target: Connection, table: Table, which: ColumnElement[bool]) -> None:
    for rows in _batches(source, table, which):
        target.execute(table.insert(), rows)


def _batches(
    source: Connection, table: Table, which: ColumnElement[bool] | None = None
) -> Iterator[list[dict[str, Any]]]:
    # `id` is each database's own; `embedding` is made anew from the vector.
    columns = [column for column in table.c if column.name not in ("id", "embedding")]
    statement = select(*columns) if which is None else select(*columns).where(which)
    found = source.execute(statement, execution_options={"yield_per": _BATCH})
    for rows in found.mappings().partitions():
        yield [dict(row) for row in rows]
