"""Camera and recognition as the window sees them: frames, sightings and states by signal."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QImage

from kiosk.camera import CameraState, CameraStatus, FrameSlot
from kiosk.domain import Image, Product, Sighting
from kiosk.errors import KnownError
from kiosk.gui.camera.frame_item import to_qimage
from kiosk.gui.camera.framing import Rect
from kiosk.gui.look.state import Seen
from kiosk.gui.view_model import ViewModel

POLL_MS = 15  # more often than a camera of 60 frames a second delivers
RATE_WINDOW_S = 2.0  # long enough for a steady figure; chosen by eye


class Analyst(Protocol):
    """What recognition tells about itself."""

    @property
    def encode_ms(self) -> float: ...

    def product_view(self, image: Image) -> Image: ...

    def empty_view(self, image: Image) -> Image | None: ...


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """One frame as enrolment takes it: whole, what lies in the reticle, and the product alone.

    `empty` is what the reticle would show without the product; None while that is unknown.
    """

    whole: Image
    reticle: Image
    product: Image
    empty: Image | None


@dataclass(frozen=True, slots=True)
class FeedView:
    state: CameraState = CameraState.CONNECTING
    lost: bool = False
    message: str = ""
    mirrored: bool = False


def derive_feed(status: CameraStatus | None, mirrored: bool) -> FeedView:
    if status is None:
        return FeedView(mirrored=mirrored)
    lost = status.state in (CameraState.STALLED, CameraState.LOST, CameraState.ENDED)
    return FeedView(status.state, lost, status.message, mirrored)


def looked_up(
    sighting: Sighting, products_of: Callable[[Sequence[str]], Sequence[Product]]
) -> Seen:
    """A sighting with its products: called in the worker, for it reads the catalogue."""
    skus = [candidate.sku for candidate in sighting.candidates]
    if sighting.sku and sighting.sku not in skus:
        skus.append(sighting.sku)
    return Seen(sighting, {p.sku: p for p in products_of(skus)} if skus else {})


class LiveFeed(ViewModel[FeedView]):
    """Shows the slot's newest frame while `watching`, and passes on what the threads tell.

    `tell_sighting` and `tell_status` may be called from any thread; what they bring is
    handled in the GUI thread.
    """

    frame_arrived = Signal()
    seen = Signal(object)
    _status_told = Signal(object)

    def __init__(
        self,
        slot: FrameSlot,
        analysed: Callable[[int, int], Rect],
        focus: Callable[[int, int], Rect],
    ) -> None:
        super().__init__(FeedView())
        self._slot = slot
        self._analysed = analysed
        self._focus_of = focus
        self._analyst: Analyst | None = None
        self._index = -1
        self._status: CameraStatus | None = None
        self._mirrored = False
        self._fault = ""
        self._arrivals: list[float] = []
        self.image: QImage | None = None
        self.focus: Rect | None = None
        self._timer = QTimer(self, timerType=Qt.TimerType.PreciseTimer, interval=POLL_MS)
        self._timer.timeout.connect(self.poll)
        self._status_told.connect(self._on_status)

    @property
    def rate(self) -> float:
        """Frames a second that reached the screen lately."""
        if len(self._arrivals) < 2:
            return 0.0
        return (len(self._arrivals) - 1) / max(1e-3, self._arrivals[-1] - self._arrivals[0])

    @property
    def analyse_ms(self) -> float:
        """How long one encode takes; 0 before the first."""
        return self._analyst.encode_ms if self._analyst else 0.0

    @property
    def fault(self) -> str:
        return self._fault

    @property
    def status(self) -> CameraStatus | None:
        return self._status

    def use(self, analyst: Analyst) -> None:
        """Ask `analyst` where the product is in a frame, and how long encoding takes."""
        self._analyst = analyst

    def watch(self, on: bool) -> None:
        """Whether frames are drawn: only where a screen shows the camera."""
        if on and not self._timer.isActive():
            self._timer.start()
        elif not on:
            self._timer.stop()
            self._arrivals = []

    def set_mirrored(self, on: bool) -> None:
        self._mirrored = on
        self.show(derive_feed(self._status, on))

    def tell_sighting(
        self, sighting: Sighting, products_of: Callable[[Sequence[str]], Sequence[Product]]
    ) -> None:
        try:
            self.seen.emit(looked_up(sighting, products_of))
        except KnownError:
            # The catalogue cannot be read just now: better no card than a wrong one.
            self.seen.emit(Seen(sighting, {}))

    def tell_fault(self, sentence: str) -> None:
        """Recognition failed on a frame; the next one is tried."""
        self._fault = sentence

    def tell_status(self, status: CameraStatus) -> None:
        self._status_told.emit(status)

    @Slot()
    def poll(self) -> None:
        frame = self._slot.get_newest(self._index, 0.0)
        if frame is None:
            return
        self._index = frame.index
        height, width = frame.image.shape[:2]
        self.focus = self._focus_of(width, height)
        self.image = to_qimage(frame.image)
        now = time.monotonic()
        self._arrivals = [t for t in self._arrivals if now - t < RATE_WINDOW_S] + [now]
        self.frame_arrived.emit()

    def crop(self) -> Image | None:
        """What is held up in the newest frame, as recognition would cut it out; a copy."""
        frame = self._slot.get_newest(-1, 0.0)
        if frame is None:
            return None
        if self._analyst is not None:
            return self._analyst.product_view(frame.image)
        return self._cut(frame.image)

    def shoot(self) -> Shot | None:
        """The newest frame, whole and cut in both ways."""
        frame = self._slot.get_newest(-1, 0.0)
        if frame is None:
            return None
        image, reticle = frame.image, self._cut(frame.image)
        if self._analyst is None:
            return Shot(image, reticle, reticle, None)
        product, empty = self._analyst.product_view(image), self._analyst.empty_view(image)
        return Shot(image, reticle, product, empty)

    def _cut(self, image: Image) -> Image:
        height, width = image.shape[:2]
        box = self._analysed(width, height)
        top, left = round(box.y), round(box.x)
        return image[top : top + round(box.height), left : left + round(box.width)].copy()

    @Slot(object)
    def _on_status(self, status: CameraStatus) -> None:
        self._status = status
        self.show(derive_feed(status, self._mirrored))
