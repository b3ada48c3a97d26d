"""Does a package hold what was saved, and say what its network says?"""

from __future__ import annotations

from pathlib import Path

from export.coreml.metadata import MANIFEST_SHA256, PREFIX, WEIGHTS_SHA256, entries, file_sha256
from export.coreml.precision import Precision
from export.coreml.tower import ImageTower, Tower
from export.verify.program import ImageInput, Package, TokenInput
from export.verify.report import Check

# Entries that say which network it is and what it is fed; they must be the network's own.
_MUST_MATCH = (
    "model",
    "tower",
    "dimension",
    "source_sha256",
    "width",
    "height",
    "resize",
    "crop",
    "interpolation",
    "colour",
    "mean",
    "std",
    "context_length",
    "tokenizer_sha256",
)


def integrity_checks(package: Package, tower: Tower) -> list[Check]:
    """Checksums, then the description against the network."""
    return [
        _checksum(package, WEIGHTS_SHA256, package.weights_file, "weights"),
        _checksum(package, MANIFEST_SHA256, package.manifest_file, "manifest"),
        _metadata(package, tower),
        _input(package, tower),
    ]


def _checksum(package: Package, key: str, file: Path, name: str) -> Check:
    wanted, got = package.metadata.get(key, ""), file_sha256(file)
    if not wanted:
        return Check(f"{name} checksum", False, "none is recorded in the metadata")
    same = wanted == got
    detail = f"sha256 {got[:12]}…" if same else f"{wanted[:12]}… is recorded, it is {got[:12]}…"
    return Check(f"{name} checksum", same, detail)


def _metadata(package: Package, tower: Tower) -> Check:
    try:
        precision = Precision(package.metadata.get(PREFIX + "precision", ""))
    except ValueError:
        return Check("metadata", False, "no precision is recorded")
    wanted = entries(tower, precision)
    wrong = [
        f"{name} is {package.metadata.get(PREFIX + name)}, the network has {wanted[PREFIX + name]}"
        for name in _MUST_MATCH
        if PREFIX + name in wanted and wanted[PREFIX + name] != package.metadata.get(PREFIX + name)
    ]
    return Check("metadata", not wrong, "; ".join(wrong) or _told(tower))


def _told(tower: Tower) -> str:
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
