"""Everything the enrolment screen knows, and what it shows of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kiosk.domain import Product
from kiosk.gui.enrol.draft import Draft
from kiosk.gui.product_view import ProductView, show_product
from kiosk.gui.products.form import FormProblems, ProductForm, shown_price
from kiosk.recognition import Rehearsal

ANGLES = ("front", "back", "left", "right", "top")
MOST_EXTRA = 5


@dataclass(frozen=True, slots=True)
class LookAlike:
    """A product of the catalogue that the new pictures resemble."""

    product: Product
    similarity: float


@dataclass(frozen=True, slots=True)
class Captured:
    """What a new picture tells: a product it resembles much, and the likeliest category."""

    alike: LookAlike | None = None
    category: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rehearsal found: `confused` are (name, times), the most frequent first."""

    sku: str = ""
    name: str = ""
    tried: int = 0
    right: int = 0
    confused: tuple[tuple[str, int], ...] = ()
    outliers: int = 0


@dataclass(frozen=True, slots=True)
class EnrolState:
    """`angle` is the one to be photographed next; `advice` a value of `kiosk.live.Advice`."""

    draft: Draft = field(default_factory=Draft)
    angle: str = ANGLES[0]
    advice: str = ""
    hold: float = 0.0
    alike: LookAlike | None = None
    barcode_owner: Product | None = None
    problems: FormProblems = field(default_factory=FormProblems)
    restored: bool = False
    saving: bool = False
    outcome: Outcome | None = None
    fault: str = ""
    categories: tuple[str, ...] = ()
    likely_category: str = ""


@dataclass(frozen=True, slots=True)
class AngleView:
    """One place for a picture; `picture` is its key in the picture cache when taken."""

    angle: str
    taken: bool
    current: bool
    picture: str = ""


@dataclass(frozen=True, slots=True)
class OutcomeView:
    sku: str
    name: str
    tried: int
    right: int
    confused_name: str
    confused_times: int
    outliers: int


@dataclass(frozen=True, slots=True)
class EnrolView:
    angles: tuple[AngleView, ...]
    angle: str
    pictures: int
    advice: str
    form: ProductForm
    price_shown: str
    problems: FormProblems
    alike: ProductView | None
    alike_percent: int
    barcode_owner: ProductView | None
    existing: bool
    restored: bool
    can_save: bool
    saving: bool
    outcome: OutcomeView | None
    fault: str
    categories: tuple[str, ...]


def derive_enrol(state: EnrolState, currency: str) -> EnrolView:
    draft = state.draft
    alike = state.alike if state.alike and state.alike.product.sku != draft.existing_sku else None
    return EnrolView(
        angles=_angles(state),
        angle=state.angle,
        pictures=len(draft.angles),
        advice=state.advice,
        form=draft.form,
        price_shown=shown_price(draft.form.price, currency),
        problems=state.problems,
        alike=show_product(alike.product) if alike else None,
        alike_percent=round(alike.similarity * 100) if alike else 0,
        barcode_owner=(show_product(state.barcode_owner) if state.barcode_owner else None),
        existing=bool(draft.existing_sku),
        restored=state.restored,
        can_save=bool(draft.angles) and not state.saving,
        saving=state.saving,
        outcome=_outcome(state.outcome),
        fault=state.fault,
        categories=_suggested(state.categories, draft.form.category, state.likely_category),
    )


def next_angle(taken: tuple[str, ...]) -> str:
    """The first angle without a picture; further pictures once all five are there."""
    extra = (f"extra{number}" for number in range(1, MOST_EXTRA + 1))
    return next((a for a in (*ANGLES, *extra) if a not in taken), "")


def outcome_of(rehearsal: Rehearsal, name: str, names: Mapping[str, str]) -> Outcome:
    """A rehearsal in names instead of SKUs."""
    confused = tuple((names.get(sku, sku), times) for sku, times in rehearsal.confused_with)
    return Outcome(
        rehearsal.sku, name, rehearsal.tried, rehearsal.right, confused, len(rehearsal.outliers)
    )


def _angles(state: EnrolState) -> tuple[AngleView, ...]:
    taken = state.draft.angles
    shown = list(ANGLES) + [angle for angle in taken if angle not in ANGLES]
    if state.angle and state.angle not in shown:
        shown.append(state.angle)
    return tuple(
        AngleView(
            angle="extra" if angle.startswith("extra") else angle,
            taken=angle in taken,
            current=angle == state.angle,
            picture=picture_key(angle) if angle in taken else "",
        )
        for angle in shown
    )


def picture_key(angle: str) -> str:
    """The name of a draft's picture in the picture cache."""
    return f"draft/{angle}"


def _suggested(categories: tuple[str, ...], typed: str, likely: str) -> tuple[str, ...]:
    """What may be meant: first the category of what looks alike, unless one is typed."""
    low = typed.strip().lower()
    if likely in categories:
        categories = (likely, *(each for each in categories if each != likely))
    if low in (category.lower() for category in categories):
        return ()
    return tuple(c for c in categories if low in c.lower())[:4]


def _outcome(outcome: Outcome | None) -> OutcomeView | None:
    if outcome is None:
        return None
    name, times = outcome.confused[0] if outcome.confused else ("", 0)
    return OutcomeView(
        outcome.sku, outcome.name, outcome.tried, outcome.right, name, times, outcome.outliers
    )
