"""Batches: every item once and in order, bad ones named, memory bounded."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from kiosk.domain import Image, Vectors
from kiosk.errors import PictureError
from kiosk.vision.encoders import Encoder, encode_batches, load_encoder
from tests.vision.conftest import MakeModel


class CountingEncoder(Encoder):
    """Gives a picture's first pixel as its vector, and counts."""

    model_id = fingerprint = "counting"
    dimension = 3

    def __init__(self, batch: int = 1) -> None:
        self.batch_size = batch
        self.encoded = 0
        self.largest = 0

    def encode(self, images: list[Image]) -> Vectors:
        self.encoded += len(images)
        self.largest = max(self.largest, len(images))
        rows = [image[0, 0].astype(np.float32) + 1 for image in images]
        return np.array(rows, dtype=np.float32).reshape(-1, 3)

    def close(self) -> None: ...


def _picture(number: int) -> Image:
    if number % 7 == 3:
        raise PictureError(f"picture {number} is broken")
    return np.full((4, 4, 3), number % 256, dtype=np.uint8)


@settings(max_examples=40, deadline=None)
@given(
    count=st.integers(0, 60),
    batch=st.integers(1, 9),
    workers=st.integers(1, 4),
    at_once=st.integers(1, 4),
)
def test_every_item_comes_once_in_order_and_bad_ones_are_named(
    count: int, batch: int, workers: int, at_once: int
) -> None:
    encoder = CountingEncoder(at_once)
    results = list(encode_batches(encoder, range(count), _picture, batch=batch, workers=workers))
    good = [item for result in results for item in result.items]
    bad = [item for result in results for item, _ in result.unreadable]
    assert good == [n for n in range(count) if n % 7 != 3]
    assert bad == [n for n in range(count) if n % 7 == 3]
    for result in results:
        assert [int(row[0]) - 1 for row in result.vectors] == list(result.items)
    assert encoder.largest <= (batch if at_once > 1 else 1)


def test_pictures_in_memory_stay_bounded() -> None:
    lock, alive, most = threading.Lock(), 0, 0

    def read(number: int) -> Image:
        nonlocal alive, most
        with lock:
            alive += 1
            most = max(most, alive)
        return np.full((2, 2, 3), number % 256, dtype=np.uint8)

    for result in encode_batches(CountingEncoder(), range(200), read, batch=5, workers=4):
        with lock:
            alive -= len(result.items)
    assert most <= 3 * 5


def test_progress_counts_up() -> None:
    seen: list[tuple[int, int]] = []
    list(
        encode_batches(
            CountingEncoder(),
            [0, 1, 2, 4, 5],
            _picture,
            batch=2,
            on_progress=lambda done, total: seen.append((done, total)),
        )
    )
    assert seen == [(2, 5), (4, 5), (5, 5)]


def test_stopping_ends_between_batches() -> None:
    encoder = CountingEncoder()
    stop = iter([False, True])
    results = list(
        encode_batches(
            encoder, range(100), lambda _n: _picture(0), batch=4, stopping=lambda: next(stop)
        )
    )
    assert len(results) == 1
    assert encoder.encoded <= 3 * 4


def test_error_that_is_no_picture_error_is_not_hidden() -> None:
    def read(_number: int) -> Image:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        list(encode_batches(CountingEncoder(), [1], read))


def test_batched_vectors_equal_single_ones(make_model: MakeModel) -> None:
    encoder = load_encoder("tiny", roots=[make_model()])
    rng = np.random.default_rng(2)
    pictures = [rng.integers(0, 255, (20, 30, 3), dtype=np.uint8) for _ in range(21)]
    results = encode_batches(encoder, range(21), pictures.__getitem__, batch=8)
    together = np.concatenate([result.vectors for result in results])
    assert np.allclose(together, encoder.encode(pictures), atol=1e-6)
