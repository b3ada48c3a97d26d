"""Commands of the catalogue: import, enroll, products, remove, export, backup, restore."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kiosk.cli import options
from kiosk.cli.output import DONE_IN_PART, err, out, print_result, product_facts, progress, table

app = typer.Typer()
Photos = Annotated[list[Path], typer.Argument(metavar="PHOTO...", help="Pictures of the product.")]


@app.command("import")
def import_(
    products_csv: Annotated[
        Path | None, typer.Argument(metavar="products.csv", help="Products, one a row.")
    ] = None,
    photos: Annotated[
        Path | None, typer.Option("--photos", help="A CSV with the columns path,sku.")
    ] = None,
    currency: Annotated[
        str | None, typer.Option(help="For rows without one, for example TWD.")
    ] = None,
    db: options.Db = None,
    model: options.Model = None,
) -> None:
    """Import products and photos; run twice, nothing doubles.

    Columns: sku,name,price[,currency,category,description,barcode,photo], and path,sku for
    the photos; paths are relative to their CSV. Bad rows are listed and left out.
    """
    with options.open_shop(db=db, model=model, currency=currency) as shop:
        with progress("Importing") as on_progress:
            report = shop.import_files(products_csv, photos, on_progress=on_progress)
        with progress("Encoding photos") as on_progress:
            shop.refresh(on_progress)
        for problem in report.problems:
            err.print(f"{problem.file}:{problem.line}: {problem.reason}", markup=False)
        out.print(
            f"{report.added} added, {report.updated} updated, {report.unchanged} unchanged, "
            f"{report.photos_added} photos added, {len(report.problems)} rows left out."
        )
    if report.problems:
        raise typer.Exit(DONE_IN_PART)


@app.command("enroll")
def enroll(
    pictures: Photos,
    sku: Annotated[
        str, typer.Option(help="The product's own number.", autocompletion=options.complete_sku)
    ],
    name: Annotated[str, typer.Option(help="What the customer reads.")],
    price: Annotated[str, typer.Option(help='As written in the shop: 45, 12.99, "NT$ 3,200".')],
    currency: Annotated[str | None, typer.Option(help="ISO 4217, for example TWD.")] = None,
    category: str = "",
    description: str = "",
    barcode: str = "",
    db: options.Db = None,
    model: options.Model = None,
) -> None:
    """Add a product, or photos to one, and rehearse whether it is recognised."""
    from kiosk.domain import Product
    from kiosk.money import parse_price
    from kiosk.pictures import read_picture
    from kiosk.settings import load_settings
    from kiosk.shop import Shop

    settings = load_settings(db=db, model=model, currency=currency)
    product = Product(
        sku=sku,
        name=name,
        price=parse_price(price, settings.currency),
        category=category,
        description=description,
        barcode=barcode,
    )
    for path in pictures:
        read_picture(path)
    files = [path.read_bytes() for path in pictures]
    with Shop.open(settings, background=False) as shop:
        enrolment = shop.enrol(product, files)
        shop.refresh()
    rehearsal = enrolment.rehearsal
    out.print(f"{sku} is in the catalogue with {len(enrolment.photos)} photos.")
    out.print(f"Rehearsal: recognised {rehearsal.right} of {rehearsal.tried}.")
    for other, times in enrolment.confused_with:
        out.print(f"Taken for {other} ({times}x).", markup=False)


@app.command("products")
def products(
    as_json: options.Json = False,
    query: Annotated[str, typer.Option(help="Words in name, SKU or description.")] = "",
    all_: Annotated[bool, typer.Option("--all", help="Retired products too.")] = False,
    db: options.Db = None,
) -> None:
    """List the products."""
    from kiosk.money import format_price

    with options.open_store(db) as store:
        found, counts = (
            store.products(query=query, active=None if all_ else True),
            store.photo_counts(),
        )
        rows = [(product, counts.get(product.sku, 0)) for product in found]
    facts = [
        product_facts(product)
        | {
            "category": product.category,
            "description": product.description,
            "barcode": product.barcode,
            "active": product.active,
            "photos": photos,
        }
        for product, photos in rows
    ]
    shown = table(
        rows,
        {
            "SKU": lambda row: row[0].sku,
            "Name": lambda row: row[0].name,
            "Price": lambda row: format_price(row[0].price),
            "Category": lambda row: row[0].category,
            "Photos": lambda row: str(row[1]),
        },
        nothing="No products yet. `kiosk import` or `kiosk enroll` add some.",
    )
    print_result(facts, lambda: [shown], as_json=as_json)


@app.command("remove")
def remove(
    sku: Annotated[str, typer.Argument(metavar="SKU", autocompletion=options.complete_sku)],
    db: options.Db = None,
) -> None:
    """Remove a product and its photos."""
    with options.open_store(db) as store:
        store.delete(sku)
    out.print(f"{sku} is removed.", markup=False)


@app.command("export-catalog")
def export_catalog(
    folder: Annotated[Path, typer.Argument(metavar="DIR")], db: options.Db = None
) -> None:
    """Write products.csv, photos.csv and the photos, as `kiosk import` reads them."""
    from kiosk.catalog.transfer import export_catalog as write

    with options.open_store(db) as store:
        write(store, folder)
        counts = store.counts()
    out.print(f"{counts.products} products and {counts.photos} photos are in {folder}.")


@app.command("backup")
def backup(file: Annotated[Path, typer.Argument(metavar="FILE")], db: options.Db = None) -> None:
    """Save the whole shop in one file, while it runs."""
    from kiosk.catalog.transfer import backup as save

    with options.open_store(db) as store:
        save(store, file)
    out.print(f"The shop is saved in {file} ({file.stat().st_size / 1e6:.1f} MB).")


@app.command("restore")
def restore(file: Annotated[Path, typer.Argument(metavar="FILE")], db: options.Db = None) -> None:
    """Bring a saved shop back; what was there before is kept aside."""
    from kiosk.catalog.transfer import restore as bring_back
    from kiosk.settings import load_settings

    settings = load_settings(db=db)
    report = bring_back(file, settings.db)
    out.print(f"The shop is the one saved in {file}: {report.products} products.", markup=False)
    if report.previous:
        out.print(f"What was there before is kept in {report.previous}.", markup=False)
