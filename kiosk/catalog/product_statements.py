"""Statements on products that several parts of the catalogue share.

All take an open connection; those that change need the write lock.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum
from itertools import count
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, func, select, update

from kiosk.catalog.database.connections import portions
from kiosk.catalog.database.schema import photos, pictures, products
from kiosk.catalog.filters import ProductFilter
from kiosk.catalog.revisions import next_revision
from kiosk.catalog.validation import clean_product, storable
from kiosk.domain import NO_METADATA, Price, Product
from kiosk.errors import CatalogFullError, ProductExistsError, UnknownProductError
from kiosk.folding import fold

log = logging.getLogger(__name__)

_TEXTS = ("sku", "name", "currency", "category", "description", "barcode")
_SHOWN = products.c[
    "sku", "name", "price_minor", "currency", "category", "description", "barcode", "active",
    "metadata", "updated_at",
]  # fmt: skip


class Saved(StrEnum):
    """What saving a product did."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


def living() -> Any:
    """Return the condition that a product is not deleted."""
    return products.c.deleted_at.is_(None)


def save(connection: Connection, product: Product) -> Saved:
    """Insert or update a clean product; a deleted one of the same SKU starts afresh."""
    row = connection.execute(select(products).where(products.c.sku == product.sku)).mappings()
    found = row.first()
    wanted = _columns(product)
    if found is None:
        fresh = wanted | {"updated_at": datetime.now(UTC), "revision": next_revision(connection)}
        connection.execute(products.insert().values(**fresh))
        return Saved.ADDED
    revived = found["deleted_at"] is not None
    if not revived and all(found[name] == value for name, value in wanted.items()):
        return Saved.UNCHANGED
    if revived:  # whoever uses the SKU again means another thing: its old photos would lie
        connection.execute(photos.delete().where(photos.c.sku == product.sku))
        forget_unused_pictures(connection)
    change(connection, product.sku, **wanted, deleted_at=None)
    return Saved.ADDED if revived else Saved.UPDATED


def save_new(connection: Connection, items: Sequence[Product]) -> None:
    """As `save` for many clean products that are absent or deleted, with few statements."""
    for portion in portions(items):
        matching = select(products.c.sku).where(products.c.sku.in_([item.sku for item in portion]))
        known = set(connection.execute(matching).scalars())
        stamp = {"updated_at": datetime.now(UTC), "revision": next_revision(connection)}
        rows = [_columns(item) | stamp for item in portion if item.sku not in known]
        if rows:
            connection.execute(products.insert(), rows)
        for item in portion:
            if item.sku in known:
                save(connection, item)


def admit(
    connection: Connection, product: Product, *, must_be_new: bool, max_products: int
) -> Product:
    """Return the product as it may be saved: clean, and with an SKU.

    An empty SKU becomes the barcode, or else the next free number ("P0042").

    Raises:
        CatalogError: see `clean_product`.
        ProductExistsError: `must_be_new`, and a product has the SKU.
        CatalogFullError: it is new, and `max_products`, where it is not 0, are there already.
    """
    sku = product.sku.strip() or product.barcode.strip() or _free_number(connection)
    clean = clean_product(replace(product, sku=sku))
    exists = bool(by_skus(connection, [clean.sku]))
    if exists and must_be_new:
        raise ProductExistsError(clean.sku)
    if max_products and not exists and _selling(connection) >= max_products:
        raise CatalogFullError(max_products)
    return clean


def _selling(connection: Connection) -> int:
    query = select(func.count()).select_from(products).where(living(), products.c.active)
    return int(connection.execute(query).scalar_one())


def _free_number(connection: Connection) -> str:
    """The next number that no product has; one that a deleted product has only after a purge."""
    for number in count(_selling(connection) + 1):
        sku = f"P{number:04d}"
        if connection.execute(select(products.c.id).where(products.c.sku == sku)).first() is None:
            return sku
    raise AssertionError("numbers do not end")


def change(connection: Connection, sku: str, /, **columns: Any) -> None:
    """Set columns of one product, with its time and the next revision."""
    connection.execute(
        update(products)
        .where(products.c.sku == sku)
        .values(updated_at=datetime.now(UTC), revision=next_revision(connection), **columns)
    )


def find(connection: Connection, sku: str) -> Product:
    """Return the product, retired or not; raise UnknownProductError if absent or deleted."""
    found = by_skus(connection, [sku])
    if not found:
        raise UnknownProductError(sku)
    return found[0]


def require(connection: Connection, sku: str, *, deleted: bool = False) -> None:
    """Raise UnknownProductError unless the product exists, and is deleted or not as asked."""
    condition = products.c.deleted_at.is_not(None) if deleted else living()
    statement = select(products.c.sku).where(products.c.sku == sku, condition)
    if not storable(sku) or connection.execute(statement).first() is None:
        raise UnknownProductError(sku)


def selection(chosen: ProductFilter) -> Select[Any]:
    """Select the products that fit `chosen` and are not deleted."""
    return chosen.applied(select(*_SHOWN))


def listed(
    connection: Connection, statement: Select[Any], limit: int | None = None, offset: int = 0
) -> list[Product]:
    """Run a `selection`, sorted by name."""
    ordered = statement.order_by(products.c.folded_name, products.c.sku)
    found = connection.execute(ordered.limit(limit).offset(offset or None))
    return list(_readable(found.mappings()))


def by_skus(connection: Connection, skus: Sequence[str]) -> list[Product]:
    """Return the products in the order of `skus`; those that are gone are left out."""
    found: dict[str, Product] = {}
    for portion in portions([sku for sku in skus if storable(sku)]):
        statement = select(*_SHOWN).where(products.c.sku.in_(portion), living())
        rows = connection.execute(statement).mappings()
        found |= {product.sku: product for product in _readable(rows)}
    return [found[sku] for sku in skus if sku in found]


def forget_unused_pictures(connection: Connection) -> None:
    """Delete the rows of pictures that show no product, with their vectors and features."""
    used = select(photos.c.sha256).where(photos.c.sha256 == pictures.c.sha256).exists()
    connection.execute(pictures.delete().where(~used))


def _readable(rows: Iterable[RowMapping]) -> Iterator[Product]:
    return (product for row in rows if (product := to_product(row)) is not None)


def to_product(row: RowMapping) -> Product | None:
    """Return the product of a row; None, and a line in the log, if the row is damaged."""
    texts = [row[name] for name in _TEXTS]
    if not all(isinstance(value, str) for value in texts) or type(row["price_minor"]) is not int:
        log.warning("the row of product %.40r is damaged", row["sku"])
        return None
    extra = row["metadata"] if isinstance(row["metadata"], dict) else {}
    return Product(
        sku=row["sku"],
        name=row["name"],
        price=Price(row["price_minor"], row["currency"]),
        category=row["category"],
        description=row["description"],
        barcode=row["barcode"],
        active=row["active"],
        metadata=MappingProxyType({k: str(v) for k, v in extra.items()}) if extra else NO_METADATA,
        updated_at=row["updated_at"],
    )


def _columns(product: Product) -> dict[str, Any]:
    rest = (product.category, product.sku, product.barcode, product.description)
    return {
        "sku": product.sku,
        "name": product.name,
        "price_minor": product.price.minor,
        "currency": product.price.currency,
        "category": product.category,
        "description": product.description,
        "barcode": product.barcode,
        "active": product.active,
        "metadata": dict(product.metadata),
        "folded_name": fold(product.name),
        "folded_text": fold(" ".join(rest)),
    }
