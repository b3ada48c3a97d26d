"""One presentation: the evidence gathered since a product came into view."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from kiosk.domain import Decision, Evidence, Recognition, Scan, Vectors
from kiosk.live.vote import Rules, Vote, vote
from kiosk.vision.frame import Signature


class Presentation:
    """Frames of one product, and the vote on them.

    `is_provisional` while the empty scene is not known: there may be no product at all.
    `is_answer_shown`: a refusal is on screen, and changes once more at most.
    `scan`: a code has answered, and the frames are not asked any more. `evidence` is what
    second looks said by SKU, `looks` how many were asked for; `is_looking`: one is awaited.
    """

    def __init__(self, since_ms: int, *, is_provisional: bool) -> None:
        self.since_ms = since_ms
        self.is_provisional = is_provisional
        self.is_answer_shown = False
        self.signature: Signature = np.zeros((1,), np.float32)
        self.sharpest = 0.0
        self.vote: Vote | None = None
        self.scan: Scan | None = None
        self.evidence: dict[str, Evidence] = {}
        self.looks = 0
        self.is_looking = False
        self._vectors: list[Vectors] = []
        self._weights: list[float] = []
        self._history: list[Recognition] = []

    @property
    def is_settled(self) -> bool:
        if self.scan is not None:
            return True
        return self.vote is not None and self.vote.settled and not self.is_looking

    @property
    def is_named(self) -> bool:
        """Whether the frames agree on a product."""
        return self.vote is not None and self.vote.decision is Decision.NAMED

    @property
    def frames(self) -> int:
        return len(self._vectors)

    def gather(
        self, vector: Vectors, signature: Signature, *, sharpness: float, motion: float
    ) -> None:
        """Add a frame's vector (1, d); a sharp and still frame weighs more."""
        self._vectors.append(vector)
        self._weights.append((0.05 + sharpness**2) / (1.0 + motion))
        self.signature = signature
        self.sharpest = max(self.sharpest, sharpness)

    def frames_so_far(self) -> tuple[Vectors, NDArray[np.float32]]:
        """Return all vectors, float32 (n, d), and their weights, float32 (n,)."""
        return np.concatenate(self._vectors), np.asarray(self._weights, np.float32)

    def add_evidence(self, found: Mapping[str, Evidence]) -> None:
        """Add what a second look said; of several looks at a product the best one counts.

        With the first one the vote begins anew: what was said without it counts no more.
        """
        if not self.evidence:
            self._history.clear()
        for sku, evidence in found.items():
            known = self.evidence.get(sku)
            self.evidence[sku] = evidence if known is None else best_evidence(known, evidence)

    def judge(self, recognition: Recognition, rules: Rules) -> Vote:
        """Add the recognition of all evidence so far to the vote."""
        self._history.append(recognition)
        self.vote = vote(self._history, rules)
        return self.vote


def best_evidence(a: Evidence, b: Evidence) -> Evidence:
    """Join two looks at one product: each cue from the look in which it fits better."""
    details = [each.details for each in (a, b) if each.details is not None]
    words = [each.words for each in (a, b) if each.words is not None]
    return Evidence(
        max(details, key=lambda match: match.inliers, default=None),
        max(words, key=lambda match: match.similarity, default=None),
    )
