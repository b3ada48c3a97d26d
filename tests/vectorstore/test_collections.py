"""Collections of free vectors: kept durably, found at once, built and rebuilt."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from kiosk.catalog import CatalogStore, NewVector, VectorRows
from kiosk.domain import Vectors
from kiosk.errors import CatalogError
from kiosk.vectorstore import (
    Collection,
    Collections,
    UnknownVectorError,
    UnusableVectorError,
    VectorFilters,
    VectorHit,
    collection as module,
)

ANY = VectorFilters()


def vectors(count: int, dimension: int = 8, seed: int = 0) -> Vectors:
    return np.random.default_rng(seed).standard_normal((count, dimension)).astype(np.float32)


def new(given: Vectors, event: str = "") -> list[NewVector]:
    return [NewVector(row, filename=f"{i}.jpg", event_code=event) for i, row in enumerate(given)]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[CatalogStore]:
    with CatalogStore.open(tmp_path / "db") as store:
        yield store


@pytest.fixture
def kept(store: CatalogStore, tmp_path: Path) -> Iterator[Collections]:
    opened = Collections(VectorRows(lambda: store.database), tmp_path / "index")
    yield opened
    opened.close()


def reopened(store: CatalogStore, tmp_path: Path) -> Collection:
    return Collections(VectorRows(lambda: store.database), tmp_path / "index").require("c")


def names(found: list[VectorHit]) -> list[str]:
    return [hit.row.filename for hit in found]


def test_a_kept_vector_is_found_at_once_and_after_a_restart(
    kept: Collections, store: CatalogStore, tmp_path: Path
) -> None:
    given = vectors(20)
    kept.add("c", new(given))
    assert names(kept.require("c").search(given[7:8], 1, ANY)) == ["7.jpg"]
    assert names(reopened(store, tmp_path).search(given[7:8], 1, ANY)) == ["7.jpg"]


def test_what_came_after_the_index_was_built_is_found_too(
    kept: Collections, store: CatalogStore, tmp_path: Path
) -> None:
    given = vectors(300)
    kept.add("c", new(given[:200]))
    collection = kept.require("c")
    assert collection.search(given[:1], 1, ANY)
    assert collection.build() is not None
    collection.add(new(given[200:]))
    for opened in (collection, reopened(store, tmp_path)):
        assert opened.search(given[150:151], 1, ANY)[0].row.row == 150
        assert opened.search(given[250:251], 1, ANY)[0].row.row == 250
        assert opened.vectors == 300
        assert opened.index_kind == "exact"


def test_an_index_is_built_by_itself_when_much_was_added(
    kept: Collections, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "TAIL_ROWS", 50)
    given = vectors(80)
    kept.add("c", new(given))
    collection = kept.require("c")
    collection.search(given[:1], 1, ANY)
    collection.close()  # waits for the build
    assert collection.index_kind == "exact"
    assert collection.search(given[60:61], 1, ANY)[0].row.row == 60


def test_answers_are_the_same_with_and_without_an_index(kept: Collections) -> None:
    given = vectors(500)
    kept.add("c", new(given))
    collection = kept.require("c")
    queries = vectors(20, seed=1)
    before = [names(collection.search(q[None], 10, ANY)) for q in queries]
    collection.build()
    assert [names(collection.search(q[None], 10, ANY)) for q in queries] == before


def test_another_servers_vectors_are_found(kept: Collections, store: CatalogStore) -> None:
    given = vectors(3)
    kept.add("c", new(given[:2]))
    collection = kept.require("c")
    assert len(collection.search(given[:1], 5, ANY)) == 2
    VectorRows(lambda: store.database).add("c", new(given[2:]))
    collection._read_at = float("-inf")
    assert len(collection.search(given[:1], 5, ANY)) == 3


def test_a_collection_that_another_server_made_anew_is_never_mixed_with_the_former(
    kept: Collections, store: CatalogStore, tmp_path: Path
) -> None:
    old = vectors(40)
    kept.add("c", new(old))
    ours = kept.require("c")
    ours.build()
    assert names(ours.search(old[3:4], 1, ANY)) == ["3.jpg"]
    theirs = Collections(VectorRows(lambda: store.database), tmp_path / "their index")
    theirs.drop("c")
    theirs.add("c", new(old[::-1]))
    # Within the second in which nothing is asked anew, it may know nothing, but nothing wrong.
    ours._descriptions = module.Descriptions(ours._snapshot.collection)
    assert ours.search(old[3:4], 1, ANY) == []
    assert ours.search(old[3:4], 1, VectorFilters("")) == []
    ours._read_at = float("-inf")
    assert names(ours.search(old[3:4], 1, ANY)) == ["36.jpg"]
    theirs.drop("c")
    theirs.add("c", new(vectors(3, 4)))
    ours._read_at = float("-inf")
    assert len(ours.search(vectors(1, 4), 5, ANY)) == 3
    theirs.drop("c")
    assert kept.get("c") is None
    ours._read_at = float("-inf")
    with pytest.raises(UnknownVectorError):
        ours.search(vectors(1, 4), 5, ANY)


def test_an_index_built_of_a_dropped_collection_is_not_taken(
    kept: Collections, store: CatalogStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.add("c", new(vectors(40)))
    ours = kept.require("c")
    rows = VectorRows(lambda: store.database)

    def write_meanwhile(*args: object, **named: object) -> object:
        built = write(*args, **named)  # type: ignore[arg-type]
        rows.drop("c")
        rows.add("c", new(vectors(2, 4)))
        ours._read_new_rows()
        return built

    write = module.write_index
    monkeypatch.setattr(module, "write_index", write_meanwhile)
    ours.build()
    assert ours.index_kind == "memory"
    assert len(ours.search(vectors(1, 4), 5, ANY)) == 2


def test_a_deleted_vector_is_not_found_even_from_the_index(kept: Collections) -> None:
    given = vectors(60)
    stored = kept.add("c", new(given))
    collection = kept.require("c")
    collection.search(given[:1], 1, ANY)
    collection.build()
    for row in stored[:40]:
        collection.delete(row.id)
    found = collection.search(given[:1], 20, ANY)
    assert len(found) == 20
    assert all(hit.row.row >= 40 for hit in found)
    with pytest.raises(UnknownVectorError):
        collection.delete(stored[0].id)


def test_an_index_of_other_rows_is_not_used(
    kept: Collections, store: CatalogStore, tmp_path: Path
) -> None:
    given = vectors(30)
    kept.add("c", new(given))
    kept.require("c").build()
    other = CatalogStore.open(tmp_path / "other")  # as after restoring a backup
    rows = VectorRows(lambda: other.database)
    rows.add("c", new(vectors(30, seed=9)))
    opened = Collections(rows, tmp_path / "index").require("c")
    assert opened.index_kind == "memory"
    assert opened.search(vectors(30, seed=9)[4:5], 1, ANY)[0].row.row == 4
    other.close()


def test_filters_find_as_many_as_there_are(kept: Collections) -> None:
    kept.add("c", new(vectors(100), event="BIG"))
    kept.add(
        "c",
        [
            NewVector(v, event_code="SMALL", metadata={"n": i})
            for i, v in enumerate(vectors(5, seed=2))
        ],
    )
    collection = kept.require("c")
    far = vectors(1, seed=3)
    assert len(collection.search(far, 10, VectorFilters("SMALL"))) == 5
    assert len(collection.search(far, 10, VectorFilters(None, {"n": "3"}))) == 1
    assert collection.search(far, 10, VectorFilters("NONE")) == []
    collection.build()
    assert len(collection.search(far, 10, VectorFilters("SMALL"))) == 5


def test_related_photos_are_of_the_same_event(kept: Collections) -> None:
    given = vectors(10)
    first = kept.add("c", new(given[:5], event="A"))
    kept.add("c", new(given[5:], event="B"))
    related = kept.require("c").related(first[0].id, 10)
    assert len(related) == 4
    assert {hit.row.event_code for hit in related} == {"A"}


def test_duplicates_are_grouped_within_an_event(kept: Collections) -> None:
    one, two = vectors(1), vectors(1, seed=5)
    same = np.concatenate([one, two, one * 2])
    kept.add("c", new(same, event="A"))
    kept.add("c", new(one, event="B"))
    collection = kept.require("c")
    (group,) = collection.duplicates(0.99, "A")
    assert [row.row for row in group] == [0, 2]
    (group,) = collection.duplicates(0.99, None)
    assert [row.row for row in group] == [0, 2, 3]


@pytest.mark.parametrize("wrong", [np.zeros(8), np.full(8, np.nan), np.full(8, np.inf)])
def test_a_vector_without_direction_is_refused(kept: Collections, wrong: Vectors) -> None:
    with pytest.raises(UnusableVectorError):
        kept.add("c", [NewVector(wrong.astype(np.float32))])
    assert kept.sizes() == {}


def test_all_or_none_of_a_batch_is_kept(kept: Collections) -> None:
    with pytest.raises(CatalogError):
        kept.add("c", [NewVector(vectors(1)[0]), NewVector(vectors(1, 4)[0])])
    assert kept.get("c") is None


def test_a_dropped_collection_can_start_anew_with_another_dimension(kept: Collections) -> None:
    kept.add("c", new(vectors(5)))
    kept.require("c").build()
    kept.drop("c")
    kept.add("c", new(vectors(5, 4)))
    assert kept.require("c").dimension == 4
    assert len(kept.require("c").search(vectors(1, 4), 9, ANY)) == 5


def test_rows_are_numbered_without_gaps_by_several_writers(
    kept: Collections, store: CatalogStore
) -> None:
    from concurrent.futures import ThreadPoolExecutor

    rows = VectorRows(lambda: store.database)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda n: rows.add("c", new(vectors(3, seed=n))), range(8)))
    stored = rows.find("c")
    assert stored is not None
    assert rows.matching(stored, event_code=None, metadata={}) == list(range(24))
