"""The newest-frame slot: a slow reader skips, a writer never waits."""

from __future__ import annotations

import threading

import numpy as np

from kiosk.camera import Frame, FrameSlot

BLACK = np.zeros((2, 2, 3), np.uint8)


def frame(index: int) -> Frame:
    return Frame(BLACK, index, index * 33)


def test_only_the_newest_frame_is_kept() -> None:
    slot = FrameSlot()
    for index in range(5):
        slot.put(frame(index))
    newest = slot.get_newest()
    assert newest is not None
    assert newest.index == 4


def test_a_frame_that_was_seen_is_not_given_again() -> None:
    slot = FrameSlot()
    slot.put(frame(3))
    assert slot.get_newest(after_index=3, timeout_s=0.01) is None


def test_a_waiting_reader_wakes_at_the_next_frame() -> None:
    slot = FrameSlot()
    got: list[Frame | None] = []
    reader = threading.Thread(target=lambda: got.append(slot.get_newest(-1, timeout_s=30)))
    reader.start()
    slot.put(frame(7))
    reader.join(10)
    assert [f.index for f in got if f] == [7]


def test_closing_wakes_a_reader_that_waits_for_ever() -> None:
    slot = FrameSlot()
    got: list[Frame | None] = []
    reader = threading.Thread(target=lambda: got.append(slot.get_newest(-1, timeout_s=None)))
    reader.start()
    slot.close()
    reader.join(10)
    assert got == [None]
