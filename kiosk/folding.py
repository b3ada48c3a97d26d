"""Texts made comparable: without case, accents and width, in any script."""

from __future__ import annotations

import re
import unicodedata

_LETTERS = str.maketrans({"đ": "d", "ð": "d", "ø": "o", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe"})
# Only the Latin, Greek and Cyrillic accents: Thai vowels and Japanese voicing marks are letters.
_ACCENTS = re.compile(r"[\u0300-\u036f]")


def fold(text: str) -> str:
    """Return `text` without case, accents and width: "Cà Phê Đá" gives "ca phe da"."""
    usable = "".join(c if unicodedata.category(c) not in ("Cc", "Cs") else " " for c in text)
    apart = unicodedata.normalize("NFKD", usable.casefold())
    plain = _ACCENTS.sub("", apart).translate(_LETTERS)
    return " ".join(unicodedata.normalize("NFKC", plain).casefold().split())
