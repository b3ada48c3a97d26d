"""Quantise a model to int8, calibrated and judged by the shop's own photos."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from kiosk.pictures import read_picture
from kiosk.shop.shop import Shop
from kiosk.vision.encoders import Encoder
from kiosk.vision.models import Quantised, quantise_model

MAX_PICTURES = 300  # all of them decoded are 300 MB at most; chosen by eye


def quantise_for(
    shop: Shop,
    model_id: str,
    *,
    bound: float = 0.01,
    on_step: Callable[[str], None] = lambda _step: None,
) -> Quantised:
    """Run `quantise_model` with the catalogue's photos as calibration and test set.

    Recall is the share of photos, each left out once, whose most similar other photo
    shows the same product. At most 300 photos are used, spread over all products.

    Raises:
        ModelError: too few photos, already int8, or `onnx` is not installed.
    """
    chosen = _spread(shop)
    images = [read_picture(shop.catalog.photo_path(photo)) for _, photo in chosen]
    owners = np.array([sku for sku, _ in chosen])

    def recall(encoder: Encoder) -> float:
        vectors = encoder.encode(images)
        similarities = vectors @ vectors.T
        np.fill_diagonal(similarities, -2)
        return float((owners[similarities.argmax(axis=1)] == owners).mean())

    return quantise_model(model_id, images, recall, bound=bound, on_step=on_step)


def _spread(shop: Shop) -> list[tuple[str, str]]:
    """Return (SKU, photo), the first photos of all products before the second ones."""
    rows = [
        (number, product.sku, photo.sha256)
        for product in shop.catalog.products()
        for number, photo in enumerate(shop.catalog.photos(product.sku))
    ]
    return [(sku, photo) for _, sku, photo in sorted(rows)[:MAX_PICTURES]]
