"""All collections of a shop's database."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from kiosk.catalog import NewVector, VectorRow, VectorRows
from kiosk.vectorstore.collection import Collection, UnknownVectorError, UnusableVectorError
from kiosk.vectorstore.server_collection import ServerCollection

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")


class Collections:
    """Opens each collection at its first use; indexes lie in `folder`, one folder each.

    Where the database compares vectors itself, nothing is kept, and `folder` is not used.
    """

    def __init__(self, rows: VectorRows, folder: Path) -> None:
        self._rows = rows
        self._folder = folder
        self._lock = threading.Lock()
        self._open: dict[str, Collection] = {}
        self._on_server = False

    def sizes(self) -> dict[str, tuple[int, int]]:
        """Dimension and number of vectors of each."""
        return self._rows.collections()

    def get(self, name: str) -> Collection | ServerCollection | None:
        """The collection, or None while nothing was stored in it."""
        if not NAME.fullmatch(name):
            raise UnknownVectorError(f"collection {name[:60]!r}")
        self._on_server = self._on_server or self._rows.on_server
        if self._on_server:
            stored = self._rows.find(name)
            return None if stored is None else ServerCollection(self._rows, stored)
        with self._lock:
            stored = self._rows.find(name)
            if stored is None:
                self._open.pop(name, None)  # another server may have dropped it
                return None
            if name not in self._open:
                self._open[name] = Collection(self._rows, stored, self._folder / name)
            return self._open[name]

    def opened(self, name: str) -> Collection | None:
        """The collection if it is open already; does not wait for anything."""
        return self._open.get(name)

    def require(self, name: str) -> Collection | ServerCollection:
        """Raises UnknownVectorError while there is none of that name."""
        found = self.get(name)
        if found is None:
            raise UnknownVectorError(f"collection {name!r}")
        return found

    def add(self, name: str, new: Sequence[NewVector]) -> list[VectorRow]:
        """Store vectors in a collection that need not exist yet.

        Raises:
            UnusableVectorError: a vector has no direction.
            CatalogError: a vector has another dimension than the others.
        """
        for item in new:
            if not np.isfinite(item.vector).all() or not np.any(item.vector):
                raise UnusableVectorError("A vector needs finite numbers, not all of them 0.")
        collection = self.get(name)
        return self._rows.add(name, new) if collection is None else collection.add(new)

    def drop(self, name: str) -> None:
        """Delete a collection with everything in it."""
        collection = self.require(name)
        with self._lock:
            self._open.pop(name, None)
            self._rows.drop(name)
        if isinstance(collection, Collection):
            collection.close()
        shutil.rmtree(self._folder / name, ignore_errors=True)

    def close(self) -> None:
        with self._lock:
            for collection in self._open.values():
                collection.close()
