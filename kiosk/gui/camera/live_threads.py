"""The two threads behind the window: the camera's and the recognition's."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from kiosk.camera import CameraStatus, Capture, FrameSlot, FrameSource, RotatedSource
from kiosk.domain import Image, Sighting
from kiosk.live import CloserLook, CodeBook, LivePipeline, LiveWorker, Recogniser

OpenSource = Callable[[], FrameSource]


class LiveThreads:
    """Capture and worker; `tell_*` are called from their threads."""

    def __init__(
        self,
        recogniser: Recogniser,
        source: OpenSource,
        slot: FrameSlot,
        *,
        codes: CodeBook | None = None,
        closer: CloserLook | None = None,
        every: int,
        rotation: int,
        tell_sighting: Callable[[Sighting], None],
        tell_status: Callable[[CameraStatus], None],
        tell_fault: Callable[[str], None],
    ) -> None:
        self.rotation = rotation
        self._slot = slot
        self._source = source
        self._pipeline = LivePipeline(recogniser, every=every, codes=codes, closer=closer)
        self._worker = LiveWorker(slot, self._pipeline, tell_sighting, on_fault=tell_fault)
        self._capture = Capture(
            lambda: RotatedSource(self._source(), lambda: self.rotation), slot, tell_status
        )

    @property
    def encode_ms(self) -> float:
        """The smoothed time of one encode; 0 before the first."""
        return self._pipeline.sampler.encode_ms

    def start(self) -> None:
        self._capture.start()
        self._worker.start()

    def stop(self) -> None:
        """Join both; returns within seconds even when a camera hangs."""
        self._capture.stop()
        self._slot.close()
        self._worker.stop()
        self._pipeline.close()

    def switch(self, source: OpenSource) -> None:
        """Go on with another camera."""
        self._source = source
        self._capture.reopen()

    def wanted(self, on: bool) -> None:
        """Rest while another screen is open."""
        if on:
            self._worker.resume()
        else:
            self._worker.pause()

    def look_again(self) -> None:
        self._worker.look_again()

    def product_view(self, image: Image) -> Image:
        """The part of a frame that recognition looks at, copied: enrol with the same eyes."""
        return np.ascontiguousarray(self._pipeline.product_view(image))

    def empty_view(self, image: Image) -> Image | None:
        """What the reticle of a frame would show without a product, if that is known."""
        return self._pipeline.empty_view(image)
