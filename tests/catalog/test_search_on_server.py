"""A PostgreSQL server compares the vectors: exactly, or through an index, whatever the filter."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import text

from kiosk.catalog import CatalogStore, ProductFilter
from kiosk.catalog.database import migrations, pgvector
from kiosk.catalog.database.schema import vectors
from kiosk.catalog.vectors import _space
from tests.catalog.conftest import new_database, picture, product, unit_vector

ROWS, DIMENSION = 3000, 32


@pytest.fixture(scope="module")
def filled(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CatalogStore]:
    """Products of two photo rows each, without files; one in a hundred is rare."""
    url = new_database(postgres_url, "searched")
    with CatalogStore.open(url, cache_dir=tmp_path_factory.mktemp("searched")) as store:
        fill(store)
        yield store


def fill(store: CatalogStore) -> None:
    with store.database.write() as connection:
        for statement in (
            "INSERT INTO products (sku, name, price_minor, currency, category, description, "
            "barcode, active, metadata, updated_at, revision, folded_name, folded_text) "
            "SELECT 'S' || i, 'n', i, 'TWD', CASE WHEN i % 100 = 0 THEN 'rare' ELSE '' END, '', "
            "'', i <> 13, '{}', now(), 1, 'n', '' FROM generate_series(0, :n / 2 - 1) i",
            "INSERT INTO pictures SELECT lpad(to_hex(i), 64, '0'), 1, 1, 1 "
            "FROM generate_series(0, :n - 1) i",
            "INSERT INTO photos SELECT 'S' || i / 2, lpad(to_hex(i), 64, '0'), i % 2, 1, now() "
            "FROM generate_series(0, :n - 1) i",
        ):
            connection.execute(text(statement), {"n": ROWS})
    drawn = np.random.default_rng(0).standard_normal((ROWS, DIMENSION)).astype(np.float32)
    drawn /= np.linalg.norm(drawn, axis=1, keepdims=True)
    store.put_vectors("m", {f"{i:064x}": drawn[i] for i in range(ROWS)})


def exact(store: CatalogStore, query: np.ndarray) -> list[tuple[str, str]]:
    """SKU and photo of every active product, nearest first."""
    gallery = store.gallery("m")
    order = np.argsort(-(gallery.vectors @ query))
    return [(gallery.skus[i], gallery.photos[i]) for i in order]


def test_nearest_photos_are_the_exact_ones_best_first(filled: CatalogStore) -> None:
    query = unit_vector(999, DIMENSION)
    hits = filled.nearest_photos("m", query, 20)
    assert [(hit.sku, hit.sha256) for hit in hits] == exact(filled, query)[:20]
    gallery = filled.gallery("m")
    cosines = sorted(gallery.vectors @ query, reverse=True)[:20]
    assert np.allclose([hit.similarity for hit in hits], cosines, atol=1e-6)


def test_nearest_products_come_once_each(filled: CatalogStore) -> None:
    query = unit_vector(5, DIMENSION)
    wanted = list(dict.fromkeys(sku for sku, _ in exact(filled, query)))
    found = filled.nearest_products("m", query, 400)
    assert found[:5] == wanted[:5]
    assert len(set(found) & set(wanted[:400])) >= 398  # at half precision, neighbours swap
    assert filled.searched("m") == (ROWS // 2 - 1, ROWS - 2)


def test_a_sample_is_the_same_each_time_and_has_no_retired_product(filled: CatalogStore) -> None:
    sample = filled.sample_photos("m", 40)
    assert sample.keys() == filled.sample_photos("m", 40).keys()
    assert len(sample) == 40
    assert f"{26:064x}" not in sample


def test_retired_products_are_found_only_when_asked_for(filled: CatalogStore) -> None:
    own = filled.database.engine
    with own.connect() as connection:
        row = connection.execute(
            text("SELECT vector FROM vectors WHERE sha256 = :sha"), {"sha": f"{26:064x}"}
        ).scalar_one()
    vector = np.frombuffer(row, "<f4")
    assert "S13" not in filled.nearest_products("m", vector, 5)
    asked = ProductFilter(active=None)
    assert filled.nearest_products("m", vector, 1, asked) == ["S13"]


def test_vectors_of_another_size_or_model_are_not_compared(filled: CatalogStore) -> None:
    assert filled.nearest_photos("m", unit_vector(1, 8), 3) == []
    assert filled.nearest_photos("other", unit_vector(1, DIMENSION), 3) == []


def test_an_index_is_made_and_kept_and_no_filter_shortens_the_answer(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with CatalogStore.open(new_database(postgres_url, "indexed"), cache_dir=tmp_path) as store:
        fill(store)
        assert not store.index_vectors("m")  # an exact search over so few is quick
        monkeypatch.setattr(pgvector, "INDEXED_ROWS", 1000)
        assert store.index_vectors("m")
        assert not store.index_vectors("m")  # there it is
        query = unit_vector(5, DIMENSION)
        order = exact(store, query)
        with store.database.engine.connect() as connection:
            connection.execute(text("ANALYZE"))
            connection.execute(text("SET enable_seqscan = off"))
            plan = connection.execute(
                text(
                    "EXPLAIN SELECT sha256 FROM vectors WHERE model_id = 'm' AND dimension = 32 "
                    "ORDER BY embedding::halfvec(32) <=> "
                    "(SELECT embedding::halfvec(32) FROM vectors LIMIT 1) LIMIT 5"
                )
            ).scalars()
            assert any("vectors_hnsw" in line for line in plan)
        found = {hit.sha256 for hit in store.nearest_photos("m", query, 10)}
        assert len(found & {photo for _, photo in order[:10]}) >= 9
        rare = list(dict.fromkeys(sku for sku, _ in order if int(sku[1:]) % 100 == 0))
        filtered = store.nearest_products("m", query, 15, ProductFilter(category="rare"))
        assert sorted(filtered) == sorted(rare)
        store.put_vectors("m", {f"{0:064x}": query})
        assert store.nearest_products("m", query, 1) == ["S0"]


def test_a_model_whose_name_holds_anything_is_indexed(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pgvector, "INDEXED_ROWS", 0)
    model = 'it\'s 100%s :model \\ "x"'
    with CatalogStore.open(new_database(postgres_url, "quoted"), cache_dir=tmp_path) as store:
        store.put_products([product("A"), product("B")])
        photos = [store.add_photo(sku, picture(i)) for i, sku in enumerate("AB")]
        store.put_vectors(model, {p.sha256: unit_vector(i) for i, p in enumerate(photos)})
        assert store.index_vectors(model)
        with store.database.read() as connection:
            assert pgvector.is_indexed(connection, _space(model, 16))
        assert store.nearest_products(model, unit_vector(1), 1) == ["B"]


def test_a_catalogue_of_an_older_program_is_searched_too(postgres_url: str, tmp_path: Path) -> None:
    url = new_database(postgres_url, "older")
    with CatalogStore.open(url, cache_dir=tmp_path) as store:
        store.put_product(product("A"))
        photo = store.add_photo("A", picture(1))
        store.put_vectors("m", {photo.sha256: unit_vector(1)})
        with store.database.write() as connection:
            connection.execute(text("ALTER TABLE vectors DROP COLUMN embedding"))
            connection.execute(text("DROP TABLE fits"))
            connection.execute(text("DELETE FROM facts WHERE key = 'maintenance'"))
            before = migrations.STEPS.index(migrations._search_on_the_server)
            connection.execute(
                text("UPDATE facts SET number = :n WHERE key = 'schema_version'"), {"n": before}
            )
    with CatalogStore.open(url, cache_dir=tmp_path) as store:
        assert store.nearest_products("m", unit_vector(1), 1) == ["A"]
        with store.database.read() as connection:
            query = text("SELECT number FROM facts WHERE key = 'schema_version'")
            assert connection.execute(query).scalar() == len(migrations.STEPS)


def test_pgvector_that_is_installed_later_is_used_from_then_on(
    postgres_url: str, tmp_path: Path
) -> None:
    url = new_database(postgres_url, "later")
    with CatalogStore.open(url, cache_dir=tmp_path) as store:
        with store.database.write() as connection:
            connection.execute(text("ALTER TABLE vectors DROP COLUMN embedding"))
        store.put_product(product("A"))
        photo = store.add_photo("A", picture(1))
        store.put_vectors("m", {photo.sha256: unit_vector(1)})
        with store.database.read() as connection:
            assert not pgvector.has_embeddings(connection, vectors)
        assert store.prepare_search()
        assert store.nearest_products("m", unit_vector(1), 1) == ["A"]


def test_one_process_alone_does_the_upkeep(filled: CatalogStore) -> None:
    seen = []

    def another() -> None:
        with filled.database.alone() as mine:
            seen.append(mine)

    with filled.database.alone() as mine:
        assert mine
        thread = threading.Thread(target=another)
        thread.start()
        thread.join()
    another()
    assert seen == [False, True]


def test_a_fit_is_shared_and_replaced(filled: CatalogStore, tmp_path: Path) -> None:
    assert filled.fit_stamp("m", "r") is None
    assert filled.fit("m", "r") is None
    filled.put_fit("m", "r", b"one", revision=1, seconds=0.5)
    filled.put_fit("m", "other", b"two", revision=2, seconds=0.5)
    filled.put_fit("m", "r", b"three", revision=3, seconds=1.5)
    stamp = filled.fit_stamp("m", "r")
    assert stamp is not None
    assert (stamp.revision, stamp.seconds) == (3, 1.5)
    assert filled.fit("m", "r") == b"three"
    assert filled.fit("m", "other") == b"two"
