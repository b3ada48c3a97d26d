"""What an evaluation found."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kiosk.domain import Decision, Recognition
from kiosk.evaluation.measures import Flags, Numbers, auroc, calibration_error

TOP = 5
FIGURES = (
    "n",
    "top1",
    "top5",
    "unknown_n",
    "unknown_named",
    "known_refused",
    "known_missed",
    "wrong_named",
    "auroc",
    "ece",
    "ms_per_query",
    "model",
    "metric",
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One query: `sku` is the right answer, None for a product that is not stocked."""

    path: Path
    sku: str | None
    recognition: Recognition

    @property
    def rank(self) -> int | None:
        """The right product's place among the candidates, from 1; None if it is not there."""
        skus = [candidate.sku for candidate in self.recognition.candidates]
        return skus.index(self.sku) + 1 if self.sku in skus else None

    @property
    def confidence(self) -> float:
        best = self.recognition.best
        return best.confidence if best else 0.0

    @property
    def decision(self) -> Decision:
        return self.recognition.decision


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """Shares are 0 to 1, and NaN where nothing was asked.

    `known_refused` counts stocked products that were not named, for whatever reason;
    `known_missed` those told "we don't have this". `wrong_named` is the share of wrong
    names among all names said, of stocked and other products. `auroc` tells stocked from
    other products by the confidence of the best candidate. `ece` is over all queries.
    """

    outcomes: tuple[Outcome, ...]
    ms_per_query: float
    model: str
    metric: str

    @property
    def known(self) -> list[Outcome]:
        return [one for one in self.outcomes if one.sku is not None]

    @property
    def unknown(self) -> list[Outcome]:
        return [one for one in self.outcomes if one.sku is None]

    @property
    def n(self) -> int:
        return len(self.known)

    @property
    def unknown_n(self) -> int:
        return len(self.unknown)

    @property
    def top1(self) -> float:
        return self.recall(1)

    @property
    def top5(self) -> float:
        return self.recall(TOP)

    @property
    def unknown_named(self) -> float:
        return _share([one.decision is Decision.NAMED for one in self.unknown])

    @property
    def known_refused(self) -> float:
        return _share([one.decision is not Decision.NAMED for one in self.known])

    @property
    def known_missed(self) -> float:
        return _share([one.decision is Decision.UNKNOWN for one in self.known])

    @property
    def wrong_named(self) -> float:
        return _share([one.rank != 1 for one in self.outcomes if one.decision is Decision.NAMED])

    @property
    def auroc(self) -> float:
        known = np.array([one.confidence for one in self.known])
        return auroc(known, np.array([one.confidence for one in self.unknown]))

    @property
    def ece(self) -> float:
        return calibration_error(*self.confidences())

    def recall(self, k: int) -> float:
        """Share of stocked queries whose product is among the first `k` candidates."""
        return _share([one.rank is not None and one.rank <= k for one in self.known])

    def confidences(self) -> tuple[Numbers, Flags]:
        """Of every query: the best candidate's confidence, and whether it was right."""
        confidence = np.array([one.confidence for one in self.outcomes], np.float64)
        return confidence, np.array([one.rank == 1 for one in self.outcomes], np.bool_)

    def confusions(self, top: int = 6) -> list[tuple[str, str, int, Outcome]]:
        """Right SKU, the one taken for it, how often, and an example; most often first."""
        wrong = [one for one in self.known if one.rank != 1 and one.recognition.best]
        pairs = Counter((one.sku or "", one.recognition.candidates[0].sku) for one in wrong)
        examples: dict[tuple[str, str], Outcome] = {}
        for one in sorted(wrong, key=lambda one: -one.confidence):
            examples.setdefault((one.sku or "", one.recognition.candidates[0].sku), one)
        ranked = sorted(pairs.items(), key=lambda item: (-item[1], item[0]))
        return [(*pair, count, examples[pair]) for pair, count in ranked[:top]]

    def as_dict(self) -> dict[str, int | float | str | None]:
        """The figures, for JSON: NaN becomes None."""
        figures = {name: getattr(self, name) for name in FIGURES}
        return {
            name: (None if math.isnan(value) else round(value, 4))
            if isinstance(value, float)
            else value
            for name, value in figures.items()
        }


def _share(flags: list[bool]) -> float:
    return sum(flags) / len(flags) if flags else float("nan")
