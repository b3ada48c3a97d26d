"""The products by SKU, kept in memory between changes."""

from __future__ import annotations

import threading

from kiosk.domain import Product
from kiosk.errors import UnknownProductError
from kiosk.shop import Shop


class ProductTable:
    """Active products by SKU; with `keep` they are read once after each change."""

    def __init__(self, shop: Shop, *, keep: bool) -> None:
        self._shop = shop
        self._keep = keep
        self._lock = threading.Lock()
        self._table: dict[str, Product] | None = None
        self._generation = 0
        shop.on_change(self._forget)

    def get(self, sku: str) -> Product | None:
        """The active product, or None."""
        if self._keep:
            return self.all().get(sku)
        try:
            product = self._shop.catalog.product(sku)
        except UnknownProductError:
            return None
        return product if product.active else None

    def all(self) -> dict[str, Product]:
        """Every active product; do not change the answer."""
        table = self._table
        if table is None:
            generation = self._generation
            table = {p.sku: p for p in self._shop.catalog.products(active=True)}
            with self._lock:
                if self._keep and generation == self._generation:
                    self._table = table
        return table

    def _forget(self) -> None:
        with self._lock:
            self._generation += 1
            self._table = None
