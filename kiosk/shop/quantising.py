"""An int8 twin of a model, measured on the shop's own photos."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from kiosk.pictures import read_picture
from kiosk.shop.shop import Shop
from kiosk.vision.encoders import Encoder
from kiosk.vision.models import Quantised, quantise_model

MOST_PICTURES = 300


def quantise_for(
    shop: Shop,
    model_id: str,
    *,
    bound: float = 0.01,
    on_step: Callable[[str], None] = lambda _step: None,
) -> Quantised:
    """`quantise_model` with the catalogue as calibration set and as judge.

    Recall is the share of photos, each left out once, whose most similar other photo
    shows the same product. At most 300 photos are taken, spread over all products.

    Raises:
        ModelError: too few photos, already int8, or `onnx` is not installed.
    """
    chosen = _spread(shop)
    images = [read_picture(shop.store.photo_path(photo)) for _, photo in chosen]
    owners = np.array([sku for sku, _ in chosen])

    def recall(encoder: Encoder) -> float:
        vectors = encoder.encode(images)
        alike = vectors @ vectors.T
        np.fill_diagonal(alike, -2)
        return float((owners[alike.argmax(axis=1)] == owners).mean())

    return quantise_model(model_id, images, recall, bound=bound, on_step=on_step)


def _spread(shop: Shop) -> list[tuple[str, str]]:
    """(SKU, photo), first photos of all products before second ones."""
    rows = [
        (number, product.sku, photo.sha256)
        for product in shop.store.products()
        for number, photo in enumerate(shop.store.photos(product.sku))
    ]
    return [(sku, photo) for _, sku, photo in sorted(rows)[:MOST_PICTURES]]
