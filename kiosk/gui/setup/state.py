"""Where the set-up of a new kiosk stands, and what it shows. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kiosk.camera import CameraInfo
from kiosk.domain import Decision, Sighting, SightingState
from kiosk.gui.product_view import ProductView


class SetUpStep(StrEnum):
    """In their order; PRODUCT stands behind the PIN, on the enrolment page."""

    LANGUAGE = "language"
    CAMERA = "camera"
    PIN = "pin"
    PRODUCT = "product"
    DONE = "done"


STEPS = tuple(SetUpStep)


class Trial(StrEnum):
    """How the first product fares when it is held to the camera for the first time."""

    WAITING = "waiting"
    RECOGNISED = "recognised"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class ShopFacts:
    """What decides whether a shop is set up; `step` is the one that was stored last."""

    step: str = ""
    products: int = 0
    has_pin: bool = False


@dataclass(frozen=True, slots=True)
class SetUpView:
    """`step` is DONE until the shop is known. `tried` is the first product, once it is stored.

    `light` is a value of `kiosk.live.Advice`; `looking`: the cameras are being listed.
    """

    step: SetUpStep = SetUpStep.DONE
    stocked: bool = True
    cameras: tuple[CameraInfo, ...] = ()
    looking: bool = False
    light: str = ""
    tried: ProductView | None = None
    trial: Trial = Trial.WAITING
    fault: str = ""

    @property
    def number(self) -> int:
        """The step's place in the order, from 0."""
        return STEPS.index(self.step)

    @property
    def guides(self) -> bool:
        """Whether the enrolment page leads through the first product."""
        return self.step is SetUpStep.PRODUCT


def first_step(facts: ShopFacts) -> SetUpStep:
    """Where to begin, or go on; the first product needs a PIN before it."""
    if facts.products or facts.step == SetUpStep.DONE:
        return SetUpStep.DONE
    step = SetUpStep(facts.step) if facts.step in STEPS else SetUpStep.LANGUAGE
    return SetUpStep.PIN if step is SetUpStep.PRODUCT and not facts.has_pin else step


def judge(sighting: Sighting, sku: str, before: Trial) -> Trial:
    """What a sighting says of the first product; once recognised it stays so."""
    if before is Trial.RECOGNISED or sighting.state is SightingState.IDLE:
        return before
    if sighting.state is SightingState.MATCHED and sighting.sku == sku:
        return Trial.RECOGNISED
    unsure = sighting.state is SightingState.UNKNOWN and sighting.decision is not Decision.NAMED
    return Trial.UNSURE if unsure else before
