"""Transactions: many readers, and one writer at a time."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, TypeVar

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, InvalidRequestError, TimeoutError

from kiosk.catalog.database.damage import damage
from kiosk.catalog.database.failures import damaged, explain, is_unwritable
from kiosk.errors import BugError

T = TypeVar("T")
PORTION: Final = 500  # half of 999, the smallest limit on bound values that SQLite was built with


@dataclass(frozen=True, slots=True)
class DialectOptions:
    """How one kind of database is asked for a consistent reader and for the only writer."""

    read_options: Mapping[str, Any] = field(default_factory=dict)
    write_options: Mapping[str, Any] = field(default_factory=dict)
    lock_writer: str = ""
    lock_schema: str = ""


class Database:
    """Connections, and errors a person can act upon.

    Threads may share it. Writers of all processes take turns.
    """

    fault: Final = ""  # it is no copy that could be behind

    def __init__(
        self, engine: Engine, where: str, options: DialectOptions, reader: Engine | None = None
    ) -> None:
        """`reader` writes nothing at all, and reads where `engine` cannot be opened."""
        self.engine = engine
        self._reader = reader
        self.where = where
        self._options = options
        self._writer = threading.Lock()

    @property
    def origin(self) -> Database:
        """This database itself: it is no copy of another."""
        return self

    @property
    def is_sqlite(self) -> bool:
        """Whether this is a file rather than a server."""
        return self.engine.dialect.name == "sqlite"

    def read(self) -> AbstractContextManager[Connection]:
        """Open a transaction that sees one consistent state for its whole block."""
        return self._read()

    def write(self) -> AbstractContextManager[Connection]:
        """Open the only transaction that writes; durable once its block ends."""
        return self._write(self._options.lock_writer)

    def write_local(self) -> AbstractContextManager[Connection]:
        """As `write`: this database is no copy."""
        return self.write()

    def change_schema(self) -> AbstractContextManager[Connection]:
        """As `write`, also where there are no tables yet."""
        return self._write(self._options.lock_schema)

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Do the block's work in one process at a time; yield False while another is at it.

        The server forgets who it was when the process ends or its connection is cut.
        """
        if self.is_sqlite:
            yield True
            return
        # A row lock rather than an advisory one: databases that speak PostgreSQL have it too.
        # No snapshot is held meanwhile: making an index waits for those that are older.
        query = text("SELECT 1 FROM facts WHERE key = 'maintenance' FOR UPDATE SKIP LOCKED")
        with self.explained(), self.engine.connect() as connection, connection.begin():
            yield connection.execute(query).first() is not None

    def refresh(self, *, at_once: bool = False) -> None:
        """Do nothing: only a copy can be behind."""

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()
        if self._reader is not None:
            self._reader.dispose()

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Turn the driver's errors into StorageError, or into BugError if they are ours.

        What only a damaged file can hold is said to be that, too.
        """
        try:
            yield
        except (DBAPIError, TimeoutError, sqlite3.Error) as error:
            said = explain(error, self.where)
            if isinstance(said, BugError) and self._is_damaged():
                raise damaged(self.where) from error
            raise said from error
        except (ValueError, TypeError, ArithmeticError, LookupError, InvalidRequestError) as error:
            if self._is_damaged():
                raise damaged(self.where) from error
            raise

    def _is_damaged(self) -> bool:
        if self._reader is None:
            return False
        with self._reader.connect() as connection:
            return bool(damage(connection))

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        with self.explained(), self._connect_to_read() as plain:
            connection = plain.execution_options(**self._options.read_options)
            with connection.begin():
                yield connection

    def _connect_to_read(self) -> Connection:
        try:
            return self.engine.connect()
        except (DBAPIError, sqlite3.Error) as error:
            if self._reader is None or not is_unwritable(error):
                raise
            return self._reader.connect()

    @contextmanager
    def _write(self, lock: str) -> Iterator[Connection]:
        with self._writer, self.explained(), self.engine.connect() as plain:
            connection = plain.execution_options(**self._options.write_options)
            with connection.begin():
                if lock:
                    connection.execute(text(lock))
                yield connection


class CatalogDatabase(Protocol):
    """Transactions on a catalogue. Every change goes through `write`, there is no other way.

    All methods raise StorageError where a database cannot be used.
    """

    @property
    def is_sqlite(self) -> bool:
        """Whether `read` answers from an SQLite file."""

    @property
    def origin(self) -> Database:
        """The database that `write` changes; of a copy, the server."""

    @property
    def fault(self) -> str:
        """Why a copy may be behind its server, in a sentence; empty when all is well."""

    def read(self) -> AbstractContextManager[Connection]:
        """Open a transaction on one consistent state; of the copy where there is one."""

    def write(self) -> AbstractContextManager[Connection]:
        """Open a transaction on `origin`; once it ends it is durable, and `read` sees it."""

    def write_local(self) -> AbstractContextManager[Connection]:
        """As `write`, on what `read` sees; for what a copy makes itself, never for changes."""

    def refresh(self, *, at_once: bool = False) -> None:
        """Bring a copy up to date, at most once a second unless `at_once`."""

    def close(self) -> None:
        """Close every connection."""


class Repository:
    """A part of the catalogue; every method may be called from any thread."""

    def __init__(self, database: CatalogDatabase) -> None:
        self._database = database


def portions(items: Sequence[T], size: int = PORTION) -> Iterator[Sequence[T]]:
    """Yield consecutive slices of at most `size` items."""
    return (items[start : start + size] for start in range(0, len(items), size))


def compact_json(value: Any) -> str:
    """Encode JSON as the database keeps it: readable in every script."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
