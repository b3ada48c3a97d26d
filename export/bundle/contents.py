"""Everything that goes into a bundle, gathered before anything is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from export.coreml.tower import Tokens
from kiosk.domain import Gallery, Image, Product, Recognition, Vectors
from kiosk.recognition import ConfidenceParameters, MetricParameters
from kiosk.vision.models import ModelDescription


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
