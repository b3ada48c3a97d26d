"""A local copy of a server's catalogue, which answers alone while the server is away.

Everything is read from the copy, so that a kiosk goes on when the network does not. Changes
go to the server; the copy takes over from there, by revision.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from kiosk.catalog import revisions
from kiosk.catalog.database.connections import Database
from kiosk.catalog.database.opening import open_database
from kiosk.catalog.database.postgres import is_server_url
from kiosk.catalog.key_values import all_values
from kiosk.catalog.store import CatalogStore
from kiosk.catalog.transfer.copying import copy_changes, copy_rows, copy_values
from kiosk.errors import StorageError
from kiosk.resources import local_folder

PATIENCE_S: Final = 2.0  # chosen: what a person at the screen can wait
POLL_S: Final = 1.0  # chosen: a change made elsewhere shows within about a second


def open_catalogue(db: str | Path, *, cache_dir: Path | None = None) -> CatalogStore:
    """Open the catalogue of a folder, or for `postgresql://...` a local copy that follows it.

    Raises:
        StorageError: the folder cannot be used, or the server is away at the first start.
        CatalogError, ConfigError: see `open_database`.
    """
    if not is_server_url(str(db)):
        return CatalogStore.open(db)
    folder = cache_dir or local_folder(db)
    replica = ReplicatedDatabase(open_database(folder, folder), str(db), folder)
    try:
        replica.start()
    except BaseException:
        replica.close()
        raise
    return CatalogStore(replica, folder)


class ReplicatedDatabase:
    """The `CatalogDatabase` of a copy: `read` answers from it, `write` changes the server."""

    is_sqlite = True

    def __init__(self, copy: Database, url: str, folder: Path) -> None:
        self.fault = ""
        self._copy = copy
        self._url = url
        self._folder = folder
        self._server: Database | None = None
        self._catching_up = threading.RLock()
        self._next_poll = 0.0

    @property
    def origin(self) -> Database:
        """The server, connected to when it is first needed.

        Raises:
            StorageError: the server is away.
        """
        if self._server is not None:
            return self._server
        with self._catching_up:
            if self._server is None:
                self._server = open_database(self._url, self._folder)
            return self._server

    def read(self) -> AbstractContextManager[Connection]:
        """See `CatalogDatabase.read`."""
        return self._copy.read()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """See `CatalogDatabase.write`.

        Raises:
            StorageError: the server is away.
        """
        with self.origin.write() as connection:
            yield connection
        try:
            self.catch_up()
        except StorageError as error:  # what was written is written
            self.fault = str(error)

    def write_local(self) -> AbstractContextManager[Connection]:
        """See `CatalogDatabase.write_local`."""
        return self._copy.write()

    def refresh(self, *, at_once: bool = False) -> None:
        """See `CatalogDatabase.refresh`; while the server is away, `fault` says so.

        A server that is known to be away is asked once a second even `at_once`, since each
        question may wait for `CONNECT_TIMEOUT_S`. Nobody waits long for another thread's question.
        """
        if not self._catching_up.acquire(timeout=0.0 if self.fault else PATIENCE_S):
            return
        try:
            if time.monotonic() < self._next_poll and (self.fault or not at_once):
                return
            try:
                self.catch_up()
            except StorageError as error:
                self.fault = str(error)
            self._next_poll = time.monotonic() + POLL_S
        finally:
            self._catching_up.release()

    def start(self) -> None:
        """Catch up; without a server, begin with what the copy has.

        Raises:
            StorageError: the server is away and there is no copy yet.
        """
        try:
            self.catch_up()
        except StorageError as error:
            with self._copy.read() as connection:
                if revisions.current_revision(connection) == 0:
                    raise
            self.fault = str(error)

    def catch_up(self) -> None:
        """Take over what changed on the server.

        Raises:
            StorageError: the server is away; the copy stays as it is.
        """
        with self._catching_up:
            with self.origin.read() as source:
                self._copy_from(source)
            self.fault = ""

    def close(self) -> None:
        """Close the connections to the copy and to the server."""
        with self._catching_up:
            if self._server is not None:
                self._server.close()
        self._copy.close()

    def _copy_from(self, source: Connection) -> None:
        theirs, values = revisions.current_revision(source), all_values(source)
        with self._copy.read() as connection:
            ours = revisions.current_revision(connection)
            if (theirs, values) == (ours, all_values(connection)):
                return
        changes = revisions.changes_since(source, ours) if 0 < ours <= theirs else None
        with self._copy.write() as target:
            if changes is None:
                copy_rows(source, target)
                revisions.invalidate_readers(target, theirs)
            else:
                copy_values(source, target)
                copy_changes(source, target, changes.skus)
                revisions.set_revision(target, theirs)
