"""Which frames are analysed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st

from kiosk.camera import Frame
from kiosk.live.frame_sampler import MAX_EVERY, FrameSampler

BLACK = np.zeros((2, 2, 3), np.uint8)


def frame(index: int, fps: float = 30) -> Frame:
    return Frame(BLACK, index, round(index * 1000 / fps))


@pytest.mark.parametrize("every", [1, 2, 3, 7])
def test_every_nth_frame_is_analysed(every: int) -> None:
    sampler = FrameSampler(every)
    due = [index for index in range(30) if sampler.accept(frame(index))]
    assert due == list(range(0, 30, every))


def test_a_slow_reader_that_skips_frames_analyses_each_it_gets() -> None:
    sampler = FrameSampler(3)
    assert all(sampler.accept(frame(index)) for index in range(0, 50, 5))


def test_frames_that_start_again_from_zero_are_analysed() -> None:
    sampler = FrameSampler(5)
    assert sampler.accept(frame(100))
    assert sampler.accept(frame(0))


@pytest.mark.parametrize(
    ("took_ms", "every"), [(3, 1), (11, 1), (20, 2), (53, 4), (5000, MAX_EVERY)]
)
def test_a_slow_encoder_analyses_fewer_frames(took_ms: float, every: int) -> None:
    sampler = FrameSampler()
    sampler.note_encode(took_ms)
    assert sampler.every == every


def test_a_slow_camera_needs_no_skipping() -> None:
    sampler = FrameSampler()
    for index in range(40):
        sampler.accept(frame(index, fps=5))
    sampler.note_encode(50)
    assert sampler.every == 1


@given(st.lists(st.floats(0.1, 2000), min_size=1, max_size=30))
def test_encoding_takes_at_most_its_share_of_a_core(times: list[float]) -> None:
    sampler = FrameSampler()
    for took_ms in times:
        sampler.note_encode(took_ms)
    share = sampler.encode_ms / (sampler.every * 1000 / 30)
    assert share <= 0.5 + 1e-9 or sampler.every == MAX_EVERY
