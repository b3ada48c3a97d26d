"""The kiosk's window without a camera or recognition threads, driven step by step."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEventLoop
from PySide6.QtQuick import QQuickItem

from assets.screenshots.demo_frames import DemoFrames
from kiosk.camera import CameraState, CameraStatus, Frame, FrameSource
from kiosk.domain import Candidate, Decision, Image, Scan, Sighting, SightingState
from kiosk.errors import BugError, StorageError
from kiosk.gui.app.application import Session
from kiosk.gui.app.session import Screen, StaffPage
from kiosk.gui.app.shop_access import products_of
from kiosk.live import scanned
from kiosk.settings import Settings
from kiosk.shop import Shop

LONGEST_S = 180.0


class WindowDriver:
    """One window of a given size; `settle` waits until its timers and workers are idle."""

    def __init__(self, shop: Shop, settings: Settings, size: tuple[int, int]) -> None:
        self.shop = shop
        self.frames = DemoFrames(size)
        # The clock stands still: enrolment takes the pictures it is told to, and no other.
        self.release_s = 0.0
        self.session = Session(shop, settings, _no_camera, release_clock=lambda: self.release_s)
        self.view_models = self.session.view_models
        self.controller = self.session.controller
        self._index = 0
        self._closed = False
        self.session.view.window.resize(*size)
        self.session.open()
        self.session.view.window.requestActivate()
        self.settle()

    def close(self) -> None:
        """Take the window down; a second time does nothing."""
        if not self._closed:
            self._closed = True
            self.session.close()

    def settle(self, least_s: float = 0.05) -> None:
        """Let timers, workers and drawing finish; at least `least_s`."""
        begin = time.monotonic()
        quiet = 0
        while quiet < 3 or time.monotonic() - begin < least_s:
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 10)
            quiet = 0 if self.session.tasks.is_busy else quiet + 1
            if time.monotonic() - begin > LONGEST_S:
                raise BugError("The window does not come to rest.")
            time.sleep(0.005)

    def frame(self, image: Image) -> None:
        """The camera shows `image`."""
        self._index += 1
        self.session.slot.put(Frame(image, self._index, self._index * 33))
        self.view_models.camera.poll()

    def camera(self, state: CameraState) -> None:
        self.view_models.camera.tell_status(CameraStatus(state, "", 0))
        self.settle()

    def see(
        self,
        decision: Decision,
        candidates: Sequence[Candidate],
        state: SightingState = SightingState.MATCHED,
    ) -> None:
        """Recognition says this about the newest frame."""
        best = candidates[0] if candidates else None
        named = best if decision is Decision.NAMED else None
        sighting = Sighting(
            frame=self._index,
            t_ms=self._index * 33,
            state=state if named else SightingState.UNKNOWN,
            sku=named.sku if named else None,
            confidence=named.confidence if named else 0.0,
            candidates=tuple(candidates),
            decision=decision,
        )
        self._tell(sighting)

    def scan(self, scan: Scan) -> None:
        """Recognition has read this code in the newest frame."""
        self._tell(scanned(scan, self._index, self._index * 33))

    def look(self, progress: float) -> None:
        self._tell(
            Sighting(self._index, self._index * 33, SightingState.LOOKING, progress=progress)
        )

    def nothing(self) -> None:
        self._tell(Sighting(self._index, self._index * 33, SightingState.IDLE))

    def staff(self, page: StaffPage) -> None:
        """Behind the PIN, without typing it."""
        self.view_models.app.go(Screen.PIN)
        self.view_models.app.unlock()
        self.view_models.app.turnPage(page)
        self.settle()

    def focus(self, name: str) -> None:
        """Put the cursor into the field of that object name, and show the keys."""
        for item in self.session.view.window.findChildren(QQuickItem, name):
            if item.isVisible():
                line = item.findChild(QQuickItem, "input")
                if line is not None:
                    line.forceActiveFocus()
                    self.settle()
                    return
        raise BugError(f"There is no field {name!r} on the screen.")

    def unfocus(self) -> None:
        """Put the cursor nowhere: the keys go away."""
        item = self.session.view.window.findChild(QQuickItem, "stage")
        if item is not None:
            item.forceActiveFocus()
        self.settle()

    def type_pin(self, digits: str) -> None:
        for digit in digits:
            self.view_models.pin.digit(digit)
        self.view_models.pin.submit()
        self.settle()

    def leave(self) -> None:
        self.view_models.app.home()
        self.settle()

    def picture(self, path: Path) -> Path:
        """Save what the window shows."""
        self.settle(0.12)
        if not self.session.view.window.grabWindow().save(str(path), None, 0):  # smallest file
            raise StorageError(f"The picture {path} could not be written.")
        return path

    def _tell(self, sighting: Sighting) -> None:
        self.view_models.camera.tell_sighting(sighting, lambda skus: products_of(self.shop, skus))
        self.settle()


def _no_camera() -> FrameSource:
    raise BugError("A driven window has no camera.")
