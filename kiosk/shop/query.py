"""Parse a text query into wanted and unwanted words, and embed it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kiosk.domain import Vectors
from kiosk.shop.labels import PROMPTS, label_vectors
from kiosk.vectors import l2_normalise
from kiosk.vision.encoders import TextEncoder

NEGATIVE_WEIGHT = 0.5  # of unwanted words beside wanted ones; chosen by eye


@dataclass(frozen=True, slots=True)
class TextQuery:
    """Words to search for, and words, casefolded, whose products are left out."""

    wanted: str
    unwanted: tuple[str, ...] = ()


def parse_query(text: str) -> TextQuery:
    """Split "oat drink -sugar" into "oat drink" and the unwanted "sugar".

    A hyphen inside a word or alone has no meaning: "sugar-free", "tea - green".
    """
    words = text.split()
    unwanted = tuple(w[1:].casefold() for w in words if w.startswith("-") and w.strip("-"))
    wanted = " ".join(w for w in words if not (w.startswith("-") and w.strip("-")))
    return TextQuery(wanted, unwanted)


def query_vector(
    encoder: TextEncoder | None,
    query: TextQuery,
    image: Vectors | None,
    image_weight: float,
    prompts: Sequence[str] = PROMPTS,
) -> Vectors | None:
    """Join words and picture to one vector (1, dimension) of norm 1; None without either.

    The picture weighs `image_weight`, the words the rest, and unwanted words minus half.
    """
    parts: list[Vectors] = []
    if image is not None:
        parts.append(image if encoder is None or not query.wanted else image_weight * image)
    if encoder is not None and query.wanted:
        words = label_vectors(encoder, [query.wanted], prompts)
        parts.append(words if image is None else (1 - image_weight) * words)
    if not parts:
        return None
    total = np.sum(parts, axis=0)
    if encoder is not None and query.unwanted:
        unwanted = label_vectors(encoder, query.unwanted, prompts).mean(axis=0, keepdims=True)
        total = total - NEGATIVE_WEIGHT * unwanted
    return l2_normalise(total)
