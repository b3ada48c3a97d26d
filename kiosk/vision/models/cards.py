"""The model folder: `checkpoints/<id>/model.json` beside the files that it names.

Preprocessing, licence and checksums are read from the card and never assumed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from kiosk.errors import ModelError
from kiosk.extensions import extension_names, load_extension
from kiosk.resources import models_dir, shipped_models_dir

CARD_NAME = "model.json"
_PLAIN_NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"
_SHA256 = r"^[0-9a-f]{64}$"


class FrozenModel(BaseModel):
    """Base of what is read from JSON: immutable, unknown entries refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class InputSize(FrozenModel):
    """Size of the picture that the network takes, in pixels."""

    width: int = Field(gt=0, le=4096)
    height: int = Field(gt=0, le=4096)


class Tower(FrozenModel):
    """One ONNX graph and the names of its input and output."""

    file: str = Field(pattern=_PLAIN_NAME)
    input: str
    output: str


class TextTower(Tower):
    """The text graph takes int64 token ids (n, context_length), padded with `pad_id`.

    `clean` says what happens to the text before the tokenizer sees it.
    """

    context_length: int = Field(gt=0, le=4096)
    tokenizer: str = Field(pattern=_PLAIN_NAME)
    pad_id: int = 0
    clean: Literal["lower", "canonicalize", "none"] = "none"


class Licence(FrozenModel):
    """`commercial_use` says whether a shop may use the weights: yes, no, or ask."""

    name: str
    spdx: str
    commercial_use: Literal["yes", "no", "ask"]
    url: str


class Source(FrozenModel):
    """Where the weights came from; `sha256` is that of the file that was converted."""

    name: str
    version: str
    sha256: str = Field(pattern=_SHA256)


class Parity(FrozenModel):
    """Smallest cosine between this graph and the network it was made from."""

    cosine_min: float
    images: int


class ModelDescription(FrozenModel):
    """The part of a card known before conversion. `mean` and `std` are for RGB pixels in 0..1."""

    id: str = Field(pattern=_PLAIN_NAME)
    title: str
    family: str
    dimension: int = Field(gt=0)
    input: InputSize
    resize: Literal["shortest", "squash", "longest_pad"]
    crop: Literal["center", "none"]
    interpolation: Literal["bilinear", "bicubic", "area"]
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    colour: Literal["rgb", "gray"] = "rgb"
    image: Tower
    text: TextTower | None = None
    precision: Literal["fp32", "fp16", "int8"]
    parameters: int = Field(ge=0)
    licence: Licence
    source: Source

    @field_validator("std")
    @classmethod
    def _is_positive(cls, std: tuple[float, float, float]) -> tuple[float, float, float]:
        if min(std) <= 0:
            raise ValueError("std must be positive")
        return std


class ModelCard(ModelDescription):
    """The content of `model.json`: the description, the parity, and the files' SHA-256."""

    parity: Parity
    files: Mapping[str, str]

    @property
    def fingerprint(self) -> str:
        """The id and a hash of all that vectors depend on: graph and preprocessing."""
        preprocessing = self.model_dump_json(
            include={"input", "resize", "crop", "interpolation", "mean", "std", "colour"}
        )
        identity = f"{self.files[self.image.file]} {preprocessing}".encode()
        return f"{self.id}@{hashlib.sha256(identity).hexdigest()[:12]}"

    @model_validator(mode="after")
    def _every_file_has_a_checksum(self) -> ModelCard:
        named = [self.image.file]
        if self.text is not None:
            named += [self.text.file, self.text.tokenizer]
        missing = [name for name in named if name not in self.files]
        if missing:
            raise ValueError(f"no sha256 for {', '.join(missing)}")
        return self


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A model's folder, with its card, which is valid."""

    path: Path
    card: ModelCard

    def file(self, name: str) -> Path:
        return self.path / name

    def verify(self) -> None:
        """Compare every file with its recorded checksum.

        Raises:
            ModelError: a file is missing or differs.
        """
        for name, wanted in self.card.files.items():
            got = sha256_of(self.path / name)
            if got != wanted:
                raise ModelError(
                    f"{self.path / name} is damaged: its sha256 should be {wanted[:12]}…, "
                    f"it is {got[:12]}….",
                    next_step=f"Remove and add the model {self.card.id!r} again.",
                )


def find_model(model_id: str, *, roots: Sequence[Path] | None = None) -> ModelFolder:
    """Return the model `model_id` of `roots` (default: pulled models, then shipped ones).

    Raises:
        ModelError: no such model, an invalid card, or a file with another checksum.
    """
    for root in _roots(roots):
        if _is_plain(model_id) and (root / model_id / CARD_NAME).is_file():
            folder = read_model(root / model_id)
            folder.verify()
            return folder
    known = ", ".join(folder.card.id for folder in list_models(roots=roots)) or "none"
    raise ModelError(
        f"There is no model {model_id!r}; installed: {known}.",
        next_step="`kiosk models list` shows what can be pulled or added.",
    )


def list_models(*, roots: Sequence[Path] | None = None) -> list[ModelFolder]:
    """Return every folder with a valid card, sorted by id; checksums are not computed."""
    found: dict[str, ModelFolder] = {}
    for root in _roots(roots):
        for card in sorted(root.glob(f"*/{CARD_NAME}")):
            if card.parent.name.startswith("."):
                continue
            try:
                folder = read_model(card.parent)
            except ModelError:
                continue  # find_model says what is wrong with it
            found.setdefault(folder.card.id, folder)
    return [found[key] for key in sorted(found)]


def read_model(path: Path) -> ModelFolder:
    """Read and validate the card of the folder `path`, without checksums.

    Raises:
        ModelError: the card is missing, unreadable, invalid, or of another id.
    """
    try:
        card = ModelCard.model_validate_json((path / CARD_NAME).read_bytes())
    except OSError as error:
        raise ModelError(
            f"{path} is not a model folder: {CARD_NAME} cannot be read ({error.strerror}).",
            next_step="Add the model again.",
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the card"
        raise ModelError(
            f"{path / CARD_NAME} is not valid: {where}: {first['msg']}.",
            next_step="Add the model again.",
        ) from error
    if card.id != path.name:
        raise ModelError(
            f"The folder {path.name!r} holds the model {card.id!r}.",
            next_step=f"Rename the folder to {card.id!r}.",
        )
    return ModelFolder(path, card)


def _roots(roots: Sequence[Path] | None) -> list[Path]:
    if roots is not None:
        return list(dict.fromkeys(roots))
    packages = [load_extension("encoders", name)() for name in extension_names("encoders")]
    return list(dict.fromkeys([models_dir(), shipped_models_dir(), *packages]))


def _is_plain(model_id: str) -> bool:
    return bool(model_id) and Path(model_id).name == model_id and not model_id.startswith(".")


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal.

    Raises:
        ModelError: the file cannot be read.
    """
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(
            f"{path} cannot be read: {error.strerror}.", next_step="Add the model again."
        ) from error
