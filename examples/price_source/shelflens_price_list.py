"""`kiosk prices price-list`: prices from the CSV file (sku,price) that PRICE_LIST names."""

import csv
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from kiosk.domain import Price, Product
from kiosk.errors import ConfigError
from kiosk.money import parse_price


def prices(products: Sequence[Product]) -> Mapping[str, Price]:
    """Return the price of each of `products` that the list knows, by SKU."""
    name = os.environ.get("PRICE_LIST", "")
    if not Path(name).is_file():
        raise ConfigError("There is no price list.", next_step="Set PRICE_LIST to its path.")
    currencies = {product.sku: product.price.currency for product in products}
    with Path(name).open(encoding="utf-8-sig", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["sku"] in currencies]
    return {row["sku"]: parse_price(row["price"], currencies[row["sku"]]) for row in rows}
