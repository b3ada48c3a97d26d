"""The products of a catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import FromClause, ScalarSelect, func, select

from kiosk.catalog import text_search
from kiosk.catalog.database.connections import Repository
from kiosk.catalog.database.schema import photos, products
from kiosk.catalog.filters import ProductFilter
from kiosk.catalog.product_statements import (
    Saved,
    by_skus,
    change,
    find,
    listed,
    living,
    require,
    save,
    selection,
    to_product,
)
from kiosk.catalog.validation import clean_product, storable
from kiosk.domain import Product

GTIN_LENGTHS = (8, 12, 13, 14)  # GS1 General Specifications
_MAX_FOUND = 500  # hits of a text search that are ranked when the caller sets no limit


@dataclass(frozen=True, slots=True)
class Counts:
    """How much the catalogue holds. `products` are the active ones."""

    products: int
    retired: int
    deleted: int
    photos: int


class ProductRepository(Repository):
    """Products by SKU. A deleted one is hidden everywhere until it is brought back or purged."""

    def put_product(self, product: Product) -> Product:
        """Insert or update by SKU, and return what is stored.

        Raises:
            CatalogError: a field is empty, too long, or holds control characters; the
                price cannot be.
        """
        return self.put_products([product])[0][0]

    def put_products(self, items: Sequence[Product]) -> list[tuple[Product, Saved]]:
        """`put_product` for many, all or none of them."""
        clean = [clean_product(product) for product in items]
        with self._database.write() as connection:
            outcomes = [save(connection, product) for product in clean]
            stored = by_skus(connection, [product.sku for product in clean])
        return list(zip(stored, outcomes, strict=True))

    def product(self, sku: str) -> Product:
        """Return the product, retired or not.

        Raises:
            UnknownProductError: no product has this SKU, or it was deleted.
        """
        with self._database.read() as connection:
            return find(connection, sku)

    def products(
        self,
        *,
        query: str = "",
        category: str = "",
        active: bool | None = True,
        limit: int | None = None,
        offset: int = 0,
        chosen: ProductFilter | None = None,
    ) -> list[Product]:
        """List products by name; with `query` the best fit first.

        Args:
            active: None lists retired products too.
            chosen: filters by price and extra fields, in place of `category` and `active`.
        """
        chosen = chosen or ProductFilter(category=category, active=active)
        with self._database.read() as connection:
            if not query.strip():
                return listed(connection, selection(chosen), limit, offset)
            count = offset + limit if limit is not None else _MAX_FOUND
            found = text_search.find(connection, query, chosen, count)
            return by_skus(connection, [sku for sku, _ in found[offset:]])

    def product_by_barcode(self, code: str) -> Product | None:
        """Return the active product with this barcode; zeros in front make no other GTIN."""
        bare = code.strip()
        if not bare or not storable(bare):
            return None
        statement = selection(ProductFilter()).where(products.c.barcode.in_(same_codes(bare)))
        with self._database.read() as connection:
            row = connection.execute(statement.order_by(products.c.id)).mappings().first()
        return None if row is None else to_product(row)

    def existing(self, skus: Sequence[str]) -> dict[str, Product]:
        """Return those of `skus` that are in the catalogue, retired or not."""
        with self._database.read() as connection:
            return {product.sku: product for product in by_skus(connection, skus)}

    def find_text(
        self, query: str, limit: int = 20, *, chosen: ProductFilter | None = None
    ) -> list[tuple[str, float]]:
        """Return SKUs and scores (0 to 1), best first, of products on sale; see `text_search`."""
        with self._database.read() as connection:
            return text_search.find(connection, query, chosen or ProductFilter(), limit)

    def categories(self) -> list[str]:
        """Return the categories in use, sorted."""
        statement = select(products.c.category).where(living(), products.c.category != "")
        with self._database.read() as connection:
            return sorted(connection.execute(statement.distinct()).scalars())

    def counts(self) -> Counts:
        """Count products and photos."""
        statement = select(
            _number(products, living(), products.c.active).label("products"),
            _number(products, living(), ~products.c.active).label("retired"),
            _number(products, ~living()).label("deleted"),
            _number(photos.join(products), living()).label("photos"),
        )
        with self._database.read() as connection:
            return Counts(**connection.execute(statement).mappings().one())

    def retire(self, sku: str) -> None:
        """Take the product from the kiosk, and keep everything of it."""
        self._change_product(sku, active=False)

    def restore(self, sku: str) -> None:
        """Undo `retire`."""
        self._change_product(sku, active=True)

    def delete(self, sku: str) -> None:
        """Hide the product everywhere; `undo_delete` works until `purge_deleted`."""
        self._change_product(sku, deleted_at=datetime.now(UTC))

    def undo_delete(self, sku: str) -> None:
        """Bring a deleted product back with its photos and vectors.

        Raises:
            UnknownProductError: no deleted product has this SKU.
        """
        self._change_product(sku, was_deleted=True, deleted_at=None)

    def _change_product(self, sku: str, *, was_deleted: bool = False, **columns: object) -> None:
        with self._database.write() as connection:
            require(connection, sku, deleted=was_deleted)
            change(connection, sku, **columns)


def _number(rows: FromClause, *conditions: Any) -> ScalarSelect[int]:
    return select(func.count()).select_from(rows).where(*conditions).scalar_subquery()


def same_codes(code: str) -> list[str]:
    """The code in each length of a GTIN that holds it: an UPC-A is an EAN-13 with a zero before.

    Source: GS1 General Specifications, section 3 (GTINs are stored right-aligned in 14 digits).
    """
    if not (code.isascii() and code.isdigit()) or len(code) > max(GTIN_LENGTHS):
        return [code]
    digits = code.lstrip("0")
    return [code, *(digits.zfill(n) for n in GTIN_LENGTHS if n >= len(digits) and n != len(code))]
