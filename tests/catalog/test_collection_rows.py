"""Rows of free vectors, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import text

from kiosk.catalog import CatalogStore, NewVector, StoredCollection, VectorRows
from kiosk.catalog.collection_rows import collections
from kiosk.errors import CatalogError


def vector(seed: int, dimension: int = 6) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(dimension).astype(np.float32)


@pytest.fixture
def rows(store: CatalogStore) -> Iterator[VectorRows]:
    yield VectorRows(lambda: store.database)
    with store.database.write() as connection:
        connection.execute(collections.delete())


def found(rows: VectorRows, name: str = "c") -> StoredCollection:
    collection = rows.find(name)
    assert collection is not None
    return collection


def test_vectors_come_back_as_they_were(rows: VectorRows) -> None:
    given = [vector(seed) for seed in range(5)]
    stored = rows.add("c", [NewVector(v, filename=f"{i}.jpg") for i, v in enumerate(given)])
    assert [row.row for row in stored] == [0, 1, 2, 3, 4]
    ((numbers, vectors),) = rows.read(found(rows))
    assert numbers.tolist() == [0, 1, 2, 3, 4]
    assert np.array_equal(vectors, np.stack(given))
    assert rows.by_row(found(rows), [1])[1].filename == "1.jpg"
    assert rows.by_id("c", stored[2].id) == stored[2]


def test_rows_match_event_and_metadata(rows: VectorRows) -> None:
    rows.add("c", [NewVector(vector(0), event_code="A", metadata={"camera": "2", "n": 7})])
    rows.add("c", [NewVector(vector(1), event_code="A", metadata={"camera": "3"})])
    rows.add("c", [NewVector(vector(2), event_code="B", metadata={"camera": "2"})])
    assert rows.matching(found(rows), event_code="A", metadata={}) == [0, 1]
    assert rows.matching(found(rows), event_code=None, metadata={"camera": "2"}) == [0, 2]
    assert rows.matching(found(rows), event_code="A", metadata={"camera": "2", "n": "7"}) == [0]
    assert rows.matching(found(rows), event_code=None, metadata={"other": "2"}) == []


def test_a_number_is_never_used_again(rows: VectorRows) -> None:
    (first,) = rows.add("c", [NewVector(vector(0))])
    assert rows.delete("c", first.id)
    assert not rows.delete("c", first.id)
    (second,) = rows.add("c", [NewVector(vector(1))])
    assert second.row == 1


def test_several_writers_number_without_gaps(rows: VectorRows) -> None:
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda n: rows.add("c", [NewVector(vector(n))] * 3), range(6)))
    assert rows.matching(found(rows), event_code=None, metadata={}) == list(range(18))


def test_collections_are_apart(rows: VectorRows) -> None:
    rows.add("a", [NewVector(vector(0))])
    rows.add("b", [NewVector(vector(1, 3))])
    assert rows.collections() == {"a": (6, 1), "b": (3, 1)}
    with pytest.raises(CatalogError):
        rows.add("a", [NewVector(vector(1, 3))])
    assert rows.drop("a")
    assert not rows.drop("a")
    assert rows.collections() == {"b": (3, 1)}
    assert rows.find("a") is None


def test_a_collection_made_anew_shares_nothing_with_the_former(rows: VectorRows) -> None:
    rows.add("c", [NewVector(vector(0), "old.jpg", event_code="A")])
    former = found(rows)
    assert rows.drop("c")
    rows.add("c", [NewVector(vector(1), "new.jpg", event_code="A")])
    assert found(rows) != former
    assert rows.by_row(former, [0]) == {}
    assert rows.matching(former, event_code="A", metadata={}) == []
    assert list(rows.read(former)) == []
    assert rows.by_row(found(rows), [0])[0].filename == "new.jpg"


def test_collections_of_an_earlier_version_get_identities(tmp_path: Path) -> None:
    with CatalogStore.open(tmp_path) as store:
        VectorRows(lambda: store.database).add("c", [NewVector(vector(0))])
        with store.database.write() as connection:
            connection.execute(text("ALTER TABLE vector_collections DROP COLUMN identity"))
            connection.execute(text("UPDATE facts SET number = 2 WHERE key = 'schema_version'"))
    with CatalogStore.open(tmp_path) as store:
        rows = VectorRows(lambda: store.database)
        assert len(found(rows).identity) == 32
        assert rows.matching(found(rows), event_code=None, metadata={}) == [0]
