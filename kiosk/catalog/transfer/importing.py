"""Products and photos from CSV files: good rows go in, bad rows are listed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kiosk.catalog.database.connections import portions
from kiosk.catalog.product_statements import Saved
from kiosk.catalog.store import CatalogStore
from kiosk.catalog.transfer import csv_files
from kiosk.catalog.transfer.csv_files import CsvTable, RowProblem
from kiosk.catalog.transfer.photo_import import PhotoRow, PhotoSaver
from kiosk.catalog.transfer.product_rows import COLUMNS, REQUIRED, product_of
from kiosk.catalog.validation import clean_sku
from kiosk.domain import Product
from kiosk.errors import CatalogError
from kiosk.progress import Progress, no_progress

BATCH = 32  # rows that become durable together; chosen, a fraction of a second
PHOTO_COLUMNS = ("path", "sku", "quality")
OnStored = Callable[[Sequence[str]], None]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did; `problems` lists each row, or picture, that was left out."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    photos_added: int = 0
    problems: tuple[RowProblem, ...] = ()


def import_catalog(
    store: CatalogStore,
    products_csv: Path | None,
    photos_csv: Path | None,
    *,
    currency: str,
    on_progress: Progress = no_progress,
    on_stored: OnStored | None = None,
) -> ImportReport:
    """Read both files into the catalogue; run twice, nothing doubles.

    A column that a file lacks leaves the stored field as it is; an empty cell empties it.
    Rows without a currency take `currency`. Columns of other names become extra fields.
    Paths of pictures are relative to their file.

    `on_progress(done, total)` counts rows, each durable by then; `on_stored` names the
    SKUs of the rows that just became durable, with the photos of those rows.

    A product goes in with the picture that its row names, or not at all where the disk is full.

    Raises:
        CatalogError: a file is not readable as such a table; nothing of it is imported.
        StorageError: the disk is full; what `on_progress` counted stays.
    """
    goods = _table(products_csv, COLUMNS, REQUIRED)
    pictures = _table(photos_csv, PHOTO_COLUMNS, ("path", "sku"))
    run = _ImportRun(store, currency, len(goods.rows) + len(pictures.rows), on_progress, on_stored)
    run.problems += [*goods.problems, *pictures.problems]
    if products_csv is not None:
        run.products(products_csv, goods)
    if photos_csv is not None:
        run.photos(photos_csv, pictures)
    problems = tuple(sorted(run.problems, key=lambda p: (p.file != str(products_csv), p.line)))
    return ImportReport(
        added=run.outcomes.count(Saved.ADDED),
        updated=run.outcomes.count(Saved.UPDATED),
        unchanged=run.outcomes.count(Saved.UNCHANGED),
        photos_added=run.photos_added,
        problems=problems,
    )


@dataclass(slots=True)
class _ImportRun:
    """What one import of `total` rows has stored and refused so far."""

    store: CatalogStore
    currency: str
    total: int
    on_progress: Progress
    on_stored: OnStored | None
    done: int = 0
    problems: list[RowProblem] = field(default_factory=list)
    outcomes: list[Saved] = field(default_factory=list)
    photos_added: int = 0

    def products(self, file: Path, table: CsvTable) -> None:
        saver = PhotoSaver(self.store, file)
        first_lines: dict[str, int] = {}
        for rows in portions(table.rows, BATCH):
            known = self.store.existing([_sku(row) for row in rows])
            good: dict[str, Product] = {}
            wanted: list[PhotoRow] = []
            for row in rows:
                try:
                    product = product_of(row.cells, known, self.currency)
                    _refuse_repeated(product.sku, first_lines)
                except CatalogError as error:
                    self.problems.append(RowProblem(str(file), row.line, str(error)))
                    continue
                first_lines[product.sku] = row.line
                good[product.sku] = product
                if picture := row.cells.get("photo", "").strip():
                    wanted.append(PhotoRow(row.line, picture, product.sku))
            photos = saver.keep(wanted, known, coming=good)
            outcomes, added = self.store.enrol_many([*good.values()], photos)
            self.outcomes += outcomes
            self.photos_added += sum(added)
            self._report(len(rows), list(good))
        self.problems += saver.problems

    def photos(self, file: Path, table: CsvTable) -> None:
        saver = PhotoSaver(self.store, file)
        for rows in portions(table.rows, BATCH):
            wanted = [
                PhotoRow(row.line, row.cells["path"], _sku(row), row.cells.get("quality", ""))
                for row in rows
            ]
            earlier = len(saver.problems)
            self.photos_added += saver.save(wanted)
            bad = {problem.line for problem in saver.problems[earlier:]}
            self._report(len(rows), [row.sku for row in wanted if row.line not in bad])
        self.problems += saver.problems

    def _report(self, rows: int, skus: Sequence[str]) -> None:
        self.done += rows
        if self.on_stored:
            self.on_stored(skus)
        self.on_progress(self.done, self.total)


def _refuse_repeated(sku: str, first_lines: dict[str, int]) -> None:
    if sku in first_lines:
        raise CatalogError(
            f"The SKU {sku!r} stands in line {first_lines[sku]} already; that line counts.",
            next_step="Give one of them another SKU.",
        )


def _table(path: Path | None, known: Sequence[str], required: Sequence[str]) -> CsvTable:
    if path is None:
        return CsvTable((), (), ())
    return csv_files.read_table(path, known=known, required=required)


def _sku(row: csv_files.Row) -> str:
    return clean_sku(row.cells["sku"])
