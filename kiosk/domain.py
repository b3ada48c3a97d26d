"""What the stages hand to each other: frozen, typed, without any I/O.

Pictures are `Image` everywhere inside the kiosk: uint8, shape (height, width, 3),
RGB, 0 to 255. Embeddings are `Vectors`: float32, shape (n, dimension), each row
of L2 norm 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Vectors = NDArray[np.float32]

NO_METADATA: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Price:
    """An amount in the currency's minor unit (cents; whole dong), ISO 4217 code.

    0 stands for a price that nobody has set yet: folders of pictures bring none.
    """

    minor: int
    currency: str

    @property
    def is_set(self) -> bool:
        return self.minor != 0


@dataclass(frozen=True, slots=True)
class Product:
    """One thing the shop sells. `active` is False once staff retire it."""

    sku: str
    name: str
    price: Price
    category: str = ""
    description: str = ""
    barcode: str = ""
    active: bool = True
    metadata: Mapping[str, str] = field(default_factory=lambda: NO_METADATA)
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Photo:
    """One stored picture of a product, named by the SHA-256 of its JPEG bytes.

    `quality` is 0 (unusable) to 1 (sharp, well lit); `width` and `height` are pixels.
    """

    sha256: str
    sku: str
    width: int
    height: int
    quality: float = 1.0
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Gallery:
    """All vectors of one model: row i shows product `skus[i]` in photo `photos[i]`.

    `vectors` is float32 (n, dimension), L2-normalised. `prices` maps each SKU to
    its price in minor units (one currency a shop is assumed for comparison).
    """

    model_id: str
    vectors: Vectors
    skus: tuple[str, ...]
    photos: tuple[str, ...]
    prices: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DetailMatch:
    """How well the details of a picture fit the best photo of one product.

    Attributes:
        inliers: details that fit in one arrangement.
        coverage: share, 0 to 1, of the photo's places with details that hold an inlier.
        query_coverage: the same of the picture, as far as the photo lies over it.
        agreement: share, 0 to 1, of the photo that looks the same in the picture laid over it.
        contradiction: share, 0 to 1, that looks plainly different.
        colour_difference: how much the hues differ, 0 and up, whatever the light's colour.
    """

    inliers: int = 0
    coverage: float = 0.0
    query_coverage: float = 0.0
    agreement: float = 0.0
    contradiction: float = 0.0
    colour_difference: float = 0.0


@dataclass(frozen=True, slots=True)
class WordMatch:
    """What the text on the frame says about one product, all 0 to 1.

    `similarity` is the cosine of weighted n-grams. Of the words that were surely read,
    `found` is the share (by rarity) that the product's photos or name hold, `contradicted`
    the share that they lack, and `elsewhere` the part of that which another product has.
    All are 0 where nothing was surely read, or nothing is known of the product's label.
    """

    similarity: float = 0.0
    found: float = 0.0
    contradicted: float = 0.0
    elsewhere: float = 0.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a second look says of one candidate; None: it was not asked, or cannot say."""

    details: DetailMatch | None = None
    words: WordMatch | None = None


NO_EVIDENCE = Evidence()


def describe_evidence(evidence: Evidence) -> dict[str, dict[str, float]]:
    """Return as JSON holds it what each cue said; cues that said nothing are left out."""
    cues = {"details": evidence.details, "words": evidence.words}
    return {
        name: {key: round(value, 3) for key, value in asdict(cue).items()}
        for name, cue in cues.items()
        if cue is not None
    }


@dataclass(frozen=True, slots=True)
class Candidate:
    """A product that may be what is shown. `similarity` is a cosine, -1 to 1.

    `confidence` is the calibrated probability, 0 to 1, that this product is the
    one shown; over all candidates and "not in the catalogue" they sum to at most 1.
    """

    sku: str
    similarity: float
    confidence: float
    evidence: Evidence = NO_EVIDENCE


class Decision(StrEnum):
    """What the kiosk may say about a picture."""

    NAMED = "named"
    UNSURE = "unsure"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Recognition:
    """The answer for one presentation: up to five candidates, best first."""

    decision: Decision
    candidates: tuple[Candidate, ...] = ()

    @property
    def best(self) -> Candidate | None:
        return self.candidates[0] if self.candidates else None


class SightingState(StrEnum):
    """What the customer's screen is doing."""

    IDLE = "idle"
    LOOKING = "looking"
    MATCHED = "matched"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Scan:
    """A code that was read: `code` as a person would read it, a GTIN where it holds one.

    `sku` is the product that it stands for; None: the catalogue has none. `price` is what
    a code that the shop printed itself says; None: the product's own price counts.
    """

    code: str
    sku: str | None = None
    price: Price | None = None


@dataclass(frozen=True, slots=True)
class Sighting:
    """What the customer sees from frame `frame` (at `t_ms`) until the next sighting.

    `sku` is the named product while `state` is MATCHED, else None. While UNKNOWN,
    `decision` tells "is it one of these?" (UNSURE) from "we don't have this" (UNKNOWN).
    `progress`, 0 to 1, fills the reticle while LOOKING. `scan` is the code that the answer
    rests on; None: it rests on the picture.
    """

    frame: int
    t_ms: int
    state: SightingState
    sku: str | None = None
    confidence: float = 0.0
    similarity: float = 0.0
    candidates: tuple[Candidate, ...] = ()
    decision: Decision | None = None
    progress: float = 0.0
    scan: Scan | None = None
