"""Names read on the pack, to tap instead of typing. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from kiosk.folding import fold
from kiosk.recognition.evidence import LabelText

SUGGESTED_NAMES = 4  # as many as fit in two lines; chosen
SURE_SCORE = 0.8  # below it letters are missing too often; chosen by eye
LONGEST = 40  # characters; what is longer is an ingredient list; chosen by eye


def suggest_names(texts: Sequence[LabelText]) -> tuple[str, ...]:
    """Return the texts in the largest letters on the photos, the largest first, each once."""
    sizes: dict[str, tuple[float, str]] = {}
    for text in texts:
        for line in text.lines:
            words = " ".join(line.text.split())
            key = _key(words)
            size = min(line.box[2:])  # the letters' height, whichever way they run
            if line.score >= SURE_SCORE and _is_name(words) and size > sizes.get(key, (0.0,))[0]:
                sizes[key] = size, words
    largest = sorted(sizes.values(), key=lambda pair: -pair[0])
    return tuple(words for _, words in largest[:SUGGESTED_NAMES])


def has_words(name: str, words: str) -> bool:
    """Whether a name holds the words already."""
    return _key(words) in _key(name)


def with_words(name: str, words: str) -> str:
    """Return the name with the words after it, as a brand is followed by its product."""
    return name if has_words(name, words) else f"{name.strip()} {words}".strip()


def _is_name(words: str) -> bool:
    letters = sum(letter.isalpha() for letter in words)
    return letters >= 2 and 2 * letters > len(words) and len(words) <= LONGEST


def _key(words: str) -> str:
    return "".join(letter for letter in fold(words) if letter.isalnum())
