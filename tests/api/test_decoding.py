"""Decoding in child processes: crashes, hangs and bombs cost one picture, nothing else."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import numpy as np
import pytest

from kiosk.api import decoding
from kiosk.api.decoding import DecoderPool
from kiosk.api.problems import ProblemError
from kiosk.errors import PictureError
from kiosk.fitting import Fitting, Resize
from kiosk.pictures import decode_picture
from kiosk.vision.encoders import fitting_of, preprocess
from kiosk.vision.models import find_model
from tests.api.conftest import jpeg
from tests.api.hostile import bomb, saved


@contextmanager
def opened_pool(workers: int = 1, **changes: int) -> Iterator[DecoderPool]:
    limits: dict[str, int] = {"memory_mb": 256, "max_pixels": 50_000_000} | changes
    pool = DecoderPool(workers, timeout_s=20, **limits)
    try:
        yield pool
    finally:
        pool.close()


@pytest.fixture(scope="module")
def shared_pool() -> Iterator[DecoderPool]:
    """For tests that do no harm to its child."""
    with opened_pool() as pool:
        yield pool


@pytest.fixture
def pool() -> Iterator[DecoderPool]:
    with opened_pool() as pool:
        yield pool


def is_at_work(pool: DecoderPool) -> bool:
    return pool._children[0]._deadline < float("inf")


def child_pid(pool: DecoderPool) -> int:
    process = pool._children[0]._process
    assert process is not None
    return process.pid


@pytest.mark.parametrize("data", [jpeg(1), saved("PNG"), saved("WEBP", lossless=True)])
def test_a_child_decodes_like_the_parent(shared_pool: DecoderPool, data: bytes) -> None:
    assert np.array_equal(shared_pool.decode(data).image, decode_picture(data))


def test_a_side_shrinks_the_picture(shared_pool: DecoderPool) -> None:
    assert shared_pool.decode(jpeg(1), side=100).image.shape == (75, 100, 3)


def test_a_reduced_picture_tells_the_size_of_the_whole(shared_pool: DecoderPool) -> None:
    image, width, height = shared_pool.decode(jpeg(1), Fitting(100, 100))
    assert image.shape == (120, 160, 3)
    assert (width, height) == (320, 240)


@pytest.mark.parametrize("resize", ["shortest", "squash", "longest_pad"])
def test_a_child_fits_a_picture_to_the_network_as_the_encoder_would(
    shared_pool: DecoderPool, resize: Resize
) -> None:
    shipped = find_model("efficientnet_lite0_int8").card
    card = shipped.model_copy(update={"resize": resize, "interpolation": "bicubic"})
    fitted = shared_pool.decode(jpeg(1), fitting_of(card)).image
    assert fitted.shape == (card.input.height, card.input.width, 3)
    whole = decode_picture(jpeg(1))
    assert np.array_equal(preprocess(fitted, card), preprocess(whole, card))


def test_an_unusable_picture_is_refused_in_the_decoders_own_words(shared_pool: DecoderPool) -> None:
    with pytest.raises(PictureError) as caught:
        shared_pool.decode(jpeg(1)[:500])
    assert "damaged or cut off" in caught.value.message
    assert caught.value.next_step
    assert shared_pool.restarts == 0


def test_a_bomb_is_refused_by_its_header(shared_pool: DecoderPool) -> None:
    import random

    with pytest.raises(PictureError):
        shared_pool.decode(bomb(random.Random(1)))
    assert np.array_equal(shared_pool.decode(jpeg(2)).image, decode_picture(jpeg(2)))


def test_a_child_that_was_killed_is_replaced(pool: DecoderPool) -> None:
    pool.decode(jpeg(1))
    before = child_pid(pool)
    os.kill(before, signal.SIGKILL)
    os.waitid(os.P_PID, before, os.WEXITED | os.WNOWAIT)
    assert pool.decode(jpeg(2)).image.shape == (240, 320, 3)
    assert child_pid(pool) != before


def test_a_child_that_dies_over_a_picture_costs_only_that_picture(pool: DecoderPool) -> None:
    pool.decode(jpeg(1))
    os.kill(child_pid(pool), signal.SIGSTOP)  # it will not answer any more
    with ThreadPoolExecutor(1) as thread:
        waiting = thread.submit(pool.decode, jpeg(2))
        while not is_at_work(pool):  # killed before, it would be replaced and nothing lost
            os.sched_yield()
        os.kill(child_pid(pool), signal.SIGKILL)
        with pytest.raises(PictureError) as caught:
            waiting.result(10)
    assert (
        caught.value.message == "The picture could not be decoded in the time and memory allowed."
    )
    assert pool.restarts == 1
    assert pool.decode(jpeg(3)).image.shape == (240, 320, 3)


def test_a_child_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "_WATCH_S", 0.01)
    with opened_pool() as pool:
        pool.decode(jpeg(1))
        pool._timeout_s = 0.05
        os.kill(child_pid(pool), signal.SIGSTOP)
        with pytest.raises(PictureError):
            pool.decode(jpeg(2))
        pool._timeout_s = 20
        assert pool.decode(jpeg(3)).image.shape == (240, 320, 3)


def test_a_picture_that_needs_more_memory_than_allowed_is_refused() -> None:
    flat = np.zeros((9000, 9000), np.uint8)
    from PIL import Image as Pillow

    from tests.api.hostile import saved_as

    with opened_pool(memory_mb=128, max_pixels=400_000_000) as pool:
        with pytest.raises(PictureError):
            pool.decode(saved_as(Pillow.fromarray(flat), "PNG"))
        assert pool.decode(jpeg(1)).image.shape == (240, 320, 3)


def test_too_many_waiting_pictures_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "WAITING", 1)
    with opened_pool() as pool:
        pool.decode(jpeg(1))
        os.kill(child_pid(pool), signal.SIGSTOP)
        first, second = pool.submit(jpeg(1)), pool.submit(jpeg(2))
        with pytest.raises(ProblemError) as caught:
            pool.submit(jpeg(3))
        assert caught.value.status == 503
        os.kill(child_pid(pool), signal.SIGCONT)
        assert {first.result(20).width, second.result(20).width} == {320}
        assert pool.decode(jpeg(3)).width == 320


def test_pictures_that_wait_when_the_pool_closes_are_given_up() -> None:
    pool = DecoderPool(1, timeout_s=20, memory_mb=256, max_pixels=50_000_000)
    pool.decode(jpeg(1))
    os.kill(child_pid(pool), signal.SIGSTOP)
    first, second = pool.submit(jpeg(1)), pool.submit(jpeg(2))
    pool.close()
    with pytest.raises(PictureError):
        first.result(20)
    assert second.cancelled()
    with pytest.raises(PictureError):
        pool.decode(jpeg(3))


def test_many_threads_share_few_children() -> None:
    with opened_pool(2) as pool:
        with ThreadPoolExecutor(8) as threads:
            shapes = list(threads.map(lambda n: pool.decode(jpeg(n)).image.shape, range(24)))
        assert set(shapes) == {(240, 320, 3)}
    assert threading.active_count() < 20
