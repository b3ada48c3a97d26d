"""Photos of the catalogue to vectors of one model; each batch is durable."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from kiosk.catalog.store import CatalogStore
from kiosk.domain import Image
from kiosk.pictures import read_picture
from kiosk.vision.batches import BatchProgress, encode_batches
from kiosk.vision.encoder import Encoder

log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class EncodingReport:
    """`encoded` photos got a vector; `unreadable` holds the sentence for each that could not."""

    encoded: int = 0
    unreadable: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0


def encode_missing(
    store: CatalogStore,
    encoder: Encoder,
    *,
    on_progress: Progress | None = None,
    stopping: Callable[[], bool] = lambda: False,
) -> EncodingReport:
    """Encode each photo that has no vector of this model yet, in batches of 16.

    A photo whose file is damaged or gone is reported, not fatal. `stopping` is asked
    between batches; the next call goes on where this one ended.
    """
    started = time.monotonic()
    report = EncodingReport()
    names = [photo.sha256 for photo in store.missing_vectors(encoder.fingerprint)]

    def tell(progress: BatchProgress) -> None:
        if on_progress:
            on_progress(progress.done, progress.total)

    _store_batches(store, encoder, names, report, on_progress=tell, stopping=stopping)
    report.seconds = time.monotonic() - started
    return report


def encode_photos(
    store: CatalogStore, encoder: Encoder, names: Sequence[str], report: EncodingReport
) -> None:
    """Encode the stored photos `names` (SHA-256) and store their vectors, in batches of 16."""
    _store_batches(store, encoder, names, report)


def _store_batches(
    store: CatalogStore,
    encoder: Encoder,
    names: Sequence[str],
    report: EncodingReport,
    *,
    on_progress: Callable[[BatchProgress], None] | None = None,
    stopping: Callable[[], bool] = lambda: False,
) -> None:
    def read(name: str) -> Image:
        return read_picture(store.photo_path(name))

    for batch in encode_batches(encoder, names, read, on_progress=on_progress, stopping=stopping):
        for name, error in batch.unreadable:
            log.warning("photo %s: %s", name, error)
            report.unreadable[name] = str(error)
        if batch.items:
            vectors = dict(zip(batch.items, batch.vectors, strict=True))
            store.put_vectors(encoder.fingerprint, vectors)
            report.encoded += len(vectors)
