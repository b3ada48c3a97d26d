"""Which products are meant, as a condition in SQL and as a test of one product."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, false

from kiosk.catalog.database.schema import products
from kiosk.catalog.validation import storable
from kiosk.domain import NO_METADATA, Product


@dataclass(frozen=True, slots=True)
class ProductFilter:
    """Empty fields do not filter. Prices are in minor units and include both ends.

    A price that is not set lies within no limits.
    """

    category: str = ""
    active: bool | None = True
    min_minor: int | None = None
    max_minor: int | None = None
    metadata: Mapping[str, str] = field(default_factory=lambda: NO_METADATA)

    @property
    def any(self) -> bool:
        """Whether category, price or an extra field narrow the selection."""
        return bool(self.category or self.metadata) or self._has_limits

    @property
    def _has_limits(self) -> bool:
        return self.min_minor is not None or self.max_minor is not None

    def match(self, product: Product) -> bool:
        """Tell whether a product that is not deleted fits."""
        minor = product.price.minor
        return (
            self.category in ("", product.category)
            and self.active in (None, product.active)
            and (minor > 0 or not self._has_limits)
            and (self.min_minor is None or minor >= self.min_minor)
            and (self.max_minor is None or minor <= self.max_minor)
            and all(product.metadata.get(key) == value for key, value in self.metadata.items())
        )

    def applied(self, statement: Select[Any]) -> Select[Any]:
        """`statement`, which reads from products, for those that fit and are not deleted."""
        return statement.where(products.c.deleted_at.is_(None), *self._conditions())

    def _conditions(self) -> list[Any]:
        texts = [self.category, *self.metadata, *self.metadata.values()]
        # SQLite's JSON paths cannot quote a quote.
        if not all(map(storable, texts)) or any('"' in key for key in self.metadata):
            return [false()]
        conditions: list[Any] = []
        if self.category:
            conditions.append(products.c.category == self.category)
        if self.active is not None:
            conditions.append(products.c.active == self.active)
        if self._has_limits:
            conditions.append(products.c.price_minor > 0)
        if self.min_minor is not None:
            conditions.append(products.c.price_minor >= self.min_minor)
        if self.max_minor is not None:
            conditions.append(products.c.price_minor <= self.max_minor)
        conditions += [
            products.c.metadata[key].as_string() == value for key, value in self.metadata.items()
        ]
        return conditions
