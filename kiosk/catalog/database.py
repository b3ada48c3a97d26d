"""One database behind two doors: many readers, and one writer at a time."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, TimeoutError

from kiosk.catalog.failures import explain

FILE_NAME: Final = "catalogue.db"
BUSY_TIMEOUT_MS: Final = 15_000
_JOURNAL_LIMIT_BYTES: Final = 32 * 2**20


class Database:
    """Connections with our pragmas, and errors a person can act upon.

    Threads may share it. `read` sees one consistent state for its whole block; `write`
    is atomic and durable once its block ends.
    """

    def __init__(self, engine: Engine, where: str) -> None:
        self.engine = engine
        self.where = where
        self._writer = threading.Lock()

    @classmethod
    def sqlite(cls, file: Path) -> Database:
        engine = create_engine(
            f"sqlite:///{file}",
            connect_args={"check_same_thread": False, "timeout": BUSY_TIMEOUT_MS / 1000},
            pool_size=8,
            max_overflow=56,
            json_serializer=_compact_json,
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        database = cls(engine, str(file))
        with database._explained():
            _enter_wal(engine)
        return database

    @contextmanager
    def read(self) -> Iterator[Connection]:
        with self._explained(), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        with self._writer, self._explained(), self.engine.connect() as plain:
            connection = plain.execution_options(shelflens_write=True)
            with connection.begin():
                yield connection

    def close(self) -> None:
        self.engine.dispose()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, TimeoutError, sqlite3.Error) as error:
            raise explain(error, self.where) from error


def copy_database(source: Path, target: Path) -> None:
    """Copy a SQLite database at one moment, in one transaction; both may be in use.

    Raises:
        StorageError: the disk is full, or a file cannot be used.
    """
    existing = f"{source.resolve().as_uri()}?mode=rw"  # plainly, a missing one would be made
    try:
        with (
            closing(sqlite3.connect(existing, uri=True)) as read,
            closing(sqlite3.connect(target)) as write,
        ):
            for connection in (read, write):
                _prepare_sqlite(connection, None)
            read.backup(write)
    except sqlite3.Error as error:
        raise explain(error, str(target)) from error


def _compact_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver would begin transactions late and as readers; _begin_sqlite does it instead.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "foreign_keys=ON",
        "synchronous=FULL",
        "fullfsync=ON",  # on macOS, fsync alone leaves the data in the drive's cache
        "checkpoint_fullfsync=ON",
        f"journal_size_limit={_JOURNAL_LIMIT_BYTES}",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("shelflens_write", False)
    # Deferred, a reader turning writer may fail at once with "locked", without waiting.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _enter_wal(engine: Engine) -> None:
    """Switch to write-ahead logging; the switch itself does not wait for other openers."""
    deadline = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        connection = engine.raw_connection()
        try:
            connection.cursor().execute("PRAGMA journal_mode=WAL").close()
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        finally:
            connection.close()
