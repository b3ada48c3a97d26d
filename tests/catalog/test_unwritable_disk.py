"""A disk that is full or may only be read keeps nobody from reading the catalogue."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.catalog import CatalogStore
from kiosk.catalog.transfer import backup, export_catalog, restore
from kiosk.errors import StorageError
from tests.catalog.conftest import fill, picture, product, unit_vector


def fill_up(disk: Path) -> None:
    fill(disk, 0)


def write_protect(disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)


def make_writable(disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
    (disk / "filler").unlink(missing_ok=True)


@pytest.fixture(params=[fill_up, write_protect], ids=["full", "read-only"])
def hinder(request: pytest.FixtureRequest) -> Callable[[Path], None]:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def folder(small_disk: Path) -> Iterator[Path]:
    with CatalogStore.open(small_disk / "shop") as store:
        store.put_product(product("A"))
        photo = store.add_photo("A", picture(1))
        store.put_vectors("m", {photo.sha256: unit_vector(1)})
        store.put_value("pin", "hash")
    yield small_disk / "shop"
    make_writable(small_disk)


def assert_readable(store: CatalogStore, elsewhere: Path) -> None:
    assert [p.sku for p in store.products(query="oolong")] == ["A"]
    assert store.gallery("m").skus == ("A",)
    assert store.value("pin") == "hash"
    assert store.check() == []
    assert store.changes_since(store.revision()) is not None
    export_catalog(store, elsewhere / "out")
    assert backup(store, elsewhere / "shop.zip").photos == 1


def test_a_closed_catalogue_is_opened_and_read_and_written_when_it_can_be(
    small_disk: Path, folder: Path, hinder: Callable[[Path], None], tmp_path: Path
) -> None:
    hinder(small_disk)
    with CatalogStore.open(folder) as store:
        assert_readable(store, tmp_path)
        wanted = "disk is full" if hinder is fill_up else "write-protected"
        with pytest.raises(StorageError, match=wanted):
            store.put_product(product("B"))
        with pytest.raises(StorageError, match=wanted):
            store.add_photo("A", picture(2))
        make_writable(small_disk)
        store.put_product(product("B"))
        assert len(store.products()) == 2
    restore(tmp_path / "shop.zip", tmp_path / "elsewhere")


def test_what_a_killed_process_left_in_the_log_is_read_too(
    small_disk: Path, folder: Path, hinder: Callable[[Path], None], tmp_path: Path
) -> None:
    with CatalogStore.open(folder) as store:
        store.put_product(product("LOGGED"))
        shutil.copytree(folder, small_disk / "killed")  # with the -wal and -shm of that moment
        store.delete("LOGGED")
    hinder(small_disk)
    with CatalogStore.open(small_disk / "killed") as store:
        assert [p.sku for p in store.products()] == ["A", "LOGGED"]
        assert backup(store, tmp_path / "shop.zip").products == 2


def test_an_open_catalogue_is_read_on(small_disk: Path, folder: Path, tmp_path: Path) -> None:
    with CatalogStore.open(folder) as store:
        store.put_product(product("B", "Kettle"))
        fill_up(small_disk)
        more = [product(f"N{number}", description="x" * 2000) for number in range(500)]
        with pytest.raises(StorageError, match="disk is full"):
            store.put_products(more)  # more than SQLite holds in reserve
        assert store.product("B").sku == "B"
        with CatalogStore.open(folder) as another:
            assert_readable(another, tmp_path)


def test_an_empty_folder_on_a_full_disk_is_refused_in_words(small_disk: Path) -> None:
    fill_up(small_disk)
    with pytest.raises(StorageError, match="full"):
        CatalogStore.open(small_disk / "new")
