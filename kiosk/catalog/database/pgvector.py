"""Vectors compared inside PostgreSQL by pgvector: exactly, or through an HNSW index.

A table keeps each vector twice: as float32 bytes, which are what counts, and as `embedding`,
a half-precision copy that the server can compare. Every write fills both. Without an index a
search compares all rows; with one, it reads a small part of a graph.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Select,
    Table,
    and_,
    bindparam,
    func,
    literal_column,
    select,
    text,
    update,
)
from sqlalchemy.exc import DBAPIError

from kiosk.catalog.database.schema import HalfVector
from kiosk.errors import CatalogError

log = logging.getLogger(__name__)

MAX_INDEXED_DIMENSION: Final = 4000  # pgvector's limit for halfvec
INDEXED_ROWS: Final = 10_000  # chosen by eye: an exact search over so many takes tens of ms
_OLDEST: Final = (0, 8)  # the first version with iterative scans
_MAX_EF_SEARCH: Final = 1000  # pgvector's limit
_EF_SEARCH: Final = 100  # recall@10 .99 over 20,000 rows, benchmarks/RESULTS.md
_SCANNED: Final = 2**31 - 1  # no limit on what a filtered search visits
_ROW_BYTES: Final = 400  # of the graph beside the vector, while it is built; chosen by eye
_MAX_BUILD_MB: Final = 4096  # chosen: 2.5 million vectors of 512 numbers
_STORED: Final = np.dtype("<f4")
_BATCH: Final = 500  # rows whose copy is made at once; chosen


@dataclass(frozen=True, slots=True)
class VectorSpace:
    """The rows of `table` that are compared with each other: `condition`, one `dimension`.

    `condition` holds literals only, since a partial index does not fit a parameter.
    """

    table: Table
    condition: ColumnElement[bool]
    dimension: int

    @property
    def index_name(self) -> str:
        """The name of the HNSW index of exactly these rows."""
        digest = hashlib.sha256(f"{self.sql}:{self.dimension}".encode()).hexdigest()
        return f"{self.table.name}_hnsw_{digest[:16]}"

    @property
    def sql(self) -> str:
        """The condition as SQL."""
        from sqlalchemy.dialects import postgresql

        options = {"literal_binds": True}
        dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
        return str(self.condition.compile(dialect=dialect, compile_kwargs=options))


def literal(name: str, value: object) -> Any:
    """Return a value that is written into the statement itself, as a partial index needs it."""
    return bindparam(name, value, literal_execute=True)


def require_pgvector(connection: Connection) -> None:
    """Enable the extension `vector`, 0.8 or newer.

    Raises:
        CatalogError: it is not installed, too old, or this user may not switch it on.
    """
    try:
        with connection.begin_nested():
            connection.execute(text("CREATE EXTENSION IF NOT EXISTS vector"))
    except DBAPIError as error:
        raise CatalogError(
            "The PostgreSQL server has no pgvector for this database.",
            next_step="Install pgvector, then run CREATE EXTENSION vector as administrator.",
        ) from error
    version = connection.execute(
        text("SELECT extversion FROM pg_extension WHERE extname = 'vector'")
    ).scalar_one()
    if tuple(int(part) for part in version.split(".")[:2]) < _OLDEST:
        raise CatalogError(
            f"pgvector {version} is too old: filtered searches would miss products.",
            next_step="Update it to 0.8 or newer, then run ALTER EXTENSION vector UPDATE.",
        )


def add_embeddings(connection: Connection, table: Table) -> None:
    """Add the column `embedding` to `table` where it is missing, and fill it.

    Raises:
        CatalogError: see `require_pgvector`.
    """
    if not has_embeddings(connection, table):
        require_pgvector(connection)
        connection.execute(text(f"ALTER TABLE {table.name} ADD COLUMN embedding halfvec"))
    keys = list(table.primary_key.columns)
    ours = and_(*(key == bindparam(f"old_{key.name}") for key in keys))
    missing = select(*keys, table.c.vector).where(table.c.embedding.is_(None)).limit(_BATCH)
    while rows := connection.execute(missing).mappings().all():
        connection.execute(
            update(table).where(ours).values(embedding=bindparam("halves")),
            [
                {f"old_{key.name}": row[key.name] for key in keys}
                | {"halves": np.frombuffer(row["vector"], _STORED)}
                for row in rows
            ],
        )


def has_embeddings(connection: Connection, table: Table) -> bool:
    """Whether the server can compare the vectors of `table`; False on other databases."""
    if connection.dialect.name != "postgresql":
        return False
    query = text(
        "SELECT 1 FROM pg_attribute WHERE attrelid = to_regclass(:name) "
        "AND attname = 'embedding' AND NOT attisdropped"
    )
    return connection.execute(query, {"name": table.name}).first() is not None


def with_embeddings(
    connection: Connection, table: Table, rows: Iterable[Mapping[Any, Any]]
) -> list[dict[str, Any]]:
    """Return `rows` to insert, with the copy of each `vector` where the server keeps one."""
    if not has_embeddings(connection, table):
        return [dict(row) for row in rows]
    return [dict(row) | {"embedding": np.frombuffer(row["vector"], _STORED)} for row in rows]


def is_indexed(connection: Connection, space: VectorSpace) -> bool:
    """Whether an HNSW index covers these rows, and is complete."""
    query = text("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(:name)")
    return bool(connection.execute(query, {"name": space.index_name}).scalar())


def make_index(engine: Engine, space: VectorSpace) -> bool:
    """Make the HNSW index of these rows; return False where the server cannot.

    Others read and write meanwhile. Beyond 4,000 numbers the search stays exact.
    """
    if space.dimension > MAX_INDEXED_DIMENSION:
        return False
    name, table = space.index_name, space.table.name
    count = select(func.count()).select_from(space.table).where(space.condition)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if is_indexed(connection, space):
            return True
        needed = connection.execute(count).scalar_one() * (2 * space.dimension + _ROW_BYTES)
        memory_mb = min(max(64, needed // 2**20 + 1), _MAX_BUILD_MB)
        try:
            connection.exec_driver_sql(f"SET maintenance_work_mem = '{memory_mb}MB'")
            connection.exec_driver_sql(f"DROP INDEX IF EXISTS {name}")  # one that was broken off
            connection.exec_driver_sql(
                f"CREATE INDEX CONCURRENTLY {name} ON {table} "
                f"USING hnsw ((embedding::halfvec({space.dimension})) halfvec_cosine_ops) "
                f"WHERE {space.sql}".replace("%", "%%")
            )
        except DBAPIError as error:
            log.warning("searches stay exact, the server makes no HNSW index: %s", error.orig)
            return False
        finally:
            connection.exec_driver_sql("RESET maintenance_work_mem")
    return True


def drop_index(connection: Connection, space: VectorSpace) -> None:
    """Drop the HNSW index of these rows, where there is one."""
    connection.execute(text(f"DROP INDEX IF EXISTS {space.index_name}"))


def nearest_first(
    connection: Connection,
    statement: Select[Any],
    space: VectorSpace,
    vector: NDArray[np.float32],
    limit: int,
) -> list[Any]:
    """Return the `limit` rows of `statement` (over `space`) nearest to `vector`, best first.

    Without the iterative scan, a filter applied after the index would silently return fewer
    rows than there are. Where even that ends early, every row is compared.
    """
    distance = _distance(space, vector)
    closest = statement.where(space.condition).limit(limit)
    if is_indexed(connection, space):
        reach = min(max(limit, _EF_SEARCH), _MAX_EF_SEARCH)
        options = {
            "hnsw.iterative_scan": "strict_order",
            "hnsw.ef_search": str(reach),
            "hnsw.max_scan_tuples": str(_SCANNED),
        }
        chosen = [func.set_config(name, value, True) for name, value in options.items()]
        connection.execute(select(*chosen))
        rows = connection.execute(closest.order_by(distance)).all()
        if len(rows) == limit:
            return list(rows)
    # The sum is no expression that an index is of.
    return list(connection.execute(closest.order_by(distance + 0.0)).all())


def _distance(space: VectorSpace, vector: NDArray[np.float32]) -> ColumnElement[Any]:
    kind = f"halfvec({space.dimension})"
    stored: ColumnElement[Any] = literal_column(f"{space.table.name}.embedding::{kind}")
    wanted = bindparam("wanted", vector, type_=HalfVector())
    distance: ColumnElement[Any] = stored.op("<=>")(wanted.op("::")(literal_column(kind)))
    return distance
