"""Product numbers inside GS1 codes, and the shop's own codes."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from kiosk.recognition.evidence import InStoreCode, gtin_in, is_gtin, is_in_store, read_in_store

GTIN = "4006381333931"


def checked(digits: str) -> str:
    return next(digits + str(n) for n in range(10) if is_gtin(digits + str(n)))


gtins = st.text("0123456789", min_size=13, max_size=13).map(checked)
values = st.text("ABCabc019-", min_size=1, max_size=20)


@pytest.mark.parametrize(
    "text",
    [
        GTIN,
        "https://id.gs1.org/01/04006381333931",
        "https://shop.example/a/01/04006381333931/10/LOT?17=270101",
        "https://shop.example/gtin/4006381333931",
        "(01)04006381333931",
        "(01)04006381333931(10)AB(C)12",
        "(10)AB(01)04006381333931",
        "0104006381333931",
        "]d2010400638133393110AB",
        "]C1\x1d10AB\x1d0104006381333931",
        "]Q317270101010400638133393110X\x1d21Y",
    ],
)
def test_the_gtin_is_found_in_whatever_holds_it(text: str) -> None:
    assert gtin_in(text) == GTIN


@pytest.mark.parametrize(
    "text",
    [
        "", "SHELF-42", "4006381333932", "https://example.com/p/7", "https://[bad/01/04006381333931",
        "https://id.gs1.org/01/04006381333932", "(01)0400638133393", "(02)04006381333931",
        "0104006381333932", "1704006381333931", "]C1", "01",
    ],
)  # fmt: skip
def test_no_gtin_is_made_up(text: str) -> None:
    assert gtin_in(text) is None


@given(gtins, values, values)
def test_every_form_holds_the_same_number(gtin: str, lot: str, serial: str) -> None:
    found = gtin_in(f"(01){gtin}")
    assert found is not None
    assert found.zfill(14) == gtin
    assert gtin_in(f"https://id.example/01/{gtin}/10/{lot}") == found
    assert gtin_in(f"]d210{lot}\x1d01{gtin}21{serial}") == found
    assert gtin_in(f"(10){lot}(01){gtin}") == found


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    found = gtin_in(text)
    assert found is None or is_gtin(found)


def test_a_layout_takes_item_and_price_from_the_shops_own_code() -> None:
    code = checked("212345600599")
    assert read_in_store(code, "2IIIIIIPPPPPC") == InStoreCode("123456", "00599")
    assert read_in_store(code, "21IIIIIXPPPPC") == InStoreCode("23456", "0599")
    assert read_in_store(code, "2IIIIIIWWWWWC") == InStoreCode("123456", "")


@pytest.mark.parametrize("layout", ["", "22IIIIIXPPPPC", "2IIIIIPPPPPC"])
def test_a_code_of_another_layout_is_not_read(layout: str) -> None:
    assert read_in_store(checked("212345600599"), layout) is None


@pytest.mark.parametrize(
    ("gtin", "own"),
    [("2123456005998", True), ("0212345600599", True), ("212345600599", True), (GTIN, False)],
)
def test_the_shops_own_numbers_begin_with_2(gtin: str, own: bool) -> None:
    assert is_in_store(gtin) is own
