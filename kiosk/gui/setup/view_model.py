"""The set-up of a new kiosk: language, camera, PIN, first product."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal, Slot

from kiosk.camera import CameraInfo
from kiosk.domain import Product, Sighting
from kiosk.errors import KnownError
from kiosk.gui.camera.live_feed import Shot
from kiosk.gui.product_view import show_product
from kiosk.gui.setup.state import STEPS, SetUpStep, SetUpView, ShopFacts, Trial, first_step, judge
from kiosk.gui.setup.work import SetUpWork
from kiosk.gui.task_runner import TaskRunner
from kiosk.gui.view_model import ViewModel

LIGHT_MS = 400  # often enough to follow a lamp that is turned; chosen by eye


class SetUpViewModel(ViewModel[SetUpView]):
    """Each step is stored when it begins: after an interruption it goes on there.

    `known` tells once what is missing of the set-up, `pin_wanted` that the PIN is asked for.
    """

    known = Signal()
    pin_wanted = Signal()

    def __init__(
        self, tasks: TaskRunner, work: SetUpWork, *, shoot: Callable[[], Shot | None]
    ) -> None:
        super().__init__(SetUpView())
        self._tasks = tasks
        self._work = work
        self._shoot = shoot
        self._checking = False
        self._sighting: Sighting | None = None
        self._light_timer = self._make_timer(LIGHT_MS, self.check_light, once=False)

    def begin(self) -> None:
        """Ask the shop what is missing."""
        self._tasks.run(self._work.facts, self._begun, self._fail)

    def open(self) -> None:
        """The screen comes up, with the step at which it was left."""
        self._enter(self.view.step)
        if self.view.guides:
            self.pin_wanted.emit()

    def close(self) -> None:
        self._light_timer.stop()

    def refresh(self) -> None:
        """The catalogue has changed."""
        self._tasks.run(self._work.facts, lambda facts: self._change(stocked=facts.products > 0))

    @Slot()
    def next(self) -> None:
        self._go(STEPS[self.view.number + 1])

    @Slot()
    def back(self) -> None:
        self._go(STEPS[max(0, self.view.number - 1)])

    @Slot()
    def finish(self) -> None:
        """The set-up is over, with or without a first product."""
        self._change(tried=None)
        self._go(SetUpStep.DONE)

    @Slot()
    def listCameras(self) -> None:
        self._change(looking=True, fault="")
        self._tasks.run(self._work.cameras, self._listed, self._not_listed)

    @Slot()
    def check_light(self) -> None:
        """Judge the newest frame, unless the one before is still judged."""
        shot = None if self._checking else self._shoot()
        if shot is not None:
            self._checking = True
            self._tasks.run(lambda: self._work.light(shot), self._lit, lambda _: self._lit(""))

    def on_pin(self) -> None:
        """The PIN was set, or was right."""
        self._go(SetUpStep.DONE if self.view.stocked else SetUpStep.PRODUCT)

    def on_enrolled(self, product: Product) -> None:
        """The first product is stored: it is to be shown to the camera."""
        if self.view.guides:
            self._change(tried=show_product(product), trial=Trial.WAITING)
            # Recognition may have named it already, between its storing and this news of it.
            if self._sighting is not None and self._sighting.sku == product.sku:
                self.see(self._sighting)

    def see(self, sighting: Sighting) -> None:
        self._sighting = sighting
        if self.view.tried is not None:
            self._change(trial=judge(sighting, self.view.tried.sku, self.view.trial))

    def _begun(self, facts: ShopFacts) -> None:
        self._change(step=first_step(facts), stocked=facts.products > 0)
        self.known.emit()

    def _go(self, step: SetUpStep) -> None:
        self._tasks.run(lambda: self._work.keep(step), None, self._fail)
        self._change(step=step, fault="")
        self._enter(step)

    def _enter(self, step: SetUpStep) -> None:
        if step is SetUpStep.CAMERA:
            self._light_timer.start()
            self.listCameras()
        else:
            self._light_timer.stop()
        if step is SetUpStep.PIN:
            self.pin_wanted.emit()

    def _lit(self, light: str) -> None:
        self._checking = False
        self._change(light=light)

    def _listed(self, cameras: tuple[CameraInfo, ...]) -> None:
        self._change(cameras=cameras, looking=False)

    def _not_listed(self, error: KnownError) -> None:
        self._change(looking=False)
        self._fail(error)

    def _fail(self, error: KnownError) -> None:
        self._change(fault=str(error))
