"""Each photo set as a shop, recognised as a kiosk does: `python -m benchmarks.shops DATA [SET]`.

DATA is the folder of photo sets. Each set is enrolled into a shop of its own, once whole and
once without the products of its `not_stocked.csv`, whose photos are then the strangers; every
query is asked once, by the glance alone and with the second look.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from kiosk.domain import Product
from kiosk.evaluation import EvaluationReport, evaluate
from kiosk.money import parse_price
from kiosk.settings import load_settings
from kiosk.shop import Shop

SETS = {
    "grocery": ("grocery", "enrol", "val"),
    "drinks": ("drinks", "enrol", "queries"),
    "covers, 3": ("covers", "enrol", "queries"),
    "covers, 1": ("covers", "enrol_one", "queries_one"),
    "snacks": ("snacks", "enrol", "queries"),
    "snacks, reverse": ("snacks", "enrol_reverse", "queries_reverse"),
}
COLUMNS = "first  five   named  wrong among named  told wrong (at most)  strangers  ECE    ms"


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def enrol(shop: Shop, folder: Path, photos: str, left_out: set[str]) -> set[str]:
    """Enrol the photos of a CSV; return the SKUs that are in stock then."""
    names = {row["sku"]: row for row in rows(folder / "products.csv")}
    files: dict[str, list[Path]] = {}
    for row in rows(folder / f"{photos}.csv"):
        if row["sku"] not in left_out:
            files.setdefault(row["sku"], []).append(folder / row["path"])
    for sku, paths in files.items():
        product = Product(sku, names[sku]["name"], parse_price("1.00", "EUR"))
        shop.enrol(product, [path.read_bytes() for path in paths])
    shop.refresh()
    return set(files)


def ask(data: Path, name: str, budget: float, *, whole: bool) -> Iterator[EvaluationReport]:
    """Evaluate one set by the glance alone, and with the second look."""
    place, photos, queries = SETS[name]
    folder = data / place
    left_out = set() if whole else {row["sku"] for row in rows(folder / "not_stocked.csv")}
    with tempfile.TemporaryDirectory() as db:
        settings = load_settings(db=db, error_budget=budget)
        with Shop.open(settings, background=False) as shop:
            stocked = enrol(shop, folder, photos, left_out)
            for closer in (None, shop):
                yield evaluate(
                    shop,
                    shop.embed,
                    folder / f"{queries}.csv",
                    metric=shop.index.metric,
                    model=shop.index.model_id,
                    stocked=stocked,
                    closer=closer,
                )


def line(report: EvaluationReport) -> str:
    told = f"{report.told_wrong:.3f} ({report.told_wrong_at_most:.3f})"
    strangers = sum(outcome.is_told_wrong for outcome in report.unknown)
    return (
        f"{report.top1:.3f}  {report.top5:.3f}  {1 - report.known_refused:.3f}  "
        f"{report.wrong_named:<17.3f}  {told:20}  {f'{strangers}/{report.unknown_n}':9}  "
        f"{report.ece:.3f}  {report.ms_per_query:.0f}"
    )


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("sets", nargs="*", default=list(SETS), metavar="SET")
    parser.add_argument("--error-budget", type=float, default=0.02)
    options = parser.parse_args(arguments)
    print(f"{'':42}{COLUMNS}")
    for name in options.sets:
        for whole in (True, False):
            stock = "all in stock" if whole else "some left out"
            reports = ask(options.data, name, options.error_budget, whole=whole)
            for look, report in zip(("glance", "both"), reports, strict=True):
                print(f"{name:17}{stock:15}{look:10}{line(report)}", flush=True)


if __name__ == "__main__":
    main()
