"""Full, locked, damaged, foreign and newer: each said in words, and nothing stored is lost."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, text

from kiosk.catalog import CatalogStore
from kiosk.catalog.database import sqlite
from kiosk.catalog.database.failures import DamagedCatalogError
from kiosk.catalog.database.migrations import STEPS, migrate
from kiosk.catalog.transfer import import_catalog
from kiosk.errors import CatalogError, StorageError
from kiosk.files import storage_error
from tests.catalog.conftest import jpeg, picture, product, unit_vector

needs_full_device = pytest.mark.skipif(
    not Path("/dev/full").exists(), reason="needs Linux's always-full device"
)


def facts(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / "catalogue.db")) as connection, connection:
        connection.execute(statement)


def test_full_disk_is_said_and_what_was_stored_stays(sqlite_store: CatalogStore) -> None:
    store = sqlite_store
    store.put_product(product("A"))

    def fill_up(connection: sqlite3.Connection, *_: object) -> None:
        connection.execute("PRAGMA max_page_count = 1").close()  # SQLite's own "disk is full"

    event.listen(store._database.engine, "checkout", fill_up)
    many = [product(f"B{number}", description="x" * 9_000) for number in range(200)]
    with pytest.raises(StorageError, match="disk is full"):
        store.put_products(many)
    event.remove(store._database.engine, "checkout", fill_up)
    assert [p.sku for p in store.products()] == ["A"]
    assert store.check() == []


@contextmanager
def full_disk() -> Iterator[None]:
    """Let each file be written to a full disk."""
    opened = os.open

    def on_the_full_device(name: str, flags: int, mode: int) -> int:
        os.close(opened(name, flags, mode))
        return opened("/dev/full", os.O_WRONLY)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kiosk.files.os.open", on_the_full_device)
        yield


@needs_full_device
def test_full_disk_while_a_photo_is_written_leaves_no_row(store: CatalogStore) -> None:
    store.put_product(product("A"))
    with full_disk(), pytest.raises(StorageError, match="disk is full"):
        store.add_photo("A", picture(1))
    assert store.photos("A") == []
    assert list((store.data_dir / "photos").iterdir()) == []
    store.add_photo("A", picture(1))
    assert store.check() == []


@needs_full_device
def test_full_disk_during_an_import_leaves_no_product_without_its_photo(
    store: CatalogStore, tmp_path: Path
) -> None:
    goods = tmp_path / "products.csv"
    goods.write_text("sku,name,price,photo\nA,Tea,35,a.jpg\nB,Milk,20,\n")
    (tmp_path / "a.jpg").write_bytes(jpeg(1))
    with full_disk(), pytest.raises(StorageError, match="disk is full"):
        import_catalog(store, goods, None, currency="TWD")
    assert store.products() == []
    assert import_catalog(store, goods, None, currency="TWD").photos_added == 1
    assert store.photo_counts() == {"A": 1}
    assert store.check() == []


def test_catalogue_held_by_another_program_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT_MS", 50)
    with (
        CatalogStore.open(tmp_path) as store,
        closing(sqlite3.connect(tmp_path / "catalogue.db", isolation_level=None)) as other,
    ):
        store.put_product(product("A"))
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError, match="held by another program"):
            store.put_product(product("B"))
        assert store.product("A").sku == "A"
        other.execute("ROLLBACK")
        store.put_product(product("B"))
        assert store.counts().products == 2


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write anywhere")
def test_write_protected_folder_is_said(tmp_path: Path) -> None:
    CatalogStore.open(tmp_path).close()
    tmp_path.chmod(0o500)
    (tmp_path / "catalogue.db").chmod(0o400)
    try:
        with pytest.raises(StorageError, match="write-protected"):
            CatalogStore.open(tmp_path)
    finally:
        tmp_path.chmod(0o700)


def test_folder_that_is_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot be kept"):
        CatalogStore.open(tmp_path / "file")


def test_file_that_is_no_database_is_said_to_be_damaged(tmp_path: Path) -> None:
    (tmp_path / "catalogue.db").write_bytes(b"rubbish" * 1000)
    with pytest.raises(DamagedCatalogError, match="damaged") as told:
        CatalogStore.open(tmp_path)
    assert "kiosk restore" in told.value.next_step


def test_database_with_overwritten_pages_is_said_to_be_damaged(tmp_path: Path) -> None:
    with CatalogStore.open(tmp_path) as store:
        store.put_products([product(f"S{i}", description="x" * 3000) for i in range(200)])
    path = tmp_path / "catalogue.db"
    data = path.read_bytes()
    path.write_bytes(data[:20_000] + b"\xa5" * (len(data) - 20_000))
    with pytest.raises(StorageError, match="damaged"), CatalogStore.open(tmp_path) as store:
        store.products()


def test_newer_catalogue_is_refused_and_untouched(tmp_path: Path) -> None:
    with CatalogStore.open(tmp_path) as store:
        store.put_product(product("A"))
    facts(tmp_path, f"UPDATE facts SET number = {len(STEPS) + 1} WHERE key = 'schema_version'")
    before = (tmp_path / "catalogue.db").read_bytes()
    with pytest.raises(CatalogError, match="newer Shelflens"):
        CatalogStore.open(tmp_path)
    assert (tmp_path / "catalogue.db").read_bytes() == before


def test_database_of_another_program_is_refused(tmp_path: Path) -> None:
    facts(tmp_path, "CREATE TABLE products (x)")
    with pytest.raises(CatalogError, match="another program"):
        CatalogStore.open(tmp_path)


def test_step_that_fails_leaves_the_older_format(tmp_path: Path) -> None:
    def half_a_step(connection: Connection) -> None:
        connection.execute(text("CREATE TABLE half (x INTEGER)"))
        connection.execute(text("CREATE TABLE products (x INTEGER)"))

    with CatalogStore.open(tmp_path) as store:
        store.put_product(product("A"))
        with pytest.raises(StorageError), store._database.write() as connection:
            migrate(connection, (*STEPS, half_a_step))
        with store._database.read() as connection:
            tables = connection.execute(text("SELECT name FROM sqlite_master")).scalars().all()
        assert "half" not in tables
    with CatalogStore.open(tmp_path) as store:
        assert store.product("A").sku == "A"


def test_new_step_runs_once(tmp_path: Path) -> None:
    ran: list[int] = []
    with CatalogStore.open(tmp_path) as store:
        steps = (*STEPS, lambda _: ran.append(1))
        for _ in range(2):
            with store._database.write() as connection:
                assert migrate(connection, steps) == len(steps)
    assert ran == [1]


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EROFS, "write-protected"),
        (errno.EACCES, "write-protected"),
        (errno.EIO, "Input/output error"),
    ],
)
def test_file_errors_are_said_in_words(number: int, said: str) -> None:
    error = storage_error(OSError(number, os.strerror(number)), "The photo could not be saved")
    assert said in error.message
    assert error.next_step


def test_missing_photo_file_is_reported_by_the_check(sqlite_store: CatalogStore) -> None:
    sqlite_store.put_product(product("A"))
    photo = sqlite_store.add_photo("A", picture(1))
    assert sqlite_store.check() == []
    sqlite_store.photo_path(photo.sha256).unlink()
    assert [line for line in sqlite_store.check() if photo.sha256[:12] in line]


def test_catalogue_of_the_first_format_is_brought_up_to_date(tmp_path: Path) -> None:
    with CatalogStore.open(tmp_path) as store:
        store.put_product(product("A"))
        photo = store.add_photo("A", picture(1))
    for statement in (
        "ALTER TABLE pictures DROP COLUMN path",
        "ALTER TABLE vectors DROP COLUMN embedding",
        "DROP TABLE synced_files",
        "DROP TABLE picture_data",
        "UPDATE facts SET number = 1 WHERE key = 'schema_version'",
    ):
        facts(tmp_path, statement)
    with CatalogStore.open(tmp_path) as store:
        assert store.photos("A") == [photo]
        assert store.photo_path(photo.sha256).is_file()
        store.put_vectors("m", {photo.sha256: unit_vector(1)})
        assert store.synced_files("/") == {}
