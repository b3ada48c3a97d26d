"""What the search engine returns besides a `Recognition`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MetricName = Literal["tuned", "cosine"]


@dataclass(frozen=True, slots=True)
class FitReport:
    """What a refit found: the metric that serves, and why it is the plain cosine."""

    metric: MetricName
    seconds: float
    reason: str = ""

    @property
    def taken(self) -> bool:
        """Whether the tuned metric serves."""
        return self.metric == "tuned"


@dataclass(frozen=True, slots=True)
class ConfusablePair:
    """Two products that are similar to the engine; `sku_a` < `sku_b`.

    `similarity` is the cosine of their mean vectors, -1 to 1. `confused` is the
    share of both products' photos, each left out once, that the other one won.
    """

    sku_a: str
    sku_b: str
    similarity: float
    confused: float


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A product's photos, each recognised by a catalogue that it was left out of.

    `tried` photos have a sibling, `right` of them were recognised. `confused_with` holds
    (SKU, times), most often first; `outliers` the photos unlike all others of the product.
    """

    sku: str
    tried: int
    right: int
    confused_with: tuple[tuple[str, int], ...] = ()
    outliers: tuple[str, ...] = ()
