"""What the look screen says about a sighting, and about what the customer has tapped. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from kiosk.domain import Candidate, Decision, Product, Sighting, SightingState
from kiosk.gui.look.confidence import percent, stars
from kiosk.gui.product_view import ProductView, show_product

# A candidate less likely than the error that is accepted by default only distracts. On photos of
# other days the right product is among those offered .986 (groceries) and .974 (drinks) of times,
# as often as among five but for .007.
LEAST_PLAUSIBLE = 0.02


class CardKind(StrEnum):
    NONE = "none"
    MATCH = "match"
    CHOSEN = "chosen"
    PICK = "pick"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Seen:
    """A sighting with the products that it speaks of, looked up by the worker."""

    sighting: Sighting
    products: Mapping[str, Product]


@dataclass(frozen=True, slots=True)
class Choice:
    """What the customer has tapped about `shown`, the SKU on the card (empty: none).

    `seen_leaving` is True once the product has been taken away: the next one that is
    recognised then replaces the choice.
    """

    sku: str = ""
    picking: bool = False
    none_of_them: bool = False
    details: bool = False
    seen_leaving: bool = False

    @property
    def is_made(self) -> bool:
        return bool(self.sku) or self.picking or self.none_of_them or self.details


@dataclass(frozen=True, slots=True)
class LookView:
    """`progress` is the share of the time that a product must be held, 0 to 1.

    `code` is the barcode that the card rests on; empty: it rests on the picture.
    """

    kind: CardKind = CardKind.NONE
    product: ProductView = field(default_factory=ProductView)
    stars: int = 0
    percent: int = 0
    code: str = ""
    tiles: tuple[ProductView, ...] = ()
    details: bool = False
    similar: tuple[ProductView, ...] = ()
    progress: float = 0.0


def derive_look(
    seen: Seen | None,
    choice: Choice,
    similar: tuple[ProductView, ...] = (),
) -> LookView:
    """The card for a sighting and for what the customer has tapped since."""
    if seen is None:
        return LookView()
    sighting, products = seen.sighting, seen.products
    tiles = _tiles(plausible(sighting.candidates), products)
    if choice.none_of_them:
        return LookView(CardKind.UNKNOWN)  # the nearest five are what was just refused
    if choice.sku in products:
        return LookView(
            CardKind.CHOSEN,
            show_product(products[choice.sku]),
            tiles=tiles,
            details=choice.details,
            similar=similar,
        )
    if sighting.state is SightingState.MATCHED and sighting.sku and sighting.sku in products:
        if choice.picking:
            others = others_than(sighting.sku, sighting.candidates)
            return LookView(CardKind.PICK, tiles=_tiles(others, products))
        product = products[sighting.sku]
        if sighting.scan is not None:
            return LookView(
                CardKind.MATCH,
                show_product(replace(product, price=sighting.scan.price or product.price)),
                code=sighting.scan.code,
                details=choice.details,
                similar=similar,
            )
        return LookView(
            CardKind.MATCH,
            show_product(product),
            stars=stars(sighting.confidence),
            percent=percent(sighting.confidence),
            tiles=tiles,
            details=choice.details,
            similar=similar,
        )
    if sighting.state is SightingState.UNKNOWN:
        if sighting.scan is not None:
            return LookView(CardKind.UNKNOWN, code=sighting.scan.code)
        unsure = sighting.decision is Decision.UNSURE and bool(tiles)
        return LookView(CardKind.PICK if unsure else CardKind.UNKNOWN, tiles=tiles)
    return LookView()


def plausible(candidates: Sequence[Candidate], doubt: float = 1.0) -> tuple[Candidate, ...]:
    """Return the candidates that deserve a tile, given that an event of chance `doubt` holds."""
    return tuple(c for c in candidates if c.confidence >= LEAST_PLAUSIBLE * doubt)


def others_than(sku: str, candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Return the candidates that deserve a tile once the customer says that it is not `sku`."""
    refused = sum(c.confidence for c in candidates if c.sku == sku)
    return plausible([c for c in candidates if c.sku != sku], 1.0 - refused)


def _tiles(
    candidates: tuple[Candidate, ...], products: Mapping[str, Product]
) -> tuple[ProductView, ...]:
    known = [c.sku for c in candidates if c.sku in products]
    return tuple(show_product(products[sku]) for sku in known[:5])


def in_order_of(seen: Seen, before: Seen | None) -> Seen:
    """`seen`, its candidates in the order in which the same ones were offered before.

    Two tiles must not change places under a finger.
    """
    if before is None or not (is_question(seen) and is_question(before)):
        return seen
    order = [candidate.sku for candidate in before.sighting.candidates]
    now = {candidate.sku: candidate for candidate in seen.sighting.candidates}
    if now.keys() != set(order):
        return seen
    candidates = tuple(now[sku] for sku in order)
    return replace(seen, sighting=replace(seen.sighting, candidates=candidates))


def is_question(seen: Seen) -> bool:
    """Whether the customer is asked something instead of told a name."""
    return seen.sighting.state is SightingState.UNKNOWN
