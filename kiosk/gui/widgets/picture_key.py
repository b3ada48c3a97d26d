"""The names of the pictures in the window's cache. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class PictureKind(StrEnum):
    """Whose picture it is, and so what names it: SKU, SHA-256, angle or file; LAST has no name."""

    PRODUCT = "product"
    PHOTO = "photo"
    DRAFT = "draft"
    PROPOSAL = "proposal"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class PictureKey:
    """Names one picture; QML hands it on as the text `kind/name`."""

    kind: PictureKind
    name: str = ""

    def __str__(self) -> str:
        return f"{self.kind}/{self.name}"

    @classmethod
    def parse(cls, text: str) -> PictureKey:
        """Return the key that `str` made `text` of."""
        kind, _, name = text.partition("/")
        return cls(PictureKind(kind), name)


LAST_PICTURE = PictureKey(PictureKind.LAST)
