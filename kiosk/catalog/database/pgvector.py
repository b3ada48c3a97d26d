"""The neighbours of a vector, found inside PostgreSQL by pgvector's HNSW index.

No write keeps such an index: `make_index` makes one of what is stored, and `is_indexed` says
whether it covers every vector.
"""

from __future__ import annotations

import hashlib
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    bindparam,
    literal,
    literal_column,
    select,
    text,
    update,
)
from sqlalchemy.exc import DBAPIError

from kiosk.catalog.database.schema import HalfVector, vectors
from kiosk.errors import CatalogError

MAX_INDEXED_DIMENSION: Final = 4000  # pgvector's limit for halfvec
_OLDEST: Final = (0, 8)  # the first version with iterative scans
_MAX_EF_SEARCH: Final = 1000  # pgvector's limit


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


def add_column(connection: Connection) -> None:
    """Add the column that an HNSW index reads; see `require_pgvector` for what it raises."""
    require_pgvector(connection)
    connection.execute(text("ALTER TABLE vectors ADD COLUMN IF NOT EXISTS embedding halfvec"))


def make_index(connection: Connection, model_id: str, dimension: int) -> None:
    """Index the stored vectors of one model; beyond 4,000 numbers the search stays exact.

    Raises:
        CatalogError: see `require_pgvector`.
    """
    if dimension > MAX_INDEXED_DIMENSION:
        return
    add_column(connection)
    missing = (vectors.c.model_id == model_id) & vectors.c.embedding.is_(None)
    rows = connection.execute(select(vectors.c.sha256, vectors.c.vector).where(missing)).all()
    if rows:
        ours = (vectors.c.model_id == model_id) & (vectors.c.sha256 == bindparam("name"))
        connection.execute(
            update(vectors).where(ours).values(embedding=bindparam("halves")),
            [{"name": r.sha256, "halves": np.frombuffer(r.vector, "<f4")} for r in rows],
        )
    quoted = str(literal(model_id).compile(connection, compile_kwargs={"literal_binds": True}))
    connection.exec_driver_sql(
        f"CREATE INDEX IF NOT EXISTS {_index_name(model_id, dimension)} ON vectors "
        f"USING hnsw ((embedding::halfvec({dimension})) halfvec_cosine_ops) "
        f"WHERE model_id = {quoted} AND dimension = {dimension}".replace("%", "%%")
    )


def is_indexed(connection: Connection, model_id: str, dimension: int) -> bool:
    """Whether an HNSW index covers every vector of the model; False on other databases."""
    if connection.dialect.name != "postgresql":
        return False
    query = text("SELECT to_regclass(:name)")
    if connection.execute(query, {"name": _index_name(model_id, dimension)}).scalar() is None:
        return False
    missing = (vectors.c.model_id == model_id) & vectors.c.embedding.is_(None)
    return connection.execute(select(vectors.c.sha256).where(missing).limit(1)).first() is None


def nearest_first(
    connection: Connection, statement: Select[Any], vector: NDArray[np.float32], limit: int
) -> Select[Any]:
    """Sort `statement` (over one model's vectors) by distance, and limit it to `limit` rows.

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


def _index_name(model_id: str, dimension: int) -> str:
    digest = hashlib.sha256(f"{model_id}:{dimension}".encode()).hexdigest()
    return f"vectors_hnsw_{digest[:16]}"
