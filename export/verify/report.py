"""What verify found: single checks, each with a sentence, and the figures behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from export.parity import Comparison
from kiosk.domain import Gallery, Image


@dataclass(frozen=True, slots=True)
class Check:
    """One question with its answer; `passed` is None where a figure is only reported."""

    name: str
    passed: bool | None
    detail: str


@dataclass(frozen=True, slots=True)
class ReferenceGallery:
    """A catalogue to compare over: fitted pictures, uint8 RGB, and the network's gallery.

    Picture k is row `rows[k]` of the gallery, and is not compared with it; -1 where it is none.
    """

    pictures: Sequence[Image]
    rows: Sequence[int]
    gallery: Gallery


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
