"""Names of packages, inputs and outputs.

The defaults are those of Apple's MobileCLIP sample app, whose generated Swift classes
are called after the package: `mobileclip_s0_image` with input `image` and output
`final_emb_1`, and so on; a package with the same names drops into it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

IMAGE_INPUT = "image"
TEXT_INPUT = "text"
OUTPUT = "final_emb_1"

_MOBILECLIP = re.compile(r"mobileclip2?[-_]?(s[0-4]|blt|b[-_]lt|b|l[-_]14)(?![a-z0-9])")
_SHORT = {"b": "blt", "b_lt": "blt", "b-lt": "blt", "l_14": "l14", "l-14": "l14"}


@dataclass(frozen=True, slots=True)
class TowerNames:
    """What one tower's package, its input and its output are called."""

    package: str
    input: str
    output: str = OUTPUT


def image_names(model_id: str) -> TowerNames:
    return TowerNames(f"{stem(model_id)}_image", IMAGE_INPUT)


def text_names(model_id: str) -> TowerNames:
    return TowerNames(f"{stem(model_id)}_text", TEXT_INPUT)


def stem(model_id: str) -> str:
    """`mobileclip_s0` for MobileCLIP-S0 and MobileCLIP2-S0; else the id as a Swift name."""
    plain = model_id.lower()
    found = _MOBILECLIP.search(plain)
    if found:
        return f"mobileclip_{_SHORT.get(found[1], found[1])}"
    name = re.sub(r"[^a-z0-9]+", "_", plain).strip("_") or "encoder"
    return name if name[0].isalpha() else f"model_{name}"
