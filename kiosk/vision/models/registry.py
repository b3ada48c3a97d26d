"""The models that the kiosk knows how to get: one data file, `registry.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from kiosk.errors import ModelError
from kiosk.vision.models.cards import FrozenModel, Licence

SHIPPED = ("efficientnet_lite0_int8", "efficientnet_lite0")
_FILE = Path(__file__).with_name("registry.json")


class Preprocessing(FrozenModel):
    """See `kiosk.vision.models.cards.ModelDescription`."""

    resize: Literal["shortest", "squash", "longest_pad"]
    crop: Literal["center", "none"]
    interpolation: Literal["bilinear", "bicubic", "area"]
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    colour: Literal["rgb", "gray"]


class Origin(FrozenModel):
    """Where a checkpoint is published.

    `repo` is a Hugging Face repository, or empty where the file is only at `url`;
    the first of `files` that exists is taken, and `beside` goes with it.
    """

    repo: str
    files: tuple[str, ...]
    beside: tuple[str, ...]
    url: str


class Network(FrozenModel):
    """Which code builds the network; only `export` reads it."""

    kind: Literal["open_clip", "transformers_clip", "timm", "efficientnet_lite0"]
    name: str
    mixed_text: bool = False
    apple_stem: bool = False
    classes: int = 1000
    options: Mapping[str, Any] = Field(default_factory=dict)


class RegistryEntry(FrozenModel):
    """One model. `input` is the side of the square picture, in pixels.

    `clean` says what happens to a text before its tokenizer sees it.
    """

    id: str
    title: str
    family: str
    parameters: int
    dimension: int
    input: int
    text: bool
    clean: Literal["lower", "canonicalize", "none"] = "lower"
    preprocess: Preprocessing
    licence: Licence
    source: Origin
    network: Network


@cache
def registered_models() -> Mapping[str, RegistryEntry]:
    """Return every known model by its id, in the file's order."""
    stored = json.loads(_FILE.read_text(encoding="utf-8"))
    licences = stored["licences"]
    entries = [
        RegistryEntry.model_validate(raw | {"licence": licences[raw["licence"]]})
        for raw in stored["models"]
    ]
    return {entry.id: entry for entry in entries}


def registry_entry(model_id: str) -> RegistryEntry:
    """Return the registry's entry of a model.

    Raises:
        ModelError: the registry does not know it.
    """
    try:
        return registered_models()[model_id]
    except KeyError:
        raise ModelError(
            f"The registry knows no model {model_id!r}.",
            next_step=f"Known are: {', '.join(registered_models())}.",
        ) from None


def guess_model(checkpoint: Path) -> RegistryEntry | None:
    """Return the model whose official file has this name, if exactly one has."""
    fits = [
        known for known in registered_models().values() if checkpoint.name in known.source.files
    ]
    return fits[0] if len(fits) == 1 else None
