"""Search by words: any script, any length, names first."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from kiosk.catalog import CatalogStore
from kiosk.folding import fold
from tests.catalog.conftest import product


@pytest.fixture(autouse=True)
def _a_shop(store: CatalogStore) -> None:
    store.put_products(
        [
            product("CF", "Cà phê sữa đá", category="Đồ uống"),
            product("MK", "鮮牛奶", description="Fresh milk, 100% from 'happy' cows"),
            product("TE", "烏龍茶", description="Oolong tea, goes with milk"),
            product("CH", "Milk chocolate", description='The "dark" one_is sold out'),
            product("ST", "Straße 50% Müsli", barcode="4006381333931"),
        ]
    )


def found(store: CatalogStore, query: str) -> list[str]:
    return [sku for sku, _ in store.find_text(query)]


@pytest.mark.parametrize(
    ("query", "skus"),
    [
        ("ca phe", ["CF"]),
        ("CÀ PHÊ", ["CF"]),
        ("sua da", ["CF"]),
        ("đá", ["CF", "CH"]),
        ("do uong", ["CF"]),
        ("牛奶", ["MK"]),
        ("鮮牛奶", ["MK"]),
        ("茶", ["TE"]),
        ("烏龍", ["TE"]),
        ("milk", ["CH", "MK", "TE"]),
        ("milk oolong", ["TE"]),
        ("strasse", ["ST"]),
        ("musli", ["ST"]),
        ("50%", ["ST"]),
        ("100%", ["MK"]),
        ('"dark"', ["CH"]),
        ("'happy'", ["MK"]),
        ("one_is", ["CH"]),
        ("4006381333931", ["ST"]),
        ("mk", ["MK"]),
        ("  MILK   chocolate ", ["CH"]),
        ("ｍｉｌｋ", ["CH", "MK", "TE"]),
    ],
)
def test_products_are_found(store: CatalogStore, query: str, skus: list[str]) -> None:
    assert found(store, query) == skus


@pytest.mark.parametrize(
    "query", ["", "   ", "*", "zebra", "%", "_", "NEAR(", "\x00", "\ud800", "\\"]
)
def test_nothing_is_found_and_nothing_breaks(store: CatalogStore, query: str) -> None:
    hits = found(store, query)
    assert hits == (["ST", "MK"] if query == "%" else ["CH"] if query == "_" else [])


def test_some_of_the_words_are_better_than_nothing(store: CatalogStore) -> None:
    hits = store.find_text("chocolate zebra")
    assert [sku for sku, _ in hits] == ["CH"]
    assert hits[0][1] < 0.3


@pytest.mark.parametrize(
    ("query", "sku"), [("choclate", "CH"), ("chocolatte", "CH"), ("strase", "ST"), ("müslli", "ST")]
)
def test_misspelt_names_are_found_with_a_low_score(
    store: CatalogStore, query: str, sku: str
) -> None:
    hits = store.find_text(query)
    assert [hit for hit, _ in hits] == [sku]
    assert 0 < hits[0][1] < 0.2


def test_scores_fall_from_name_to_description(store: CatalogStore) -> None:
    scores = dict(store.find_text("milk"))
    assert 1 >= scores["CH"] > scores["MK"] > 0


def test_search_follows_a_change_at_once(store: CatalogStore) -> None:
    store.put_product(product("TE", "Black tea"))
    assert found(store, "烏龍茶") == []
    assert found(store, "black") == ["TE"]
    store.retire("TE")
    assert found(store, "black") == []


def test_list_for_staff_searches_too(store: CatalogStore) -> None:
    store.retire("TE")
    assert [p.sku for p in store.products(query="茶", active=None)] == ["TE"]
    assert store.products(query="茶") == []
    assert [p.sku for p in store.products(query="milk", limit=1, offset=1)] == ["MK"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(max_size=30))
def test_any_query_gets_an_answer(store: CatalogStore, query: str) -> None:
    hits = store.find_text(query, limit=3)
    assert len(hits) <= 3
    assert all(0 < score <= 1 for _, score in hits)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.integers(0, 10), st.integers(1, 10))
def test_every_part_of_a_name_finds_it(store: CatalogStore, start: int, length: int) -> None:
    part = "Cà phê sữa đá"[start : start + length].strip()
    assert not part or "CF" in found(store, part)


@given(st.text())
def test_folding_is_stable(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_folding_keeps_letters_that_only_look_like_accents() -> None:
    assert fold("がぎ") != fold("かき")
    assert fold("ที่") != fold("ท")
    assert fold("Đường") == "duong"
