"""Products with one picture, also as a kiosk's camera would see it: there is more to learn from.

The vectors of such views are kept like those of the picture, under a model of their own. In the
index a view is called `<SHA-256>~<number>`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from kiosk.catalog import CatalogStore
from kiosk.domain import Gallery, Image
from kiosk.fitting import Fitting
from kiosk.progress import Progress, no_progress
from kiosk.recognition import VIEW_MARK
from kiosk.shop.encoding import Decode, encode_photos
from kiosk.vision.encoders import Encoder

VERSION: Final = 1
"""Of how views are made: other ones are made anew."""
VIEWS: Final = 2  # of each only picture; three are hardly better: benchmarks/RESULTS.md
MOST_PHOTOS: Final = 20_000  # of a catalogue: beyond, views would take too much memory; chosen


def encode_views(
    store: CatalogStore,
    encoder: Encoder,
    *,
    decode: Decode,
    on_progress: Progress = no_progress,
    stopping: Callable[[], bool],
) -> None:
    """Encode the views that are missing; those that are stored stay where it is stopped."""
    for number in range(1, VIEWS + 1):
        missing = store.missing_for_only_photos(_model_of(encoder.fingerprint, number))
        if not 0 < len(missing) <= MOST_PHOTOS:
            continue
        from kiosk.vision.frame import CAMERA_SIDE, synthetic_view  # OpenCV: many need none

        def view(photo: Image, number: int = number) -> Image:
            return synthetic_view(photo, number)

        encode_photos(
            store,
            encoder,
            missing,
            decode=decode,
            model_id=_model_of(encoder.fingerprint, number),
            view=view,
            fitting=Fitting(CAMERA_SIDE, CAMERA_SIDE),
            on_progress=on_progress,
            stopping=stopping,
        )


def gallery_with_views(
    store: CatalogStore, fingerprint: str, skus: Sequence[str] | None = None
) -> Gallery:
    """Return the stored vectors of a model, and those of views of products with one photo."""
    plain = store.gallery(fingerprint, skus)
    counts = Counter(plain.skus)
    parts = [plain]
    for number in range(1, VIEWS + 1):
        found = store.gallery(_model_of(fingerprint, number), skus)
        rows = [row for row, sku in enumerate(found.skus) if counts[sku] == 1]
        if rows and found.vectors.shape[1] == plain.vectors.shape[1]:
            names = tuple(f"{found.photos[row]}{VIEW_MARK}{number}" for row in rows)
            shown = tuple(found.skus[row] for row in rows)
            parts.append(Gallery(fingerprint, found.vectors[rows], shown, names))
    if len(parts) == 1:
        return plain
    return Gallery(
        fingerprint,
        np.concatenate([part.vectors for part in parts]),
        sum((part.skus for part in parts), ()),
        sum((part.photos for part in parts), ()),
        plain.prices,
    )


def _model_of(fingerprint: str, number: int) -> str:
    return f"{fingerprint}~view{VERSION}.{number}"
