"""Whatever bytes come in, a clear refusal or the right picture comes out."""

from __future__ import annotations

import contextlib
import io
import struct
import tracemalloc
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from PIL import Image as Pillow

from kiosk.errors import PictureError
from kiosk.pictures import decode_picture, decode_reduced, encode_jpeg, fit_within, read_picture


def _scene(width: int = 64, height: int = 48) -> Pillow.Image:
    """Red on the left half, blue on the right, a white band along the top."""
    pixels = np.zeros((height, width, 3), dtype=np.uint8)
    pixels[:, : width // 2] = (220, 20, 20)
    pixels[:, width // 2 :] = (20, 20, 220)
    pixels[: height // 4] = 255
    return Pillow.fromarray(pixels)


def _bytes(picture: Pillow.Image, form: str, **options: object) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, form, **options)
    return stream.getvalue()


def _png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _is_scene(image: np.ndarray, tolerance: int = 40) -> bool:
    height, width = image.shape[:2]
    wanted = {(2, 5): (255, 255, 255), (height - 5, 5): (220, 20, 20)}
    wanted[(height - 5, width - 6)] = (20, 20, 220)
    return all(
        np.abs(image[y, x].astype(int) - colour).max() <= tolerance
        for (y, x), colour in wanted.items()
    )


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_each_allowed_format_gives_rgb(form: str) -> None:
    image = decode_picture(_bytes(_scene(), form))
    assert image.shape == (48, 64, 3)
    assert image.dtype == np.uint8
    assert _is_scene(image)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.7, 0.95])
def test_truncated_picture_is_refused(form: str, share: float) -> None:
    rng = np.random.default_rng(1)
    noise = Pillow.fromarray(rng.integers(0, 255, (96, 96, 3), dtype=np.uint8))
    data = _bytes(noise, form)
    with pytest.raises(PictureError, match=r"cut off|damaged"):
        decode_picture(data[: int(len(data) * share)])


def test_empty_picture_is_refused() -> None:
    with pytest.raises(PictureError, match="0 bytes"):
        decode_picture(b"")


@pytest.mark.parametrize("form", ["BMP", "GIF", "TIFF", "PPM", "ICO"])
def test_other_formats_are_refused_even_when_pillow_knows_them(form: str) -> None:
    with pytest.raises(PictureError, match="not a JPEG, PNG or WebP"):
        decode_picture(_bytes(_scene(), form))


def test_mislabelled_picture_is_read_by_its_content(tmp_path: Path) -> None:
    path = tmp_path / "really_a_png.jpg"
    path.write_bytes(_bytes(_scene(), "PNG"))
    assert _is_scene(read_picture(path))


def test_text_named_jpg_is_refused_with_its_name_and_a_remedy(tmp_path: Path) -> None:
    path = tmp_path / "list.jpg"
    path.write_text("milk, bread, eggs")
    with pytest.raises(PictureError, match=r"list\.jpg") as caught:
        read_picture(path)
    assert "JPEG, PNG or WebP" in caught.value.next_step


def test_missing_file_is_refused_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match=r"gone\.jpg cannot be read"):
        read_picture(tmp_path / "gone.jpg")


def test_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="cannot be read"):
        read_picture(tmp_path)


def _giant_png() -> bytes:
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(10_000))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        [_png_chunk(b"IHDR", header), _png_chunk(b"IDAT", body), _png_chunk(b"IEND", b"")]
    )


def _giant_jpeg() -> bytes:
    data = bytearray(_bytes(_scene(), "JPEG"))
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = struct.pack(">HH", 65_000, 65_000)
    return bytes(data)


def _giant_webp() -> bytes:
    size = (16_383 - 1).to_bytes(3, "little")
    body = b"VP8X" + struct.pack("<I", 10) + b"\x00\x00\x00\x00" + size + size
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


@pytest.mark.parametrize("make", [_giant_png, _giant_jpeg, _giant_webp])
def test_gigantic_header_is_refused_without_taking_memory(make) -> None:  # type: ignore[no-untyped-def]
    data = make()
    tracemalloc.start()
    try:
        with pytest.raises(PictureError, match="at most 50,000,000 pixels"):
            decode_picture(data)
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


def test_pixel_limit_can_be_lowered() -> None:
    with pytest.raises(PictureError, match="64 x 48"):
        decode_picture(_bytes(_scene(), "PNG"), max_pixels=64 * 48 - 1)


def test_picture_between_the_limits_of_the_library_and_ours_gives_our_error() -> None:
    data = _bytes(Pillow.new("1", (10_000, 9_500)), "PNG")  # 95 million pixels in 12 KB
    with pytest.raises(PictureError, match="10000 x 9500"):
        decode_picture(data)


def test_one_pixel_is_a_picture() -> None:
    image = decode_picture(_bytes(Pillow.new("RGB", (1, 1), (1, 2, 3)), "PNG"))
    assert image.tolist() == [[[1, 2, 3]]]


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_picture_is_turned_upright_by_its_exif(form: str, orientation: int) -> None:
    undo = {
        2: Pillow.Transpose.FLIP_LEFT_RIGHT,
        3: Pillow.Transpose.ROTATE_180,
        4: Pillow.Transpose.FLIP_TOP_BOTTOM,
        5: Pillow.Transpose.TRANSPOSE,
        6: Pillow.Transpose.ROTATE_90,
        7: Pillow.Transpose.TRANSVERSE,
        8: Pillow.Transpose.ROTATE_270,
    }
    stored = _scene().transpose(undo[orientation]) if orientation > 1 else _scene()
    exif = Pillow.Exif()
    exif[0x0112] = orientation
    image = decode_picture(_bytes(stored, form, exif=exif))
    assert image.shape == (48, 64, 3)
    assert _is_scene(image)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_broken_exif_does_not_lose_the_picture() -> None:
    data = _bytes(_scene(), "JPEG", exif=b"Exif\x00\x00II*\x00\xff\xff\xff\xff garbage")
    assert _is_scene(decode_picture(data))


def test_cmyk_jpeg_keeps_its_colours() -> None:
    assert _is_scene(decode_picture(_bytes(_scene().convert("CMYK"), "JPEG")), tolerance=60)


def test_grey_jpeg_has_three_equal_channels() -> None:
    image = decode_picture(_bytes(_scene().convert("L"), "JPEG"))
    assert image.shape == (48, 64, 3)
    assert np.array_equal(image[..., 0], image[..., 2])


def test_16_bit_grey_png_keeps_its_brightness() -> None:
    ramp = np.linspace(0, 65_535, 256).astype(np.uint16)
    picture = Pillow.fromarray(np.tile(ramp, (8, 1)))
    image = decode_picture(_bytes(picture, "PNG"))
    assert np.abs(image[0, :, 0].astype(int) - np.arange(256)).max() <= 1


def test_16_bit_colour_png_keeps_its_colours() -> None:
    row = b"\x00" + struct.pack(">HHH", 0xFFFF, 0x8000, 0x0100) * 4
    header = struct.pack(">IIBBBBB", 4, 4, 16, 2, 0, 0, 0)
    chunks = [
        _png_chunk(b"IHDR", header),
        _png_chunk(b"IDAT", zlib.compress(row * 4)),
        _png_chunk(b"IEND", b""),
    ]
    image = decode_picture(b"\x89PNG\r\n\x1a\n" + b"".join(chunks))
    assert np.abs(image[2, 2].astype(int) - [255, 128, 1]).max() <= 1


def test_palette_png_keeps_its_colours() -> None:
    data = _bytes(_scene().convert("P", palette=Pillow.Palette.ADAPTIVE), "PNG")
    assert _is_scene(decode_picture(data))


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparent_parts_become_white(mode: str) -> None:
    if mode == "P":
        picture = Pillow.new("P", (8, 8), 0)
        picture.putpalette([0, 0, 0] * 256)
        data = _bytes(picture, "PNG", transparency=0)
    else:
        data = _bytes(Pillow.new(mode, (8, 8), 0), "PNG")
    assert decode_picture(data).min() == 255


def test_animated_webp_gives_its_first_frame() -> None:
    later = [Pillow.new("RGB", (64, 48), (0, 255, 0))] * 3
    data = _bytes(_scene(), "WEBP", save_all=True, append_images=later, duration=50)
    assert _is_scene(decode_picture(data))


@settings(max_examples=150, deadline=None)
@given(
    form=st.sampled_from(["JPEG", "PNG", "WEBP"]),
    edits=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=12),
)
def test_flipped_bytes_give_a_picture_or_a_picture_error(
    form: str, edits: list[tuple[float, int]]
) -> None:
    data = bytearray(_bytes(_scene(), form))
    for place, value in edits:
        data[int(place * (len(data) - 1))] = value
    image = None
    with contextlib.suppress(PictureError):
        image = decode_picture(bytes(data), max_pixels=1_000_000)
    assert image is None or (image.ndim == 3 and image.shape[2] == 3)


@settings(max_examples=100, deadline=None)
@given(
    start=st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBPVP8X"]),
    rest=st.binary(max_size=200),
)
def test_random_bytes_are_refused(start: bytes, rest: bytes) -> None:
    with pytest.raises(PictureError):
        decode_picture(start + rest)


def test_jpeg_round_trip_stays_close() -> None:
    image = np.asarray(_scene(320, 240))
    back = decode_picture(encode_jpeg(image))
    assert np.abs(back.astype(int) - image).mean() < 3


def test_higher_quality_gives_more_bytes() -> None:
    image = np.random.default_rng(3).integers(0, 255, (64, 64, 3), dtype=np.uint8)
    assert len(encode_jpeg(image, quality=95)) > len(encode_jpeg(image, quality=50))


def test_fit_within_keeps_proportions_and_never_grows() -> None:
    image = np.asarray(_scene(640, 480))
    assert fit_within(image, 320).shape == (240, 320, 3)
    assert fit_within(image, 1000) is image
    assert fit_within(np.zeros((1, 4000, 3), np.uint8), 10).shape == (1, 10, 3)


def test_decoded_picture_may_be_written_to() -> None:
    image = decode_picture(_bytes(_scene(), "PNG"))
    image[0, 0] = 7
    assert image[0, 0].tolist() == [7, 7, 7]


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    ("shortest", "shape"),
    [(0, (480, 640)), (241, (480, 640)), (240, (240, 320)), (100, (120, 160)), (1, (60, 80))],
)
def test_a_picture_is_reduced_as_far_as_its_shorter_side_allows(
    form: str, shortest: int, shape: tuple[int, int]
) -> None:
    image, width, height = decode_reduced(_bytes(_scene(640, 480), form), shortest)
    assert image.shape[:2] == shape
    assert (width, height) == (640, 480)
    assert _is_scene(image)


def test_a_reduced_picture_is_turned_and_measured_upright() -> None:
    exif = Pillow.Exif()
    exif[0x0112] = 6
    image, width, height = decode_reduced(_bytes(_scene(640, 480), "JPEG", exif=exif), 240)
    assert image.shape == (320, 240, 3)
    assert (width, height) == (480, 640)


@given(st.integers(1, 300), st.integers(1, 300), st.integers(1, 80))
@settings(max_examples=60, deadline=None)
def test_a_reduced_picture_never_has_less_than_was_asked(
    width: int, height: int, shortest: int
) -> None:
    data = _bytes(Pillow.new("RGB", (width, height), "red"), "JPEG")
    image = decode_reduced(data, shortest).image
    assert min(image.shape[:2]) >= min(shortest, width, height)


def test_a_jpeg_of_thousands_of_scans_is_refused_before_it_is_decoded() -> None:
    stream = io.BytesIO()
    Pillow.new("L", (64, 64)).save(stream, "JPEG", progressive=True)
    data = stream.getvalue()
    assert decode_picture(data).shape == (64, 64, 3)
    scan = data[data.rindex(b"\xff\xda") : -2]
    with pytest.raises(PictureError, match="scans"):
        decode_picture(data[:-2] + scan * 5000 + data[-2:])
