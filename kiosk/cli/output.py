"""How the command line speaks: results on stdout, everything else on stderr."""

from __future__ import annotations

import json
import tempfile
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

if TYPE_CHECKING:
    from kiosk.domain import Price


class ProgressCallback(Protocol):
    """Tell how far it is; `title` changes what the bar says."""

    def __call__(self, done: int, total: int, title: str | None = None) -> None: ...


def print_json(value: Any) -> None:
    """One JSON document on stdout, readable by machines and people."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


def print_rows(
    facts: Sequence[Mapping[str, Any]],
    columns: Mapping[str, Callable[[Mapping[str, Any]], str]],
    *,
    as_json: bool,
    nothing: str,
) -> None:
    """Rows of facts as one JSON list, or as a table for people.

    `columns` maps each title to what writes its cell; `nothing` is said where there are no rows.
    """
    if as_json:
        print_json([dict(row) for row in facts])
        return
    table = Table(*columns, box=None, pad_edge=False)
    for row in facts:
        table.add_row(*(escape(cell(row)) for cell in columns.values()))
    out.print(table if facts else nothing)


def price_number(price: Price) -> float | None:
    """The amount in the currency's main unit, as a JSON number: 12.99; None while it is not set."""
    from kiosk.money import minor_digits

    if not price.is_set:
        return None
    return price.minor / float(10 ** minor_digits(price.currency))


def report_known(error: Exception) -> None:
    """A fault that a person can mend: the sentence, then the next step."""
    message = getattr(error, "message", str(error))
    next_step = getattr(error, "next_step", "")
    err.print(f"[bold red]kiosk:[/] {escape(message)}")
    if next_step:
        err.print(f"       {escape(next_step)}")


def report_bug(error: Exception) -> None:
    """A fault of our own: one sentence; the details go to a file."""
    with tempfile.NamedTemporaryFile(
        "w", prefix="kiosk-", suffix=".log", delete=False, encoding="utf-8"
    ) as stream:
        traceback.print_exception(error, file=stream)
    err.print(f"[bold red]kiosk:[/] this should not have happened ({type(error).__name__}).")
    err.print(f"       Please report it with the file {Path(stream.name)}.")


@contextmanager
def progress(title: str) -> Iterator[ProgressCallback]:
    """A bar on stderr; yields a callback `(done, total)`."""
    columns = (
        TextColumn("[progress.description]{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task(title, total=None)

        def update(done: int, total: int, title: str | None = None) -> None:
            bar.update(task, completed=done, total=total, description=title)

        yield update
