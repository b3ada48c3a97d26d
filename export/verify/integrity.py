"""Does a package hold what was saved, and say what its network says?"""

from __future__ import annotations

from pathlib import Path

from export.to_coreml.description import MANIFEST_SHA256, PREFIX, WEIGHTS_SHA256, entries
from export.to_coreml.options import Precision
from export.towers import ImageTower, Tower
from export.verify.program import ImageInput, Package, TokenInput
from export.verify.report import Check
from kiosk.vision.models import sha256_of

# Entries that say which network it is and what it is fed; they must be the network's own.
_MUST_MATCH = {
    *("model", "tower", "dimension", "source_sha256", "width", "height", "resize", "crop"),
    *("interpolation", "colour", "mean", "std", "context_length", "tokenizer_sha256"),
}


def integrity_checks(package: Package, tower: Tower) -> list[Check]:
    """Check the checksums, then the description against the network."""
    return [
        _checksum(package, WEIGHTS_SHA256, package.weights_file, "weights"),
        _checksum(package, MANIFEST_SHA256, package.manifest_file, "manifest"),
        _metadata(package, tower),
        _input(package, tower),
    ]


def _checksum(package: Package, key: str, file: Path, name: str) -> Check:
    wanted, got = package.metadata.get(key, ""), sha256_of(file)
    if not wanted:
        return Check(f"{name} checksum", False, "none is recorded in the metadata")
    same = wanted == got
    detail = f"sha256 {got[:12]}…" if same else f"{wanted[:12]}… is recorded, it is {got[:12]}…"
    return Check(f"{name} checksum", same, detail)


def _metadata(package: Package, tower: Tower) -> Check:
    recorded = package.metadata.get(PREFIX + "precision", "")
    if recorded not in set(Precision):
        return Check("metadata", False, "no precision is recorded")
    wrong = [
        f"{key.removeprefix(PREFIX)} is {package.metadata.get(key)}, the network has {wanted}"
        for key, wanted in entries(tower, recorded).items()
        if key.removeprefix(PREFIX) in _MUST_MATCH and wanted != package.metadata.get(key)
    ]
    return Check("metadata", not wrong, "; ".join(wrong) or _agreed(tower))


def _agreed(tower: Tower) -> str:
    if not isinstance(tower, ImageTower):
        return "is that of the network"
    mean, std = (
        ", ".join(f"{number:.3g}" for number in values)
        for values in (tower.card.mean, tower.card.std)
    )
    return f"is that of the network: mean {mean}; std {std}"


def _input(package: Package, tower: Tower) -> Check:
    given = package.input
    if isinstance(tower, ImageTower):
        size = tower.card.input
        right = isinstance(given, ImageInput) and (given.width, given.height, given.colour) == (
            size.width,
            size.height,
            "RGB",
        )
        wanted = f"an RGB picture of {size.width} x {size.height}"
    else:
        right = isinstance(given, TokenInput) and given.shape == (1, tower.context_length)
        wanted = f"token ids (1, {tower.context_length})"
    return Check("input", right, wanted if right else f"{given}; wanted: {wanted}")
