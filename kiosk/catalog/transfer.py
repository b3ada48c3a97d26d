"""One catalogue's rows into another, whatever database each is in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from sqlalchemy import Connection, Table, select

from kiosk.catalog import pgvector, schema

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


def _batches(source: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    # `id` is each database's own; `embedding` is made anew from the vector.
    columns = [column for column in table.c if column.name not in ("id", "embedding")]
    found = source.execute(select(*columns), execution_options={"yield_per": _BATCH})
    for rows in found.mappings().partitions():
        yield [dict(row) for row in rows]
