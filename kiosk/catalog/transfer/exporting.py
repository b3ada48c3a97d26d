"""The catalogue as files that people can read and `import` reads back."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from kiosk.catalog.store import CatalogReader
from kiosk.catalog.transfer.csv_files import escape_formula
from kiosk.catalog.transfer.importing import PHOTO_COLUMNS
from kiosk.catalog.transfer.product_rows import WRITTEN, extra_column, row_of
from kiosk.errors import StorageError
from kiosk.files import storage_errors, write_durably
from kiosk.progress import Progress, no_progress


def export_catalog(
    store: CatalogReader, folder: Path, *, on_progress: Progress = no_progress
) -> None:
    """Write `products.csv`, `photos.csv` and `photos/` into `folder`; deleted products stay out.

    A folder that holds an earlier export is brought up to date.

    Raises:
        StorageError: the folder holds other tables, or cannot be written.
    """
    everything = store.everything()
    extras = tuple(sorted({key for product, _ in everything for key in product.metadata}))
    header = [*WRITTEN, *(extra_column(key) for key in extras)]
    with storage_errors(f"The catalogue could not be written to {folder}"):
        _refuse_foreign(folder)
        (folder / "photos").mkdir(parents=True, exist_ok=True)
        shown = [photo for _, photos in everything for photo in photos]
        for number, photo in enumerate(shown, 1):
            _copy(store.photo_path(photo.sha256), folder / "photos" / f"{photo.sha256}.jpg")
            on_progress(number, len(shown))
        rows = (row_of(product, extras) for product, _ in everything)
        write_durably(folder / "products.csv", _table(header, rows))
        pictures = ([f"photos/{p.sha256}.jpg", p.sku, repr(p.quality)] for p in shown)
        write_durably(folder / "photos.csv", _table(PHOTO_COLUMNS, pictures))


def _copy(source: Path, target: Path) -> None:
    if target.is_file() and target.stat().st_size == source.stat().st_size:
        return
    part = target.with_suffix(".part")
    shutil.copyfile(source, part)
    part.replace(target)


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([escape_formula(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8")


def _refuse_foreign(folder: Path) -> None:
    """Tables that staff wrote by hand often have these very names: never write over them."""
    ours = {"products.csv": ",".join(WRITTEN), "photos.csv": ",".join(PHOTO_COLUMNS)}
    for name, header in ours.items():
        path = folder / name
        if not path.exists():
            continue
        with path.open("rb") as stream:
            if not stream.readline().startswith(header.encode()):
                raise StorageError(
                    f"{path} is not an export of Shelflens and would be overwritten.",
                    next_step="Choose an empty folder.",
                )
