"""One collection of vectors: rows in the database, an index on the disk, the newest in memory.

The index covers the rows up to the last build; later ones are the tail, searched exactly.
When the tail has grown, a new index is built in the background and exchanged.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from kiosk.catalog import NewVector, StoredCollection, VectorRow, VectorRows
from kiosk.domain import Vectors
from kiosk.errors import KioskError, KnownError
from kiosk.vectors import duplicate_groups, l2_normalise, search_exactly
from kiosk.vectorstore.index_files import (
    Manifest,
    open_index,
    read_manifest,
    read_numbers,
    write_index,
)
from kiosk.vectorstore.snapshot import Snapshot, Tail

log = logging.getLogger(__name__)

TAIL_ROWS = 5000  # an exact search over so many takes 1 ms at 512 numbers; chosen by eye
FRESH_S = 1.0  # how late another server's rows are seen; chosen by eye
KEPT_ROWS = 50_000  # descriptions kept in memory while they are fresh; chosen by eye
MAX_COMPARED = 20_000  # rows of a search for duplicates: quadratic, some seconds; chosen by eye


class UnknownVectorError(KnownError):
    """There is no such collection, or no such vector in it."""

    def __init__(self, what: str) -> None:
        super().__init__(f"There is no {what}.")


class UnusableVectorError(KnownError):
    """A vector cannot be stored or compared."""


@dataclass(frozen=True, slots=True)
class VectorHit:
    """A stored vector found; `similarity` is the cosine, -1 to 1."""

    row: VectorRow
    similarity: float


@dataclass(frozen=True, slots=True)
class VectorFilters:
    """Every one given must hold; `event_code` None: any event."""

    event_code: str | None = None
    metadata: Mapping[str, str] | None = None

    @property
    def any(self) -> bool:
        return self.event_code is not None or bool(self.metadata)


@dataclass(frozen=True, slots=True)
class Descriptions:
    """What is stored beside rows of a collection, as it was read from `since` on."""

    collection: StoredCollection
    since: float = float("-inf")
    by_row: dict[int, VectorRow] = field(default_factory=dict)


class Collection:
    """One collection; every method may be called from any thread.

    When another server drops it, its methods raise UnknownVectorError; when it was made anew,
    they work on the new one.
    """

    def __init__(self, rows: VectorRows, stored: StoredCollection, folder: Path) -> None:
        self.name = stored.name
        self._rows = rows
        self._folder = folder
        self._lock = threading.Lock()
        self._builder: threading.Thread | None = None
        self._read_at = float("-inf")
        self._descriptions = Descriptions(stored)
        self._tail = Tail(stored.dimension)
        self._snapshot = self._open(stored)

    @property
    def dimension(self) -> int:
        """How many numbers each vector has."""
        return self._snapshot.collection.dimension

    @property
    def vectors(self) -> int:
        """How many there are; deleted ones count until the index is built again."""
        return len(self._snapshot)

    @property
    def index_kind(self) -> str:
        """The kind of index in use, "memory" while there is none."""
        index = self._snapshot.index
        return "memory" if index is None else index.kind.value

    @property
    def manifest(self) -> Manifest | None:
        return read_manifest(self._folder)

    @property
    def index_bytes(self) -> int:
        return self.vectors * self.dimension * 4

    def add(self, new: Sequence[NewVector]) -> list[VectorRow]:
        """Store vectors; they are durable and found when this returns."""
        stored = self._rows.add(self.name, new)
        self._read_new_rows()
        return stored

    def search(self, query: Vectors, top: int, filters: VectorFilters) -> list[VectorHit]:
        """The stored vectors nearest to `query` (1, dimension), best first.

        With filters, every row that matches is compared exactly, so that as many are found
        as there are.

        Raises:
            UnusableVectorError: the query has another dimension.
        """
        if not filters.any:
            return self.search_many([(query, top)])[0]
        self._follow()
        self._check(query)
        snapshot = self._snapshot
        numbers = self._rows.matching(
            snapshot.collection, event_code=filters.event_code, metadata=filters.metadata or {}
        )
        stored = snapshot.vectors_of(np.asarray(numbers, np.int64))
        positions, scores = search_exactly(stored, l2_normalise(query), top)
        found = [numbers[position] for position in positions[0]]
        described = self._rows.by_row(snapshot.collection, found)
        return _hits(found, scores[0].tolist(), described)

    def search_many(self, queries: Sequence[tuple[Vectors, int]]) -> list[list[VectorHit]]:
        """`search` without filters for several queries at once, each with its own `top`."""
        self._follow()
        for query, _ in queries:
            self._check(query)
        snapshot = self._snapshot
        units = l2_normalise(np.concatenate([query for query, _ in queries]))
        tops = [top for _, top in queries]
        extra = 16  # rows deleted since the index was built are found, and dropped
        while True:
            depth = max(tops) + extra
            nearest = snapshot.nearest(units, depth)
            described = self._describe(
                snapshot.collection, {int(n) for numbers, _ in nearest for n in numbers}
            )
            hits = [_hits(n.tolist(), s.tolist(), described) for n, s in nearest]
            if all(
                len(found) >= top or len(numbers) < depth
                for found, (numbers, _), top in zip(hits, nearest, tops, strict=True)
            ):
                return [found[:top] for found, top in zip(hits, tops, strict=True)]
            extra *= 8

    def related(self, key: int, top: int) -> list[VectorHit]:
        """The vectors of the same event nearest to the one with id `key`, without itself."""
        self._follow()
        row = self.row(key)
        vector = self._snapshot.vectors_of(np.array([row.row], np.int64))
        hits = self.search(vector, top + 1, VectorFilters(event_code=row.event_code))
        return [hit for hit in hits if hit.row.id != key][:top]

    def duplicates(self, threshold: float, event_code: str | None) -> list[list[VectorRow]]:
        """Groups of vectors with a cosine of at least `threshold`, within one event if given.

        Raises:
            UnusableVectorError: there are too many to compare.
        """
        self._follow()
        snapshot = self._snapshot
        numbers = self._rows.matching(snapshot.collection, event_code=event_code, metadata={})
        if len(numbers) > MAX_COMPARED:
            raise UnusableVectorError(
                f"{len(numbers)} vectors are too many to compare at once.",
                next_step="Give an event_code.",
            )
        stored = snapshot.vectors_of(np.asarray(numbers, np.int64))
        groups = duplicate_groups(stored, threshold)
        chosen = [numbers[i] for group in groups for i in group]
        known = self._rows.by_row(snapshot.collection, chosen)
        return [[known[numbers[i]] for i in group if numbers[i] in known] for group in groups]

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
        self._descriptions = Descriptions(self._snapshot.collection)

    def build(self) -> Manifest | None:
        """Build the index over all rows, now; searches go on with the old one meanwhile."""
        stored = self._snapshot.collection
        blocks = self._rows.read(stored)
        index = write_index(self._folder, blocks, fingerprint=stored.identity)
        numbers = read_numbers(self._folder)
        with self._lock:
            old = self._snapshot
            if old.collection != stored:  # made anew meanwhile
                return self.manifest
            later = old.tail_numbers > (numbers[-1] if len(numbers) else -1)
            self._tail = Tail(self.dimension)
            kept = self._tail.append(old.tail_numbers[later], old.tail[later])
            self._snapshot = Snapshot(stored, index, numbers, *kept, old.next_row)
        # The old index is not closed here: a search may be using it.
        return self.manifest

    def close(self) -> None:
        """Wait for a build under way."""
        if self._builder is not None:
            self._builder.join()

    def _open(self, stored: StoredCollection) -> Snapshot:
        none = np.empty(0, np.int64)
        index = open_index(self._folder, fingerprint=stored.identity)
        numbers = none if index is None else read_numbers(self._folder)
        fits = index is not None and index.rows == len(numbers) > 0
        if not fits or index is None or index.dimension != stored.dimension:
            index, numbers = None, none
        next_row = int(numbers[-1]) + 1 if len(numbers) else 0
        empty = np.empty((0, stored.dimension), np.float32)
        return Snapshot(stored, index, numbers, none, empty, next_row)

    def _follow(self) -> None:
        """Read new rows, here or of another server, unless that happened a moment ago."""
        if time.monotonic() - self._read_at >= FRESH_S:
            self._read_new_rows()

    def _read_new_rows(self) -> None:
        with self._lock:
            stored = self._rows.find(self.name)
            if stored is None:
                raise UnknownVectorError(f"collection {self.name!r}")
            if stored != self._snapshot.collection:
                self._tail = Tail(stored.dimension)
                self._snapshot = self._open(stored)
            old = self._snapshot
            for numbers, vectors in self._rows.read(stored, old.next_row):
                tail = self._tail.append(numbers, l2_normalise(vectors))
                next_row = int(numbers[-1]) + 1
                self._snapshot = Snapshot(stored, old.index, old.index_numbers, *tail, next_row)
            self._read_at = time.monotonic()
            due = len(self._snapshot.tail) > max(TAIL_ROWS, len(old.index_numbers) // 2)
            if due and (self._builder is None or not self._builder.is_alive()):
                self._builder = threading.Thread(
                    target=self._build_quietly, name=f"index-{self.name}", daemon=True
                )
                self._builder.start()

    def _build_quietly(self) -> None:
        try:
            self.build()
        except (KioskError, OSError) as error:
            log.warning("the index of %s could not be built: %s", self.name, error)

    def _describe(self, stored: StoredCollection, numbers: set[int]) -> dict[int, VectorRow]:
        """What is stored beside these rows, from memory while that is fresh."""
        known = self._descriptions
        is_stale = time.monotonic() - known.since > FRESH_S or len(known.by_row) > KEPT_ROWS
        if is_stale or known.collection != stored:
            known = self._descriptions = Descriptions(stored, time.monotonic())
        missing = sorted(numbers - known.by_row.keys())
        if missing:
            known.by_row.update(self._rows.by_row(stored, missing))
        return known.by_row

    def _check(self, query: Vectors) -> None:
        if query.shape[1] != self.dimension:
            raise UnusableVectorError(
                f"The vectors of {self.name!r} have {self.dimension} numbers; "
                f"this one has {query.shape[1]}."
            )


def _hits(
    numbers: Sequence[int], scores: Sequence[float], described: Mapping[int, VectorRow]
) -> list[VectorHit]:
    """One hit for each number that is described; the others were deleted."""
    pairs = zip(numbers, scores, strict=True)
    return [VectorHit(row, score) for n, score in pairs if (row := described.get(n)) is not None]
