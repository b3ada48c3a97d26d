"""What staff type about a product, and what is wrong with it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from enum import StrEnum

from kiosk.domain import Price, Product
from kiosk.errors import CatalogError
from kiosk.money import format_price, minor_digits, parse_price

MAX_NAME_LENGTH = 200  # characters; chosen, three lines of the result card


class FormProblem(StrEnum):
    NONE = ""
    MISSING = "missing"
    NOT_A_PRICE = "not_a_price"
    TOO_LONG = "too_long"
    TAKEN = "taken"


@dataclass(frozen=True, slots=True)
class ProductForm:
    """The fields as typed."""

    name: str = ""
    price: str = ""
    sku: str = ""
    category: str = ""
    description: str = ""
    barcode: str = ""


@dataclass(frozen=True, slots=True)
class FormProblems:
    name: FormProblem = FormProblem.NONE
    price: FormProblem = FormProblem.NONE
    sku: FormProblem = FormProblem.NONE

    @property
    def any(self) -> bool:
        return any(getattr(self, each.name) for each in fields(self))


def check_form(form: ProductForm, currency: str) -> FormProblems:
    """What must be mended before the product can be saved. An empty SKU is filled later."""
    return FormProblems(name=_name_problem(form.name), price=_price_problem(form.price, currency))


def form_of(product: Product) -> ProductForm:
    """A product's fields for editing; the price as a bare number."""
    return ProductForm(
        name=product.name,
        price=price_digits(product.price),
        sku=product.sku,
        category=product.category,
        description=product.description,
        barcode=product.barcode,
    )


def price_digits(price: Price) -> str:
    """The amount with a point and no sign: "12.99", "3200"."""
    digits = minor_digits(price.currency)
    whole, rest = divmod(price.minor, 10**digits)
    return str(whole) if rest == 0 else f"{whole}.{rest:0{digits}d}"


def product_of(form: ProductForm, currency: str, before: Product | None = None) -> Product:
    """The product that the form describes; fields it does not show come from `before`.

    Raises:
        CatalogError: the price is not one.
    """
    product = Product(
        sku=form.sku.strip(),
        name=" ".join(form.name.split()),
        price=parse_price(form.price, currency),
        category=" ".join(form.category.split()),
        description=form.description.strip(),
        barcode=form.barcode.strip(),
    )
    if before is None:
        return product
    return replace(product, active=before.active, metadata=before.metadata)


def shown_price(text: str, currency: str) -> str:
    """How the typed price will look to customers; empty while it is none."""
    try:
        price = parse_price(text, currency)
    except CatalogError:
        return ""
    return format_price(price) if price.is_set else ""


def _name_problem(name: str) -> FormProblem:
    if not name.strip():
        return FormProblem.MISSING
    return FormProblem.TOO_LONG if len(name) > MAX_NAME_LENGTH else FormProblem.NONE


def _price_problem(text: str, currency: str) -> FormProblem:
    if not text.strip():
        return FormProblem.MISSING
    try:
        parse_price(text, currency)
    except CatalogError:
        return FormProblem.NOT_A_PRICE
    return FormProblem.NONE
