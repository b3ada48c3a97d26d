"""Gathers a shop for the phone: from its data folder, a model and the packages of both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from export.bundle.contents import Contents, PackagedTower, Proofs
from export.bundle.writer import COSINE_MIN, sample_rows
from export.coreml.job import SUFFIX, Wish, export_tower
from export.coreml.names import TowerNames, image_names, text_names
from export.coreml.sources import load_towers
from export.coreml.tower import ImageTower, TextTower
from export.verify.compare import compare
from export.verify.reference import SAMPLE_TEXTS, embed_pictures, embed_tokens, fit_pictures
from kiosk.domain import Image, Product, Vectors
from kiosk.errors import CatalogError, ModelError
from kiosk.pictures import encode_jpeg, read_picture
from kiosk.settings import load_settings
from kiosk.shop import Shop

OnStep = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class BundleOrder:
    """What `python -m export bundle` was asked for."""

    db: str
    model: str
    wish: Wish
    thumbnail_side: int = 0
    goldens: int = 8
    packages: bool = True
    text: bool = True
    compact: bool = False


def gather(order: BundleOrder, work: Path, on_step: OnStep) -> Contents:
    """Export the towers into `work`, and collect the catalogue as the kiosk knows it.

    Raises:
        CatalogError: the shop has no photos.
        ModelError: no such model, or a package that is not what its network is.
    """
    on_step("encoding photos that have no vector yet")
    settings = load_settings(db=order.db, model=order.model)
    with Shop.open(settings, background=False) as shop:
        shop.refresh()
        gallery = shop.gallery()
        if not len(gallery.vectors):
            raise CatalogError(
                f"The shop in {order.db} has no photos.", next_step="Enrol products first."
            )
        on_step("loading the network")
        image, text = load_towers(order.model)
        text = text if order.text else None
        products = shop.catalog.products()
        metric, confidence = shop.parameters
        return Contents(
            card=image.card,
            fingerprint=shop.index.fingerprint,
            products=products,
            gallery=gallery,
            proofs=_proofs(shop, image, text, gallery.photos, order.goldens),
            confidence=confidence,
            metric=metric,
            error_budget=shop.error_budget,
            image=_package(image, image_names(order.model), order, work, on_step),
            text=None
            if text is None
            else _package(text, text_names(order.model), order, work, on_step),
            tokenizer=text.tokenizer if text else "",
            thumbnails=_thumbnails(shop, products, order.thumbnail_side),
            compact=order.compact,
        )


def _package(
    tower: ImageTower | TextTower,
    names: TowerNames,
    order: BundleOrder,
    work: Path,
    on_step: OnStep,
) -> PackagedTower | None:
    if not order.packages:
        return None
    report = export_tower(tower, work, names, order.wish, on_step=on_step)
    assert report.package.suffix == SUFFIX
    return PackagedTower(report.package, names.input, names.output)


def _proofs(
    shop: Shop, image: ImageTower, text: TextTower | None, photos: Sequence[str], wanted: int
) -> Proofs:
    """Photos of the shop, fitted to the encoder; what the kiosk says to exactly these pixels.

    Every second one is mirrored, so that not all are pictures that the catalogue holds.
    """
    chosen = [photos[row] for row in sample_rows(len(photos), wanted)]
    pictures: list[Image] = fit_pictures(
        [read_picture(shop.catalog.photo_path(name)) for name in chosen], image.card
    )
    pictures = [
        np.ascontiguousarray(picture[:, ::-1]) if number % 2 else picture
        for number, picture in enumerate(pictures)
    ]
    vectors = np.concatenate([shop.embed(picture) for picture in pictures])
    _require_same(image, pictures, vectors)
    answers = [shop.recognise(vector[None]) for vector in vectors]
    if text is None:
        return Proofs(pictures, vectors, answers)
    tokens = text.tokenize(SAMPLE_TEXTS)
    return Proofs(pictures, vectors, answers, SAMPLE_TEXTS, tokens, embed_tokens(text, tokens))


def _require_same(tower: ImageTower, pictures: Sequence[Image], vectors: Vectors) -> None:
    """The kiosk's model folder and the network of the package must be one and the same."""
    found = compare(vectors, embed_pictures(tower, pictures)).cosine_min
    if not found >= COSINE_MIN:
        raise ModelError(
            f"The kiosk's model {tower.card.id} is not the network that would go into the bundle: "
            f"cosine {found:.4f}, at least {COSINE_MIN} is wanted.",
            next_step="Add or pull the model again, then write the bundle again.",
        )


def _thumbnails(shop: Shop, products: Sequence[Product], side: int) -> dict[str, bytes]:
    if not side:
        return {}
    found = {product.sku: shop.thumbnail(product.sku, side) for product in products}
    return {sku: encode_jpeg(one, 80) for sku, one in found.items() if one is not None}
