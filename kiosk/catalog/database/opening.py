"""Open the database of a catalogue, at the newest schema."""

from __future__ import annotations

from pathlib import Path

from kiosk.catalog.database.connections import Database
from kiosk.catalog.database.migrations import STEPS, migrate, version_of
from kiosk.catalog.database.postgres import is_server_url, open_postgres
from kiosk.catalog.database.sqlite import FILE_NAME, open_sqlite
from kiosk.files import make_private, storage_errors

PRIVATE = 0o700  # folders made here are their owner's alone


def open_database(db: str | Path, folder: Path) -> Database:
    """Open the server `postgresql://...`, or else the file in `folder`; make what is missing.

    `folder` gets a folder for photos in either case.

    Raises:
        StorageError: the folder cannot be made or written; the server is away.
        CatalogError: a newer Shelflens, or another program, wrote the database.
        ConfigError: the server's address is not readable, or its driver is missing.
    """
    if is_server_url(str(db)):
        database = open_postgres(str(db))
    else:
        _make_folders(folder)
        for file in {folder / FILE_NAME, *folder.glob(f"{FILE_NAME}-*")}:
            make_private(file)  # SQLite gives its other files the mode of the first
        database = open_sqlite(folder / FILE_NAME)
    try:
        if not _is_newest(database):
            with database.change_schema() as connection:
                migrate(connection)
        _make_folders(folder)  # only now: a server that is away leaves nothing behind
    except BaseException:
        database.close()
        raise
    return database


def _is_newest(database: Database) -> bool:
    """Whether nothing is to be migrated: a catalogue that cannot be written is read as it is."""
    with database.read() as connection:
        return version_of(connection) == len(STEPS)


def _make_folders(folder: Path) -> None:
    with storage_errors(f"The catalogue cannot be kept in {folder}"):
        folder.mkdir(PRIVATE, parents=True, exist_ok=True)
        (folder / "photos").mkdir(PRIVATE, exist_ok=True)
