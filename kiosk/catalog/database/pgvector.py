"""The neighbours of a vector, found inside PostgreSQL by pgvector's HNSW index."""

from __future__ import annotations

import hashlib
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, Select, bindparam, literal, literal_column, text
from sqlalchemy.exc import DBAPIError

from kiosk.catalog.database.schema import HalfVector
from kiosk.errors import CatalogError

MAX_INDEXED_DIMENSION: Final = 4000
_OLDEST: Final = (0, 8)
_MAX_EF_SEARCH: Final = 1000


def require_pgvector(connection: Connection) -> None:
    """Make sure of the extension `vector` 0.8 or newer.

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


def make_index(connection: Connection, model_id: str, dimension: int) -> None:
    """An HNSW index over the vectors of one model; beyond 4,000 numbers the search is exact."""
    if dimension > MAX_INDEXED_DIMENSION:
        return
    name = hashlib.sha256(f"{model_id}:{dimension}".encode()).hexdigest()[:16]
    quoted = str(literal(model_id).compile(connection, compile_kwargs={"literal_binds": True}))
    connection.exec_driver_sql(
        f"CREATE INDEX IF NOT EXISTS vectors_hnsw_{name} ON vectors "
        f"USING hnsw ((embedding::halfvec({dimension})) halfvec_cosine_ops) "
        f"WHERE model_id = {quoted} AND dimension = {dimension}".replace("%", "%%")
    )


def nearest_first(
    connection: Connection, statement: Select[Any], vector: NDArray[np.float32], limit: int
) -> Select[Any]:
    """`statement` (over one model's vectors) in the order of distance, `limit` rows of it.

    Without the iterative scan, a filter applied after the index would silently return
    fewer rows than there are.
    """
    connection.execute(text("SET LOCAL hnsw.iterative_scan = 'strict_order'"))
    reach = min(max(limit, 100), _MAX_EF_SEARCH)
    connection.execute(text(f"SET LOCAL hnsw.ef_search = {reach}"))
    kind = f"halfvec({vector.size})"
    stored: ColumnElement[Any] = literal_column(f"vectors.embedding::{kind}")
    wanted = bindparam("wanted", vector, type_=HalfVector())
    distance = stored.op("<=>")(wanted.op("::")(literal_column(kind)))
    return statement.order_by(distance).limit(limit)
