"""What a package says of itself: for people in Xcode, and for verify and the phone."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from export.to_coreml.options import Precision, TowerNames
from export.to_coreml.tools import coremltools
from export.towers import TextTower, Tower
from export.verify.program import WEIGHTS, locate_model
from kiosk import __version__
from kiosk.vision.models import sha256_of

PREFIX = "shelflens."
WEIGHTS_SHA256 = PREFIX + "weights_sha256"
MANIFEST_SHA256 = PREFIX + "manifest_sha256"


def describe(model: Any, tower: Tower, names: TowerNames, precision: Precision) -> None:
    """Fill in author, licence, version and the description of each input and output."""
    card = tower.card
    model.author = card.source.name
    model.license = (
        f"{card.licence.name}, {card.licence.url} (shops may use it: {card.licence.commercial_use})"
    )
    model.version = f"{card.source.version} / shelflens {__version__}"
    model.short_description = (
        f"{card.title}: {tower.kind} tower, embeddings of {card.dimension} numbers, {precision}."
    )
    model.input_description[names.input] = _input_sentence(tower)
    model.output_description[names.output] = (
        f"The embedding: float32 (1, {card.dimension}), L2 norm 1; compare by dot product."
    )
    for key, value in entries(tower, precision.value).items():
        model.user_defined_metadata[key] = value


def entries(tower: Tower, precision: str) -> dict[str, str]:
    """Describe a tower as user-defined metadata: what is known before the package is saved."""
    card = tower.card
    values = {
        "model": card.id,
        "family": card.family,
        "source": card.source.name,
        "source_version": card.source.version,
        "source_sha256": card.source.sha256,
        "licence": card.licence.spdx,
        "commercial_use": card.licence.commercial_use,
        "dimension": str(card.dimension),
        "precision": precision,
        "tower": tower.kind,
    }
    if isinstance(tower, TextTower):
        values["context_length"] = str(tower.context_length)
        values["tokenizer_sha256"] = hashlib.sha256(tower.tokenizer.encode()).hexdigest()
    else:
        values |= {"width": str(card.input.width), "height": str(card.input.height)}
        values |= {"resize": card.resize, "crop": card.crop, "interpolation": card.interpolation}
        values |= {"colour": card.colour}
        values |= {"mean": json.dumps(list(card.mean)), "std": json.dumps(list(card.std))}
    return {PREFIX + key: value for key, value in values.items()}


def _input_sentence(tower: Tower) -> str:
    if isinstance(tower, TextTower):
        return (
            f"Token ids, int32 (1, {tower.context_length}): start, text, end, then padding; "
            "longer texts are cut, the end token stays."
        )
    size = tower.card.input
    how = {
        "shortest": "the largest centred part of these proportions, then resized",
        "squash": "the whole picture resized without keeping its proportions",
        "longest_pad": "the whole picture resized to fit, centred on black",
    }[tower.card.resize]
    return (
        f"An RGB picture of {size.width} x {size.height} pixels, 0 to 255 ({how}); "
        "mean and standard deviation are applied inside the model."
    )


def seal(package: Path) -> None:
    """Record the checksums of the package's weights and manifest in its metadata."""
    weights = locate_model(package).parent / WEIGHTS
    checksums = {
        WEIGHTS_SHA256: sha256_of(weights),
        MANIFEST_SHA256: sha256_of(package / "Manifest.json"),
    }
    stamp(package, checksums)


def stamp(package: Path, values: Mapping[str, str]) -> None:
    """Add user-defined metadata to a saved package; weights and manifest stay as they are."""
    path = locate_model(package)
    spec = coremltools().proto.Model_pb2.Model()
    spec.ParseFromString(path.read_bytes())
    for key, value in values.items():
        spec.description.metadata.userDefined[key] = value
    path.write_bytes(spec.SerializeToString(deterministic=True))
