"""What a person sees while packages are made and checked."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from export.report import PaperReport
from export.verify.report import Report

STEPS = ("loading the network", "converting", "checking from disk", "saving")
_MARKS = {True: "[green]ok[/]", False: "[bold red]wrong[/]", None: "[dim]reported[/]"}


class Steps:
    """A bar over the steps of one or several towers."""

    def __init__(self, bar: Progress, task: Any) -> None:
        self._bar, self._task, self._done = bar, task, 0

    def extend(self, steps: int) -> None:
        self._bar.update(self._task, total=steps)

    def begin(self, what: str) -> None:
        """The step before is done, this one begins."""
        self._bar.update(self._task, completed=self._done, description=what)
        self._done += 1


@contextmanager
def steps(total: int) -> Iterator[Steps]:
    """A progress bar on stderr; it holds the real stream while coremltools is kept quiet."""
    console = Console(file=sys.stderr, highlight=False)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        yield Steps(bar, bar.add_task("starting", total=total))


def print_report(report: Report) -> None:
    """Each check with its verdict."""
    out = Console(highlight=False, soft_wrap=True)
    table = Table("Check", "Verdict", "Found", box=None, pad_edge=False)
    for check in report.checks:
        table.add_row(escape(check.name), _MARKS[check.passed], escape(check.detail))
    out.print(f"[bold]{escape(report.package.name)}[/], executed by {report.executed_by}")
    out.print(table)
    kinds = sum(report.operations.values())
    out.print(
        f"{kinds} operations of {len(report.operations)} kinds, {report.bytes / 1e6:.1f} MB: "
        + (
            "[green]the package is what its network is.[/]"
            if report.passed
            else "[bold red]wrong.[/]"
        )
    )


def print_summary(reports: Sequence[Report]) -> None:
    """Sizes, parity, and what to do with the packages."""
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


def print_paper(found: Sequence[tuple[Path, PaperReport]]) -> None:
    """Each package's work and an estimate of its time."""
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


def paper_as_json(found: Sequence[tuple[Path, PaperReport]]) -> str:
    values = [
        {"package": str(path), **dataclasses.asdict(report), "milliseconds_is": "an estimate"}
        for path, report in found
    ]
    return json.dumps(values, indent=2, ensure_ascii=False)


def report_as_json(report: Report) -> str:
    found = report.comparison
    values = {
        "package": str(report.package),
        "tower": report.tower,
        "passed": report.passed,
        "bytes": report.bytes,
        "executed_by": report.executed_by,
        "samples": found.samples,
        "cosine_min": found.cosine_min,
        "cosine_mean": found.cosine_mean,
        "error_max": found.error_max,
        "norm_error": found.norm_error,
        "top1_agreement": report.agreement.share if report.agreement else None,
        "operations": dict(report.operations),
        "checks": [
            {"name": check.name, "passed": check.passed, "detail": check.detail}
            for check in report.checks
        ],
    }
    return json.dumps(values, indent=2, ensure_ascii=False)
