"""The whole kiosk: camera and recognition in their threads, a person at the window."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtQuick import QQuickItem

from assets.screenshots.demo_frames import DemoFrames
from kiosk.camera import CameraState, Frame
from kiosk.demo import DemoCamera
from kiosk.domain import Image, Sighting, SightingState
from kiosk.gui.app.application import Session, run_window
from kiosk.gui.app.session import Screen, StaffPage
from kiosk.settings import Settings
from kiosk.shop import Shop
from kiosk.vision.frame import reticle_box
from tests.gui.conftest import STOCK, frames_of

APPLE = STOCK[4]
NEW = "CARE-001"
PATIENCE_S = 60.0


class Scripted:
    """A camera whose scene the test sets: an empty counter, or a hand with a product.

    Each picture carries a little noise, as a sensor's do; a scene that is held moves by a
    pixel now and then.
    """

    realtime = False

    def __init__(self, frames: DemoFrames) -> None:
        self._grain = np.random.default_rng(1).integers(0, 5, (4, 720, 1280, 3), dtype=np.uint8)
        self.scene: Image = frames.empty()
        self._index = 0

    def open(self) -> None:
        pass

    def read(self) -> Frame:
        self._index += 1
        scene = np.minimum(self.scene, 250) + self._grain[self._index % 4]
        return Frame(scene, self._index, self._index * 33)

    def close(self) -> None:
        pass


@pytest.fixture
def frames() -> DemoFrames:
    return frames_of((1280, 720))


@pytest.fixture
def camera(frames: DemoFrames) -> Scripted:
    return Scripted(frames)


@pytest.fixture
def session(shop: Shop, settings: Settings, camera: Scripted) -> Iterator[Session]:
    made = Session(shop, settings, lambda: camera)
    made.start()
    yield made
    made.close()


def wait(condition: Callable[[], object], what: str) -> None:
    """Run the window until something is so."""
    end = time.monotonic() + PATIENCE_S
    while not condition():
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        assert time.monotonic() < end, f"waited for {what} in vain"


def settle(session: Session) -> None:
    wait(lambda: not session.tasks.is_busy, "the workers")


def type_pin(session: Session, digits: str) -> None:
    for digit in digits:
        session.view_models.pin.digit(digit)
    session.view_models.pin.submit()
    settle(session)


def test_from_a_product_in_the_hand_to_a_new_one_in_the_catalogue(
    session: Session, camera: Scripted, frames: DemoFrames, shop: Shop
) -> None:
    view_models = session.view_models
    empty = camera.scene
    feed = view_models.camera
    wait(lambda: feed.status and feed.status.state is CameraState.LIVE, "pictures")
    assert view_models.app.view.screen is Screen.ATTRACT

    camera.scene = frames.held(APPLE)
    wait(lambda: view_models.app.view.screen is Screen.LOOK, "the kiosk to wake")
    wait(lambda: view_models.look.view.kind != "none", "an answer")
    assert APPLE in [tile.sku for tile in view_models.look.view.tiles]
    tile = view_models.look.view.tiles[0]
    view_models.look.choose(tile.sku)
    assert view_models.look.view.kind == "chosen"
    assert view_models.look.view.product.name == tile.name

    view_models.app.go(Screen.PIN)
    settle(session)
    type_pin(session, "2468")
    type_pin(session, "2468")
    assert view_models.app.view.screen is Screen.STAFF
    assert view_models.app.view.page is StaffPage.ENROL

    for number, share in enumerate((0.05, 0.35, 0.65, 0.95)):
        camera.scene = frames.held(NEW, share)
        before = view_models.camera.status
        frame = view_models.camera._index
        wait(lambda frame=frame: view_models.camera._index > frame + 12, "the new view")
        while view_models.enrol.view.pictures <= number:
            view_models.enrol.capture()
            settle(session)
        assert before is view_models.camera.status
    view_models.enrol.setName("Velinda")
    view_models.enrol.setPrice("199")
    view_models.enrol.setSku("VEL-1")
    view_models.enrol.save()
    settle(session)
    rehearsal = view_models.enrol.view.rehearsal
    assert rehearsal is not None
    assert rehearsal.name == "Velinda"
    assert rehearsal.tried == len(shop.catalog.photos("VEL-1")) >= 3
    assert shop.catalog.product("VEL-1").price.minor == 19900

    view_models.app.home()
    camera.scene = empty
    wait(lambda: view_models.look.view.kind == "none", "an empty counter")
    frame = view_models.camera._slot.get_newest(-1).index  # type: ignore[union-attr]
    wait(lambda: view_models.camera._slot.get_newest(-1).index > frame + 40, "quiet")  # type: ignore[union-attr]
    camera.scene = frames.held(NEW, 0.5)
    wait(lambda: view_models.look.view.kind == "match", "the new product")
    assert view_models.look.view.product.sku == "VEL-1"
    assert view_models.look.view.product.price == "NT$ 199"


def shows(session: Session, text: str) -> bool:
    items = session.view.window.findChildren(QQuickItem)
    return any(item.property("text") == text and item.isVisible() for item in items)


def test_advice_at_enrolment_knows_the_empty_scene(
    session: Session, camera: Scripted, frames: DemoFrames
) -> None:
    wait(lambda: session.threads.empty_view(camera.scene) is not None, "the empty scene")
    session.view_models.app.go(Screen.PIN)
    session.view_models.app.unlock()
    assert session.view_models.app.view.page is StaffPage.ENROL
    wait(lambda: shows(session, "Hold the product in the frame"), "advice on an empty reticle")

    reticle = reticle_box(1280, 720)
    coarse = np.random.default_rng(1).integers(30, 220, (12, 12, 3), dtype=np.uint8)
    coarse[..., 2] = 10  # no blue: unlike the counter everywhere
    covered = camera.scene.copy()
    size = (reticle.width, reticle.height)
    reticle.crop(covered)[:] = cv2.resize(coarse, size, interpolation=cv2.INTER_NEAREST)
    camera.scene = covered
    wait(lambda: shows(session, "Move back a little"), "advice on a product too close")

    camera.scene = frames.empty()
    wait(lambda: shows(session, "Hold the product in the frame"), "the empty reticle again")


def test_a_camera_that_dies_is_said_and_comes_back_by_itself(
    shop: Shop, settings: Settings, frames: DemoFrames
) -> None:
    from kiosk.errors import CameraError

    class Dying(Scripted):
        broken = True

        def open(self) -> None:
            if self.broken:
                raise CameraError("Camera 0 is not there.")

    camera = Dying(frames)
    session = Session(shop, settings, lambda: camera)
    session.start()
    try:
        wait(lambda: session.view_models.camera.view.lost, "the loss")
        camera.broken = False
        wait(lambda: session.view_models.camera.view.state == "live", "the recovery")
        assert not session.view_models.camera.view.lost
    finally:
        session.close()


def test_the_window_runs_for_a_while_and_leaves_no_thread_behind(
    shop: Shop, settings: Settings, tmp_path: Path
) -> None:
    before = set(threading.enumerate())
    told: list[Sighting] = []
    status = run_window(
        shop,
        settings=settings,
        source=lambda: DemoCamera(seed=3),
        seconds=4,
        screenshot=tmp_path / "kiosk.png",
        on_sighting=told.append,
    )
    assert status == 0
    assert QImage(str(tmp_path / "kiosk.png")).width() == 1280
    assert SightingState.IDLE in {sighting.state for sighting in told}
    left = {t for t in set(threading.enumerate()) - before if not t.name.startswith("demo-artist")}
    assert {thread.name for thread in left if thread.is_alive()} == set()


def test_staff_close_the_kiosk_from_the_settings(shop: Shop, settings: Settings) -> None:
    session = Session(shop, settings.model_copy(update={"kiosk_mode": True}), lambda: DemoCamera())
    session.start()
    try:
        view_models = session.view_models
        view_models.app.go(Screen.PIN)
        view_models.app.unlock()
        QTimer.singleShot(0, view_models.app.quit)
        assert QGuiApplication.exec() == 0
        assert session.controller.is_leaving
    finally:
        session.close()
