"""Whatever a backup file holds, it is restored or refused in words; nothing sound is lost."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from kiosk.catalog import CatalogStore
from kiosk.catalog.transfer import backup, export_catalog, restore
from kiosk.catalog.transfer.archive import MANIFEST
from kiosk.errors import CatalogError, KnownError
from tests.catalog.conftest import jpeg, picture, product, unit_vector


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sound")
    with CatalogStore.open(folder / "shop") as store:
        store.put_products([product("A"), product("B")])
        photo = store.add_photo("A", picture(1))
        store.put_vectors("m", {photo.sha256: unit_vector(1)})
        backup(store, folder / "shop.zip")
    return folder / "shop.zip"


def rewritten(sound: Path, target: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """A backup of other content, with a manifest that agrees with it unless `change` made one."""
    with zipfile.ZipFile(sound) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    stated = files.pop(MANIFEST)
    change(files)
    if MANIFEST not in files:
        manifest = json.loads(stated)
        manifest["files"] = [
            {"name": name, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            for name, data in files.items()
        ]
        files[MANIFEST] = json.dumps(manifest).encode()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return target


def altered_database(data: bytes, work: Path, *statements: str) -> bytes:
    work.write_bytes(data)
    with closing(sqlite3.connect(work)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        connection.execute("VACUUM")
    return work.read_bytes()


@given(seed=st.integers(0, 2**32 - 1), flips=st.integers(1, 40), cut=st.floats(0, 1))
@settings(max_examples=60, deadline=None)
def test_flipped_bits_and_cuts_are_refused_or_harmless(
    sound: Path, tmp_path_factory: pytest.TempPathFactory, seed: int, flips: int, cut: float
) -> None:
    import numpy as np

    folder = tmp_path_factory.mktemp("flipped")
    dice = np.random.default_rng(seed)
    data = bytearray(sound.read_bytes())
    # The directory at the end steers all the rest: half of the flips go there.
    for start in (0, len(data) - 600):
        for at in dice.integers(start, len(data), flips):
            data[at] ^= 1 << int(dice.integers(8))
    (folder / "b.zip").write_bytes(data[: round(len(data) * cut)] if seed % 3 == 0 else data)
    try:
        restore(folder / "b.zip", folder / "shop")
    except KnownError:
        assert not (folder / "shop" / "catalogue.db").exists()
        assert [path.name for path in (folder / "shop").glob("*.jpg")] == []
    else:
        with CatalogStore.open(folder / "shop") as back:
            assert back.check() == []
    shutil.rmtree(folder)


MANIFESTS: list[Any] = [
    [],
    {"format": 1, "files": 5},
    {"format": float("inf"), "files": []},
    {"format": 1, "files": [{"name": 7, "size": 1, "sha256": "0" * 64}]},
    {"format": 1, "files": [{"name": "catalogue.db", "size": "12", "sha256": "0" * 64}]},
    {"format": 1, "files": [{"name": "catalogue.db", "size": -(10**18), "sha256": "0" * 64}]},
    {"format": 1, "files": [{"name": "catalogue.db", "size": 1e400, "sha256": "0" * 64}]},
    {"format": 1, "files": [{"name": "catalogue.db", "size": 10**30, "sha256": "0" * 64}]},
    {"format": 1, "files": [{"name": "catalogue.db", "size": True, "sha256": None}]},
    {"format": 1, "files": [["catalogue.db", 1, ""]]},
]


@pytest.mark.parametrize("manifest", [*map(json.dumps, MANIFESTS), "[" * 200_000, "\ud800", ""])
def test_hostile_manifests_are_refused_in_words(sound: Path, tmp_path: Path, manifest: str) -> None:
    def change(files: dict[str, bytes]) -> None:
        files[MANIFEST] = manifest.encode("utf-8", "surrogatepass")

    evil = rewritten(sound, tmp_path / "evil.zip", change)
    with pytest.raises(KnownError):
        restore(evil, tmp_path / "shop")
    assert not (tmp_path / "shop" / "catalogue.db").exists()


def test_a_photo_under_another_ones_name_replaces_nothing(sound: Path, tmp_path: Path) -> None:
    with CatalogStore.open(tmp_path / "shop") as store:
        store.put_product(product("X"))
        kept = store.add_photo_bytes("X", jpeg(5))

    def change(files: dict[str, bytes]) -> None:
        files[f"photos/{kept.sha256}.jpg"] = b"something else"

    with pytest.raises(CatalogError, match="do not belong"):
        restore(rewritten(sound, tmp_path / "evil.zip", change), tmp_path / "shop")
    with CatalogStore.open(tmp_path / "shop") as store:
        assert store.photo_path(kept.sha256).read_bytes() == jpeg(5)


@pytest.mark.parametrize("suffix", [".txt", ".jpg"])
def test_a_path_in_a_backup_leads_to_no_file_of_the_machine(
    sound: Path, tmp_path: Path, suffix: str, caplog: pytest.LogCaptureFixture
) -> None:
    secret = tmp_path / f"secret{suffix}"
    secret.write_bytes(b"not for others")
    (tmp_path / "link.jpg").symlink_to(secret)
    named = hashlib.sha256(secret.read_bytes()).hexdigest()
    rows = [("f" * 64, secret), ("e" * 64, tmp_path / "link.jpg")]
    if suffix == ".txt":
        rows.append((named, secret))  # whoever knows the content gets it, but not through us

    def change(files: dict[str, bytes]) -> None:
        statements = [
            statement
            for sha256, path in rows
            for statement in (
                f"INSERT INTO pictures VALUES ('{sha256}', 9, 9, 9, '{path}')",
                f"INSERT INTO photos SELECT sku, '{sha256}', 7, 1, created_at FROM photos LIMIT 1",
            )
        ]
        before = files["catalogue.db"]
        files["catalogue.db"] = altered_database(before, tmp_path / "work.db", *statements)

    restore(rewritten(sound, tmp_path / "evil.zip", change), tmp_path / "shop")
    with CatalogStore.open(tmp_path / "shop") as store:
        assert all(
            store.photo_path(sha256).parent == tmp_path / "shop/photos" for sha256, _ in rows
        )
        export_catalog(store, tmp_path / "out")
    assert len(caplog.records) == len(rows)
    caplog.clear()
    exported = [path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert not any(b"not for others" in data for data in exported)


def test_a_database_that_is_no_catalogue_is_refused(sound: Path, tmp_path: Path) -> None:
    for number, statement in enumerate(
        (
            "DROP TABLE photos",
            "DROP TABLE facts",
            "DELETE FROM facts",
            "UPDATE facts SET number = 'x'",
        )
    ):

        def change(files: dict[str, bytes], statement: str = statement) -> None:
            data = altered_database(files["catalogue.db"], tmp_path / "work.db", statement)
            files["catalogue.db"] = data

        evil = rewritten(sound, tmp_path / f"{number}.zip", change)
        with pytest.raises(KnownError):
            restore(evil, tmp_path / f"shop{number}")


def test_every_restore_keeps_what_was_there_beside_what_earlier_ones_kept(
    sound: Path, tmp_path: Path
) -> None:
    kept = []
    for name in ("X", "Y", "Z"):
        with CatalogStore.open(tmp_path / "shop") as store:
            store.put_product(product(name))
        previous = restore(sound, tmp_path / "shop").previous
        assert previous is not None
        kept.append(previous)
    assert len(set(kept)) == 3
    for name, previous in zip(("X", "Y", "Z"), kept, strict=True):
        restore(previous, tmp_path / name)
        with CatalogStore.open(tmp_path / name) as store:
            assert name in [p.sku for p in store.products()]


def test_each_damaged_catalogue_is_kept(sound: Path, tmp_path: Path) -> None:
    for rubbish in (b"one" * 3000, b"two" * 3000):
        (tmp_path / "shop").mkdir(exist_ok=True)
        (tmp_path / "shop" / "catalogue.db").write_bytes(rubbish)
        previous = restore(sound, tmp_path / "shop").previous
        assert previous is not None
        assert (previous / "catalogue.db").read_bytes() == rubbish


def test_files_of_the_shop_are_for_their_owner(sound: Path, tmp_path: Path) -> None:
    def change(files: dict[str, bytes]) -> None:
        files["settings.json"] = b"{}"

    restore(rewritten(sound, tmp_path / "with settings.zip", change), tmp_path / "shop")
    with CatalogStore.open(tmp_path / "shop") as store:
        store.put_product(product("C"))
        backup(store, tmp_path / "again.zip")
        private = [tmp_path / "again.zip", *(tmp_path / "shop").glob("catalogue.db*")]
        private += [tmp_path / "shop" / "settings.json", *(tmp_path / "shop" / "photos").iterdir()]
        assert len(private) >= 5
        assert {path.stat().st_mode & 0o077 for path in private} == {0}


def test_what_killed_backups_left_goes_after_a_day(sound: Path, tmp_path: Path) -> None:
    import os

    for name, age_s in ((".backup-old", 90_000), (".restore-old", 90_000), (".backup-new", 60)):
        (tmp_path / "shop" / name).mkdir(parents=True)
        (tmp_path / "shop" / name / "part").write_bytes(b"x" * 100)
        then = (tmp_path / "shop").stat().st_mtime - age_s
        os.utime(tmp_path / "shop" / name, (then, then))
    restore(sound, tmp_path / "shop")
    with suppress(FileNotFoundError):
        (tmp_path / "shop" / "catalogue.db-wal").unlink()
    assert [path.name for path in (tmp_path / "shop").glob(".*")] == [".backup-new"]
