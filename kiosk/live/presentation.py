"""One presentation: the evidence gathered since a product came into view."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kiosk.domain import Decision, Recognition, Scan, Vectors
from kiosk.live.vote import Rules, Vote, vote
from kiosk.vision.frame import Signature


class Presentation:
    """Frames of one product, and the vote on them.

    `is_provisional` while the empty scene is not known: there may be no product at all.
    `is_answer_shown`: a refusal is on screen, and changes once more at most.
    `scan`: a code has answered, and the frames are not asked any more.
    """

    def __init__(self, since_ms: int, *, is_provisional: bool) -> None:
        self.since_ms = since_ms
        self.is_provisional = is_provisional
        self.is_answer_shown = False
        self.signature: Signature = np.zeros((1,), np.float32)
        self.sharpest = 0.0
        self.vote: Vote | None = None
        self.scan: Scan | None = None
        self._vectors: list[Vectors] = []
        self._weights: list[float] = []
        self._history: list[Recognition] = []

    @property
    def is_settled(self) -> bool:
        return self.scan is not None or (self.vote is not None and self.vote.settled)

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

    def evidence(self) -> tuple[Vectors, NDArray[np.float32]]:
        """Return all vectors, float32 (n, d), and their weights, float32 (n,)."""
        return np.concatenate(self._vectors), np.asarray(self._weights, np.float32)

    def judge(self, recognition: Recognition, rules: Rules) -> Vote:
        """Add the recognition of all evidence so far to the vote."""
        self._history.append(recognition)
        self.vote = vote(self._history, rules)
        return self.vote
