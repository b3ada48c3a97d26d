"""Everything the enrolment screen knows, and what it shows of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from kiosk.domain import Product
from kiosk.gui.enrol.draft import Draft
from kiosk.gui.product_view import ProductView, show_product
from kiosk.gui.products.form import FormProblem, FormProblems, ProductForm, shown_price
from kiosk.shop import Enrolment

ANGLES = ("front", "back", "left", "right", "top")
EXTRA = "extra"
MAX_EXTRA = 5  # as many again as there are angles; chosen
SUGGESTED = 4  # as many as fit in one line


@dataclass(frozen=True, slots=True)
class Captured:
    """What a new picture tells: a product it resembles much, and the likeliest category."""

    alike: Product | None = None
    category: str = ""


@dataclass(frozen=True, slots=True)
class EnrolState:
    """`angle` is the one to be photographed next; `advice` a value of `kiosk.live.Advice`.

    `hold` is how much of the time before the camera releases is over, 0 to 1.
    """

    draft: Draft = field(default_factory=Draft)
    angle: str = ANGLES[0]
    advice: str = ""
    good: bool = False
    hold: float = 0.0
    alike: Product | None = None
    barcode_owner: Product | None = None
    problems: FormProblems = field(default_factory=FormProblems)
    restored: bool = False
    saving: bool = False
    enrolment: Enrolment | None = None
    fault: str = ""
    categories: tuple[str, ...] = ()
    likely_category: str = ""


@dataclass(frozen=True, slots=True)
class AngleRow:
    """One place for a picture: `name` in the draft, `kind` without the number of an extra.

    `picture` is its key in the picture cache when taken.
    """

    name: str
    kind: str
    taken: bool
    current: bool
    picture: str


@dataclass(frozen=True, slots=True)
class RehearsalView:
    """How often the new photos were recognised, and what they were taken for most often."""

    sku: str
    name: str
    tried: int
    right: int
    confused_name: str
    confused_times: int
    outliers: int


@dataclass(frozen=True, slots=True)
class EnrolView:
    """`angle` is the one asked for, of `angle_kind`; `pictures` is the number taken."""

    angles: tuple[AngleRow, ...]
    angle: str
    angle_kind: str
    pictures: int
    advice: str
    good: bool
    hold: float
    form: ProductForm
    price_shown: str
    problems: FormProblems
    sku_taken: bool
    alike: ProductView | None
    barcode_owner: ProductView | None
    existing: bool
    restored: bool
    begun: bool
    can_save: bool
    saving: bool
    rehearsal: RehearsalView | None
    fault: str
    categories: tuple[str, ...]


def derive_enrol(state: EnrolState, currency: str) -> EnrolView:
    draft = state.draft
    alike = state.alike if state.alike and state.alike.sku != draft.existing_sku else None
    return EnrolView(
        angles=_angles(state),
        angle=state.angle,
        angle_kind=_kind(state.angle),
        pictures=len(draft.angles),
        advice=state.advice,
        good=state.good,
        hold=state.hold,
        form=draft.form,
        price_shown=shown_price(draft.form.price, currency),
        problems=state.problems,
        sku_taken=state.problems.sku is FormProblem.TAKEN,
        alike=show_product(alike) if alike else None,
        barcode_owner=show_product(state.barcode_owner) if state.barcode_owner else None,
        existing=bool(draft.existing_sku),
        restored=state.restored,
        begun=bool(draft.angles or draft.form.name or draft.existing_sku),
        can_save=bool(draft.angles) and not state.saving,
        saving=state.saving,
        rehearsal=_rehearsal(state.enrolment) if state.enrolment else None,
        fault=state.fault,
        categories=_suggested(state.categories, draft.form.category, state.likely_category),
    )


def next_angle(taken: tuple[str, ...]) -> str:
    """The first angle without a picture; further pictures once all five are there."""
    extra = (f"{EXTRA}{number}" for number in range(1, MAX_EXTRA + 1))
    return next((a for a in (*ANGLES, *extra) if a not in taken), "")


def picture_key(angle: str) -> str:
    """The name of a draft's picture in the picture cache."""
    return f"draft/{angle}"


def _angles(state: EnrolState) -> tuple[AngleRow, ...]:
    taken = state.draft.angles
    shown = list(ANGLES) + [angle for angle in taken if angle not in ANGLES]
    if state.angle and state.angle not in shown:
        shown.append(state.angle)
    return tuple(
        AngleRow(
            name=angle,
            kind=_kind(angle),
            taken=angle in taken,
            current=angle == state.angle,
            picture=picture_key(angle) if angle in taken else "",
        )
        for angle in shown
    )


def _kind(angle: str) -> str:
    return EXTRA if angle.startswith(EXTRA) else angle


def _suggested(categories: tuple[str, ...], typed: str, likely: str) -> tuple[str, ...]:
    """What may be meant: first the category of what looks alike, unless one is typed."""
    low = typed.strip().lower()
    if likely in categories:
        categories = (likely, *(each for each in categories if each != likely))
    if low in (category.lower() for category in categories):
        return ()
    return tuple(c for c in categories if low in c.lower())[:SUGGESTED]


def _rehearsal(enrolment: Enrolment) -> RehearsalView:
    product, rehearsal = enrolment.product, enrolment.rehearsal
    name, times = enrolment.confused_with[0] if enrolment.confused_with else ("", 0)
    outliers = len(rehearsal.outliers)
    return RehearsalView(
        product.sku, product.name, rehearsal.tried, rehearsal.right, name, times, outliers
    )
