"""What the demo shop sells."""

from __future__ import annotations

import unicodedata

from kiosk.demo import demo_products, strangers

PRODUCTS = demo_products()


def is_chinese(name: str) -> bool:
    return any("一" <= c <= "鿿" for c in name)


def is_vietnamese(name: str) -> bool:
    marks = {"̆", "̣", "̉", "̛"}  # breve, dot below, hook above, horn
    return any(set(unicodedata.normalize("NFD", c)) & marks or c in "đĐ" for c in name)


def test_the_shop_is_large_enough_to_be_interesting() -> None:
    assert len(PRODUCTS) >= 24
    assert len({p.sku for p in PRODUCTS}) == len(PRODUCTS)
    assert len({p.category for p in PRODUCTS}) >= 6


def test_names_come_in_three_languages() -> None:
    chinese = [p for p in PRODUCTS if is_chinese(p.name)]
    vietnamese = [p for p in PRODUCTS if is_vietnamese(p.name)]
    assert len(chinese) >= 8
    assert len(vietnamese) >= 5
    assert any(not is_chinese(p.name) and not is_vietnamese(p.name) for p in PRODUCTS)


def test_every_product_can_be_sold() -> None:
    for product in PRODUCTS:
        assert product.name.strip()
        assert product.description.strip()
        assert product.price.minor > 0


def test_most_prices_are_in_the_shop_s_currency_and_some_in_others() -> None:
    currencies = [p.price.currency for p in PRODUCTS]
    assert currencies.count("TWD") > len(currencies) * 0.8
    assert {"VND", "EUR"} <= set(currencies)


def test_packages_carry_different_codes_for_use_within_a_shop() -> None:
    codes = [p.barcode for p in PRODUCTS if p.barcode]
    assert len(codes) >= 20
    assert len(set(codes)) == len(codes)
    assert all(code.startswith("2") and len(code) == 13 for code in codes)


def test_three_things_are_not_in_stock() -> None:
    assert len(set(strangers())) == 3
    assert not set(strangers()) & {p.sku for p in PRODUCTS}
