"""What the commands show a person: progress, tables, JSON."""

from __future__ import annotations

import dataclasses
import itertools
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

if TYPE_CHECKING:  # their modules need torch, which `--help` does not
    from export.bundle.reader import Bundle
    from export.verify.estimate import Estimate
    from export.verify.program import Package
    from export.verify.report import Report

_MARKS = {True: "[green]ok[/]", False: "[bold red]wrong[/]", None: "[dim]reported[/]"}


@contextmanager
def progress(total: int) -> Iterator[Callable[[str], None]]:
    """Show a bar on stderr; the function yielded begins a step, which ends the one before.

    The bar holds the real stream while coremltools is kept quiet.
    """
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    console = Console(file=sys.stderr, highlight=False)
    with Progress(*columns, console=console, transient=True) as bar:
        task, done = bar.add_task("starting", total=total), itertools.count()
        yield lambda step: bar.update(task, completed=next(done), description=step)


def print_report(report: Report, as_json: bool = False) -> None:
    """Print each of verify's checks with its verdict."""
    if as_json:
        print(_report_as_json(report))
        return
    out = Console(highlight=False, soft_wrap=True)
    table = Table("Check", "Verdict", "Found", box=None, pad_edge=False)
    for check in report.checks:
        table.add_row(escape(check.name), _MARKS[check.passed], escape(check.detail))
    out.print(f"[bold]{escape(report.package.name)}[/], executed by {report.executed_by}")
    out.print(table)
    verdict = "[bold red]wrong.[/]"
    if report.passed:
        verdict = "[green]the package is what its network is.[/]"
    out.print(
        f"{sum(report.operations.values())} operations of {len(report.operations)} kinds, "
        f"{report.bytes / 1e6:.1f} MB: {verdict}"
    )


def print_summary(reports: Sequence[Report]) -> None:
    """Print sizes, parity, and what to do with the packages."""
    out = Console(highlight=False, soft_wrap=True)
    table = Table("Package", "Size", "Cosine at least", "Worst error", box=None, pad_edge=False)
    for report in reports:
        found = report.comparison
        table.add_row(
            escape(report.package.name),
            f"{report.bytes / 1e6:.1f} MB",
            f"{found.cosine_min:.6f} ({found.samples} samples)",
            f"{found.error_max:.1e}",
        )
    out.print(table)
    out.print(f"They lie in {reports[0].package.parent.resolve()}.", markup=False)
    out.print("Read back from disk and executed: each package is what its network is.")
    out.print(
        "Next: drag the .mlpackage files into your Xcode project and tick your app under "
        "Target Membership; export/ios/README.md shows the rest."
    )


def print_estimates(found: Sequence[tuple[Path, Estimate]], as_json: bool = False) -> None:
    """Print each package's work and an estimate of its time."""
    if as_json:
        values = [
            {"package": str(path), **dataclasses.asdict(report), "milliseconds_is": "an estimate"}
            for path, report in found
        ]
        print(_as_json(values))
        return
    out = Console(highlight=False, soft_wrap=True)
    table = Table(box=None, pad_edge=False)
    table.add_column("Package", overflow="fold")
    for name in ("Mult-adds", "Operations", "Parameters", "Size", "Time"):
        table.add_column(name, justify="right", no_wrap=True)
    for path, report in found:
        table.add_row(
            escape(path.stem),
            f"{report.multiplications / 1e9:.2f} G",
            str(report.operations),
            f"{report.parameters / 1e6:.1f} M",
            f"{report.bytes / 1e6:.1f} MB",
            f"about {report.milliseconds:.1f} ms",
        )
    out.print(table)
    out.print(
        "Time: of an iPhone 12 Pro Max; estimates, not measurements: work in proportion to the "
        "nearest tower that Apple timed ("
        + ", ".join(sorted({report.compared_with for _, report in found}))
        + "). Measure on your device."
    )


def print_bundle(bundle: Bundle, as_json: bool = False) -> None:
    """Print what a bundle holds, how large it is, and whether its goldens hold."""
    wrong = bundle.disagreements()
    if as_json:
        print(_as_json(_facts(bundle) | {"disagreements": wrong}))
        return
    out = Console(highlight=False, soft_wrap=True)
    out.print(f"[bold]{escape(bundle.path.name)}[/]: every file is what was written.")
    out.print(_pairs(_facts(bundle)))
    for sentence in wrong:
        out.print(f"[bold red]wrong:[/] {escape(sentence)}")


def print_package(package: Package, as_json: bool) -> None:
    """Print a Core ML package's own description."""
    values: dict[str, Any] = {
        "package": package.path.name,
        "tower": package.tower,
        "input": str(package.input),
        "output": package.output,
        **package.metadata,
    }
    if as_json:
        print(_as_json(values))
    else:
        Console(highlight=False, soft_wrap=True).print(_pairs(values))


def _pairs(values: Mapping[str, Any]) -> Table:
    table = Table(show_header=False, box=None, pad_edge=False)
    for name, value in values.items():
        table.add_row(escape(name), escape(str(value)))
    return table


def _as_json(values: Any) -> str:
    return json.dumps(values, indent=2, ensure_ascii=False)


def _report_as_json(report: Report) -> str:
    figures = dataclasses.asdict(report.comparison)
    del figures["own_nearest"]  # one of the checks says it
    values = {
        "package": str(report.package),
        "tower": report.tower,
        "passed": report.passed,
        "bytes": report.bytes,
        "executed_by": report.executed_by,
        **figures,
        "top1_agreement": report.agreement.share if report.agreement else None,
        "operations": dict(report.operations),
        "checks": [dataclasses.asdict(check) for check in report.checks],
    }
    return _as_json(values)


def _facts(bundle: Bundle) -> dict[str, Any]:
    model = bundle.model
    return {
        "size": f"{bundle.bytes / 1e6:.1f} MB",
        "format": f"{bundle.manifest['format']} {bundle.manifest['version']}",
        "written by": bundle.manifest.get("created_by", ""),
        "model": f"{model.title} ({model.id}), {model.dimension} numbers",
        "licence": f"{model.licence} (shops may use it: {model.commercial_use})",
        "image package": model.image.package if model.image else "none: the app brings its own",
        "text package": model.text.package if model.text else "none",
        "products": len(bundle.products),
        "photos": len(bundle.vectors),
        "thumbnails": sum(1 for product in bundle.products if product.thumbnail),
        "metric": bundle.similarity.metric.entry.kind,
        "golden pictures": len(bundle.goldens.pictures),
        "golden texts": len(bundle.goldens.texts),
    }
