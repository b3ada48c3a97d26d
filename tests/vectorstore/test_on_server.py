"""Collections that the database searches: shared by every service, and never behind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from kiosk.catalog import CatalogStore, NewVector, VectorRows
from kiosk.catalog.database import pgvector
from kiosk.catalog.transfer import backup, restore
from kiosk.errors import CatalogError
from kiosk.vectors import l2_normalise
from kiosk.vectorstore import (
    Collections,
    ServerCollection,
    UnknownVectorError,
    UnusableVectorError,
    VectorFilters,
    server_collection,
)
from tests.catalog.conftest import new_database
from tests.vectorstore.test_collections import ANY, names, new, vectors


@pytest.fixture(scope="module")
def url(postgres_url: str) -> str:
    return new_database(postgres_url, "collections")


@pytest.fixture(scope="module")
def store(url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CatalogStore]:
    with CatalogStore.open(url, cache_dir=tmp_path_factory.mktemp("photos")) as opened:
        yield opened


@pytest.fixture
def services(store: CatalogStore, tmp_path: Path) -> Iterator[tuple[Collections, Collections]]:
    """The collections of two services on one server; empty at first."""
    rows = VectorRows(lambda: store.database)
    yield Collections(rows, tmp_path / "one"), Collections(rows, tmp_path / "two")
    for name in rows.collections():
        rows.drop(name)
    assert list(tmp_path.iterdir()) == []  # nothing is kept beside the database


def test_what_one_service_keeps_the_other_finds_at_once(
    services: tuple[Collections, Collections],
) -> None:
    here, there = services
    given = vectors(20)
    stored = here.add("c", new(given))
    assert isinstance(there.require("c"), ServerCollection)
    assert names(there.require("c").search(given[7:8], 1, ANY)) == ["7.jpg"]
    there.require("c").delete(stored[7].id)
    assert names(here.require("c").search(given[7:8], 1, ANY)) != ["7.jpg"]
    with pytest.raises(UnknownVectorError):
        here.require("c").delete(stored[7].id)
    there.drop("c")
    assert here.get("c") is None


def test_answers_are_the_exact_ones(services: tuple[Collections, Collections]) -> None:
    given = vectors(200)
    services[0].add("c", new(given))
    query = vectors(1, seed=5)
    cosines = (l2_normalise(given) @ l2_normalise(query)[0]).tolist()
    hits = services[1].require("c").search(query, 10, ANY)
    assert [hit.row.row for hit in hits] == np.argsort(cosines)[::-1][:10].tolist()
    assert [hit.similarity for hit in hits] == pytest.approx(sorted(cosines)[::-1][:10], abs=1e-5)


def test_filters_find_as_many_as_there_are(services: tuple[Collections, Collections]) -> None:
    here, there = services
    here.add("c", new(vectors(100), event="BIG"))
    small = vectors(5, seed=2)
    here.add(
        "c",
        [NewVector(v, event_code="SMALL", metadata={"n": i}) for i, v in enumerate(small)],
    )
    collection, far = there.require("c"), vectors(1, seed=3)
    assert len(collection.search(far, 10, VectorFilters("SMALL"))) == 5
    assert len(collection.search(far, 10, VectorFilters(None, {"n": "3"}))) == 1
    assert collection.search(far, 10, VectorFilters("NONE")) == []
    assert collection.search(far, 10, VectorFilters("\0")) == []


def test_related_photos_and_duplicates_are_of_one_event(
    services: tuple[Collections, Collections],
) -> None:
    here, there = services
    one, two = vectors(1), vectors(1, seed=5)
    first = here.add("c", new(np.concatenate([one, two, one * 2]), event="A"))
    here.add("c", new(one, event="B"))
    collection = there.require("c")
    related = collection.related(first[0].id, 10)
    assert [hit.row.id for hit in related] == [first[2].id, first[1].id]
    assert [[row.row for row in g] for g in collection.duplicates(0.99, "A")] == [[0, 2]]
    assert [[row.row for row in g] for g in collection.duplicates(0.99, None)] == [[0, 2, 3]]
    assert collection.duplicates(0.99, "NONE") == []


def test_a_vector_of_another_dimension_is_refused(
    services: tuple[Collections, Collections],
) -> None:
    here, there = services
    here.add("c", new(vectors(2)))
    with pytest.raises(CatalogError):
        there.add("c", new(vectors(1, 4)))
    with pytest.raises(UnusableVectorError):
        there.require("c").search(vectors(1, 4), 1, ANY)


def test_a_large_collection_is_indexed_and_one_made_anew_may_differ(
    services: tuple[Collections, Collections],
    store: CatalogStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pgvector, "INDEXED_ROWS", 100)
    monkeypatch.setattr(server_collection, "INDEX_CHECKED_EVERY", 10**9)
    here, there = services
    given = vectors(300, 16)
    here.add("c", new(given))
    rows = VectorRows(lambda: store.database)
    stored = rows.find("c")
    assert stored is not None
    assert rows.index_vectors(stored)
    assert not rows.index_vectors(stored)
    hits = there.require("c").search(given[40:41], 200, ANY)
    assert hits[0].row.row == 40
    assert len(hits) == 200
    there.drop("c")
    here.add("c", new(vectors(5, 4)))
    assert len(there.require("c").search(vectors(1, 4), 9, ANY)) == 5


def test_a_collection_is_searched_after_a_backup_came_back(
    services: tuple[Collections, Collections], store: CatalogStore, url: str, tmp_path: Path
) -> None:
    given = vectors(4)
    services[0].add("c", new(given))
    backup(store, tmp_path / "shop.zip")
    services[0].drop("c")
    restore(tmp_path / "shop.zip", url)
    (tmp_path / "shop.zip").unlink()
    assert names(services[1].require("c").search(given[2:3], 1, ANY)) == ["2.jpg"]
