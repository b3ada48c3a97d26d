"""Numbers that customers asked for and no product has."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from kiosk.catalog import CatalogStore, code_requests, requests_csv
from tests.catalog.conftest import product

TEA, OATS = "4710088412348", "4006381333931"


def asked(store: CatalogStore) -> list[tuple[str, int]]:
    return [(request.code, request.count) for request in store.code_requests()]


def test_requests_are_counted_the_most_frequent_first(store: CatalogStore) -> None:
    for code in (TEA, OATS, OATS):
        store.count_request(code)
    assert asked(store) == [(OATS, 2), (TEA, 1)]
    first, second = store.code_requests()
    assert first.last_at >= second.last_at


def test_what_is_sold_by_now_is_asked_for_no_more_until_it_is_retired(store: CatalogStore) -> None:
    store.count_request(TEA)
    store.put_product(replace(product("A"), barcode=TEA))
    assert asked(store) == []
    store.retire("A")
    assert asked(store) == [(TEA, 1)]


def test_zeros_in_front_make_no_other_number(store: CatalogStore) -> None:
    store.count_request("036000291452")
    store.put_product(replace(product("A"), barcode="0036000291452"))
    assert asked(store) == []


def test_a_number_that_is_not_wanted_is_forgotten(store: CatalogStore) -> None:
    store.count_request(TEA)
    store.forget_request(TEA)
    store.forget_request(OATS)
    assert asked(store) == []


def test_of_very_many_numbers_those_asked_for_last_are_kept(
    store: CatalogStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(code_requests, "MAX_KEPT", 3)
    for number in range(5):
        store.count_request(f"{number}")
    assert sorted(code for code, _ in asked(store)) == ["2", "3", "4"]


def test_the_table_for_a_spreadsheet_has_a_header(store: CatalogStore) -> None:
    store.count_request(TEA)
    header, row = requests_csv(store.code_requests()).decode().splitlines()
    assert header == "code,count,last_at"
    assert row.startswith(f"{TEA},1,20")
    assert row.endswith("+00:00")


def test_a_catalogue_from_before_gets_the_table(tmp_path: Path) -> None:
    with CatalogStore.open(tmp_path) as store, store.database.write() as connection:
        connection.execute(text("DROP TABLE code_requests"))
        connection.execute(text("UPDATE facts SET number = 3 WHERE key = 'schema_version'"))
    with CatalogStore.open(tmp_path) as store:
        store.count_request(TEA)
        assert asked(store) == [(TEA, 1)]
