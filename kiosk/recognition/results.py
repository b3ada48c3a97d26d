"""What the search engine hands out besides a `Recognition`: frozen, no behaviour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MetricName = Literal["tuned", "cosine"]


@dataclass(frozen=True, slots=True)
class FitReport:
    """What a refit found.

    `top1_cosine` and `top1_tuned` are shares of held-out photos of the shop whose
    nearest product is the right one; `taken` tells whether the tuned metric serves.
    """

    taken: bool
    metric: MetricName
    products: int
    photos: int
    held_out: int
    top1_cosine: float
    top1_tuned: float
    seconds: float
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ConfusablePair:
    """Two products that look alike to the engine; `sku_a` < `sku_b`.

    `similarity` is the cosine of their mean vectors, -1 to 1. `confused` is the
    share of both products' photos, each left out once, that the other one won.
    """

    sku_a: str
    sku_b: str
    similarity: float
    confused: float


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A product's photos, each left out of the catalogue and then shown to it.

    `confused_with` holds (SKU, times), most often first. `outliers` are photos that
    look like none of the product's others.
    """

    sku: str
    tried: int
    right: int
    confused_with: tuple[tuple[str, int], ...] = ()
    outliers: tuple[str, ...] = ()
