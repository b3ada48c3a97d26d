"""Matching details: the same print is found again, another one is not, and both say how well."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from kiosk.domain import Image
from kiosk.errors import BugError
from kiosk.recognition.evidence import (
    DetailExtractor,
    LocalFeatures,
    compare_details,
    extract_details,
)
from kiosk.recognition.evidence.details import NOTHING


@cache
def pack(seed: int, brand: int = 0) -> Image:
    """A pack of 400 x 300 pixels: a brand's mark above, the product's own print below."""
    picture = np.full((400, 300, 3), 230, np.uint8)
    for rows, rng in (
        (slice(0, 130), np.random.default_rng(1000 + brand)),
        (slice(130, 400), np.random.default_rng(seed)),
    ):
        part = picture[rows]
        for _ in range(40):
            x, y = (int(v) for v in rng.integers((0, 0), (280, part.shape[0] - 10)))
            colour = tuple(int(v) for v in rng.integers(0, 200, 3))
            corner = x + int(rng.integers(8, 60)), y + int(rng.integers(8, 40))
            part[y : corner[1], x : corner[0]] = colour
            cv2.putText(part, chr(65 + int(rng.integers(26))), (x, y + 20), 1, 1.6, (20, 20, 20), 2)
    return picture


def held(picture: Image, angle: float = 12.0, scale: float = 0.8, seed: int = 5) -> Image:
    """The picture turned and shrunk before a cluttered wall of 500 x 500 pixels."""
    height, width = picture.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, scale)
    turn[:, 2] += (250 - width / 2, 250 - height / 2)
    wall = np.random.default_rng(seed).integers(0, 255, (25, 25, 3)).astype(np.uint8)
    scene = cv2.resize(wall, (500, 500), interpolation=cv2.INTER_NEAREST)
    cv2.warpAffine(picture, turn, (500, 500), scene, borderMode=cv2.BORDER_TRANSPARENT)
    return scene.astype(np.uint8)


def score(query: Image, stored: Image):  # type: ignore[no-untyped-def]
    return compare_details(extract_details(query), [extract_details(stored)])[0]


@pytest.mark.parametrize("angle", [0.0, 30.0, 180.0])
def test_held_pack_is_found_by_its_print(angle: float) -> None:
    found = score(held(pack(1), angle), pack(1))
    assert found.inliers > 50
    assert found.coverage > 0.6
    assert found.agreement > 0.7
    assert found.contradiction < 0.1


def test_another_pack_has_hardly_an_inlier() -> None:
    assert score(held(pack(1)), pack(2, brand=2)).inliers < 10


def test_sibling_with_the_same_brand_covers_less_and_contradicts() -> None:
    same, sibling = score(held(pack(1)), pack(1)), score(held(pack(1)), pack(2))
    assert sibling.inliers > 15
    assert sibling.coverage < 0.6 * same.coverage
    assert sibling.agreement < 0.6
    assert sibling.contradiction > same.contradiction + 0.2


def test_other_colours_are_noticed_but_warm_light_is_not() -> None:
    pale = pack(1).copy()
    warm = np.clip(pale * np.array([1.1, 1.0, 0.8]), 0, 255).astype(np.uint8)
    swapped = np.where(pale.max(2, keepdims=True) < 215, pale[..., ::-1], pale).astype(np.uint8)
    assert score(warm, pale).colour_difference < 0.1
    assert score(swapped, pale).colour_difference > 2 * score(warm, pale).colour_difference


def test_mask_leaves_the_background_out() -> None:
    scene, mask = held(pack(1)), np.zeros((50, 50), np.bool_)
    mask[15:35, 15:35] = True
    points = extract_details(scene, mask).points / 480
    assert len(points)
    assert points.min() > 0.28
    assert points.max() < 0.72


def test_details_are_the_strongest_and_no_more_than_asked() -> None:
    few, many = extract_details(pack(1), most=50), extract_details(pack(1), most=200)
    assert len(few) == 50
    assert {tuple(p) for p in few.points} <= {tuple(p) for p in many.points}


def test_stored_details_match_as_well_as_fresh_ones() -> None:
    fresh = extract_details(pack(1))
    stored = LocalFeatures.from_bytes(fresh.to_bytes())
    assert np.abs(stored.points - fresh.points).max() < 0.02
    assert np.array_equal(stored.descriptors, fresh.descriptors)
    query = extract_details(held(pack(1)))
    a, b = compare_details(query, [fresh, stored])
    assert abs(a.inliers - b.inliers) <= 0.1 * a.inliers
    assert abs(a.agreement - b.agreement) < 0.05


def test_what_is_stored_of_a_photo_takes_little_room() -> None:
    stored = DetailExtractor().extract(pack(1))
    assert len(stored) < 75_000
    assert len(LocalFeatures.from_bytes(stored)) == 500


@settings(max_examples=25, deadline=None)
@given(
    height=st.integers(1, 60),
    width=st.integers(1, 60),
    seed=st.integers(0, 9),
    is_flat=st.booleans(),
)
def test_any_picture_can_be_searched_stored_and_compared(
    height: int, width: int, seed: int, is_flat: bool
) -> None:
    rng = np.random.default_rng(seed)
    picture = rng.integers(0, 255, (height, width, 3)).astype(np.uint8)
    if is_flat:
        picture[:] = 90
    found = extract_details(picture)
    assert len(found) == len(found.descriptors) == len(found.scales) == len(found.angles)
    back = LocalFeatures.from_bytes(found.to_bytes())
    for result in compare_details(back, [found, extract_details(pack(1))]):
        assert 0 <= result.coverage <= 1
        assert 0 <= result.agreement <= 1


def test_blank_wall_has_no_details() -> None:
    blank = np.full((200, 200, 3), 128, np.uint8)
    assert score(blank, pack(1)) == NOTHING
    assert score(pack(1), blank) == NOTHING


@pytest.mark.parametrize("data", [b"", b"\x01", b"\xff" * 200, bytes(6) + b"no jpeg"])
def test_bytes_of_something_else_are_our_bug(data: bytes) -> None:
    with pytest.raises(BugError):
        LocalFeatures.from_bytes(data)
