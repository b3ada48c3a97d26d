"""The Chinese characters that can come next in a search of this catalogue. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

SHOWN = 30  # three rows of ten keys


def next_characters(names: Iterable[str], query: str, most: int = SHOWN) -> list[str]:
    """The ideographs of the names that contain `query`, those that narrow it most first.

    With an empty query the commonest characters of the catalogue come first.
    """
    tail = query.strip().rsplit(" ", 1)[-1]
    wanted = "".join(c for c in tail if is_ideograph(c))
    following: Counter[str] = Counter()
    anywhere: Counter[str] = Counter()
    for name in names:
        if wanted and wanted not in name:
            continue
        if wanted:
            after = name[name.index(wanted) + len(wanted) :][:1]
            following.update(c for c in after if is_ideograph(c))
        anywhere.update({c for c in name if is_ideograph(c)} - set(wanted))
    ranked = sorted(anywhere, key=lambda c: (-following[c], -anywhere[c], c))
    return ranked[:most]


def is_ideograph(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff" or "\u3400" <= character <= "\u4dbf"
