"""SQLite as the catalogue's database: one file that survives a power cut."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, create_engine, event

from kiosk.catalog.database.connections import Database, DialectOptions, compact_json
from kiosk.catalog.database.failures import explain

FILE_NAME: Final = "catalogue.db"
BUSY_TIMEOUT_MS: Final = 15_000  # chosen: longer than the longest write, an import's batch
_JOURNAL_LIMIT_BYTES: Final = 32 * 2**20  # chosen: what the WAL file may keep on the disk


def open_sqlite(file: Path) -> Database:
    """Open the database in `file`, or make one without tables.

    Raises:
        StorageError: the file is no database, or cannot be read and written.
    """
    engine = create_engine(
        f"sqlite:///{file}",
        connect_args={"check_same_thread": False, "timeout": BUSY_TIMEOUT_MS / 1000},
        pool_size=8,
        max_overflow=56,
        json_serializer=compact_json,
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    database = Database(engine, str(file), DialectOptions(write_options={"shelflens_write": True}))
    try:
        with database.explained():
            _enter_wal(engine)
    except BaseException:
        database.close()
        raise
    return database


def copy_database(source: Path, target: Path) -> None:
    """Copy a database at one moment, in one transaction; both may be in use.

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
                _prepare(connection, None)
            read.backup(write)
    except sqlite3.Error as error:
        raise explain(error, str(target)) from error


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    # The driver would begin transactions late and as readers; _begin does it instead.
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


def _begin(connection: Connection) -> None:
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
