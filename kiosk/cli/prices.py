"""`kiosk prices`: take prices over from where the shop keeps them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.cli import options
from kiosk.cli.output import out
from kiosk.extensions import extension_names, load_extension

if TYPE_CHECKING:
    from kiosk.domain import Price, Product

    PriceSource = Callable[[Sequence[Product]], Mapping[str, Price]]

app = typer.Typer()


def complete_price_source(incomplete: str) -> list[str]:
    """The price sources that begin with `incomplete`."""
    return [name for name in extension_names("price_sources") if name.startswith(incomplete)]


@app.command("prices")
def prices(
    source: Annotated[
        str,
        typer.Argument(
            metavar="SOURCE",
            help="A price source that an installed package brings.",
            autocompletion=complete_price_source,
        ),
    ],
    db: options.Db = None,
) -> None:
    """Ask a price source for the price of every product, and store those that changed."""
    ask: PriceSource = load_extension("price_sources", source)
    with options.open_store(db) as store:
        products = store.products()
        answers = ask(products)
        changed = [
            replace(product, price=answers[product.sku])
            for product in products
            if product.sku in answers and answers[product.sku] != product.price
        ]
        store.put_products(changed)
    out.print(f"{len(changed)} prices changed; {source} knows {len(answers)} products.")
