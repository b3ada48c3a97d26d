"""Print results on stdout, everything else on stderr."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from kiosk.domain import Product

DONE_IN_PART = 3
"""Exit status of a command that left something out."""
FAULTS_BYTES = 2**20  # kept twice at most; some 300 tracebacks; chosen by eye
T = TypeVar("T")
# Names hold square brackets, too: what is printed is text unless `markup` says otherwise.
results = Console(highlight=False, soft_wrap=True, markup=False)
out = Console(highlight=False, soft_wrap=True, markup=False)  # what --quiet leaves out
err = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)
_LOG_LEVELS = {1: logging.INFO, 2: logging.DEBUG}


def set_verbosity(*, quiet: bool = False, verbose: int = 0) -> None:
    """Silence messages and progress bars, or log what is done on stderr.

    `verbose` counts the flags: 0 logs warnings, 1 what is done, 2 details.
    """
    out.quiet = out.quiet or quiet
    if verbose:
        logging.basicConfig(format="%(asctime)s %(name)s: %(message)s", level=logging.WARNING)
        logging.getLogger("kiosk").setLevel(_LOG_LEVELS[min(verbose, 2)])


class ProgressCallback(Protocol):
    """Show how far a task is; `title` replaces the text beside the bar."""

    def __call__(self, done: int, total: int, title: str | None = None) -> None: ...


def print_result(
    facts: Any, text: Callable[[], Sequence[RenderableType]], *, as_json: bool
) -> None:
    """Print `facts` as one JSON document, or `text()` for people, one renderable a line."""
    if as_json:
        print(json.dumps(facts, ensure_ascii=False, indent=2))
        return
    for line in text():
        results.print(line)


def table(
    rows: Sequence[T],
    columns: Mapping[str, Callable[[T], str | Text]],
    *,
    nothing: str = "",
    right: Collection[str] = (),
) -> RenderableType:
    """Make a table without lines; `nothing` in its place where there are no rows.

    `columns` maps each title to what writes its cell; those in `right` are aligned right.
    """
    if not rows:
        return nothing
    made = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for title in columns:
        made.add_column(title, justify="right" if title in right else "left")
    for row in rows:
        made.add_row(*(write(row) for write in columns.values()))
    return made


def save_json(file: Path | None, facts: Any) -> None:
    """Write `facts` to a file, where one was given."""
    if file:
        file.write_text(json.dumps(facts, indent=2), encoding="utf-8")


def product_facts(product: Product) -> dict[str, Any]:
    """A product's SKU, name, price and currency for JSON.

    The price is in the currency's main unit, as 12.99; None while it is not set.
    """
    from kiosk.money import minor_digits

    price = product.price
    amount = price.minor / float(10 ** minor_digits(price.currency)) if price.is_set else None
    return {
        "sku": product.sku,
        "name": product.name,
        "price": amount,
        "currency": price.currency,
    }


def report_known(error: Exception) -> None:
    """Print an error that a person can mend: the sentence, then the next step."""
    message = getattr(error, "message", str(error))
    next_step = getattr(error, "next_step", "")
    _report(message)
    if next_step:
        err.print(f"       {next_step}")


def report_bug(error: Exception) -> None:
    """Print one sentence about an error of our own, and append its details to the faults' log."""
    import platformdirs

    from kiosk.files import append_line

    _report(f"this should not have happened ({type(error).__name__}).")
    details = "".join(traceback.format_exception(error))
    try:
        folder = platformdirs.user_log_path("shelflens", appauthor=False, ensure_exists=True)
        file = folder / "faults.log"
        append_line(file, f"{datetime.now(UTC).isoformat()}\n{details}", max_bytes=FAULTS_BYTES)
    except OSError as refused:
        err.print(f"       Its details could not be saved ({refused.strerror}).")
    else:
        err.print(f"       Please report it with the end of the file {file}.")


def _report(sentence: str) -> None:
    err.print(Text.assemble(("kiosk:", "bold red"), " ", sentence))


@contextmanager
def progress(title: str) -> Iterator[ProgressCallback]:
    """Show a bar on stderr; yield its callback."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}", style="progress.description", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=err, transient=True, disable=out.quiet) as bar:
        task = bar.add_task(title, total=None)

        def update(done: int, total: int, title: str | None = None) -> None:
            bar.update(task, completed=done, total=total, description=title)

        yield update
