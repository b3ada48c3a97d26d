"""Statements on products. All take an open connection; those that change need the write lock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeVar

from sqlalchemy import Connection, RowMapping, Select, func, select, update

from kiosk.catalog.database.schema import facts, photos, pictures, products
from kiosk.catalog.filters import ProductFilter
from kiosk.catalog.folding import fold
from kiosk.catalog.validation import storable
from kiosk.domain import NO_METADATA, Price, Product
from kiosk.errors import UnknownProductError

_T = TypeVar("_T")
_SHOWN = products.c[
    "sku", "name", "price_minor", "currency", "category", "description", "barcode", "active",
    "metadata", "updated_at",
]  # fmt: skip


class Saved(StrEnum):
    """What saving a product did."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Counts:
    """How much the catalogue holds. `products` are the active ones."""

    products: int
    retired: int
    deleted: int
    photos: int
    pictures: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Changes:
    """The SKUs that changed since a revision, deleted ones too; the catalogue is at `revision`."""

    revision: int
    skus: tuple[str, ...]


def living() -> Any:
    """The condition that a product is not deleted."""
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
    """`save` for many clean products that are not there, or were deleted; far faster."""
    for some in _portions(items):
        there = select(products.c.sku).where(products.c.sku.in_([item.sku for item in some]))
        deleted_ones = set(connection.execute(there).scalars())
        stamp = {"updated_at": datetime.now(UTC), "revision": next_revision(connection)}
        rows = [_columns(item) | stamp for item in some if item.sku not in deleted_ones]
        if rows:
            connection.execute(products.insert(), rows)
        for item in some:
            if item.sku in deleted_ones:
                save(connection, item)


def change(connection: Connection, sku: str, /, **columns: Any) -> None:
    """Set columns of one product, with its time and the next revision."""
    connection.execute(
        update(products)
        .where(products.c.sku == sku)
        .values(updated_at=datetime.now(UTC), revision=next_revision(connection), **columns)
    )


def touch(connection: Connection, skus: Iterable[str]) -> None:
    """Note that photos or vectors of these products changed."""
    for some in _portions(sorted(set(skus))):
        connection.execute(
            update(products)
            .where(products.c.sku.in_(some))
            .values(revision=next_revision(connection))
        )


def next_revision(connection: Connection) -> int:
    statement = (
        update(facts)
        .where(facts.c.key == "revision")
        .values(number=facts.c.number + 1)
        .returning(facts.c.number)
    )
    return int(connection.execute(statement).scalar_one())


def set_revision(connection: Connection, revision: int) -> None:
    connection.execute(update(facts).where(facts.c.key == "revision").values(number=revision))


def leap(connection: Connection, revision: int) -> None:
    keys = facts.c.key.in_(("revision", "purged_revision"))
    connection.execute(update(facts).where(keys).values(number=revision))


def fact(connection: Connection, key: str) -> int:
    return int(connection.execute(select(facts.c.number).where(facts.c.key == key)).scalar_one())


def changes_since(connection: Connection, revision: int) -> Changes | None:
    if revision < fact(connection, "purged_revision"):
        return None
    statement = select(products.c.sku).where(products.c.revision > revision)
    skus = connection.execute(statement.order_by(products.c.sku)).scalars()
    return Changes(fact(connection, "revision"), tuple(skus))


def one(connection: Connection, sku: str) -> Product:
    """The product, retired or not; raises UnknownProductError if absent or deleted."""
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
    return chosen.applied(select(*_SHOWN))


def listed(
    connection: Connection, statement: Select[Any], limit: int | None, offset: int
) -> list[Product]:
    ordered = statement.order_by(products.c.folded_name, products.c.sku)
    if limit is not None or offset:
        ordered = ordered.limit(limit if limit is not None else 2**31).offset(offset)
    return [to_product(row) for row in connection.execute(ordered).mappings()]


def by_skus(connection: Connection, skus: Sequence[str]) -> list[Product]:
    """The products in the order of `skus`; those that are gone are left out."""
    found: dict[str, Product] = {}
    for some in _portions([sku for sku in skus if storable(sku)]):
        statement = select(*_SHOWN).where(products.c.sku.in_(some), living())
        found |= {row["sku"]: to_product(row) for row in connection.execute(statement).mappings()}
    return [found[sku] for sku in skus if sku in found]


def deleted(connection: Connection) -> list[Product]:
    statement = select(*_SHOWN).where(~living()).order_by(products.c.deleted_at.desc())
    return [to_product(row) for row in connection.execute(statement).mappings()]


def by_barcode(connection: Connection, code: str) -> Product | None:
    """The active product with this code; a UPC-A is the EAN-13 with a zero before it."""
    bare = code.strip()
    if not bare or not storable(bare):
        return None
    same = {bare, "0" + bare} | ({bare[1:]} if len(bare) == 13 and bare[0] == "0" else set())
    statement = selection(ProductFilter()).where(products.c.barcode.in_(same))
    row = connection.execute(statement.order_by(products.c.id)).mappings().first()
    return to_product(row) if row is not None else None


def categories(connection: Connection) -> list[str]:
    statement = select(products.c.category).where(living(), products.c.category != "").distinct()
    return sorted(connection.execute(statement).scalars())


def purge(connection: Connection, before: datetime) -> int:
    doomed = products.c.deleted_at < before
    number = connection.execute(select(func.count()).where(doomed)).scalar_one()
    if number:
        # Whoever was away since before this revision could miss these deletions.
        revision = next_revision(connection)
        connection.execute(
            update(facts).where(facts.c.key == "purged_revision").values(number=revision)
        )
        connection.execute(products.delete().where(doomed))
        forget_unused_pictures(connection)
    return int(number)


def forget_unused_pictures(connection: Connection) -> None:
    """Delete the rows of pictures that show no product any more, and their vectors."""
    used = select(photos.c.sha256).where(photos.c.sha256 == pictures.c.sha256).exists()
    connection.execute(pictures.delete().where(~used))


def counts(connection: Connection) -> Counts:
    def count(*conditions: Any) -> int:
        statement = select(func.count()).select_from(products).where(*conditions)
        return int(connection.execute(statement).scalar_one())

    shown = select(func.count()).select_from(photos.join(products)).where(living())
    stored = select(func.count(), func.coalesce(func.sum(pictures.c.size_bytes), 0))
    pictures_count, size_bytes = connection.execute(stored).one()
    return Counts(
        products=count(living(), products.c.active),
        retired=count(living(), ~products.c.active),
        deleted=count(~living()),
        photos=int(connection.execute(shown).scalar_one()),
        pictures=int(pictures_count),
        size_bytes=int(size_bytes),
    )


def to_product(row: RowMapping) -> Product:
    return Product(
        sku=row["sku"],
        name=row["name"],
        price=Price(row["price_minor"], row["currency"]),
        category=row["category"],
        description=row["description"],
        barcode=row["barcode"],
        active=row["active"],
        metadata=MappingProxyType(row["metadata"]) if row["metadata"] else NO_METADATA,
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


def _portions(items: Sequence[_T], size: int = 500) -> Iterable[Sequence[_T]]:
    return (items[start : start + size] for start in range(0, len(items), size))
