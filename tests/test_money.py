"""Prices: what people write is read right or refused, and shown as the shop's country does."""

from __future__ import annotations

import contextlib
import unicodedata

import pytest
from babel.numbers import list_currencies
from hypothesis import given, strategies as st

from kiosk.domain import Price
from kiosk.errors import CatalogError
from kiosk.money import MAX_MINOR, check_price, format_price, minor_digits, parse_price, price_text

CURRENCIES = ("TWD", "VND", "EUR", "SEK", "USD", "JPY", "KWD", "CHF", "INR", "CLF")
prices = st.builds(Price, st.integers(0, MAX_MINOR), st.sampled_from(CURRENCIES))


@pytest.mark.parametrize(
    ("written", "currency", "minor"),
    [
        ("NT$ 3,200", "TWD", 320_000),
        ("3200", "TWD", 320_000),
        ("３２００元", "TWD", 320_000),
        ("$45", "TWD", 4_500),
        ("45.000 ₫", "VND", 45_000),
        ("45.000 đ", "VND", 45_000),
        ("45,000 VND", "VND", 45_000),
        ("1.250.000₫", "VND", 1_250_000),
        ("45000.0", "VND", 45_000),
        ("12,99", "EUR", 1_299),
        ("12.99", "EUR", 1_299),
        ("€12.99", "EUR", 1_299),
        ("12,99 €", "EUR", 1_299),
        ("1.234,56 €", "EUR", 123_456),
        ("€1,234.56", "EUR", 123_456),
        ("1 234,5 kr", "SEK", 123_450),
        ("1\u202f234,50\u00a0€", "EUR", 123_450),
        ("1’234.50 CHF", "CHF", 123_450),
        ("0.500", "EUR", 50),
        (".5", "EUR", 50),
        ("5.", "EUR", 500),
        ("0", "EUR", 0),
        ("¥3,200", "JPY", 3_200),
        ("￥3,200", "JPY", 3_200),
        ("1.250", "KWD", 1_250),
        ("1,250", "KWD", 1_250_000),
        ("1,23,456.50", "INR", 12_345_650),
        ("٤٥", "EUR", 4_500),
    ],
)
def test_price_is_read_as_people_write_it(written: str, currency: str, minor: int) -> None:
    assert parse_price(written, currency) == Price(minor, currency)


@pytest.mark.parametrize(
    ("written", "currency", "said"),
    [
        ("", "EUR", "missing"),
        ("   ", "EUR", "missing"),
        ("-5", "EUR", "negative"),
        ("−5", "EUR", "negative"),
        ("(5.00)", "EUR", "negative"),
        ("€-5", "EUR", "negative"),
        ("nan", "EUR", "not a price"),
        ("inf", "EUR", "not a price"),
        ("1e9", "EUR", "not a price"),
        ("12.999.99", "EUR", "not a price"),
        ("1,2,3", "EUR", "not a price"),
        ("12 34", "EUR", "not a price"),
        ("...", "EUR", "not a price"),
        ("kr", "SEK", "not a price"),
        ("free", "EUR", "not a price"),
        ("9" * 60, "EUR", "not a price"),
        ("4006381333931", "EUR", "too large"),
        ("1.2345", "EUR", "more decimals"),
        ("12.5", "VND", "more decimals"),
        ("€5", "TWD", "written in EUR"),
        ("45.000 ₫", "TWD", "written in VND"),
        ("5", "XXQ", "not a currency"),
        ("5", "eur", "not a currency"),
    ],
)
def test_what_is_no_price_is_refused_with_a_sentence(
    written: str, currency: str, said: str
) -> None:
    with pytest.raises(CatalogError, match=said) as refused:
        parse_price(written, currency)
    assert refused.value.message.endswith(".")


@pytest.mark.parametrize(
    ("price", "language", "shown"),
    [
        (Price(320_000, "TWD"), "", "NT$ 3,200"),
        (Price(320_050, "TWD"), "", "NT$ 3,200.50"),
        (Price(45_000, "VND"), "", "45.000 ₫"),
        (Price(1_299, "EUR"), "", "€12.99"),
        (Price(3_782, "SEK"), "", "37,82 kr"),
        (Price(3_200, "JPY"), "", "¥3,200"),
        (Price(0, "EUR"), "", "—"),
        (Price(320_000, "TWD"), "zh_TW", "NT$ 3,200"),
        (Price(320_000, "TWD"), "en", "NT$ 3,200"),
        (Price(320_000, "TWD"), "vi", "3.200 NT$"),
        (Price(45_000, "VND"), "vi", "45.000 ₫"),
        (Price(45_000, "VND"), "en", "₫45,000"),
        (Price(1_299, "EUR"), "vi", "12,99 €"),
        (Price(1_299, "EUR"), "xx_XX", "€12.99"),
    ],
)
def test_price_is_shown_in_the_local_form(price: Price, language: str, shown: str) -> None:
    assert format_price(price, language) == shown


@given(prices)
def test_shown_price_reads_back_equal(price: Price) -> None:
    assert parse_price(format_price(price), price.currency) == price


@given(prices)
def test_plain_amount_reads_back_equal(price: Price) -> None:
    assert parse_price(price_text(price), price.currency) == price


@given(st.text(max_size=60), st.sampled_from(CURRENCIES))
def test_any_text_is_a_price_or_a_known_error(text: str, currency: str) -> None:
    price = None
    with contextlib.suppress(CatalogError):
        price = parse_price(text, currency)
    readable = any(character.isdecimal() for character in unicodedata.normalize("NFKC", text))
    assert price is None or text.strip() == "—" or (readable and 0 <= price.minor <= MAX_MINOR)


@pytest.mark.parametrize("minor", [-1, MAX_MINOR + 1, 10**30])
def test_absurd_price_is_refused(minor: int) -> None:
    with pytest.raises(CatalogError):
        check_price(Price(minor, "EUR"))


def test_every_currency_can_be_shown() -> None:
    shown = [format_price(Price(1_234_567, currency)) for currency in list_currencies()]
    assert all(any(c.isdigit() for c in text) for text in shown)


def test_minor_digits_follow_iso_4217_and_not_the_cash_in_use() -> None:
    assert [minor_digits(c) for c in ("TWD", "VND", "EUR", "KWD", "HUF", "IQD")] == [
        2, 0, 2, 3, 2, 3,
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["", "en", "zh_TW", "vi"])
def test_a_price_that_nobody_set_is_a_dash(language: str) -> None:
    price = Price(0, "TWD")
    assert not price.is_set
    assert format_price(price, language) == "—"
    assert parse_price("—", "TWD") == price
