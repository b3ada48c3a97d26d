"""Gathers a shop for the phone: from its data folder, a model and the packages of both."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from export.parity import SAMPLE_TEXTS, compare
from export.to_coreml.options import ExportOptions, TowerNames
from export.to_coreml.package import export_tower
from export.towers import ImageTower, TextTower, Tokens, Tower, load_towers
from export.verify.reference import embed_pictures, embed_tokens, fit_pictures
from kiosk.domain import Gallery, Image, Product, Recognition, Vectors
from kiosk.errors import CatalogError, ModelError
from kiosk.pictures import encode_jpeg, read_picture
from kiosk.recognition import ConfidenceParameters, MetricParameters
from kiosk.settings import load_settings
from kiosk.shop import Shop
from kiosk.vision.models import ModelDescription

COSINE_MIN = 0.999  # of golden vectors; chosen: below what int8 packages reach (export/README.md)


@dataclass(frozen=True, slots=True)
class BundleRequest:
    """What `python -m export bundle` was asked for."""

    db: str
    model: str
    export: ExportOptions
    thumbnail_side: int
    goldens: int
    packages: bool
    text: bool
    compact: bool


@dataclass(frozen=True, slots=True)
class PackagedTower:
    """A Core ML package on disk, with the names of its input and output."""

    path: Path
    input: str
    output: str


@dataclass(frozen=True, slots=True)
class Proofs:
    """What the phone must reproduce: `pictures` have the encoder's size.

    Row i of `vectors` belongs to picture i; row i of `text_vectors` and `tokens` to text i.
    """

    pictures: Sequence[Image] = ()
    vectors: Vectors = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    answers: Sequence[Recognition] = ()
    texts: Sequence[str] = ()
    tokens: Tokens = field(default_factory=lambda: np.zeros((0, 0), np.int32))
    text_vectors: Vectors = field(default_factory=lambda: np.zeros((0, 0), np.float32))


@dataclass(frozen=True, slots=True)
class Contents:
    """A shop as it goes to the phone.

    `gallery` holds the vectors of the products' photos; `thumbnails` JPEG bytes by SKU;
    `confidence` is in the order of the products with photos, by SKU.
    Without `metric` similarity is the plain cosine;
    without packages the app brings its own encoder. `compact` leaves out the corrections of
    the half floats: a third less, but near ties may change places.
    """

    card: ModelDescription
    fingerprint: str
    products: Sequence[Product]
    gallery: Gallery
    proofs: Proofs
    confidence: ConfidenceParameters
    metric: MetricParameters | None = None
    error_budget: float = 0.01
    image: PackagedTower | None = None
    text: PackagedTower | None = None
    tokenizer: str = ""
    thumbnails: Mapping[str, bytes] = field(default_factory=dict)
    compact: bool = False


def gather(request: BundleRequest, work: Path, on_step: Callable[[str], None]) -> Contents:
    """Export the towers into `work`, and collect the catalogue as the kiosk knows it.

    Raises:
        CatalogError: the shop has no photos.
        ModelError: no such model, or a package that is not what its network is.
    """

    def package(tower: Tower | None) -> PackagedTower | None:
        if tower is None or not request.packages:
            return None
        names = TowerNames.default(request.model, tower.kind)
        report = export_tower(tower, work, names, request.export, on_step)
        return PackagedTower(report.package, names.input, names.output)

    on_step("encoding photos that have no vector yet")
    settings = load_settings(db=request.db, model=request.model)
    with Shop.open(settings, background=False) as shop:
        shop.refresh()
        gallery = shop.gallery()
        if not len(gallery.vectors):
            raise CatalogError(
                f"The shop in {request.db} has no photos.", next_step="Enrol products first."
            )
        on_step("loading the network")
        image, text = load_towers(request.model)
        text = text if request.text else None
        products = shop.catalog.products()
        metric, confidence = shop.parameters
        return Contents(
            card=image.card,
            fingerprint=shop.index.fingerprint,
            products=products,
            gallery=gallery,
            proofs=_proofs(shop, image, text, gallery.photos, request.goldens),
            confidence=confidence,
            metric=metric,
            error_budget=shop.error_budget,
            image=package(image),
            text=package(text),
            tokenizer=text.tokenizer if text else "",
            thumbnails=_thumbnails(shop, products, request.thumbnail_side),
            compact=request.compact,
        )


def _proofs(
    shop: Shop, image: ImageTower, text: TextTower | None, photos: Sequence[str], wanted: int
) -> Proofs:
    """Photos of the shop, fitted to the encoder; what the kiosk says to exactly these pixels.

    Every second one is mirrored, so that not all are pictures that the catalogue holds.
    """
    rows = {round(step * (len(photos) - 1) / max(wanted - 1, 1)) for step in range(wanted)}
    chosen = [read_picture(shop.catalog.photo_path(photos[row])) for row in sorted(rows)]
    pictures = [
        np.ascontiguousarray(picture[:, ::-1]) if number % 2 else picture
        for number, picture in enumerate(fit_pictures(chosen, image.card))
    ]
    vectors = np.concatenate([shop.embed(picture) for picture in pictures])
    require_same_network(image, pictures, vectors)
    answers = [shop.recognise(vector[None]) for vector in vectors]
    if text is None:
        return Proofs(pictures, vectors, answers)
    tokens = text.tokenize(SAMPLE_TEXTS)
    return Proofs(pictures, vectors, answers, SAMPLE_TEXTS, tokens, embed_tokens(text, tokens))


def require_same_network(tower: ImageTower, pictures: Sequence[Image], vectors: Vectors) -> None:
    """Compare the kiosk's vectors of fitted pictures with those of the package's network.

    Raises:
        ModelError: the kiosk's model folder was made from another network.
    """
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
    return {sku: encode_jpeg(small, 80) for sku, small in found.items() if small is not None}
