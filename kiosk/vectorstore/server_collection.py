"""A collection that the database searches: nothing of it is held here."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from typing import Final

import numpy as np

from kiosk.catalog import NewVector, StoredCollection, VectorRow, VectorRows
from kiosk.domain import Vectors
from kiosk.errors import KioskError
from kiosk.vectors import duplicate_groups, l2_normalise
from kiosk.vectorstore.collection import (
    MAX_COMPARED,
    UnknownVectorError,
    UnusableVectorError,
    VectorFilters,
    VectorHit,
)

log = logging.getLogger(__name__)

INDEX_CHECKED_EVERY: Final = 1000  # rows added until it is asked whether an index is due; chosen


class ServerCollection:
    """One collection as it is stored; make it anew for each use, it costs nothing.

    When another service drops it meanwhile, it is empty.
    """

    index_kind = "server"
    manifest = None
    index_bytes = 0

    def __init__(self, rows: VectorRows, stored: StoredCollection) -> None:
        self.name = stored.name
        self.dimension = stored.dimension
        self._rows = rows
        self._stored = stored

    def add(self, new: Sequence[NewVector]) -> list[VectorRow]:
        """Store vectors; they are durable and found, by every service, when this returns."""
        stored = self._rows.add(self.name, new)
        first, last = stored[0].row, stored[-1].row
        if first // INDEX_CHECKED_EVERY != (last + 1) // INDEX_CHECKED_EVERY:
            name = f"index-{self.name}"
            threading.Thread(target=self._index_quietly, name=name, daemon=True).start()
        return stored

    def search(self, query: Vectors, top: int, filters: VectorFilters) -> list[VectorHit]:
        """See `Collection.search`."""
        if query.shape[1] != self.dimension:
            raise UnusableVectorError(
                f"The vectors of {self.name!r} have {self.dimension} numbers; "
                f"this one has {query.shape[1]}."
            )
        found = self._rows.nearest(
            self._stored,
            l2_normalise(query)[0],
            top,
            event_code=filters.event_code,
            metadata=filters.metadata or {},
        )
        return [VectorHit(row, similarity) for row, similarity in found]

    def related(self, key: int, top: int) -> list[VectorHit]:
        """See `Collection.related`."""
        row = self.row(key)
        vector = self._rows.vectors(self._stored, [row.row]).get(row.row)
        if vector is None:
            raise UnknownVectorError(f"vector {key} in {self.name!r}")
        hits = self.search(vector[None], top + 1, VectorFilters(event_code=row.event_code))
        return [hit for hit in hits if hit.row.id != key][:top]

    def duplicates(self, threshold: float, event_code: str | None) -> list[list[VectorRow]]:
        """See `Collection.duplicates`."""
        numbers = self._rows.matching(self._stored, event_code=event_code, metadata={})
        if len(numbers) > MAX_COMPARED:
            raise UnusableVectorError(
                f"{len(numbers)} vectors are too many to compare at once.",
                next_step="Give an event_code.",
            )
        stored = self._rows.vectors(self._stored, numbers)
        rows = sorted(stored)
        empty = np.empty((0, self.dimension), np.float32)
        groups = duplicate_groups(
            l2_normalise(np.stack([stored[r] for r in rows])) if rows else empty, threshold
        )
        known = self._rows.by_row(self._stored, [rows[i] for group in groups for i in group])
        return [[known[rows[i]] for i in group if rows[i] in known] for group in groups]

    def row(self, key: int) -> VectorRow:
        """Raises UnknownVectorError for an id that is not there."""
        found = self._rows.by_id(self.name, key)
        if found is None:
            raise UnknownVectorError(f"vector {key} in {self.name!r}")
        return found

    def delete(self, key: int) -> None:
        """Raises UnknownVectorError for an id that is not there."""
        if not self._rows.delete(self.name, key):
            raise UnknownVectorError(f"vector {key} in {self.name!r}")

    def _index_quietly(self) -> None:
        try:
            self._rows.index_vectors(self._stored)
        except KioskError as error:
            log.warning("the index of %s could not be made: %s", self.name, error)
