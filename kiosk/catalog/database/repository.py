"""The database as the parts of a catalogue see it: a file, a server, or a copy of a server."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from sqlalchemy import Connection

from kiosk.catalog.database.connections import Database


class CatalogDatabase(Protocol):
    """Transactions on a catalogue. Every change goes through `write`, there is no other way.

    All methods raise StorageError where a database cannot be used.
    """

    @property
    def is_sqlite(self) -> bool:
        """Whether `read` answers from an SQLite file."""
        ...

    @property
    def origin(self) -> Database:
        """The database that `write` changes; of a copy, the server."""
        ...

    @property
    def fault(self) -> str:
        """Why a copy may be behind its server, in a sentence; empty when all is well."""
        ...

    def read(self) -> AbstractContextManager[Connection]:
        """Open a transaction on one consistent state; of the copy where there is one."""
        ...

    def write(self) -> AbstractContextManager[Connection]:
        """Open a transaction on `origin`; once it ends it is durable, and `read` sees it."""
        ...

    def refresh(self, *, at_once: bool = False) -> None:
        """Bring a copy up to date, at most once a second unless `at_once`."""
        ...

    def close(self) -> None:
        """Close every connection."""
        ...


class Repository:
    """A part of the catalogue; every method may be called from any thread."""

    def __init__(self, database: CatalogDatabase) -> None:
        self._database = database
