"""Commands that ask the engine: search, eval, confusables."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from kiosk.cli import options
from kiosk.cli.output import out, print_json, progress


def register(app: typer.Typer) -> None:
    app.command("search")(search)
    app.command("eval")(eval_)
    app.command("confusables")(confusables)


def search(
    image: Annotated[Path | None, typer.Option(help="A picture of what is looked for.")] = None,
    text: Annotated[str, typer.Option(help="Words to look for.")] = "",
    top: Annotated[int, typer.Option(min=1, max=1000)] = 5,
    category: Annotated[str, typer.Option(help="Only this category.")] = "",
    as_json: options.Json = False,
    db: options.Db = None,
    model: options.Model = None,
) -> None:
    """Find products by picture, by words, or by both."""
    from kiosk.config import load_settings
    from kiosk.errors import ConfigError
    from kiosk.money import format_price
    from kiosk.pictures import read_picture
    from kiosk.shop import Shop

    if image is None and not text.strip():
        raise ConfigError(
            "There is nothing to search for.", next_step="Give --image FILE, --text WORDS or both."
        )
    picture = read_picture(image) if image else None
    with Shop.open(load_settings(db=db, model=model), upkeep=False) as shop:
        if picture is not None:
            shop.refresh()
        hits = shop.search(image=picture, text=text, top=top, category=category)
    if as_json:
        print_json(
            [
                {
                    "sku": hit.product.sku,
                    "name": hit.product.name,
                    "price": hit.product.price.minor,
                    "currency": hit.product.price.currency,
                    "similarity": hit.similarity,
                    "confidence": hit.confidence,
                }
                for hit in hits
            ]
        )
        return
    table = Table("SKU", "Name", "Price", "Similarity", "Confidence", box=None, pad_edge=False)
    for hit in hits:
        table.add_row(
            hit.product.sku,
            hit.product.name,
            format_price(hit.product.price),
            "" if hit.similarity is None else f"{hit.similarity:.3f}",
            "" if hit.confidence is None else f"{hit.confidence:.0%}",
        )
    out.print(table if hits else "Nothing found.")
