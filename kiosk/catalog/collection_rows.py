"""Collections of vectors that belong to no product, such as the photos of an event.

    vector_collections ──< collection_vectors

Each collection has one dimension. Its rows are numbered from 0 in the order they were
committed, by whichever server, and a number is never used again. A collection that is dropped
and made anew, or brought back by a backup, has another identity: what a server remembers of
the former rows says nothing of these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from secrets import token_hex
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Select,
    String,
    Table,
    Text,
    func,
    inspect,
    select,
    text,
    update,
)

from kiosk.catalog.database import pgvector
from kiosk.catalog.database.connections import Database, portions
from kiosk.catalog.database.schema import SERIAL, HalfVector
from kiosk.catalog.validation import storable
from kiosk.errors import CatalogError

BLOCK = 1000  # rows read at once; chosen, 5 MB of 1,280 numbers each
_STORED = np.dtype("<f4")
_UNSHOWN = ("collection", "vector", "embedding")

tables = MetaData()
collections = Table(
    "vector_collections",
    tables,
    Column("name", String(60), primary_key=True),
    Column("dimension", Integer, nullable=False),
    Column("next_row", BigInteger, nullable=False, default=0),
    Column("identity", String(32), nullable=False, server_default=""),
)
vectors = Table(
    "collection_vectors",
    tables,
    Column("id", SERIAL, primary_key=True, autoincrement=True),
    Column(
        "collection",
        String(60),
        ForeignKey("vector_collections.name", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("row", BigInteger, nullable=False),
    Column("filename", Text, nullable=False),
    Column("file_path", Text, nullable=False),
    Column("event_code", Text, nullable=False),
    Column("metadata", JSON, nullable=False),
    Column("vector", LargeBinary, nullable=False),
    # As that of the catalogue's vectors.
    Column("embedding", HalfVector(), nullable=True, system=True),
    Index("collection_vectors_by_row", "collection", "row", unique=True),
    Index("collection_vectors_by_event", "collection", "event_code"),
    sqlite_autoincrement=True,
)


@dataclass(frozen=True, slots=True)
class StoredCollection:
    """A collection as it was made once; another of the same name has another `identity`."""

    name: str
    dimension: int
    identity: str


@dataclass(frozen=True, slots=True)
class NewVector:
    """A vector to store, float32 (dimension,), and what is said about it."""

    vector: NDArray[np.float32]
    filename: str = ""
    file_path: str = ""
    event_code: str = ""
    metadata: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class VectorRow:
    """What is stored beside a vector; `row` numbers it within its collection."""

    id: int
    row: int
    filename: str
    file_path: str
    event_code: str
    metadata: Mapping[str, object]


class VectorRows:
    """The rows of all collections; every method may be called from any thread."""

    def __init__(self, connect: Callable[[], Database]) -> None:
        """`connect` returns the database, or raises StorageError while it is away."""
        self._connect = connect

    @property
    def _database(self) -> Database:
        return self._connect()

    def collections(self) -> dict[str, tuple[int, int]]:
        """Return dimension and number of vectors of each collection."""
        counted = (
            select(collections.c.name, collections.c.dimension, func.count(vectors.c.id))
            .outerjoin_from(collections, vectors)
            .group_by(collections.c.name)
            .order_by(collections.c.name)
        )
        with self._database.read() as connection:
            found = connection.execute(counted)
            return {name: (dimension, number) for name, dimension, number in found}

    def find(self, name: str) -> StoredCollection | None:
        """Return the collection of this name, None without any."""
        with self._database.read() as connection:
            return _find(connection, name)

    def add(self, name: str, new: Sequence[NewVector]) -> list[VectorRow]:
        """Store vectors, all or none; the first one makes the collection.

        Raises:
            CatalogError: a vector has another dimension than the collection.
        """
        with self._database.write() as connection:
            found = _find(connection, name)
            if found is None:
                found = StoredCollection(name, len(new[0].vector), token_hex(16))
                connection.execute(collections.insert().values(**asdict(found)))
            _check_dimensions(name, found.dimension, new)
            # This update also locks the collection, so that rows become visible in order.
            numbered = (
                collections.update()
                .where(collections.c.name == name)
                .values(next_row=collections.c.next_row + len(new))
                .returning(collections.c.next_row)
            )
            first = connection.execute(numbered).scalar_one() - len(new)
            copies = pgvector.has_embeddings(connection, vectors)
            return [
                _insert(connection, name, row, item, copies=copies)
                for row, item in enumerate(new, start=first)
            ]

    def by_row(self, collection: StoredCollection, rows: Sequence[int]) -> dict[int, VectorRow]:
        """Return what is stored beside the vectors of these rows; deleted ones are left out."""
        found: dict[int, VectorRow] = {}
        with self._database.read() as connection:
            for portion in portions([int(row) for row in rows]):
                chosen = vectors.c.row.in_(portion)
                statement = _described().where(*_of(collection), chosen)
                for line in connection.execute(statement).mappings():
                    found[line["row"]] = VectorRow(**line)
        return found

    def by_id(self, name: str, key: int) -> VectorRow | None:
        """Return what is stored beside the vector of this id; None if there is none."""
        chosen = _described().where(vectors.c.collection == name, vectors.c.id == key)
        with self._database.read() as connection:
            line = connection.execute(chosen).mappings().first()
        return None if line is None else VectorRow(**line)

    def matching(
        self,
        collection: StoredCollection,
        *,
        event_code: str | None,
        metadata: Mapping[str, str],
    ) -> list[int]:
        """Return the rows with this event code and these metadata, ascending.

        Raises:
            CatalogError: the name of a field holds a quote.
        """
        conditions = self._matching(collection, event_code, metadata)
        if conditions is None:
            return []
        query = select(vectors.c.row).where(*conditions).order_by(vectors.c.row)
        with self._database.read() as connection:
            return list(connection.execute(query).scalars())

    def _matching(
        self, collection: StoredCollection, event_code: str | None, metadata: Mapping[str, str]
    ) -> list[ColumnElement[bool]] | None:
        """Return the conditions of `matching`; None where no row can meet them."""
        if not all(map(storable, (event_code or "", *metadata, *metadata.values()))):
            return None
        conditions = _of(collection)
        if event_code is not None:
            conditions.append(vectors.c.event_code == event_code)
        return conditions + [self._has_metadata(key, value) for key, value in metadata.items()]

    def _has_metadata(self, key: str, value: str) -> ColumnElement[bool]:
        """Return the condition that a field of the metadata, as text, is `value`."""
        if '"' in key:  # SQLite's JSON paths cannot quote a quote
            raise CatalogError(f"Nothing can be filtered by {key!r}.", next_step="Drop the quote.")
        as_text: ColumnElement[bool] = vectors.c.metadata[key].as_string() == value
        if self._database.is_sqlite and value in ("true", "false"):
            return as_text | (func.json_type(vectors.c.metadata, f'$."{key}"') == value)
        return as_text

    def read(
        self, collection: StoredCollection, since: int = 0
    ) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]:
        """Yield row numbers (n,) and vectors (n, dimension) from row `since` on, in blocks."""
        while True:
            query = (
                select(vectors.c.row, vectors.c.vector)
                .where(*_of(collection), vectors.c.row >= since)
                .order_by(vectors.c.row)
                .limit(BLOCK)
            )
            with self._database.read() as connection:
                lines = connection.execute(query).all()
            if not lines:
                return
            numbers = np.array([line.row for line in lines], np.int64)
            data = b"".join(line.vector for line in lines)
            yield numbers, np.frombuffer(data, _STORED).reshape(len(lines), -1)
            since = int(numbers[-1]) + 1

    def vectors(
        self, collection: StoredCollection, rows: Sequence[int]
    ) -> dict[int, NDArray[np.float32]]:
        """Return the stored vectors of these rows; deleted ones are left out."""
        found: dict[int, NDArray[np.float32]] = {}
        with self._database.read() as connection:
            for portion in portions(rows):
                query = select(vectors.c.row, vectors.c.vector).where(
                    *_of(collection), vectors.c.row.in_(portion)
                )
                lines = connection.execute(query)
                found |= {line.row: np.frombuffer(line.vector, _STORED) for line in lines}
        return found

    @property
    def on_server(self) -> bool:
        """Whether the database compares vectors itself."""
        database = self._database
        if database.is_sqlite:
            return False
        with database.read() as connection:
            return pgvector.has_embeddings(connection, vectors)

    def nearest(
        self,
        collection: StoredCollection,
        vector: NDArray[np.float32],
        top: int,
        *,
        event_code: str | None = None,
        metadata: Mapping[str, str],
    ) -> list[tuple[VectorRow, float]]:
        """Return the `top` rows nearest to `vector` (dimension,) of norm 1, with exact cosines.

        As `matching`, compared by the server; no filter makes it return fewer than there are.
        """
        conditions = self._matching(collection, event_code, metadata)
        if conditions is None:
            return []
        columns = *_described().selected_columns, vectors.c.vector
        with self._database.read() as connection:
            found = pgvector.nearest_first(
                connection, select(*columns).where(*conditions), _space(collection), vector, top
            )
        hits = []
        for line in found:
            described = dict(line._mapping)
            stored = np.frombuffer(described.pop("vector"), _STORED)
            cosine = float(stored @ vector) / (float(np.linalg.norm(stored)) or 1.0)
            hits.append((VectorRow(**described), cosine))
        return sorted(hits, key=lambda hit: (-hit[1], hit[0].row))

    def index_vectors(self, collection: StoredCollection) -> bool:
        """Index a collection on the server, once it is large; return True if an index is new."""
        database, space = self._database, _space(collection)
        with database.read() as connection:
            many = select(vectors.c.id).where(space.condition).offset(pgvector.INDEXED_ROWS)
            is_due = connection.execute(many.limit(1)).first() is not None
            if not is_due or pgvector.is_indexed(connection, space):
                return False
        with database.alone() as mine:
            return mine and pgvector.make_index(database.engine, space)

    def delete(self, name: str, key: int) -> bool:
        """Delete one vector for good; False if there is none of that id."""
        with self._database.write() as connection:
            done = connection.execute(
                vectors.delete().where(vectors.c.collection == name, vectors.c.id == key)
            )
            return bool(done.rowcount)

    def drop(self, name: str) -> bool:
        """Delete a whole collection for good; False if there is none of that name."""
        with self._database.write() as connection:
            found = _find(connection, name)
            if found is not None and not self._database.is_sqlite:
                pgvector.drop_index(connection, _space(found))
            connection.execute(vectors.delete().where(vectors.c.collection == name))
            done = connection.execute(collections.delete().where(collections.c.name == name))
            return bool(done.rowcount)


def _check_dimensions(name: str, wanted: int, new: Sequence[NewVector]) -> None:
    for item in new:
        if item.vector.shape != (wanted,):
            raise CatalogError(
                f"The vectors of {name!r} have {wanted} numbers; this one has {len(item.vector)}.",
                next_step="Extract it with the same model as the others.",
            )


def renew_identities(connection: Connection) -> None:
    """Make every collection another than it was, for whoever remembers its rows."""
    for name in connection.execute(select(collections.c.name)).scalars().all():
        renewed = update(collections).where(collections.c.name == name)
        connection.execute(renewed.values(identity=token_hex(16)))


def migrate_tables(connection: Connection) -> None:
    """Make the tables, or give those of an earlier version their identities."""
    known = inspect(connection)
    if known.has_table(collections.name) and "identity" not in {
        column["name"] for column in known.get_columns(collections.name)
    }:
        column = "identity VARCHAR(32) NOT NULL DEFAULT ''"
        connection.execute(text(f"ALTER TABLE {collections.name} ADD COLUMN {column}"))
        renew_identities(connection)
    tables.create_all(connection)


def _find(connection: Connection, name: str) -> StoredCollection | None:
    query = select(*collections.c["name", "dimension", "identity"])
    row = connection.execute(query.where(collections.c.name == name)).mappings().first()
    return None if row is None else StoredCollection(**row)


def _space(collection: StoredCollection) -> pgvector.VectorSpace:
    name = pgvector.literal("name", collection.name)
    size = pgvector.literal("size", collection.dimension)
    # The dimension too: one of another that is made anew does not fit the former's index.
    condition = (vectors.c.collection == name) & (func.vector_dims(vectors.c.embedding) == size)
    return pgvector.VectorSpace(vectors, condition, collection.dimension)


def _of(collection: StoredCollection) -> list[ColumnElement[bool]]:
    """The conditions for a row of this very collection; one dropped meanwhile has none."""
    same = collections.c.name == collection.name, collections.c.identity == collection.identity
    return [
        vectors.c.collection == collection.name,
        select(collections.c.name).where(*same).exists(),
    ]


def _insert(
    connection: Connection, name: str, row: int, item: NewVector, *, copies: bool
) -> VectorRow:
    described: dict[str, Any] = {
        "row": row,
        "filename": item.filename,
        "file_path": item.file_path,
        "event_code": item.event_code,
        "metadata": dict(item.metadata),
    }
    data = np.ascontiguousarray(item.vector, _STORED).tobytes()
    copy = {"embedding": np.asarray(item.vector, np.float32)} if copies else {}
    statement = vectors.insert().values(collection=name, vector=data, **copy, **described)
    key = connection.execute(statement).inserted_primary_key
    assert key is not None
    return VectorRow(id=key[0], **described)


def _described() -> Select[Any]:
    return select(*(column for column in vectors.c if column.name not in _UNSHOWN))
