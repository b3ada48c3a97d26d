"""A local copy that follows a server: it answers alone while the server is away.

Everything is read from the copy, so that a kiosk goes on when the network does not.
Changes go to the server first; the copy takes over from there, by revision.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Concatenate, Final, ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray

from kiosk.catalog import products
from kiosk.catalog.database.connections import Database
from kiosk.catalog.database.postgres import is_server_url
from kiosk.catalog.photos import NewPhoto
from kiosk.catalog.products import Saved
from kiosk.catalog.store import DELETED_KEPT, CatalogStore, local_folder
from kiosk.catalog.sync.folder_scan import FileState
from kiosk.catalog.taps import Tap
from kiosk.catalog.transfer.copying import copy_changes, copy_rows
from kiosk.domain import Image, Photo, Product
from kiosk.errors import StorageError

POLL_S: Final = 1.0
_P = ParamSpec("_P")
_T = TypeVar("_T")


def open_catalogue(db: str | Path, *, cache_dir: Path | None = None) -> CatalogStore:
    """The catalogue of a folder, or for `postgresql://...` a local copy that follows it.

    Raises:
        StorageError: the folder cannot be used, or the server is away at the first start.
        CatalogError, ConfigError: see `CatalogStore.open`.
    """
    if not is_server_url(str(db)):
        return CatalogStore.open(db)
    folder = cache_dir or local_folder(db)
    local = CatalogStore.open(folder)
    try:
        following = ReplicatedCatalog(local._database, folder, str(db))
        following.start()
    except BaseException:
        local.close()
        raise
    return following


class ReplicatedCatalog(CatalogStore):
    """Reads from the copy, writes to the server. `fault` says why the copy may be behind."""

    def __init__(self, database: Database, folder: Path, url: str) -> None:
        super().__init__(database, folder)
        self.fault = ""
        self._url = url
        self._server: CatalogStore | None = None
        self._catching_up = threading.RLock()
        self._next_look = 0.0

    @property
    def database(self) -> Database:
        """The server's connections: tables beside the catalogue have no local copy.

        Raises:
            StorageError: the server is away.
        """
        return self._reach().database

    def start(self) -> None:
        """Catch up; without a server, begin with what the copy has.

        Raises:
            StorageError: the server is away and there is no copy yet.
        """
        try:
            self.catch_up()
        except StorageError as error:
            if super().revision() == 0:
                raise
            self.fault = str(error)

    def close(self) -> None:
        with self._catching_up:
            if self._server is not None:
                self._server.close()
        super().close()

    def catch_up(self) -> bool:
        """Take over what changed on the server; True if anything did.

        Raises:
            StorageError: the server is away; the copy stays as it is.
        """
        with self._catching_up:
            server = self._reach()
            with server._database.read() as source:
                there = products.fact(source, "revision")
                here = super().revision()
                if there == here:
                    self.fault = ""
                    return False
                changes = products.changes_since(source, here) if there > here else None
                with self._database.write() as target:
                    if changes is None or here == 0:
                        copy_rows(source, target)
                        products.leap(target, there)
                    else:
                        copy_changes(source, target, changes.skus)
                        products.set_revision(target, there)
            self.fault = ""
            return True

    def revision(self) -> int:
        """The copy's revision, after a look at the server (at most one a second)."""
        with self._catching_up:
            if time.monotonic() >= self._next_look:
                try:
                    self.catch_up()
                except StorageError as error:
                    self.fault = str(error)
                self._next_look = time.monotonic() + POLL_S
        return super().revision()

    def photo_path(self, sha256: str) -> Path:
        path = super().photo_path(sha256)
        if not path.is_file():
            try:
                return self._reach().photo_path(sha256)
            except StorageError as error:
                self.fault = str(error)
        return path

    def value(self, key: str) -> str | None:
        """A small setting from the server; from the copy while that is away."""
        try:
            value = self._reach().value(key)
        except StorageError as error:
            self.fault = str(error)
            return super().value(key)
        if value != super().value(key):
            super().put_values({key: value})
        return value

    # Changes: on the server, then here

    def put_products(self, items: Sequence[Product]) -> list[tuple[Product, Saved]]:
        return self._through(CatalogStore.put_products, items)

    def retire(self, sku: str) -> None:
        self._through(CatalogStore.retire, sku)

    def restore(self, sku: str) -> None:
        self._through(CatalogStore.restore, sku)

    def delete(self, sku: str) -> None:
        self._through(CatalogStore.delete, sku)

    def undo_delete(self, sku: str) -> None:
        self._through(CatalogStore.undo_delete, sku)

    def purge_deleted(self, older_than: timedelta = DELETED_KEPT) -> int:
        return self._through(CatalogStore.purge_deleted, older_than)

    def add_photo(self, sku: str, image: Image, *, quality: float = 1.0) -> Photo:
        return self._through(CatalogStore.add_photo, sku, image, quality=quality)

    def add_photo_bytes(self, sku: str, data: bytes, *, quality: float = 1.0) -> Photo:
        return self._through(CatalogStore.add_photo_bytes, sku, data, quality=quality)

    def link_photos(self, new: Sequence[NewPhoto]) -> list[bool]:
        return self._through(CatalogStore.link_photos, new)

    def remove_photo(self, sku: str, sha256: str) -> None:
        self._through(CatalogStore.remove_photo, sku, sha256)

    def set_cover(self, sku: str, sha256: str) -> None:
        self._through(CatalogStore.set_cover, sku, sha256)

    def put_vectors(self, model_id: str, items: Mapping[str, NDArray[np.float32]]) -> int:
        return self._through(CatalogStore.put_vectors, model_id, items)

    def put_values(self, settings: Mapping[str, str | None]) -> None:
        self._through(CatalogStore.put_values, settings)
        super().put_values(settings)

    def count_tap(self, shown_sku: str, chosen_sku: str | None) -> None:
        self._through(CatalogStore.count_tap, shown_sku, chosen_sku)

    def taps(self) -> list[Tap]:
        return self._reach().taps()

    def take_over(self, other: CatalogStore) -> None:
        self._through(CatalogStore.take_over, other)

    def synced_files(self, folder: str) -> dict[str, FileState]:
        return self._reach().synced_files(folder)

    def put_synced(
        self,
        folder: str,
        states: Mapping[str, FileState],
        before: Mapping[str, FileState],
        new: Sequence[NewPhoto],
        names: Mapping[str, str],
        model_id: str,
        items: Mapping[str, NDArray[np.float32]],
        currency: str,
    ) -> None:
        self._through(
            CatalogStore.put_synced, folder, states, before, new, names, model_id, items, currency
        )

    def forget_synced(self, folder: str, gone: Mapping[str, FileState]) -> None:
        self._through(CatalogStore.forget_synced, folder, gone)

    def _through(
        self,
        change: Callable[Concatenate[CatalogStore, _P], _T],
        *args: _P.args,
        **kwargs: _P.kwargs,
    ) -> _T:
        """Make a change on the server, then see it here."""
        result = change(self._reach(), *args, **kwargs)
        self.catch_up()
        return result

    def _reach(self) -> CatalogStore:
        """The server; its photos are cached in our own folder."""
        with self._catching_up:
            if self._server is None:
                self._server = CatalogStore.open(self._url, cache_dir=self.data_dir)
            return self._server
