"""Do a bundle's own vectors and numbers give the answers that it promises?"""

from __future__ import annotations

from export.bundle.format import AnswerEntry
from export.bundle.reader import Bundle
from kiosk.domain import Recognition

CONFIDENCE_TOLERANCE = 0.02


def disagreements(bundle: Bundle) -> list[str]:
    """A sentence for each golden that the twin answers otherwise; none when all is well."""
    found = []
    for golden in bundle.goldens.pictures:
        vector = bundle.golden_vectors[golden.row : golden.row + 1]
        problem = _problem(
            bundle.recogniser.recognise(vector), golden.answer, bundle.goldens.similarity_tolerance
        )
        if problem:
            found.append(f"{golden.picture}: {problem}")
    return found


def _problem(ours: Recognition, wanted: AnswerEntry, tolerance: float) -> str:
    mine = [one.sku for one in ours.candidates]
    theirs = [one.sku for one in wanted.candidates]
    if mine != theirs:
        return f"the kiosk ranks {', '.join(theirs)}, the bundle {', '.join(mine)}"
    for one, other in zip(ours.candidates, wanted.candidates, strict=True):
        if abs(one.similarity - other.similarity) > tolerance:
            return f"{one.sku} has the similarity {one.similarity:.4f}, not {other.similarity:.4f}"
        if abs(one.confidence - other.confidence) > CONFIDENCE_TOLERANCE:
            return f"{one.sku} has the confidence {one.confidence:.3f}, not {other.confidence:.3f}"
    if ours.decision.value != wanted.decision:
        return f"the kiosk decides {wanted.decision}, the bundle {ours.decision.value}"
    return ""
