"""The tool that draws the demo shop: its bar codes can be scanned, its photos are those shipped."""

from __future__ import annotations

import numpy as np
import pytest
import zxingcpp
from hypothesis import given, settings, strategies as st

from assets.demo.catalogue import NOT_SOLD, SOLD
from assets.demo.photos import draw
from assets.demo.sheet import Sheet
from assets.demo.sprites import hand, turntable
from kiosk.demo import demo_products, strangers
from kiosk.demo.motion import TURNS
from kiosk.demo.stock import HELD_SIZE
from kiosk.errors import BugError


def check_digit(digits: str) -> str:
    """GS1 General Specifications, section 7.9."""
    return str(-sum(int(d) * (3 if k % 2 else 1) for k, d in enumerate(digits)) % 10)


@settings(max_examples=40, deadline=None)
@given(st.text("0123456789", min_size=12, max_size=12))
def test_a_drawn_code_reads_back(body: str) -> None:
    digits = body + check_digit(body)
    sheet = Sheet(480, 200, "#FFFFFF")
    sheet.barcode(240, 90, digits, 3, 90)
    assert [found.text for found in zxingcpp.read_barcodes(sheet.finished())] == [digits]


def test_a_wrong_check_digit_is_refused() -> None:
    with pytest.raises(ValueError, match="check digit"):
        Sheet(480, 200, "#FFFFFF").barcode(240, 90, "4006381333932", 3, 90)


def test_everything_the_camera_shows_can_be_drawn() -> None:
    assert [thing.product for thing in SOLD] == list(demo_products())
    assert {thing.product.sku for thing in NOT_SOLD} == set(strangers())


def test_a_photo_is_drawn_the_same_every_time() -> None:
    thing = SOLD[0]
    first = draw(thing, "left")
    assert first.shape == (540, 540, 3)
    assert np.array_equal(first, draw(thing, "left"))
    assert not np.array_equal(first, draw(thing, "front"))


def test_an_unknown_view_is_our_own_mistake() -> None:
    with pytest.raises(BugError, match="there are front"):
        draw(SOLD[0], "inside")


def test_a_product_and_its_hand_are_drawn_as_the_camera_reads_them() -> None:
    thing = SOLD[21]
    strip, layers = turntable(thing, 0), hand(thing, 0)
    assert strip.shape[1] % (2 * len(TURNS)) == strip.shape[0] % 2 == 0
    assert layers.shape == (HELD_SIZE[1] // 2, HELD_SIZE[0], 4)
    sprites = np.split(strip.astype(np.int16), len(TURNS), axis=1)
    assert np.abs(sprites[0] - sprites[-1]).mean() > 1
