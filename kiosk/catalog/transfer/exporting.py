"""The catalogue as files that people can read and `import` reads back."""

from __future__ import annotations

import csv
import hashlib
import io
import logging
from collections.abc import Iterable, Sequence
from pathlib import Path

from kiosk.catalog.code_requests import requests_csv
from kiosk.catalog.store import CatalogReader
from kiosk.catalog.transfer.csv_files import escape_formula
from kiosk.catalog.transfer.importing import PHOTO_COLUMNS
from kiosk.catalog.transfer.product_rows import WRITTEN, extra_column, row_of
from kiosk.errors import StorageError
from kiosk.files import storage_errors, write_durably
from kiosk.picture_metadata import without_metadata
from kiosk.progress import Progress, no_progress

log = logging.getLogger(__name__)


def export_catalog(
    store: CatalogReader, folder: Path, *, on_progress: Progress = no_progress
) -> None:
    """Write `products.csv`, `photos.csv` and `photos/` into `folder`; deleted products stay out.

    `code_requests.csv` has the numbers that customers asked for and no product has, if any.
    A folder that holds an earlier export is brought up to date. Photos that are lost or damaged
    are logged and left out; of the others place, time and names are.

    Raises:
        StorageError: the folder holds other tables, or cannot be written.
    """
    everything = store.everything()
    extras = tuple(sorted({key for product, _ in everything for key in product.metadata}))
    header = [*WRITTEN, *(extra_column(key) for key in extras)]
    with storage_errors(f"The catalogue could not be written to {folder}"):
        _refuse_foreign(folder)
        (folder / "photos").mkdir(parents=True, exist_ok=True)
        stored = [photo for _, photos in everything for photo in photos]
        shown = []
        for number, photo in enumerate(stored, 1):
            if _copy(store.photo_path(photo.sha256), folder / "photos", photo.sha256):
                shown.append(photo)
            else:
                log.warning("photo %s of %s is lost or damaged", photo.sha256[:12], photo.sku)
            on_progress(number, len(stored))
        rows = (row_of(product, extras) for product, _ in everything)
        write_durably(folder / "products.csv", _table(header, rows))
        pictures = ([f"photos/{p.sha256}.jpg", p.sku, repr(p.quality)] for p in shown)
        write_durably(folder / "photos.csv", _table(PHOTO_COLUMNS, pictures))
        _write_requests(store, folder / "code_requests.csv")


def _write_requests(store: CatalogReader, path: Path) -> None:
    """The numbers that customers asked for, unless only a server that is away has them."""
    try:
        requests = store.code_requests()
    except StorageError:
        return
    if requests or path.exists():
        write_durably(path, requests_csv(requests))


def _copy(source: Path, folder: Path, sha256: str) -> bool:
    """Copy a photo without its metadata; False if the file is not that very photo."""
    try:
        data = source.read_bytes()
    except FileNotFoundError:
        return False
    if hashlib.sha256(data).hexdigest() != sha256:
        return False
    shown = without_metadata(data)
    target = folder / f"{sha256}.jpg"
    if not target.is_file() or target.stat().st_size != len(shown):
        part = target.with_suffix(".part")
        part.write_bytes(shown)
        part.replace(target)
    return True


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
