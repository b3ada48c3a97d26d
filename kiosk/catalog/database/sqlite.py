"""SQLite as the catalogue's database: one file that survives a power cut."""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from kiosk.catalog.database.connections import Database, DialectOptions, compact_json
from kiosk.catalog.database.failures import explain, is_unwritable

FILE_NAME: Final = "catalogue.db"
BUSY_TIMEOUT_MS: Final = 15_000  # chosen: longer than the longest write, an import's batch
_JOURNAL_LIMIT_BYTES: Final = 32 * 2**20  # chosen: what the WAL file may keep on the disk


def open_sqlite(file: Path) -> Database:
    """Open the database in `file`, or make one without tables.

    Where it cannot be written, since the disk is full or write-protected, it is read all the
    same; each write tries anew.

    Raises:
        StorageError: the file is no database, or cannot be read.
    """
    engine = create_engine(
        f"sqlite:///{file}",
        connect_args={"check_same_thread": False, "timeout": BUSY_TIMEOUT_MS / 1000},
        pool_size=8,
        max_overflow=56,
        json_serializer=compact_json,
        json_deserializer=_lenient_json,
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    reader = create_engine(
        "sqlite://",
        creator=lambda: _connect_to_read(file),
        poolclass=NullPool,  # for one transaction: writers may be back for the next
        json_serializer=compact_json,
        json_deserializer=_lenient_json,
    )
    event.listen(reader, "begin", _begin)
    options = DialectOptions(write_options={"shelflens_write": True})
    database = Database(engine, str(file), options, reader)
    try:
        with database.explained():
            try:
                _enter_wal(engine)
            except (DBAPIError, sqlite3.Error) as error:
                if not is_unwritable(error) or not file.exists() or not file.stat().st_size:
                    raise
    except BaseException:
        database.close()
        raise
    return database


def copy_database(source: Path, target: Path) -> None:
    """Copy a database at one moment, in one transaction; both may be in use.

    Raises:
        StorageError: the disk is full, or a file cannot be used.
    """
    try:
        with closing(_connect_to_copy(source)) as read:
            try:
                with closing(sqlite3.connect(target)) as write:
                    _prepare(write, None)
                    read.backup(write)
            except sqlite3.Error as error:
                raise explain(error, str(target)) from error
    except sqlite3.Error as error:
        raise explain(error, str(source)) from error


def _connect_to_copy(file: Path) -> sqlite3.Connection:
    existing = f"{file.resolve().as_uri()}?mode=rw"  # plainly, a missing one would be made
    connection = sqlite3.connect(existing, uri=True)
    try:
        _prepare(connection, None)
    except sqlite3.Error as error:
        connection.close()
        if not file.exists() or not is_unwritable(error):
            raise
        return _connect_to_read(file)
    return connection


def _lenient_json(text: str) -> Any:
    """Decode JSON; damaged text is an empty object: one row shall not hide all others."""
    try:
        return json.loads(text)
    except (ValueError, TypeError, RecursionError):
        return {}


def _lenient_text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    # The driver would begin transactions late and as readers; _begin does it instead.
    connection.isolation_level = None
    connection.text_factory = _lenient_text
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
    connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").close()  # opens the file for good


def _connect_to_read(file: Path) -> sqlite3.Connection:
    """Open a database without a write of any kind, not even of SQLite's `-shm` file."""
    address = f"{file.resolve().as_uri()}?mode=ro"
    if (log := file.with_name(f"{file.name}-wal")).exists() and log.stat().st_size:
        connection = sqlite3.connect(address, uri=True, check_same_thread=False)
    else:  # nobody has written since the file was closed
        immutable = f"{address}&immutable=1"
        connection = sqlite3.connect(immutable, uri=True, check_same_thread=False)
    connection.isolation_level = None
    connection.text_factory = _lenient_text
    return connection


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
