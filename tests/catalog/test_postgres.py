"""What only a server has: several machines, an index inside, and times when it is away."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from kiosk.catalog import CatalogStore, NewVector, VectorRows
from kiosk.catalog.database import pgvector
from kiosk.catalog.transfer import backup, export_catalog, import_catalog, restore
from kiosk.errors import CatalogError, ConfigError, StorageError
from tests.catalog.conftest import jpeg, new_database, picture, product, unit_vector
from tests.catalog.test_exporting import content


@pytest.fixture
def here(empty_postgres: str, tmp_path: Path) -> Iterator[CatalogStore]:
    with CatalogStore.open(empty_postgres, cache_dir=tmp_path / "here") as opened:
        yield opened


@pytest.fixture
def there(empty_postgres: str, tmp_path: Path) -> Iterator[CatalogStore]:
    with CatalogStore.open(empty_postgres, cache_dir=tmp_path / "there") as opened:
        yield opened


def test_another_machine_gets_the_photos_bytes(here: CatalogStore, there: CatalogStore) -> None:
    here.put_product(product("A"))
    photo = here.add_photo_bytes("A", jpeg(1))
    assert there.data_dir != here.data_dir
    assert there.photo_path(photo.sha256).read_bytes() == jpeg(1)
    here.photo_path(photo.sha256).unlink()
    assert here.check() == []


def write_from_another_process(url: str, folder: str) -> None:
    with CatalogStore.open(url, cache_dir=Path(folder)) as store:
        store.put_product(product("FROM-AFAR"))


@pytest.mark.skipif(os.name == "nt", reason="needs forkserver")
def test_change_of_another_process_is_seen_at_once(
    nursery: multiprocessing.context.ForkServerContext, here: CatalogStore, empty_postgres: str
) -> None:
    before = here.revision()
    target = write_from_another_process
    process = nursery.Process(target=target, args=(empty_postgres, str(here.data_dir)))
    process.start()
    process.join()
    assert process.exitcode == 0
    changes = here.changes_since(before)
    assert changes is not None
    assert changes.skus == ("FROM-AFAR",)


def test_import_and_export_work_on_the_server(here: CatalogStore, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(jpeg(1))
    rows = "sku,name,price,photo\nA,茶,35,a.jpg\nB,Milk,-1,\n"
    (tmp_path / "products.csv").write_text(rows, encoding="utf-8")
    report = import_catalog(here, tmp_path / "products.csv", None, currency="TWD")
    assert (report.added, report.photos_added, len(report.problems)) == (1, 1, 1)
    export_catalog(here, tmp_path / "out")
    with CatalogStore.open(tmp_path / "local") as local:
        tables = tmp_path / "out" / "products.csv", tmp_path / "out" / "photos.csv"
        import_catalog(local, *tables, currency="USD")
        assert content(local) == content(here)


def test_a_shop_moves_to_a_server_and_back_by_backup(
    sqlite_store: CatalogStore, empty_postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.resources.default_data_dir", lambda: tmp_path / "machine")
    sqlite_store.put_products([product("A"), product("B", metadata={"k": "v"}), product("C")])
    photo = sqlite_store.add_photo("A", picture(1))
    sqlite_store.put_vectors("m", {photo.sha256: unit_vector(1)})
    sqlite_store.put_value("pin", "hash")
    sqlite_store.delete("C")
    events = VectorRows(lambda: sqlite_store.database)
    events.add("party", [NewVector(unit_vector(5), "a.jpg")])
    backup(sqlite_store, tmp_path / "shop.zip")
    restore(tmp_path / "shop.zip", empty_postgres)
    with CatalogStore.open(empty_postgres, cache_dir=tmp_path / "another") as server:
        assert content(server) == content(sqlite_store)
        assert server.value("pin") == "hash"
        events = VectorRows(lambda: server.database)
        assert events.collections() == {"party": (16, 1)}
        events.add("party", [NewVector(unit_vector(6), "b.jpg")])
        assert server.nearest_products("m", unit_vector(1), 1) == ["A"]
        server.put_product(product("D"))
        backup(server, tmp_path / "server.zip")
        restore(tmp_path / "server.zip", tmp_path / "home")
        with CatalogStore.open(tmp_path / "home") as home:
            assert content(home) == content(server)
            assert home.gallery("m").skus == ("A",)
            home.undo_delete("C")


def test_server_without_pgvector_serves(
    postgres_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def refuse(_: object) -> None:
        raise CatalogError("The PostgreSQL server has no pgvector for this database.")

    monkeypatch.setattr(pgvector, "require_pgvector", refuse)
    with CatalogStore.open(new_database(postgres_url, "plain"), cache_dir=tmp_path) as store:
        store.put_product(product("A"))
        photo = store.add_photo("A", picture(1))
        store.put_vectors("m", {photo.sha256: unit_vector(1)})
        assert store.gallery("m").skus == ("A",)
        assert not store.prepare_search()
        assert "a copy of the catalogue" in caplog.text


def test_server_that_is_away_is_said_without_the_password(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be reached") as told:
        CatalogStore.open("postgresql://shop:secret@127.0.0.1:9/none", cache_dir=tmp_path / "c")
    assert not (tmp_path / "c").exists()
    assert "secret" not in str(told.value)


@pytest.mark.parametrize("url", ["mysql://x/y", "postgresql://x:notaport/y", "http://example.com"])
def test_address_that_is_no_server_of_ours_is_refused(url: str) -> None:
    with pytest.raises(ConfigError):
        CatalogStore.open(url)


def test_connection_that_was_cut_is_made_anew(here: CatalogStore, there: CatalogStore) -> None:
    here.put_product(product("A"))
    with there._database.write() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE pid <> pg_backend_pid()"
            )
        )
    assert here.product("A").sku == "A"
