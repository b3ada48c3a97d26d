"""What a camera writes beside the picture goes; every pixel and the right way up stay."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from PIL import Image as Pillow, ImageCms

from kiosk.picture_metadata import without_metadata
from kiosk.pictures import decode_picture

PRIVATE = "ANNA-PRIVATE"


def photo(turn: int = 1, mode: str = "RGB", **options: object) -> bytes:
    pixels = np.random.default_rng(3).integers(0, 255, (40, 64, 3), np.uint8)
    exif = Pillow.Exif()
    exif[0x013B] = PRIVATE
    exif[0x0112] = turn
    place = exif.get_ifd(0x8825)
    place[1], place[2] = "N", (25.0, 2.0, 3.0)
    stream = io.BytesIO()
    picture = Pillow.fromarray(pixels).convert(mode)
    picture.save(stream, "JPEG", exif=exif, comment=PRIVATE, **options)
    return stream.getvalue()


@pytest.mark.parametrize("turn", range(1, 9))
@pytest.mark.parametrize("progressive", [False, True])
def test_place_and_names_go_and_pixels_stay(turn: int, progressive: bool) -> None:
    taken = photo(turn, progressive=progressive) + PRIVATE.encode()  # as a film behind a photo
    clean = without_metadata(taken)
    assert PRIVATE.encode() not in clean
    assert not Pillow.open(io.BytesIO(clean)).getexif().get_ifd(0x8825)
    assert np.array_equal(decode_picture(clean), decode_picture(taken))
    assert without_metadata(clean) == clean


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_colours_are_read_as_before(mode: str) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    taken = photo(mode=mode, icc_profile=profile)
    clean = without_metadata(taken)
    assert np.array_equal(decode_picture(clean), decode_picture(taken))
    assert Pillow.open(io.BytesIO(clean)).info["icc_profile"] == profile


@given(st.binary(max_size=200), st.integers(0, 2**32 - 1))
@settings(max_examples=200, deadline=None)
def test_any_damage_gives_the_same_picture_or_the_same_refusal(noise: bytes, seed: int) -> None:
    data = bytearray(photo(6))
    dice = np.random.default_rng(seed)
    for byte in noise[:8]:
        data[int(dice.integers(len(data)))] = byte
    damaged = bytes(data[: int(dice.integers(1, len(data) + 1))]) + noise
    cleaned = without_metadata(damaged)
    assert without_metadata(cleaned) == cleaned
    assert len(cleaned) <= len(damaged) + 64
