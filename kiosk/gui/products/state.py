"""Everything the products screen knows, and what it shows of it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from kiosk.domain import Photo, Product
from kiosk.gui.product_view import ProductView, show_product
from kiosk.gui.products.form import FormProblems, ProductForm, form_of, shown_price


@dataclass(frozen=True, slots=True)
class Pair:
    """Two products that are easily taken for each other; `confused` is a share, 0 to 1."""

    first: Product
    second: Product
    similarity: float
    confused: float


@dataclass(frozen=True, slots=True)
class Correction:
    """Customers chose `chosen` when `shown` was on the card; empty: none of the five."""

    shown: str
    chosen: str
    times: int


@dataclass(frozen=True, slots=True)
class ProductsState:
    """`undo` is the product that was deleted a moment ago."""

    query: str = ""
    with_retired: bool = True
    pairs_shown: bool = False
    found: tuple[Product, ...] = ()
    total: int = 0
    selected: Product | None = None
    form: ProductForm = field(default_factory=ProductForm)
    problems: FormProblems = field(default_factory=FormProblems)
    photos: tuple[Photo, ...] = ()
    pairs: tuple[Pair, ...] = ()
    pairs_known: bool = False
    corrections: tuple[Correction, ...] = ()
    undo: Product | None = None
    saved: bool = False
    fault: str = ""


@dataclass(frozen=True, slots=True)
class ListedProduct:
    sku: str
    name: str
    price: str
    category: str
    active: bool


@dataclass(frozen=True, slots=True)
class PhotoView:
    sha256: str
    picture: str
    cover: bool


@dataclass(frozen=True, slots=True)
class PairView:
    first: ProductView
    second: ProductView
    similar_percent: int
    confused_percent: int


@dataclass(frozen=True, slots=True)
class ProductsView:
    query: str
    with_retired: bool
    pairs_shown: bool
    pairs: tuple[PairView, ...]
    pairs_known: bool
    corrections: tuple[Correction, ...]
    shown: int
    total: int
    selected: bool
    active: bool
    form: ProductForm
    changed: bool
    price_shown: str
    problems: FormProblems
    photos: tuple[PhotoView, ...]
    undo_name: str
    saved: bool
    fault: str


def derive_products(state: ProductsState, currency: str) -> ProductsView:
    selected = state.selected
    own_currency = selected.price.currency if selected else currency
    return ProductsView(
        query=state.query,
        with_retired=state.with_retired,
        pairs_shown=state.pairs_shown,
        pairs=tuple(_pair(pair) for pair in state.pairs),
        pairs_known=state.pairs_known,
        corrections=state.corrections,
        shown=len(state.found),
        total=state.total,
        selected=selected is not None,
        active=selected.active if selected else False,
        form=state.form,
        changed=selected is not None and state.form != form_of(selected),
        price_shown=shown_price(state.form.price, own_currency),
        problems=state.problems,
        photos=tuple(
            PhotoView(photo.sha256, f"photo/{photo.sha256}", at == 0)
            for at, photo in enumerate(state.photos)
        ),
        undo_name=state.undo.name if state.undo else "",
        saved=state.saved,
        fault=state.fault,
    )


def list_products(found: Sequence[Product]) -> list[ListedProduct]:
    shown = [(show_product(product), product.active) for product in found]
    return [ListedProduct(p.sku, p.name, p.price, p.category, active) for p, active in shown]


def _pair(pair: Pair) -> PairView:
    return PairView(
        show_product(pair.first),
        show_product(pair.second),
        round(pair.similarity * 100),
        round(pair.confused * 100),
    )
