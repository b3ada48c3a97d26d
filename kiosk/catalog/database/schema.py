"""The tables, the same for SQLite and PostgreSQL.

    products ──< photos >── pictures ──< vectors, features

A picture is one JPEG, named by its content; a photo says that it shows a product. A
vector belongs to a picture and a model. `revision` on a product is the catalogue's
revision at its last change, of its own row, photos or vectors.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.types import TypeEngine, UserDefinedType


class _LenientDateTime(sqlite.DATETIME):
    """None for a text that is no time: one damaged row shall not hide all others."""

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        strict = super().result_processor(dialect, coltype)

        def read(value: Any) -> Any:
            try:
                return strict(value) if strict else value
            except (ValueError, TypeError):
                return None

        return read


class UtcDateTime(TypeDecorator[datetime]):
    """Aware datetimes in and out, stored in UTC; SQLite would lose the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name != "sqlite":
            return dialect.type_descriptor(self.impl_instance)
        return dialect.type_descriptor(_LenientDateTime())  # type: ignore[no-untyped-call]

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        return aware.astimezone(UTC)  # type: ignore[no-any-return]


class JsonObject(TypeDecorator[dict[str, Any]]):
    """JSON; on PostgreSQL JSONB, whose module no other database has to load."""

    impl = JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name != "postgresql":
            return dialect.type_descriptor(JSON())
        from sqlalchemy.dialects.postgresql import JSONB

        return dialect.type_descriptor(JSONB())


class HalfVector(UserDefinedType[NDArray[np.float32]]):
    """pgvector's `halfvec`: enough to find neighbours, half the memory; SQLite keeps none."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "halfvec"

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], str | None]:  # noqa: ARG002
        def write(vector: NDArray[np.float32] | None) -> str | None:
            return None if vector is None else "[" + ",".join(f"{x:.6g}" for x in vector) + "]"

        return write


metadata = MetaData()
_SHA = String(64)
# One order of names and SKUs everywhere, whatever the server's language.
_KEY = Text().with_variant(Text(collation="C"), "postgresql")
SERIAL = BigInteger().with_variant(Integer, "sqlite")  # only INTEGER becomes SQLite's rowid

facts = Table(
    "facts",
    metadata,
    Column("key", String(100), primary_key=True),
    Column("number", BigInteger, nullable=False),
)
"""schema_version, revision, the revision of the last purge; `maintenance` is a row to lock."""

products = Table(
    "products",
    metadata,
    Column("id", SERIAL, primary_key=True, autoincrement=True),
    Column("sku", _KEY, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("price_minor", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("category", _KEY, nullable=False, default=""),
    Column("description", Text, nullable=False, default=""),
    Column("barcode", Text, nullable=False, default=""),
    Column("active", Boolean, nullable=False, default=True),
    Column("metadata", JsonObject, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("deleted_at", UtcDateTime, nullable=True),
    Column("revision", BigInteger, nullable=False),
    Column("folded_name", _KEY, nullable=False),
    Column("folded_text", Text, nullable=False),
    Index("products_by_barcode", "barcode"),
    Index("products_by_category", "category"),
    Index("products_by_revision", "revision"),
)

pictures = Table(
    "pictures",
    metadata,
    Column("sha256", _SHA, primary_key=True),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("path", Text, nullable=True),
)
"""`path` is set while the picture lies in a synced folder instead of `photos/`."""

picture_data = Table(
    "picture_data",
    metadata,
    Column("sha256", _SHA, ForeignKey("pictures.sha256", ondelete="CASCADE"), primary_key=True),
    Column("jpeg", LargeBinary, nullable=False),
)
"""The bytes themselves, on a server that several machines share; empty in SQLite."""

photos = Table(
    "photos",
    metadata,
    Column("sku", _KEY, ForeignKey("products.sku", ondelete="CASCADE"), primary_key=True),
    Column("sha256", _SHA, ForeignKey("pictures.sha256"), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("quality", Float, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Index("photos_by_picture", "sha256"),
)

vectors = Table(
    "vectors",
    metadata,
    Column("model_id", String(200), primary_key=True),
    Column("sha256", _SHA, ForeignKey("pictures.sha256", ondelete="CASCADE"), primary_key=True),
    Column("dimension", Integer, nullable=False),
    Column("vector", LargeBinary, nullable=False),
    # Made by a migration, where there is pgvector: `system` keeps it out of CREATE TABLE.
    Column(
        "embedding",
        HalfVector().with_variant(LargeBinary(), "sqlite"),
        nullable=True,
        system=True,
    ),
    Index("vectors_by_picture", "sha256"),
)
"""`vector` is little-endian float32, L2-normalised, `dimension` numbers long; `embedding`
is the same at half precision, for a server that compares vectors itself."""

fits = Table(
    "fits",
    metadata,
    Column("model_id", String(200), primary_key=True),
    Column("recipe", String(64), primary_key=True),
    Column("revision", BigInteger, nullable=False),
    Column("fitted_at", UtcDateTime, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("data", LargeBinary, nullable=False),
)
"""The metric and confidence that all services on one server answer with, fitted at `revision`."""

features = Table(
    "features",
    metadata,
    Column("sha256", _SHA, ForeignKey("pictures.sha256", ondelete="CASCADE"), primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("version", String(100), nullable=False),
    Column("data", LargeBinary, nullable=False),
)
"""What a second look compares, of each machine's own making; `version` says what made it."""

values = Table(
    "key_values",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("value", Text, nullable=False),
)

synced_files = Table(
    "synced_files",
    metadata,
    Column("folder", _KEY, primary_key=True),
    Column("path", _KEY, primary_key=True),
    Column("size_bytes", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False, default=""),
    Column("sku", Text, nullable=False, default=""),
    Column("problem", Text, nullable=False, default=""),
)
"""What a synced folder held when it was last looked at; `problem` says why a file is out."""

taps = Table(
    "taps",
    metadata,
    Column("shown_sku", Text, primary_key=True),
    Column("chosen_sku", Text, primary_key=True),
    Column("count", BigInteger, nullable=False),
    Column("last_at", UtcDateTime, nullable=False),
)
"""What customers corrected; `chosen_sku` is empty for "none of these"."""

code_requests = Table(
    "code_requests",
    metadata,
    Column("code", _KEY, primary_key=True),
    Column("count", BigInteger, nullable=False),
    Column("last_at", UtcDateTime, nullable=False),
)
"""Product numbers that were asked for and are not in the catalogue."""
