"""Commands that ask the engine: search, confusables, duplicates, classify, eval, bench."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import RenderableType
from rich.text import Text

from kiosk.cli import options
from kiosk.cli.output import err, print_result, product_facts, progress, results, save_json, table

if TYPE_CHECKING:
    from kiosk.evaluation import Stage
    from kiosk.shop import DuplicateGroup


app = typer.Typer()


@app.command("search")
def search(
    image: Annotated[Path | None, typer.Option(help="A picture of what is looked for.")] = None,
    text: Annotated[str, typer.Option(help="Words to look for.")] = "",
    barcode: Annotated[str, typer.Option(help="A code, as a scanner reads it.")] = "",
    top: Annotated[int, typer.Option(min=1, max=1000)] = 5,
    category: Annotated[str, typer.Option(help="Only this category.")] = "",
    image_weight: Annotated[
        float | None,
        typer.Option(min=0, max=1, help="What the picture counts beside the words (0.6)."),
    ] = None,
    as_json: options.Json = False,
    db: options.Db = None,
    model: options.Model = None,
) -> None:
    """Find products by picture, by words, or by both; -word leaves a word out.

    A barcode, given or in the picture, names its product before all others.
    """
    from kiosk.catalog import ProductFilter
    from kiosk.domain import describe_evidence
    from kiosk.errors import ConfigError
    from kiosk.money import format_price
    from kiosk.pictures import read_picture

    if image is None and not text.strip() and not barcode.strip():
        raise ConfigError(
            "There is nothing to search for.",
            next_step="Give --image FILE, --text WORDS, both, or --barcode CODE.",
        )
    picture = read_picture(image) if image else None
    with options.open_shop(db=db, model=model, image_weight=image_weight) as shop:
        shop.refresh()
        found = shop.search(
            image=picture,
            text=text,
            barcode=barcode,
            top=top,
            filters=ProductFilter(category=category),
        )
    hits = found.hits
    if found.scan is not None and found.scan.sku is None:
        err.print(f"The code {found.scan.code} is not in the catalogue.", markup=False)
    facts = [
        product_facts(hit.product)
        | {"similarity": hit.similarity, "confidence": hit.confidence}
        | ({"by": "barcode"} if hit.is_scanned else {})
        | ({"evidence": said} if (said := describe_evidence(hit.evidence)) else {})
        for hit in hits
    ]
    shown = table(
        hits,
        {
            "SKU": lambda hit: hit.product.sku,
            "Name": lambda hit: hit.product.name,
            "Price": lambda hit: format_price(hit.product.price),
            "Similarity": lambda hit: _number(hit.similarity, ".3f"),
            "Confidence": lambda hit: (
                "scanned" if hit.is_scanned else _number(hit.confidence, ".0%")
            ),
        },
        nothing="Nothing found.",
    )
    print_result(facts, lambda: [shown], as_json=as_json)


def _number(value: float | None, form: str) -> str:
    return "" if value is None else format(value, form)


@app.command("eval")
def eval_(
    queries: Annotated[Path, typer.Argument(metavar="queries.csv", help="Columns path,sku.")],
    unknown: Annotated[
        Path | None, typer.Option(metavar="CSV", help="Photos of products not stocked: path.")
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="F", help="Save the figures.")
    ] = None,
    plot: Annotated[
        Path | None, typer.Option(metavar="F.png", help="Draw curves and worst confusions.")
    ] = None,
    metric: Annotated[str | None, typer.Option(help="tuned or cosine.")] = None,
    budget: Annotated[
        float | None, typer.Option("--error-budget", help="Accepted share of wrong names (0.02).")
    ] = None,
    db: options.Db = None,
    model: options.Model = None,
) -> None:
    """Measure recognition on photos with known answers: recall, unknowns, calibration."""
    from kiosk.evaluation import evaluate

    with options.open_shop(db=db, model=model, metric=metric, error_budget=budget) as shop:
        with progress("Encoding photos") as on_progress:
            shop.refresh(on_progress)
        with progress("Recognising") as on_progress:
            report = evaluate(
                shop,
                shop.embed,
                queries,
                unknown,
                model=shop.index.model_id,
                metric=shop.index.metric,
                closer=shop,
                on_progress=on_progress,
            )
        if plot:
            from kiosk.evaluation import save_plot

            save_plot(report, plot, lambda sku: shop.thumbnail(sku, 160))
    facts = report.as_dict()
    for name, value in facts.items():
        results.print(f"{name:18} {'-' if value is None else value}")
    results.print(_promise(report.told_wrong_at_most, shop.error_budget))
    save_json(json_file, facts)


def _promise(at_most: float, budget: float) -> str:
    """Compare what the photos prove with what the dial promises."""
    if math.isnan(at_most):
        return "No photo was asked: nothing is proven."
    kept = "which keeps" if at_most <= budget else "which is not enough to prove"
    return (
        f"With 95 % certainty at most 1 in {1 / at_most:.0f} of such customers is told a wrong "
        f"name, {kept} the dial's 1 in {1 / budget:.0f}."
    )


@app.command("confusables")
def confusables(
    top: Annotated[int, typer.Option(min=1, max=1000)] = 20,
    as_json: options.Json = False,
    db: options.Db = None,
    model: options.Model = None,
) -> None:
    """List the pairs of products that are most easily taken for each other."""
    with options.open_shop(db=db, model=model) as shop:
        shop.refresh()
        pairs = shop.confusables(top)
        names = {sku: shop.catalog.product(sku).name for p in pairs for sku in (p.sku_a, p.sku_b)}
    facts = [
        {
            "skus": [pair.sku_a, pair.sku_b],
            "names": [names[pair.sku_a], names[pair.sku_b]],
            "similarity": pair.similarity,
            "confused": pair.confused,
        }
        for pair in pairs
    ]
    shown = table(
        pairs,
        {
            "Product": lambda pair: f"{names[pair.sku_a]} ({pair.sku_a})",
            "Taken for": lambda pair: f"{names[pair.sku_b]} ({pair.sku_b})",
            "Similarity": lambda pair: f"{pair.similarity:.3f}",
            "Confused": lambda pair: f"{pair.confused:.0%}",
        },
        nothing="No two products are alike.",
    )
    print_result(facts, lambda: [shown], as_json=as_json)


@app.command("duplicates")
def duplicates(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="A folder instead of the catalogue.")
    ] = None,
    threshold: Annotated[
        float, typer.Option(min=0, max=1, help="Cosine from which two photos are the same.")
    ] = 0.95,
    as_json: options.Json = False,
    db: options.Db = None,
    model: options.Model = None,
) -> None:
    """Group photos that are the same file or look the same."""
    with (
        options.open_shop(db=db, model=model) as shop,
        progress("Encoding photos") as on_progress,
    ):
        if folder is None:
            shop.refresh(on_progress)
            report = shop.duplicates(threshold)
        else:
            report = shop.duplicates_in(folder, threshold, on_progress=on_progress)
    for name, reason in report.unreadable.items():
        err.print(f"{name}: {reason}", markup=False)
    facts = [
        {"kind": group.kind, "similarity": group.similarity, "photos": group.photos}
        for group in report.groups
    ]
    lines = [line for group in report.groups for line in _group_lines(group)]
    print_result(facts, lambda: lines or ["No duplicates."], as_json=as_json)


def _group_lines(group: DuplicateGroup) -> list[RenderableType]:
    likeness = "the same file" if group.kind == "same" else f"alike, {group.similarity:.3f}"
    head = Text.assemble((f"{len(group.photos)} photos", "bold"), f" ({likeness})")
    return [head, *(f"  {name}" for name in group.photos)]


@app.command("bench")
def bench(
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="F", help="Save the figures.")
    ] = None,
    db: options.Db = None,
    model: options.Model = None,
) -> None:
    """Measure decode, preprocess, encode, search and all of it on this machine."""
    from kiosk.evaluation import measure

    with options.open_shop(db=db, model=model) as shop:
        shop.refresh()
        with progress("Measuring") as on_progress:
            report = measure(shop, on_progress=on_progress)
    columns: dict[str, Callable[[Stage], str]] = {
        "Stage": lambda stage: stage.name,
        "p50 ms": lambda stage: f"{stage.p50_ms:.2f}",
        "p95 ms": lambda stage: f"{stage.p95_ms:.2f}",
    }
    results.print(table(report.stages, columns))
    results.print(
        f"{report.model}: {report.queries_per_second:.0f} queries a second over "
        f"{report.photos} photos of {report.products} products, {report.memory_mb:.0f} MB. "
        f"{report.limit.capitalize()} limits it."
    )
    save_json(json_file, report.as_dict())


@app.command("classify")
def classify(
    pictures: Annotated[list[Path], typer.Argument(metavar="IMAGE...")],
    labels: Annotated[str, typer.Option(help='Words to choose from: "apple,milk,shoe".')],
    temperature: Annotated[
        float, typer.Option(min=0.0001, max=10, help="Smaller is more decided.")
    ] = 0.01,
    as_json: options.Json = False,
    db: options.Db = None,
    model: options.Model = None,
) -> None:
    """Say which of some words fits each picture best, without any training."""
    from kiosk.pictures import read_picture
    from kiosk.settings import load_settings
    from kiosk.shop import classify as choose

    settings = load_settings(db=db, model=model)
    words = [label.strip() for label in labels.split(",") if label.strip()]
    images = [read_picture(path) for path in pictures]
    shares = choose(settings, images, words, temperature)
    ranked = [
        sorted(zip(words, map(float, row), strict=True), key=lambda pair: -pair[1])
        for row in shares
    ]
    facts = [
        {"image": str(path), "labels": dict(best)}
        for path, best in zip(pictures, ranked, strict=True)
    ]
    lines = [
        f"{path}: " + ", ".join(f"{word} {share:.0%}" for word, share in best[:3])
        for path, best in zip(pictures, ranked, strict=True)
    ]
    print_result(facts, lambda: lines, as_json=as_json)
