from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from kiosk.gui.widgets.telex import telex


def typed(keys: str) -> str:
    text = ""
    for key in keys:
        text = telex(text, key)
    return text


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("nuowcs mawsm", "nước mắm"),
        ("Vieetj Nam", "Việt Nam"),
        ("caf phee suwax ddas", "cà phê sữa đá"),
        ("DDuwowngf", "Đường"),
        ("dduwowcj", "được"),
        ("banhs mif", "bánh mì"),
        ("ruwowuj", "rượu"),
        ("hoaf", "hòa"),
        ("hoangf", "hoàng"),
        ("quar", "quả"),
        ("gias", "giá"),
        ("quys", "quý"),
        ("xoaif", "xoài"),
        ("chuoois", "chuối"),
        ("duwa haaus", "dưa hấu"),
        ("tooi", "tôi"),
    ],
)
def test_words_are_composed(keys: str, expected: str) -> None:
    assert typed(keys) == expected


@pytest.mark.parametrize(
    ("keys", "expected"), [("ass", "as"), ("aaa", "aa"), ("ddd", "dd"), ("oww", "ow"), ("asz", "a")]
)
def test_a_mark_typed_twice_is_taken_back(keys: str, expected: str) -> None:
    assert typed(keys) == expected


@pytest.mark.parametrize("keys", ["Coca", "123", "milk", "- ."])
def test_what_is_no_vietnamese_stays_as_typed(keys: str) -> None:
    assert typed(keys) == keys


@given(st.text(max_size=20), st.characters(categories=["Ll", "Lu"]))
def test_words_before_the_last_are_never_touched(before: str, key: str) -> None:
    head = before + " "
    assert telex(head, key).startswith(head)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyzAEOUDW ", max_size=25))
def test_no_combining_mark_is_left_over(keys: str) -> None:
    import unicodedata

    assert not any(unicodedata.combining(c) for c in typed(keys))
