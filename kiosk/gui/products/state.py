"""What the products screen shows. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from kiosk.domain import Photo, Product
from kiosk.gui.product_view import ProductView, show_product
from kiosk.gui.products.form import FormProblems, ProductForm, form_of, shown_price
from kiosk.gui.widgets.picture_key import PictureKey, PictureKind


@dataclass(frozen=True, slots=True)
class PhotoRow:
    """`picture` is the photo's key in the picture cache."""

    sha256: str
    picture: str
    cover: bool


@dataclass(frozen=True, slots=True)
class PairRow:
    """Two products that are easily taken for each other."""

    first_sku: str
    first_name: str
    first_price: str
    second_sku: str
    second_name: str
    second_price: str
    similar_percent: int
    confused_percent: int


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """Customers chose `chosen` when `shown` was on the card; empty: none of the five."""

    shown: str
    chosen: str
    times: int


@dataclass(frozen=True, slots=True)
class ProductsView:
    """The list, the look-alikes, and the form of the selected product.

    `edited`: the form differs from what is stored. `undo_name` is the product that was
    deleted a moment ago.
    """

    query: str = ""
    rows: tuple[ProductView, ...] = ()
    total: int = 0
    pairs_shown: bool = False
    pairs_known: bool = False
    pairs: tuple[PairRow, ...] = ()
    corrections: tuple[CorrectionRow, ...] = ()
    selected: bool = False
    active: bool = False
    form: ProductForm = field(default_factory=ProductForm)
    edited: bool = False
    price_shown: str = ""
    problems: FormProblems = field(default_factory=FormProblems)
    photos: tuple[PhotoRow, ...] = ()
    undo_name: str = ""
    saved: bool = False
    fault: str = ""


def with_form(view: ProductsView, product: Product, form: ProductForm) -> ProductsView:
    """Show `product` as the selected one, with `form` as it is typed so far."""
    return replace(
        view,
        selected=True,
        active=product.active,
        form=form,
        edited=form != form_of(product),
        price_shown=shown_price(form.price, product.price.currency),
        problems=FormProblems(),
        saved=False,
    )


def without_form(view: ProductsView) -> ProductsView:
    """Show no product as selected."""
    return replace(
        view, selected=False, active=False, form=ProductForm(), edited=False, price_shown="",
        problems=FormProblems(), photos=(), saved=False, fault="",
    )  # fmt: skip


def photo_rows(photos: list[Photo]) -> tuple[PhotoRow, ...]:
    """The photos as stored: the first is the cover."""
    return tuple(
        PhotoRow(photo.sha256, str(PictureKey(PictureKind.PHOTO, photo.sha256)), at == 0)
        for at, photo in enumerate(photos)
    )


def pair_row(first: Product, second: Product, similarity: float, confused: float) -> PairRow:
    """`similarity` and `confused`, the share taken for the other, from 0 to 1."""
    one, other = show_product(first), show_product(second)
    return PairRow(
        one.sku, one.name, one.price, other.sku, other.name, other.price,
        round(similarity * 100), round(confused * 100),
    )  # fmt: skip
