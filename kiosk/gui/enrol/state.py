"""Everything the enrolment screen knows and shows. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from kiosk.domain import Product
from kiosk.gui.enrol.draft import Draft
from kiosk.gui.enrol.names import has_words
from kiosk.gui.product_view import ProductView
from kiosk.gui.products.form import FormProblem, FormProblems, ProductForm, shown_price
from kiosk.gui.widgets.picture_key import PictureKey, PictureKind
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
class DoubtView:
    """Why a picture waits for an answer: it shows product `name`, or (empty) another thing."""

    name: str = ""


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
    """`angle` is the one to be photographed next; `advice` a value of `kiosk.live.Advice`.

    `hold` is how much of the time before the camera releases is over, 0 to 1. `alike` is what
    the new product resembles much, `barcode_owner` what has its barcode or SKU already.
    `refused` is True until a thing that is not to be photographed has gone.
    """

    currency: str
    draft: Draft = field(default_factory=Draft)
    angle: str = ANGLES[0]
    advice: str = ""
    good: bool = False
    hold: float = 0.0
    alike: ProductView | None = None
    barcode_owner: ProductView | None = None
    problems: FormProblems = field(default_factory=FormProblems)
    restored: bool = False
    saving: bool = False
    rehearsal: RehearsalView | None = None
    fault: str = ""
    known_categories: tuple[str, ...] = ()
    likely_category: str = ""
    doubt: DoubtView | None = None
    refused: bool = False
    pack_names: tuple[str, ...] = ()

    @property
    def read_names(self) -> tuple[str, ...]:
        """The largest words on the pack, without those that the name has already."""
        return tuple(each for each in self.pack_names if not has_words(self.form.name, each))

    @property
    def form(self) -> ProductForm:
        return self.draft.form

    @property
    def price_shown(self) -> str:
        return shown_price(self.form.price, self.currency)

    @property
    def pictures(self) -> int:
        """The number taken."""
        return len(self.draft.angles)

    @property
    def existing(self) -> bool:
        """Whether a product of the catalogue gets more photos."""
        return bool(self.draft.existing_sku)

    @property
    def begun(self) -> bool:
        return bool(self.draft.angles or self.form.name or self.existing)

    @property
    def can_save(self) -> bool:
        return bool(self.draft.angles) and not self.saving

    @property
    def sku_taken(self) -> bool:
        return self.problems.sku is FormProblem.TAKEN

    @property
    def angle_kind(self) -> str:
        return _kind(self.angle)

    @property
    def angles(self) -> tuple[AngleRow, ...]:
        """The five places, the extra pictures, and the one to be photographed next."""
        taken = self.draft.angles
        shown = list(ANGLES) + [angle for angle in taken if angle not in ANGLES]
        if self.angle and self.angle not in shown:
            shown.append(self.angle)
        return tuple(
            AngleRow(
                name=angle,
                kind=_kind(angle),
                taken=angle in taken,
                current=angle == self.angle,
                picture=str(picture_key(angle)) if angle in taken else "",
            )
            for angle in shown
        )

    @property
    def categories(self) -> tuple[str, ...]:
        """What may be meant: first the category of what looks alike, unless one is typed."""
        known, likely = self.known_categories, self.likely_category
        low = self.form.category.strip().lower()
        if likely in known:
            known = (likely, *(each for each in known if each != likely))
        if low in (category.lower() for category in known):
            return ()
        return tuple(c for c in known if low in c.lower())[:SUGGESTED]


def next_angle(taken: tuple[str, ...]) -> str:
    """The first angle without a picture; further pictures once all five are there."""
    extra = (f"{EXTRA}{number}" for number in range(1, MAX_EXTRA + 1))
    return next((a for a in (*ANGLES, *extra) if a not in taken), "")


def picture_key(angle: str) -> PictureKey:
    """The name of a draft's picture in the picture cache."""
    return PictureKey(PictureKind.DRAFT, angle)


def show_rehearsal(enrolment: Enrolment) -> RehearsalView:
    """What the screen says of a product that was stored."""
    product, rehearsal = enrolment.product, enrolment.rehearsal
    name, times = enrolment.confused_with[0] if enrolment.confused_with else ("", 0)
    outliers = len(rehearsal.outliers)
    return RehearsalView(
        product.sku, product.name, rehearsal.tried, rehearsal.right, name, times, outliers
    )


def _kind(angle: str) -> str:
    return EXTRA if angle.startswith(EXTRA) else angle
