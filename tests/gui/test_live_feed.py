from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, strategies as st
from hypothesis.extra import numpy as arrays
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent

from kiosk.camera import CameraState, CameraStatus, Frame, FrameSlot
from kiosk.domain import Candidate, Price, Product, Sighting, SightingState
from kiosk.errors import StorageError
from kiosk.gui.app.activity_filter import is_way_out
from kiosk.gui.app.composition import analysed_box, focus_box
from kiosk.gui.camera.frame_item import to_qimage
from kiosk.gui.camera.live_feed import LiveFeed, derive_feed, looked_up
from kiosk.gui.look.state import Seen

PRODUCT = Product("A", "Apple", Price(100, "EUR"))
SIGHTING = Sighting(
    3, 99, SightingState.MATCHED, sku="A", candidates=(Candidate("A", 1, 1), Candidate("B", 0, 0))
)


@pytest.fixture
def slot() -> FrameSlot:
    return FrameSlot()


@pytest.fixture
def feed(application: QGuiApplication, slot: FrameSlot) -> LiveFeed:
    return LiveFeed(slot, analysed_box, focus_box)


def picture(value: int) -> Frame:
    return Frame(np.full((72, 128, 3), value, np.uint8), value, value * 33)


def test_only_the_newest_frame_is_shown(feed: LiveFeed, slot: FrameSlot) -> None:
    arrived: list[int] = []
    feed.frame_arrived.connect(lambda: arrived.append(1))
    slot.put(picture(1))
    slot.put(picture(2))
    feed.poll()
    feed.poll()
    assert len(arrived) == 1
    assert feed.image is not None
    assert feed.image.pixelColor(0, 0).red() == 2


def test_the_shown_picture_outlives_the_camera_s_memory(feed: LiveFeed, slot: FrameSlot) -> None:
    frame = picture(7)
    slot.put(frame)
    feed.poll()
    frame.image[:] = 200
    assert feed.image is not None
    assert feed.image.pixelColor(3, 3).red() == 7


@given(arrays.arrays(np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 9), st.just(3))))
def test_colours_and_rows_arrive_as_they_were(image: np.ndarray) -> None:  # type: ignore[type-arg]
    shown = to_qimage(image[:, ::-1])
    for y in range(image.shape[0]):
        for x in range(image.shape[1]):
            colour = shown.pixelColor(x, y)
            assert [colour.red(), colour.green(), colour.blue()] == list(image[y, -1 - x])


def test_a_sighting_crosses_to_the_window_s_thread_with_its_products(feed: LiveFeed) -> None:
    got: list[tuple[Seen, object]] = []
    feed.seen.connect(
        lambda seen: got.append((seen, threading.current_thread())),
        Qt.ConnectionType.QueuedConnection,
    )
    worker = threading.Thread(target=lambda: feed.tell_sighting(SIGHTING, lambda _: [PRODUCT]))
    worker.start()
    worker.join()
    QCoreApplication.processEvents()
    assert got == [(Seen(SIGHTING, {"A": PRODUCT}), threading.current_thread())]


def test_a_catalogue_that_cannot_be_read_shows_no_card_rather_than_a_wrong_one(
    feed: LiveFeed,
) -> None:
    got: list[Seen] = []
    feed.seen.connect(got.append)

    def broken(_: Sequence[str]) -> list[Product]:
        raise StorageError("The disk is gone.")

    feed.tell_sighting(SIGHTING, broken)
    assert [seen.products for seen in got] == [{}]


def test_all_products_of_a_sighting_are_looked_up_at_once() -> None:
    asked: list[Sequence[str]] = []
    looked_up(SIGHTING, lambda skus: asked.append(list(skus)) or [PRODUCT])  # type: ignore[func-returns-value]
    assert asked == [["A", "B"]]


@pytest.mark.parametrize("state", list(CameraState))
def test_the_banner_shows_for_every_state_but_the_good_ones(state: CameraState) -> None:
    view = derive_feed(CameraStatus(state, "…", 0), mirrored=False)
    assert view.lost == (state not in (CameraState.LIVE, CameraState.CONNECTING))


@pytest.mark.parametrize(
    ("key", "held", "out"),
    [
        (Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier, True),
        (Qt.Key.Key_F4, Qt.KeyboardModifier.AltModifier, True),
        (Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier, True),
        (Qt.Key.Key_W, Qt.KeyboardModifier.MetaModifier, True),
        (Qt.Key.Key_Q, Qt.KeyboardModifier.NoModifier, False),
        (Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier, False),
        (Qt.Key.Key_W, Qt.KeyboardModifier.ShiftModifier, False),
    ],
)
def test_which_keys_lead_out(key: Qt.Key, held: Qt.KeyboardModifier, out: bool) -> None:
    assert is_way_out(QKeyEvent(QEvent.Type.KeyPress, key, held)) is out
