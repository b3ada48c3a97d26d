"""One sync at a time, in whatever process; a killed one leaves no lock behind."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from kiosk.errors import CatalogError


@contextmanager
def only_one(file: Path) -> Iterator[None]:
    """Hold `file`; SQLite's lock on it is the one that every system releases at a kill.

    Raises:
        CatalogError: another process or thread holds it.
    """
    with closing(sqlite3.connect(file, timeout=0, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise CatalogError(
                "Another sync of this catalogue is running.",
                next_step="Wait until it has ended, or stop it.",
            ) from error
        yield
