"""What export writes, import reads back equal."""

from __future__ import annotations

import csv
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from kiosk.catalog import CatalogStore
from kiosk.catalog.transfer import export_catalog, import_catalog
from kiosk.catalog.validation import clean_product
from kiosk.domain import Price, Product
from kiosk.errors import StorageError
from kiosk.money import MAX_MINOR
from tests.catalog.conftest import jpeg, picture, product

_letters = st.characters(
    exclude_categories=("Cs", "Cc"),
    exclude_characters="\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
)
_line = st.text(_letters, max_size=20)
_name = _line.filter(lambda text: bool(text.strip()))
_text = st.text(_letters | st.sampled_from("\n\t,;\"'|"), max_size=40)
_products = st.builds(
    Product,
    sku=_name,
    name=_name,
    price=st.builds(
        Price, st.integers(0, MAX_MINOR), st.sampled_from(("TWD", "VND", "EUR", "KWD", "CLF"))
    ),
    category=_line,
    description=_text,
    barcode=_line,
    active=st.booleans(),
    metadata=st.dictionaries(_name, _text, max_size=3),
)


@pytest.fixture
def store(sqlite_store: CatalogStore) -> CatalogStore:
    return sqlite_store  # tables are read and written alike for every database


def content(store: CatalogStore) -> list[tuple[Product, list[tuple[str, float, bytes]]]]:
    return [
        (
            replace(found, updated_at=None),
            [(p.sha256, p.quality, store.photo_path(p.sha256).read_bytes()) for p in photos],
        )
        for found, photos in store.everything()
    ]


def copied(store: CatalogStore, folder: Path) -> CatalogStore:
    """A second store, filled from the export of the first."""
    export_catalog(store, folder / "out")
    other = CatalogStore.open(folder / "copy")
    tables = folder / "out" / "products.csv", folder / "out" / "photos.csv"
    report = import_catalog(other, *tables, currency="USD")
    assert report.problems == ()
    return other


@settings(deadline=None, max_examples=40)
@given(st.lists(_products.map(clean_product), max_size=5, unique_by=lambda p: p.sku), st.data())
def test_any_catalogue_survives_export_and_import(
    goods: list[Product], data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as name, CatalogStore.open(Path(name) / "shop") as store:
        store.put_products(goods)
        for item in goods:
            for seed in data.draw(st.lists(st.integers(0, 3), max_size=2)):
                quality = data.draw(st.floats(0, 1))
                store.add_photo_bytes(item.sku, jpeg(seed), quality=quality)
        with copied(store, Path(name)) as other:
            assert content(other) == content(store)


def test_order_of_photos_and_shared_pictures_survive(store: CatalogStore, tmp_path: Path) -> None:
    store.put_products([product("A"), product("B")])
    photos = [store.add_photo("A", picture(seed)) for seed in (1, 2, 3)]
    store.add_photo("B", picture(1))
    store.set_cover("A", photos[2].sha256)
    with copied(store, tmp_path) as other:
        assert content(other) == content(store)


def test_deleted_products_stay_out(store: CatalogStore, tmp_path: Path) -> None:
    store.put_products([product("A"), product("B")])
    store.delete("A")
    export_catalog(store, tmp_path / "out")
    with (tmp_path / "out" / "products.csv").open(encoding="utf-8", newline="") as stream:
        assert [row["sku"] for row in csv.DictReader(stream)] == ["B"]


def test_an_earlier_export_is_brought_up_to_date(store: CatalogStore, tmp_path: Path) -> None:
    store.put_product(product("A"))
    export_catalog(store, tmp_path / "out")
    store.put_product(product("A", "Renamed"))
    export_catalog(store, tmp_path / "out")
    assert "Renamed" in (tmp_path / "out" / "products.csv").read_text(encoding="utf-8")


def test_a_table_that_people_wrote_is_not_overwritten(store: CatalogStore, tmp_path: Path) -> None:
    (tmp_path / "products.csv").write_text("sku,name,price\nA,Tea,35\n")
    with pytest.raises(StorageError, match="not an export"):
        export_catalog(store, tmp_path)
    assert (tmp_path / "products.csv").read_text() == "sku,name,price\nA,Tea,35\n"


@pytest.mark.parametrize("name", ["=1+1", "+1", "-2+3", "@SUM(1)", "'=1+1", "''-x"])
def test_no_cell_of_an_export_is_a_formula(store: CatalogStore, tmp_path: Path, name: str) -> None:
    store.put_product(product("A-1", name=name))
    export_catalog(store, tmp_path / "out")
    with (tmp_path / "out" / "products.csv").open(newline="", encoding="utf-8") as stream:
        assert all(cell[:1] not in "=+-@" for row in csv.reader(stream) for cell in row if cell)
    with copied(store, tmp_path) as again:
        assert again.product("A-1").name == name
