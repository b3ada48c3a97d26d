"""The outcomes of an evaluation and the figures that follow from them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kiosk.domain import Decision, Recognition
from kiosk.evaluation.measures import Flags, Numbers, auroc, calibration_error, share_at_most

TOP = 5  # as many candidates as an answer has
FIGURES = (
    "n",
    "top1",
    "top5",
    "unknown_n",
    "unknown_named",
    "known_refused",
    "known_missed",
    "wrong_named",
    "told_wrong",
    "told_wrong_at_most",
    "told_wrong_known",
    "auroc",
    "ece",
    "ms_per_query",
    "model",
    "metric",
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer to one query; `sku` is the right product, None if it is not stocked."""

    path: Path
    sku: str | None
    recognition: Recognition

    @property
    def rank(self) -> int | None:
        """The right product's place among the candidates, from 1, or None."""
        skus = [candidate.sku for candidate in self.recognition.candidates]
        return skus.index(self.sku) + 1 if self.sku in skus else None

    @property
    def confidence(self) -> float:
        """That of the best candidate; 0 without any."""
        best = self.recognition.best
        return best.confidence if best else 0.0

    @property
    def decision(self) -> Decision:
        return self.recognition.decision

    @property
    def is_told_wrong(self) -> bool:
        """Whether a name was said, and it was wrong."""
        return self.decision is Decision.NAMED and self.rank != 1


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """Figures are shares, 0 to 1, and NaN where there was no query.

    `known_refused` is the share of stocked products that were not named, `known_missed` of
    those answered with UNKNOWN. `wrong_named` is the share of wrong names among all names,
    of stocked and other products; `told_wrong` that of queries answered with a wrong name, and
    `told_wrong_at_most` its upper bound at 95 % certainty: what the error budget promises;
    `told_wrong_known` is the share among stocked products alone. `auroc` is that of the
    best candidate's confidence, stocked against other products; `ece` the calibration
    error over all queries.
    """

    outcomes: tuple[Outcome, ...]
    ms_per_query: float
    model: str
    metric: str

    @property
    def known(self) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if outcome.sku is not None]

    @property
    def unknown(self) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if outcome.sku is None]

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
        return _share([outcome.decision is Decision.NAMED for outcome in self.unknown])

    @property
    def known_refused(self) -> float:
        return _share([outcome.decision is not Decision.NAMED for outcome in self.known])

    @property
    def known_missed(self) -> float:
        return _share([outcome.decision is Decision.UNKNOWN for outcome in self.known])

    @property
    def wrong_named(self) -> float:
        named = [each for each in self.outcomes if each.decision is Decision.NAMED]
        return _share([outcome.is_told_wrong for outcome in named])

    @property
    def told_wrong(self) -> float:
        return _share([outcome.is_told_wrong for outcome in self.outcomes])

    @property
    def told_wrong_known(self) -> float:
        return _share([outcome.is_told_wrong for outcome in self.known])

    @property
    def told_wrong_at_most(self) -> float:
        wrong = sum(outcome.is_told_wrong for outcome in self.outcomes)
        return share_at_most(wrong, len(self.outcomes))

    @property
    def auroc(self) -> float:
        known = np.array([outcome.confidence for outcome in self.known])
        return auroc(known, np.array([outcome.confidence for outcome in self.unknown]))

    @property
    def ece(self) -> float:
        return calibration_error(*self.confidences())

    def recall(self, k: int) -> float:
        """Return the share of stocked queries whose product is among the first `k`."""
        return _share([outcome.rank is not None and outcome.rank <= k for outcome in self.known])

    def confidences(self) -> tuple[Numbers, Flags]:
        """Return each query's best confidence (n,), and whether that candidate was right (n,)."""
        confidence = np.array([outcome.confidence for outcome in self.outcomes], np.float64)
        return confidence, np.array([outcome.rank == 1 for outcome in self.outcomes], np.bool_)

    def confusions(self, top: int = 6) -> list[tuple[str, str, int, Outcome]]:
        """Return right SKU, SKU taken for it, count and the surest example, most often first."""
        wrong = [each for each in self.known if each.rank != 1 and each.recognition.best]
        groups: dict[tuple[str, str], list[Outcome]] = {}
        for outcome in sorted(wrong, key=lambda each: -each.confidence):
            pair = outcome.sku or "", outcome.recognition.candidates[0].sku
            groups.setdefault(pair, []).append(outcome)
        ranked = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
        return [(*pair, len(group), group[0]) for pair, group in ranked[:top]]

    def as_dict(self) -> dict[str, int | float | str | None]:
        """Return the figures for JSON; NaN becomes None."""
        figures = {name: getattr(self, name) for name in FIGURES}
        return {
            name: (None if math.isnan(value) else round(value, 4))
            if isinstance(value, float)
            else value
            for name, value in figures.items()
        }


def _share(flags: list[bool]) -> float:
    return sum(flags) / len(flags) if flags else float("nan")
