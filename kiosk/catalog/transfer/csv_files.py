"""CSV files as spreadsheets really write them: BOM, semicolons, tabs, untidy headers."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kiosk.errors import CatalogError

MAX_BYTES: Final = 256 * 2**20  # chosen: it is read into memory whole
_DELIMITERS: Final = (",", ";", "\t", "|")


# What spreadsheets compute (OWASP, "CSV Injection"), or such a text escaped already.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A row that was left out (or a part of it), and why."""

    file: str
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row by column; `line` is where it starts, counted from 1."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CsvTable:
    """`columns` are tidy names; those not known to the reader keep their own spelling."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    problems: tuple[RowProblem, ...]


def read_table(path: Path, *, known: Sequence[str], required: Sequence[str]) -> CsvTable:
    """Read a CSV with a header; `known` column names match in any case and spacing.

    Raises:
        CatalogError: no such file, not UTF-8 or UTF-16 text, empty, or columns missing
            or named twice.
    """
    text = _read_text(path)
    lines = text.splitlines()
    if not text.strip("\0 \t\r\n"):
        raise CatalogError(
            f"{path} is empty.", next_step=f"Its first line should be {','.join(known)}."
        )
    delimiter = _delimiter(lines[0], known)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    columns = _header(path, _first_cells(path, reader), known, required)
    rows: list[Row] = []
    problems: list[RowProblem] = []
    last_line = 1
    try:
        for line, cells in _counted(reader):
            last_line = line
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
                reason = (
                    f"The line has {len(cells)} cells, the header {len(columns)}. "
                    "Put quotes around a text that holds the delimiter."
                )
                problems.append(RowProblem(str(path), line, reason))
                continue
            padded = cells + [""] * (len(columns) - len(cells))
            cells = [unescape_formula(cell) for cell in padded]
            rows.append(Row(line, dict(zip(columns, cells, strict=False))))
    except csv.Error as error:
        reason = f"From here on the file is not readable ({error}). Look for an unclosed quote."
        problems.append(RowProblem(str(path), last_line + 1, reason))
    return CsvTable(columns, tuple(rows), tuple(problems))


def escape_formula(cell: str) -> str:
    """Put an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unescape_formula(cell: str) -> str:
    """Return the cell that `escape_formula` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def _first_cells(path: Path, reader: Iterator[list[str]]) -> list[str]:
    try:
        return next(reader, [])
    except csv.Error as error:
        raise CatalogError(
            f"The first line of {path} is not readable ({error}).",
            next_step="Look for an unclosed quote.",
        ) from error


def _counted(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Yield rows with the line on which they start; a quoted cell may span several."""
    start = reader.line_num + 1  # type: ignore[attr-defined]
    for cells in reader:
        yield start, cells
        start = reader.line_num + 1  # type: ignore[attr-defined]


def _read_text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise CatalogError(f"{path} is larger than 256 MB.", next_step="Split it.")
        data = path.read_bytes()
    except OSError as error:
        raise CatalogError(
            f"{path} cannot be read: {error.strerror or error}.", next_step="Check the path."
        ) from error
    is_utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return data.decode("utf-16" if is_utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise CatalogError(
            f"{path} is not UTF-8 text (line {line}).",
            next_step='Save it as "CSV UTF-8" in the spreadsheet.',
        ) from error


def _tidy(name: str) -> str:
    return "".join(name.split()).casefold().replace("_", "").replace("-", "")


def _delimiter(header: str, known: Sequence[str]) -> str:
    """Return the delimiter that finds the most known columns in the header line."""
    wanted = {_tidy(name) for name in known}

    def found(delimiter: str) -> int:
        return sum(_tidy(cell.strip(' "')) in wanted for cell in header.split(delimiter))

    return max(_DELIMITERS, key=found)


def _header(
    path: Path, cells: list[str], known: Sequence[str], required: Sequence[str]
) -> tuple[str, ...]:
    names = {_tidy(name): name for name in known}
    columns = tuple(names.get(_tidy(cell), cell.strip()) for cell in cells)
    while columns and not columns[-1]:
        columns = columns[:-1]
    missing = [name for name in required if name not in columns]
    if missing:
        there = ", ".join(column[:40] for column in columns[:12] if column) or "nothing"
        raise CatalogError(
            f"{path} lacks the column{'s' if len(missing) > 1 else ''} {', '.join(missing)}; "
            f"its first line has {there}.",
            next_step=f"The first line should be {','.join(known)}; "
            f"{', '.join(required)} are needed.",
        )
    twice = sorted({name for name in columns if columns.count(name) > 1})
    if twice:
        raise CatalogError(
            f"{path} has the column {twice[0]!r} twice.", next_step="Delete or rename one."
        )
    return columns
