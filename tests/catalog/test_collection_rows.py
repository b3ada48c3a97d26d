"""Rows of free vectors, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from kiosk.catalog import CatalogStore, NewVector, VectorRows
from kiosk.catalog.collection_rows import tables
from kiosk.errors import CatalogError


def vector(seed: int, dimension: int = 6) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(dimension).astype(np.float32)


@pytest.fixture
def rows(store: CatalogStore) -> Iterator[VectorRows]:
    yield VectorRows(lambda: store.database)
    with store.database.change_schema() as connection:
        tables.drop_all(connection)


def test_vectors_come_back_as_they_were(rows: VectorRows) -> None:
    given = [vector(seed) for seed in range(5)]
    stored = rows.add("c", [NewVector(v, filename=f"{i}.jpg") for i, v in enumerate(given)])
    assert [row.row for row in stored] == [0, 1, 2, 3, 4]
    ((numbers, vectors),) = rows.read("c")
    assert numbers.tolist() == [0, 1, 2, 3, 4]
    assert np.array_equal(vectors, np.stack(given))
    assert np.array_equal(rows.vectors("c", [3])[3], given[3])
    assert rows.by_row("c", [1])[1].filename == "1.jpg"
    assert rows.by_id("c", stored[2].id) == stored[2]


def test_rows_match_event_and_metadata(rows: VectorRows) -> None:
    rows.add("c", [NewVector(vector(0), event_code="A", metadata={"camera": "2", "n": 7})])
    rows.add("c", [NewVector(vector(1), event_code="A", metadata={"camera": "3"})])
    rows.add("c", [NewVector(vector(2), event_code="B", metadata={"camera": "2"})])
    assert rows.matching("c", event_code="A", metadata={}) == [0, 1]
    assert rows.matching("c", event_code=None, metadata={"camera": "2"}) == [0, 2]
    assert rows.matching("c", event_code="A", metadata={"camera": "2", "n": "7"}) == [0]
    assert rows.matching("c", event_code=None, metadata={"other": "2"}) == []


def test_a_number_is_never_used_again(rows: VectorRows) -> None:
    (first,) = rows.add("c", [NewVector(vector(0))])
    assert rows.delete("c", first.id)
    assert not rows.delete("c", first.id)
    (second,) = rows.add("c", [NewVector(vector(1))])
    assert second.row == 1
    assert rows.next_row("c") == 2


def test_several_writers_number_without_gaps(rows: VectorRows) -> None:
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda n: rows.add("c", [NewVector(vector(n))] * 3), range(6)))
    assert rows.matching("c", event_code=None, metadata={}) == list(range(18))


def test_collections_are_apart(rows: VectorRows) -> None:
    rows.add("a", [NewVector(vector(0))])
    rows.add("b", [NewVector(vector(1, 3))])
    assert rows.collections() == {"a": (6, 1), "b": (3, 1)}
    with pytest.raises(CatalogError):
        rows.add("a", [NewVector(vector(1, 3))])
    assert rows.drop("a")
    assert not rows.drop("a")
    assert rows.collections() == {"b": (3, 1)}
    assert rows.dimension("a") is None
