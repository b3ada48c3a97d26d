"""A damaged database is said to be that, and what can be read of it is read."""

from __future__ import annotations

import contextlib
import logging
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from kiosk.catalog import CatalogStore, NewVector, VectorRows
from kiosk.catalog.database.failures import DamagedCatalogError, explain
from kiosk.catalog.transfer import backup, export_catalog, restore
from kiosk.errors import KnownError
from tests.catalog.conftest import picture, product, unit_vector

PRODUCTS = 30


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sound") / "shop"
    with CatalogStore.open(folder) as store:
        for number in range(PRODUCTS):
            store.put_product(product(f"S{number:02d}", metadata={"k": "v"}, description="x" * 90))
        for number in range(6):
            photo = store.add_photo(f"S{number:02d}", picture(number))
            store.put_vectors("m", {photo.sha256: unit_vector(number)})
        store.delete("S29")
        store.count_tap("S00", "S01")
        VectorRows(lambda: store.database).add("c", [NewVector(unit_vector(1), "a.jpg")])
    return folder


def use(store: CatalogStore, folder: Path) -> None:
    """Everything that a kiosk does with a catalogue; stops at the first refusal."""
    store.products()
    store.products(query="oolong tea")
    store.categories()
    store.counts()
    store.everything()
    store.gallery("m")
    store.missing_vectors("m")
    store.taps()
    store.value("staff.pin")
    store.changes_since(store.revision())
    VectorRows(lambda: store.database).collections()
    store.check()
    store.put_product(product("NEW"))
    store.add_photo("NEW", picture(99))
    store.delete("NEW")
    store.purge_deleted()
    export_catalog(store, folder / "out")
    backup(store, folder / "shop.zip")
    restore(folder / "shop.zip", folder / "back")


@given(seed=st.integers(0, 2**32 - 1), flips=st.sampled_from([1, 3, 30, 300]))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_flipped_bits_end_in_a_sentence_at_worst(
    sound: Path, tmp_path_factory: pytest.TempPathFactory, seed: int, flips: int
) -> None:
    folder = tmp_path_factory.mktemp("flipped")
    shutil.copytree(sound, folder / "shop")
    data = bytearray((sound / "catalogue.db").read_bytes())
    dice = np.random.default_rng(seed)
    for at in dice.integers(0, len(data), flips):
        data[at] ^= 1 << int(dice.integers(8))
    (folder / "shop" / "catalogue.db").write_bytes(data)
    logging.disable(logging.WARNING)  # rows that were left out
    try:
        with contextlib.suppress(KnownError), CatalogStore.open(folder / "shop") as store:
            use(store, folder)
    finally:
        logging.disable(logging.NOTSET)
    shutil.rmtree(folder)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE products SET updated_at = 'yesterday' WHERE sku = 'S05'",
        "UPDATE products SET metadata = '{\"a\":' WHERE sku = 'S05'",
        "UPDATE products SET metadata = '[1, 2]' WHERE sku = 'S05'",
        "UPDATE products SET price_minor = 'much' WHERE sku = 'S05'",
        "UPDATE products SET name = x'ff00ff' WHERE sku = 'S05'",
        "UPDATE products SET name = CAST(x'e4ff' AS TEXT) WHERE sku = 'S05'",
        "UPDATE photos SET created_at = 7 WHERE sku = 'S05'",
        "UPDATE photos SET quality = 'good' WHERE sku = 'S05'",
        "UPDATE vectors SET vector = x'00' WHERE sha256 IN"
        " (SELECT sha256 FROM photos WHERE sku = 'S05')",
        "UPDATE vectors SET vector = zeroblob(64) WHERE sha256 IN"
        " (SELECT sha256 FROM photos WHERE sku = 'S05')",
    ],
)
def test_one_damaged_row_hides_no_other(
    sound: Path, tmp_path: Path, statement: str, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.copytree(sound, tmp_path / "shop")
    with closing(sqlite3.connect(tmp_path / "shop" / "catalogue.db")) as connection:
        changed = connection.execute(statement).rowcount
        connection.commit()
    assert changed == 1
    with CatalogStore.open(tmp_path / "shop") as store:
        assert len(store.products()) >= PRODUCTS - 2
        assert len(store.products(query="oolong")) >= PRODUCTS - 2
        assert len(store.gallery("m").skus) >= 5
        assert np.allclose(np.linalg.norm(store.gallery("m").vectors, axis=1), 1, atol=1e-3)
        use(store, tmp_path)
    caplog.clear()


def test_strange_values_are_reported(sound: Path, tmp_path: Path) -> None:
    shutil.copytree(sound, tmp_path / "shop")
    with CatalogStore.open(tmp_path / "shop") as store:
        assert store.check() == []
        with closing(sqlite3.connect(tmp_path / "shop" / "catalogue.db")) as connection:
            connection.execute("UPDATE products SET price_minor = 'much' WHERE sku < 'S03'")
            connection.commit()
        assert store.check() == [
            "The database is damaged: 3 strange values in products.price_minor."
        ]


def test_a_damaged_text_index_is_damage_too() -> None:
    """SQLite says this of SQLITE_CORRUPT_VTAB, without the word."""
    said = sqlite3.DatabaseError("vtable constructor failed: product_text")
    assert isinstance(explain(said, "shop"), DamagedCatalogError)
