"""Transactions on one database: many readers, and one writer at a time."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, TimeoutError

from kiosk.catalog.database.failures import explain


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

    def __init__(self, engine: Engine, where: str, options: DialectOptions) -> None:
        self.engine = engine
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
        return self._transaction(self._options.read_options, "")

    def write(self) -> AbstractContextManager[Connection]:
        """Open the only transaction that writes; durable once its block ends."""
        return self._write(self._options.lock_writer)

    def change_schema(self) -> AbstractContextManager[Connection]:
        """As `write`, also where there are no tables yet."""
        return self._write(self._options.lock_schema)

    def refresh(self, *, at_once: bool = False) -> None:
        """Do nothing: only a copy can be behind."""

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Turn the driver's errors into StorageError, or into BugError if they are ours."""
        try:
            yield
        except (DBAPIError, TimeoutError, sqlite3.Error) as error:
            raise explain(error, self.where) from error

    @contextmanager
    def _write(self, lock: str) -> Iterator[Connection]:
        options = self._options.write_options
        with self._writer, self._transaction(options, lock) as connection:
            yield connection

    @contextmanager
    def _transaction(self, options: Mapping[str, Any], first: str) -> Iterator[Connection]:
        with self.explained(), self.engine.connect() as plain:
            connection = plain.execution_options(**options)
            with connection.begin():
                if first:
                    connection.execute(text(first))
                yield connection


def compact_json(value: Any) -> str:
    """Encode JSON as the database keeps it: readable in every script."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
