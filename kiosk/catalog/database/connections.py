"""One database behind two doors: many readers, and one writer at a time."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

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

    Threads may share it. `read` sees one consistent state for its whole block; `write`
    is atomic and durable once its block ends. Writers of all processes take turns.
    """

    def __init__(self, engine: Engine, where: str, manners: DialectOptions) -> None:
        self.engine = engine
        self.where = where
        self._manners = manners
        self._writer = threading.Lock()

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        with self._transaction(self._manners.read_options, "") as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        manners = self._manners
        with (
            self._writer,
            self._transaction(manners.write_options, manners.lock_writer) as connection,
        ):
            yield connection

    @contextmanager
    def change_schema(self) -> Iterator[Connection]:
        """As `write`, also where there are no tables yet."""
        manners = self._manners
        with (
            self._writer,
            self._transaction(manners.write_options, manners.lock_schema) as connection,
        ):
            yield connection

    def close(self) -> None:
        self.engine.dispose()

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Turn the driver's errors into StorageError, or into BugError if they are ours."""
        try:
            yield
        except (DBAPIError, TimeoutError, sqlite3.Error) as error:
            raise explain(error, self.where) from error

    @contextmanager
    def _transaction(self, options: Mapping[str, Any], first: str) -> Iterator[Connection]:
        with self.explained(), self.engine.connect() as plain:
            connection = plain.execution_options(**options)
            with connection.begin():
                if first:
                    connection.execute(text(first))
                yield connection


def compact_json(value: Any) -> str:
    """JSON as the database keeps it: readable in every script."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
