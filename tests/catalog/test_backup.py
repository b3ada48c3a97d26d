"""Backup and restore: all of it comes back, or nothing changes."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.catalog import CatalogStore, NewVector, VectorRows
from kiosk.catalog.transfer import backup, restore
from kiosk.catalog.transfer.archive import MANIFEST
from kiosk.errors import CatalogError, StorageError
from tests.catalog.conftest import picture, product, unit_vector
from tests.catalog.test_exporting import content


@pytest.fixture
def saved(store: CatalogStore, tmp_path: Path) -> Path:
    store.put_products([product("A", metadata={"k": "v"}), product("B"), product("C")])
    photo = store.add_photo("A", picture(1))
    store.add_photo("B", picture(2), quality=0.5)
    store.put_vectors("m", {photo.sha256: unit_vector(1)})
    store.put_value("pin", "hash")
    store.delete("C")
    (store.data_dir / "settings.json").write_text('{"currency": "VND"}')
    report = backup(store, tmp_path / "shop.zip")
    assert (report.products, report.photos, report.missing) == (2, 2, ())
    return tmp_path / "shop.zip"


def test_everything_comes_back_into_an_empty_folder(
    store: CatalogStore, saved: Path, tmp_path: Path
) -> None:
    report = restore(saved, tmp_path / "new")
    assert (report.products, report.photos, report.previous) == (2, 2, None)
    with CatalogStore.open(tmp_path / "new") as back:
        assert content(back) == content(store)
        assert back.value("pin") == "hash"
        assert back.gallery("m").skus == ("A",)
        assert back.check() == []
        back.undo_delete("C")
    assert json.loads((tmp_path / "new" / "settings.json").read_text()) == {"currency": "VND"}


def test_a_running_kiosk_sees_the_restored_shop(
    store: CatalogStore, saved: Path, tmp_path: Path
) -> None:
    with CatalogStore.open(tmp_path / "other") as running:
        running.put_product(product("X"))
        revision = running.revision()
        report = restore(saved, running.data_dir)
        assert [p.sku for p in running.products()] == ["A", "B"]
        assert running.revision() > revision
        assert running.changes_since(revision) is None
        running.put_product(product("Y"))
    assert report.previous is not None
    restore(report.previous, tmp_path / "undone")
    with CatalogStore.open(tmp_path / "undone") as undone:
        assert [p.sku for p in undone.products()] == ["X"]


def test_restored_collections_are_other_ones_than_a_running_server_remembers(
    sqlite_store: CatalogStore, tmp_path: Path
) -> None:
    rows = VectorRows(lambda: sqlite_store.database)
    rows.add("c", [NewVector(unit_vector(1), "kept.jpg")])
    backup(sqlite_store, tmp_path / "shop.zip")
    rows.add("c", [NewVector(unit_vector(2), "later.jpg")])
    remembered = rows.find("c")
    restore(tmp_path / "shop.zip", sqlite_store.data_dir)
    assert remembered is not None
    assert rows.find("c") not in (None, remembered)
    assert rows.by_row(remembered, [0, 1]) == {}
    assert rows.collections() == {"c": (16, 1)}


def test_restoring_what_was_kept_aside_undoes_the_restore(saved: Path, tmp_path: Path) -> None:
    folder = tmp_path / "other"
    with CatalogStore.open(folder) as before:
        before.put_product(product("X"))
        before.add_photo("X", picture(9))
    restore(saved, folder)
    restore(folder / "before-restore.zip", folder)
    with CatalogStore.open(folder) as after:
        assert [p.sku for p in after.products()] == ["X"]
        assert after.check() == []


def test_a_damaged_catalogue_is_kept_aside_and_replaced(saved: Path, tmp_path: Path) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    (folder / "catalogue.db").write_bytes(b"rubbish" * 1000)
    report = restore(saved, folder)
    with CatalogStore.open(folder) as back:
        assert [p.sku for p in back.products()] == ["A", "B"]
    assert report.previous is not None
    assert (report.previous / "catalogue.db").read_bytes() == b"rubbish" * 1000


def _cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _flip(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


def _flip_early(data: bytes) -> bytes:
    return data[:200] + bytes([data[200] ^ 1]) + data[201:]


@pytest.mark.parametrize(
    "spoil",
    [_cut, _flip, _flip_early, lambda _: b"", lambda _: b"PK\x03\x04"],
)
def test_a_damaged_backup_changes_nothing(
    saved: Path, tmp_path: Path, spoil: Callable[[bytes], bytes]
) -> None:
    folder = tmp_path / "other"
    saved.write_bytes(spoil(saved.read_bytes()))
    with CatalogStore.open(folder) as other:
        other.put_product(product("X"))
        photo = other.add_photo("X", picture(9))
        with pytest.raises(CatalogError, match="cannot be restored"):
            restore(saved, folder)
        assert other.photos("X") == [photo]
        assert other.check() == []
    assert {path.name for path in folder.iterdir()} <= {
        "catalogue.db", "catalogue.db-wal", "catalogue.db-shm", "photos",
    }  # fmt: skip


@pytest.mark.parametrize(
    "name", ["../evil", "/etc/evil", "photos/../../evil", "photos/x.jpg", "catalogue.db-wal"]
)
def test_a_backup_with_strange_names_is_refused(saved: Path, tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(saved) as archive:
        files = {info.filename: archive.read(info) for info in archive.infolist()}
    manifest = json.loads(files.pop(MANIFEST))
    manifest["files"].append({"name": name, "size": 4, "sha256": "0" * 64})
    with zipfile.ZipFile(tmp_path / "evil.zip", "w") as archive:
        for known, data in files.items():
            archive.writestr(known, data)
        archive.writestr(name, b"evil")
        archive.writestr(MANIFEST, json.dumps(manifest))
    with pytest.raises(CatalogError, match="do not belong there"):
        restore(tmp_path / "evil.zip", tmp_path / "other")


def test_a_bomb_is_cut_short(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("catalogue.db", b"\0" * 50_000_000)
        files = [{"name": "catalogue.db", "size": 10, "sha256": "0" * 64}]
        archive.writestr(MANIFEST, json.dumps({"format": 1, "files": files}))
    with pytest.raises(CatalogError, match="altered"):
        restore(tmp_path / "bomb.zip", tmp_path / "other")


def test_a_newer_backup_is_refused(saved: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "newer.zip", "w") as archive:
        archive.writestr(MANIFEST, json.dumps({"format": 99, "files": []}))
    with pytest.raises(CatalogError, match="newer Shelflens"):
        restore(tmp_path / "newer.zip", tmp_path / "other")


def test_a_lost_photo_does_not_stop_the_backup(sqlite_store: CatalogStore, tmp_path: Path) -> None:
    store = sqlite_store
    store.put_product(product("A"))
    lost, kept = (store.add_photo("A", picture(seed)) for seed in (1, 2))
    store.photo_path(lost.sha256).unlink()
    report = backup(store, tmp_path / "shop.zip")
    assert report.missing == (lost.sha256,)
    restore(tmp_path / "shop.zip", tmp_path / "new")
    with CatalogStore.open(tmp_path / "new") as back:
        assert back.photo_path(kept.sha256).is_file()


def test_a_backup_into_nowhere_says_so(store: CatalogStore, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="could not be written"):
        backup(store, tmp_path / "no" / "such" / "folder" / "shop.zip")


def test_a_backup_that_fails_leaves_the_older_one(
    sqlite_store: CatalogStore, tmp_path: Path
) -> None:
    backup(sqlite_store, tmp_path / "shop.zip")
    before = (tmp_path / "shop.zip").read_bytes()
    (sqlite_store.data_dir / "catalogue.db").rename(tmp_path / "away.db")
    with pytest.raises(StorageError):
        backup(sqlite_store, tmp_path / "shop.zip")
    assert (tmp_path / "shop.zip").read_bytes() == before
    assert [path.name for path in tmp_path.glob(".backup-*")] == []
