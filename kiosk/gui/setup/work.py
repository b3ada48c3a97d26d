"""What the set-up reads and writes. Not for the GUI thread."""

from __future__ import annotations

from kiosk.camera import CameraInfo, list_cameras
from kiosk.gui.camera.live_feed import Shot
from kiosk.gui.pin.storage import PinStorage
from kiosk.gui.setup.state import SetUpStep, ShopFacts
from kiosk.live import Adviser
from kiosk.shop import Shop

STEP_KEY = "setup.step"


class SetUpWork:
    """Every method may take its time."""

    def __init__(self, shop: Shop, pin: PinStorage) -> None:
        self._shop = shop
        self._pin = pin

    def facts(self) -> ShopFacts:
        has_pin, _ = self._pin.load()
        step = self._shop.values.value(STEP_KEY) or ""
        return ShopFacts(step, self._shop.catalog.counts().products, has_pin)

    def keep(self, step: SetUpStep) -> None:
        self._shop.values.put_value(STEP_KEY, step.value)

    def cameras(self) -> tuple[CameraInfo, ...]:
        """Return the cameras of this machine.

        Raises:
            CameraError: the system's own list cannot be read.
        """
        return tuple(list_cameras())

    def light(self, shot: Shot) -> str:
        """Return what `Adviser` says of a frame's reticle: the light comes first."""
        return Adviser().advise(shot.reticle).value
