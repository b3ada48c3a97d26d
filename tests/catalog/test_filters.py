"""Neighbours and lists within a category, a price range, or any extra field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.catalog import CatalogStore, ProductFilter
from tests.catalog.conftest import jpeg, new_database, product, unit_vector

PRODUCTS = 30


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def filled(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[CatalogStore]:
    """Thirty products of two photos each; tests leave them as they are."""
    folder = tmp_path_factory.mktemp("filled")
    db: str | Path = folder
    if request.param == "postgres":
        db = new_database(request.getfixturevalue("postgres_url"), "filters")
    with CatalogStore.open(db, cache_dir=folder) as store:
        fill(store)
        yield store


def fill(store: CatalogStore) -> None:
    store.put_products(
        [
            product(
                f"S{number:02}",
                minor=100 * number,
                category="ab"[number % 2],
                metadata={
                    "colour": ("red", "green", "blue")[number % 3],
                    "Größe in cm": str(number % 2),
                },
            )
            for number in range(PRODUCTS)
        ]
    )
    seeds = [number * 10 + view for number in range(PRODUCTS) for view in range(2)]
    photos = [replace(store.keep_picture(jpeg(seed)), sku=f"S{seed // 10:02}") for seed in seeds]
    store.link_photos(photos)
    vectors = [unit_vector(seed) for seed in seeds]
    store.put_vectors("m", dict(zip([p.sha256 for p in photos], vectors, strict=True)))


@pytest.mark.parametrize(
    ("chosen", "fits"),
    [
        (ProductFilter(), set(range(PRODUCTS))),
        (ProductFilter(category="b"), set(range(1, PRODUCTS, 2))),
        (ProductFilter(min_minor=500, max_minor=900), {5, 6, 7, 8, 9}),
        (ProductFilter(metadata={"colour": "blue"}), set(range(2, PRODUCTS, 3))),
        (
            ProductFilter(metadata={"colour": "blue", "Größe in cm": "0"}),
            set(range(2, PRODUCTS, 6)),
        ),
        (ProductFilter(category="a", max_minor=200), {2}),  # the price of S00 is not set
        (ProductFilter(max_minor=0), set()),
        (ProductFilter(metadata={"colour": "mauve"}), set()),
        (ProductFilter(metadata={'"': "x"}), set()),
        (ProductFilter(metadata={"a\0": "x"}), set()),
        (ProductFilter(metadata={"' OR 1=1 --": "' OR '1'='1"}), set()),
    ],
)
def test_filters_hold_for_lists_and_words(
    filled: CatalogStore, chosen: ProductFilter, fits: set[int]
) -> None:
    wanted = {f"S{n:02}" for n in fits}
    assert {p.sku for p in filled.products(chosen=chosen)} == wanted
    assert {p.sku for p in filled.products(query="oolong", chosen=chosen)} == wanted
    found = filled.find_text("oolong", PRODUCTS, chosen=chosen)
    assert {sku for sku, _ in found} == wanted
    if not filled._database.is_sqlite:
        near = filled.nearest_products("m", unit_vector(7), PRODUCTS, chosen)
        assert set(near) == wanted
