"""Votes over time: several frames of one presentation agree before a name is shown. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kiosk.domain import Decision, Recognition


@dataclass(frozen=True, slots=True)
class Rules:
    """How many frames each answer needs.

    Each recognition is of all frames so far together, so later ones weigh more.
    """

    agreeing: int = 2  # frames in a row that name the same product; all three chosen by eye
    refusing: int = 4  # frames before "not sure" or "not in the catalogue" may be said
    max_frames: int = 8  # then the answer stands until the scene changes


@dataclass(frozen=True, slots=True)
class Vote:
    """`decision` None: no answer yet. `settled`: more frames would not be looked at."""

    decision: Decision | None
    recognition: Recognition
    settled: bool
    progress: float


def vote(history: Sequence[Recognition], rules: Rules) -> Vote:
    """Return the answer after `history`, one recognition a frame, oldest first (at least one)."""
    newest = history[-1]
    progress = min(len(history) / rules.refusing, 1.0)
    if _named_in_a_row(history) >= rules.agreeing:
        return Vote(Decision.NAMED, newest, True, 1.0)
    settled = len(history) >= rules.max_frames
    if len(history) < rules.refusing:
        return Vote(None, newest, settled, progress)
    if newest.decision is Decision.NAMED:  # not agreed on: only offered
        return Vote(Decision.UNSURE, newest, settled, progress)
    return Vote(newest.decision, newest, settled, progress)


def _named_in_a_row(history: Sequence[Recognition]) -> int:
    """Count the newest recognitions that name one and the same product."""
    count, sku = 0, None
    for recognition in reversed(history):
        best = recognition.best
        if recognition.decision is not Decision.NAMED or best is None:
            break
        if sku is not None and best.sku != sku:
            break
        count, sku = count + 1, best.sku
    return count
