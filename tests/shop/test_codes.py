"""What a code stands for in a shop."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kiosk.catalog import CatalogStore, open_catalogue
from kiosk.domain import Price, Product, Scan
from kiosk.shop.codes import find_code

LAYOUT = "2IIIIIIPPPPPC"
TEA, HAM = "4006381333931", "2123456005998"


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CatalogStore]:
    store = open_catalogue(str(tmp_path_factory.mktemp("codes")))
    eur = Price(100, "EUR")
    for sku, barcode in [("tea", TEA), ("upc", "036000291452"), ("card", "SHELF-42")]:
        store.put_product(Product(sku, sku, eur, barcode=barcode))
    for sku in ("123456", "77"):
        store.put_product(Product(sku, "ham", eur))
    store.put_product(Product("old", "old", eur, barcode="96385074"))
    store.retire("old")
    yield store
    store.close()


@pytest.mark.parametrize(
    ("text", "scan"),
    [
        (TEA, Scan(TEA, "tea")),
        ("0" + TEA, Scan("0" + TEA, "tea")),
        (f"https://id.example/01/0{TEA}", Scan(TEA, "tea")),
        (f"(01)0{TEA}(10)A", Scan(TEA, "tea")),
        ("0036000291452", Scan("0036000291452", "upc")),
        ("036000291452", Scan("036000291452", "upc")),
        ("SHELF-42", Scan("SHELF-42", "card")),
        ("4710088412348", Scan("4710088412348")),
        ("96385074", Scan("96385074")),
        ("https://example.com/win", None),
        ("4006381333932", None),
    ],
)
def test_a_code_is_found_in_the_catalogue(
    catalog: CatalogStore, text: str, scan: Scan | None
) -> None:
    assert find_code(catalog, text) == scan


@pytest.mark.parametrize(
    ("text", "layout", "scan"),
    [
        (HAM, LAYOUT, Scan(HAM, "123456", Price(599, "EUR"))),
        (HAM, "2IIIIIIWWWWWC", Scan(HAM, "123456")),
        ("2000077012508", LAYOUT, Scan("2000077012508", "77", Price(1250, "EUR"))),
        ("2999999005999", LAYOUT, Scan("2999999005999")),
        (HAM, "", None),
    ],
)
def test_the_shops_own_codes_are_read_by_their_layout(
    catalog: CatalogStore, text: str, layout: str, scan: Scan | None
) -> None:
    assert find_code(catalog, text, layout) == scan
