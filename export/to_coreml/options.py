"""What may be chosen for a Core ML package: precision, target, names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from export.verify.report import ReferenceGallery
from kiosk.domain import Image

SUFFIX = ".mlpackage"


class Precision(StrEnum):
    """Weights as half floats, as 8-bit integers, or as palettes of 64 or 16 values."""

    FP16 = "fp16"
    INT8 = "int8"
    PALETTE6 = "palette6"
    PALETTE4 = "palette4"


class Target(StrEnum):
    """The oldest iOS that shall run the package."""

    IOS16 = "iOS16"
    IOS17 = "iOS17"
    IOS18 = "iOS18"


# Smallest cosine of a package to its network; None only reports it. Chosen from what the
# networks reach (export/README.md, "Measured"): fp16 .99998, int8 .99930 at the least.
COSINE_MIN: dict[Precision, float | None] = {
    Precision.FP16: 0.9999,
    Precision.INT8: 0.999,
    Precision.PALETTE6: None,
    Precision.PALETTE4: None,
}


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """How towers are exported, and on what they are compared.

    `bound` overrides the precision's smallest cosine. Without `pictures` drawn ones are
    compared; with a `gallery`, also which of its products is nearest.
    """

    precision: Precision = Precision.FP16
    target: Target = Target.IOS16
    bound: float | None = None
    pictures: Sequence[Image] = ()
    gallery: ReferenceGallery | None = None

    @property
    def cosine_min(self) -> float | None:
        """The smallest cosine wanted; None where it is only reported."""
        return COSINE_MIN[self.precision] if self.bound is None else self.bound


# The default names are those of Apple's MobileCLIP sample app, whose generated Swift classes
# are called after the package: a package with the same names drops into it.
INPUTS = {"image": "image", "text": "text"}
OUTPUT = "final_emb_1"
_MOBILECLIP = re.compile(r"mobileclip2?[-_]?(s[0-4]|blt|b[-_]lt|b|l[-_]14)(?![a-z0-9])")
_SHORT = {"b": "blt", "b_lt": "blt", "b-lt": "blt", "l_14": "l14", "l-14": "l14"}


@dataclass(frozen=True, slots=True)
class TowerNames:
    """What one tower's package, its input and its output are called."""

    package: str
    input: str
    output: str = OUTPUT

    @classmethod
    def default(cls, model_id: str, kind: str) -> TowerNames:
        """Return the names for the "image" or "text" tower of a model."""
        return cls(f"{stem(model_id)}_{kind}", INPUTS[kind])


def stem(model_id: str) -> str:
    """`mobileclip_s0` for MobileCLIP-S0 and MobileCLIP2-S0; else the id as a Swift name."""
    plain = model_id.lower()
    found = _MOBILECLIP.search(plain)
    if found:
        return f"mobileclip_{_SHORT.get(found[1], found[1])}"
    name = re.sub(r"[^a-z0-9]+", "_", plain).strip("_") or "encoder"
    return name if name[0].isalpha() else f"model_{name}"
