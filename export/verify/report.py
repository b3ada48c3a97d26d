"""What verify found: single checks, each with a sentence, and the figures behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Check:
    """One question with its answer; `passed` is None where a figure is only reported."""

    name: str
    passed: bool | None
    detail: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Vectors of the package against those of the network it was made from.

    `error_max` is the largest difference of one component. `norm_error` is how far the
    longest or shortest vector of the package is from length 1. `own_nearest` counts the
    samples whose vector lies nearest to the network's vector of the same sample.
    """

    samples: int
    cosine_min: float
    cosine_mean: float
    error_max: float
    norm_error: float
    own_nearest: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often the package names the same product as the network, over a catalogue."""

    queries: int
    same_top1: int

    @property
    def share(self) -> float:
        return self.same_top1 / self.queries if self.queries else 1.0


@dataclass(frozen=True, slots=True)
class Report:
    """The verdict on one package."""

    package: Path
    tower: str
    bytes: int
    checks: tuple[Check, ...]
    comparison: Comparison
    agreement: Agreement | None
    operations: Mapping[str, int]
    executed_by: str

    @property
    def passed(self) -> bool:
        return all(check.passed is not False for check in self.checks)

    @property
    def failures(self) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if check.passed is False)
