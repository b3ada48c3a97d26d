"""Collections of free vectors: rows in the database, an index on the disk, the newest in memory.

The index covers the rows up to the last build; what came later is the tail, searched exactly.
When the tail has grown, a new index is built in the background and exchanged.
"""

from __future__ import annotations

import logging
import re
import shutil
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kiosk.api import not_found, unprocessable
from kiosk.catalog import NewVector, VectorRow, VectorRows
from kiosk.domain import Vectors
from kiosk.errors import KioskError
from kiosk.recognition import duplicate_groups, unit_rows
from kiosk.vectorstore.flat import search_exactly
from kiosk.vectorstore.indexes import (
    Manifest,
    Rows,
    VectorIndex,
    open_index,
    read_manifest,
    row_numbers,
    write_index,
)

log = logging.getLogger(__name__)

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
TAIL_ROWS = 5000
FRESH_S = 1.0
CHECKED_ROWS = 8
REMEMBERED = 50_000
MOST_COMPARED = 20_000


@dataclass(frozen=True, slots=True)
class VectorHit:
    """A stored vector found; `similarity` is the cosine, -1 to 1."""

    row: VectorRow
    similarity: float


@dataclass(frozen=True, slots=True)
class VectorFilters:
    """None: any event."""

    event_code: str | None = None
    metadata: Mapping[str, str] | None = None

    @property
    def any(self) -> bool:
        return self.event_code is not None or bool(self.metadata)


class _Tail:
    """Rows that only ever grow, so that earlier views of them stay true."""

    def __init__(self, dimension: int) -> None:
        self._numbers = np.empty(16, np.int64)
        self._vectors = np.empty((16, dimension), np.float32)
        self._used = 0

    def grown(self, numbers: Rows, vectors: Vectors) -> tuple[Rows, Vectors]:
        """All rows after these were added."""
        end = self._used + len(numbers)
        if end > len(self._numbers):
            more = max(end, 2 * len(self._numbers)) - len(self._numbers)
            self._numbers = np.concatenate([self._numbers, np.empty(more, np.int64)])
            room = np.empty((more, self._vectors.shape[1]), np.float32)
            self._vectors = np.concatenate([self._vectors, room])
        self._numbers[self._used : end] = numbers
        self._vectors[self._used : end] = vectors
        self._used = end
        return self._numbers[:end], self._vectors[:end]


@dataclass(frozen=True, slots=True, eq=False)
class _Snapshot:
    """What a search works on: index and tail of one moment. Row numbers ascend in both."""

    index: VectorIndex | None
    index_numbers: Rows
    tail_numbers: Rows
    tail: Vectors
    next_row: int


class Collection:
    """One collection; every method may be called from any thread."""

    def __init__(self, rows: VectorRows, name: str, dimension: int, folder: Path) -> None:
        self.name = name
        self.dimension = dimension
        self._rows = rows
        self._folder = folder
        self._lock = threading.Lock()
        self._builder: threading.Thread | None = None
        self._read_at = float("-inf")
        self._remembered: dict[int, VectorRow] = {}
        self._remembered_at = float("-inf")
        self._tail = _Tail(dimension)
        self._snapshot = self._open()

    @property
    def vectors(self) -> int:
        """How many there are, deleted ones of the index included until it is built again."""
        return len(self._snapshot.index_numbers) + len(self._snapshot.tail_numbers)

    @property
    def tier(self) -> str:
        index = self._snapshot.index
        return "memory" if index is None else str(index.tier)

    @property
    def manifest(self) -> Manifest | None:
        return read_manifest(self._folder)

    @property
    def index_bytes(self) -> int:
        return self.vectors * self.dimension * 4

    def add(self, new: Sequence[NewVector]) -> list[VectorRow]:
        """Store vectors; they are durable and found when this returns."""
        stored = self._rows.add(self.name, new)
        self._follow(force=True)
        return stored

    def search(self, query: Vectors, top: int, filters: VectorFilters) -> list[VectorHit]:
        """The stored vectors nearest to `query` (1, dimension), best first.

        With filters, every row that matches is compared exactly, so that as many are found
        as there are.
        """
        self._check(query)
        self._follow()
        if filters.any:
            return self._search_some(query, top, filters)
        return self.search_many([(query, top)])[0]

    def search_many(self, asked: Sequence[tuple[Vectors, int]]) -> list[list[VectorHit]]:
        """`search` without filters for several queries at once, each with its own `top`."""
        for query, _ in asked:
            self._check(query)
        self._follow()
        snapshot = self._snapshot
        queries = unit_rows(np.concatenate([query for query, _ in asked]))
        most = max(top for _, top in asked)
        extra = 16  # rows deleted since the index was built are found, and dropped
        while True:
            nearest = _nearest(snapshot, queries, most + extra)
            known = self._known({int(number) for numbers, _ in nearest for number in numbers})
            hits = [
                [VectorHit(row, score) for number, score in pairs if (row := known.get(number))]
                for pairs in (zip(n.tolist(), s.tolist(), strict=True) for n, s in nearest)
            ]
            if all(
                len(found) >= top or len(numbers) < most + extra
                for found, (numbers, _), (_, top) in zip(hits, nearest, asked, strict=True)
            ):
                return [found[:top] for found, (_, top) in zip(hits, asked, strict=True)]
            extra *= 8

    def related(self, key: int, top: int) -> list[VectorHit]:
        """The vectors of the same event nearest to the one with id `key`, without itself."""
        row = self.row(key)
        vector = self._vectors_of([row.row])
        hits = self.search(vector, top + 1, VectorFilters(event_code=row.event_code))
        return [hit for hit in hits if hit.row.id != key][:top]

    def duplicates(self, threshold: float, event_code: str | None) -> list[list[VectorRow]]:
        """Groups of vectors with a cosine of at least `threshold`, within one event if given."""
        self._follow()
        numbers = self._rows.matching(self.name, event_code=event_code, metadata={})
        if len(numbers) > MOST_COMPARED:
            raise unprocessable(
                f"{len(numbers)} vectors are too many to compare at once.",
                "Give an event_code.",
            )
        if len(numbers) < 2:
            return []
        groups = duplicate_groups(self._vectors_of(numbers), threshold)
        known = self._rows.by_row(self.name, [numbers[i] for group in groups for i in group])
        return [[known[numbers[i]] for i in group if numbers[i] in known] for group in groups]

    def row(self, key: int) -> VectorRow:
        found = self._rows.by_id(self.name, key)
        if found is None:
            raise not_found(f"vector {key} in {self.name!r}")
        return found

    def delete(self, key: int) -> None:
        if not self._rows.delete(self.name, key):
            raise not_found(f"vector {key} in {self.name!r}")
        self._remembered = {}

    def _known(self, numbers: set[int]) -> dict[int, VectorRow]:
        """What is stored beside these rows, from memory for as long as that is fresh."""
        now = time.monotonic()
        if now - self._remembered_at > FRESH_S or len(self._remembered) > REMEMBERED:
            self._remembered, self._remembered_at = {}, now
        remembered = self._remembered
        missing = sorted(numbers - remembered.keys())
        if missing:
            remembered.update(self._rows.by_row(self.name, missing))
        return {number: remembered[number] for number in numbers if number in remembered}

    def build(self) -> Manifest | None:
        """Build the index over all rows, now; searches go on with the old one meanwhile."""
        index = write_index(
            self._folder, self._rows.read(self.name), fingerprint=self._fingerprint()
        )
        numbers = row_numbers(self._folder)
        with self._lock:
            old = self._snapshot
            later = old.tail_numbers > (numbers[-1] if len(numbers) else -1)
            self._tail = _Tail(self.dimension)
            kept, tail = self._tail.grown(old.tail_numbers[later], old.tail[later])
            self._snapshot = _Snapshot(index, numbers, kept, tail, old.next_row)
        # The old index is not closed: a search may be using it. It goes with its last user.
        return self.manifest

    def close(self) -> None:
        builder = self._builder
        if builder is not None:
            builder.join()

    def _open(self) -> _Snapshot:
        index = open_index(self._folder, fingerprint=self._fingerprint())
        numbers = row_numbers(self._folder) if index is not None else np.empty(0, np.int64)
        if index is not None and not self._is_true(index, numbers):
            index, numbers = None, np.empty(0, np.int64)
        empty = np.empty((0, self.dimension), np.float32)
        next_row = int(numbers[-1]) + 1 if len(numbers) else 0
        return _Snapshot(index, numbers, np.empty(0, np.int64), empty, next_row)

    def _is_true(self, index: VectorIndex, numbers: Rows) -> bool:
        """Whether the index was made from these very rows; a restored backup has others."""
        if index.rows != len(numbers) or index.dimension != self.dimension or not len(numbers):
            return False
        spread = np.linspace(0, len(numbers) - 1, CHECKED_ROWS).astype(int)
        stored = self._rows.vectors(self.name, [int(numbers[at]) for at in spread])
        ours = dict(zip(numbers[spread].tolist(), index.vectors_at(spread), strict=True))
        return int(numbers[-1]) < self._rows.next_row(self.name) and all(
            np.allclose(unit_rows(vector)[0], ours[number], atol=1e-5)
            for number, vector in stored.items()
        )

    def _fingerprint(self) -> str:
        return f"{self.name}/{self.dimension}"

    def _follow(self, *, force: bool = False) -> None:
        """Take in rows that were added since, here or by another server."""
        if not force and time.monotonic() - self._read_at < FRESH_S:
            return
        with self._lock:
            old = self._snapshot
            for numbers, vectors in self._rows.read(self.name, old.next_row):
                grown = self._tail.grown(numbers, unit_rows(vectors))
                self._snapshot = _Snapshot(
                    old.index, old.index_numbers, *grown, int(numbers[-1]) + 1
                )
            self._read_at = time.monotonic()
            tail, indexed = len(self._snapshot.tail), len(self._snapshot.index_numbers)
            if tail > max(TAIL_ROWS, indexed // 2) and not self._is_building:
                self._builder = threading.Thread(
                    target=self._build_quietly, name=f"index-{self.name}", daemon=True
                )
                self._builder.start()

    @property
    def _is_building(self) -> bool:
        return self._builder is not None and self._builder.is_alive()

    def _build_quietly(self) -> None:
        try:
            self.build()
        except (KioskError, OSError) as error:
            log.warning("the index of %s could not be built: %s", self.name, error)

    def _search_some(self, query: Vectors, top: int, filters: VectorFilters) -> list[VectorHit]:
        numbers = self._rows.matching(
            self.name, event_code=filters.event_code, metadata=filters.metadata or {}
        )
        if not numbers:
            return []
        positions, scores = search_exactly(self._vectors_of(numbers), unit_rows(query), top)
        found = [numbers[int(position)] for position in positions[0]]
        known = self._rows.by_row(self.name, found)
        return [
            VectorHit(known[number], float(score))
            for number, score in zip(found, scores[0], strict=True)
            if number in known
        ]

    def _vectors_of(self, numbers: Sequence[int]) -> Vectors:
        """The normalised vectors of these row numbers, which must be known."""
        snapshot = self._snapshot
        wanted = np.asarray(numbers, np.int64)
        out = np.zeros((len(wanted), self.dimension), np.float32)
        if snapshot.index is not None:
            at = np.searchsorted(snapshot.index_numbers, wanted)
            at[at == len(snapshot.index_numbers)] = 0
            hit = snapshot.index_numbers[at] == wanted
            out[hit] = snapshot.index.vectors_at(at[hit])
        if len(snapshot.tail):
            at = np.searchsorted(snapshot.tail_numbers, wanted)
            at[at == len(snapshot.tail_numbers)] = 0
            hit = snapshot.tail_numbers[at] == wanted
            out[hit] = snapshot.tail[at[hit]]
        return out

    def _check(self, query: Vectors) -> None:
        if query.shape[1] != self.dimension:
            raise unprocessable(
                f"The vectors of {self.name!r} have {self.dimension} numbers; "
                f"this one has {query.shape[1]}."
            )


class Collections:
    """All collections of a shop's database."""

    def __init__(self, rows: VectorRows, folder: Path) -> None:
        self._rows = rows
        self._folder = folder
        self._lock = threading.Lock()
        self._open: dict[str, Collection] = {}

    def sizes(self) -> dict[str, tuple[int, int]]:
        """Dimension and number of vectors of each."""
        return self._rows.collections()

    def get(self, name: str) -> Collection | None:
        """The collection, or None while nothing was stored in it."""
        if not NAME.fullmatch(name):
            raise not_found(f"collection {name[:60]!r}")
        with self._lock:
            if name not in self._open:
                dimension = self._rows.dimension(name)
                if dimension is None:
                    return None
                self._open[name] = Collection(self._rows, name, dimension, self._folder / name)
            return self._open[name]

    def opened(self, name: str) -> Collection | None:
        """The collection if it is open already; does not wait for anything."""
        return self._open.get(name)

    def require(self, name: str) -> Collection:
        """Raises ProblemError 404 while there is none of that name."""
        found = self.get(name)
        if found is None:
            raise not_found(f"collection {name!r}")
        return found

    def add(self, name: str, new: Sequence[NewVector]) -> list[VectorRow]:
        """Store vectors in a collection that need not exist yet."""
        for item in new:
            if not np.isfinite(item.vector).all() or not np.any(item.vector):
                raise unprocessable("A vector needs finite numbers, not all of them 0.")
        collection = self.get(name)
        if collection is not None:
            return collection.add(new)
        return self._rows.add(name, new)

    def drop(self, name: str) -> None:
        """Delete a collection with everything in it."""
        collection = self.require(name)
        with self._lock:
            self._open.pop(name, None)
            self._rows.drop(name)
        collection.close()
        shutil.rmtree(self._folder / name, ignore_errors=True)

    def close(self) -> None:
        with self._lock:
            for collection in self._open.values():
                collection.close()


def _nearest(snapshot: _Snapshot, queries: Vectors, top: int) -> list[tuple[Rows, Vectors]]:
    """Row numbers and cosines for each query, best first, from index and tail together."""
    numbers = [np.empty((len(queries), 0), np.int64)]
    scores = [np.empty((len(queries), 0), np.float32)]
    if snapshot.index is not None:
        positions, found = snapshot.index.search(queries, top)
        numbers.append(np.where(positions >= 0, snapshot.index_numbers[positions], -1))
        scores.append(found)
    if len(snapshot.tail):
        positions, found = search_exactly(snapshot.tail, queries, top)
        numbers.append(snapshot.tail_numbers[positions])
        scores.append(found)
    all_numbers, all_scores = np.concatenate(numbers, axis=1), np.concatenate(scores, axis=1)
    order = np.lexsort((all_numbers, -all_scores), axis=1)[:, :top]
    all_numbers = np.take_along_axis(all_numbers, order, 1)
    all_scores = np.take_along_axis(all_scores, order, 1)
    return [
        (row[row >= 0], score[row >= 0]) for row, score in zip(all_numbers, all_scores, strict=True)
    ]
