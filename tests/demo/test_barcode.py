"""EAN-13: what is drawn is what a scanner reads."""

from __future__ import annotations

import pytest
import zxingcpp
from hypothesis import given, settings, strategies as st

from kiosk.demo.barcode import check_digit, in_store, modules
from kiosk.demo.sheet import Sheet

BODIES = st.text("0123456789", min_size=12, max_size=12)


@settings(max_examples=40, deadline=None)
@given(BODIES)
def test_a_drawn_code_reads_back(body: str) -> None:
    digits = body + check_digit(body)
    sheet = Sheet(480, 200, "#FFFFFF")
    sheet.barcode(240, 90, digits, 3, 90)
    assert [found.text for found in zxingcpp.read_barcodes(sheet.finished())] == [digits]


@given(BODIES)
def test_bars_have_guards_at_both_ends_and_in_the_middle(body: str) -> None:
    bars = modules(body + check_digit(body))
    assert len(bars) == 95
    assert bars[:3] == bars[-3:] == [True, False, True]
    assert bars[45:50] == [False, True, False, True, False]


def test_the_check_digit_is_the_published_one() -> None:
    assert check_digit("400638133393") == "1"


def test_shop_codes_lie_in_the_range_for_use_within_a_shop() -> None:
    code = in_store(31415)
    assert code.startswith("2")
    assert len(code) == 13
    assert code[-1] == check_digit(code)


@pytest.mark.parametrize("wrong", ["", "123", "4006381333932", "400638133393x", "٤٠٠٦٣٨١٣٣٣٩٣١"])
def test_what_is_no_ean_13_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="not an EAN-13"):
        modules(wrong)
