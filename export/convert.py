"""A checkpoint to a model folder: convert, compare with torch, write at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch

from export.load import LoadedModel, load_model
from export.parity import check_parity, sample_pixels
from export.to_onnx import export_onnx
from kiosk.errors import ModelError
from kiosk.vision.encoders import clean_text
from kiosk.vision.models import ModelFolder, write_folder

IMAGES = 4
TEXTS = (
    "a photo of a carton of milk",
    "Hafermilch, 1 l, ohne Zucker",
    "紅茶 無糖 600ml",
    "nước mắm Phú Quốc",
    "x" * 400,
    "",
)
Progress = Callable[[str], None]


def convert(
    model: str | Path,
    root: Path,
    *,
    as_id: str | None = None,
    half_weights: bool = False,
    tokenizer: Path | None = None,
    on_step: Progress = lambda _step: None,
) -> ModelFolder:
    """Convert a checkpoint (see `load_model`) to the folder `root/<id>`.

    `half_weights` stores weights in 16 bits: half the size, computed in 32 bits as before.

    Raises:
        ModelError: the checkpoint does not fit, or the graphs drift from the network.
        StorageError: the folder cannot be written.
    """
    on_step("load")
    loaded = load_model(model, as_id=as_id, tokenizer=tokenizer)
    card = loaded.card.model_dump(mode="json")
    card["precision"] = "fp16" if half_weights else "fp32"

    def fill(folder: Path) -> dict[str, Any]:
        on_step("convert pictures")
        cosine = _convert_image(loaded, folder, half_weights)
        if loaded.text_tower is not None:
            on_step("convert words")
            cosine = min(cosine, _convert_text(loaded, folder, half_weights))
        return {"parity": {"cosine_min": round(cosine, 6), "images": IMAGES}}

    return write_folder(root, card, fill)


def _convert_image(loaded: LoadedModel, folder: Path, half_weights: bool) -> float:
    card = loaded.card
    pixels = sample_pixels(IMAGES, card.input.height, card.input.width)
    mean, std = (torch.tensor(value).reshape(3, 1, 1) for value in (card.mean, card.std))
    samples = (pixels - mean) / std
    graph = folder / card.image.file
    export_onnx(
        loaded.image_tower,
        samples[:2],
        graph,
        input_name=card.image.input,
        output_name=card.image.output,
        half_weights=half_weights,
    )
    return check_parity(graph, loaded.image_tower, samples)


def _convert_text(loaded: LoadedModel, folder: Path, half_weights: bool) -> float:
    tower = loaded.card.text
    if tower is None or loaded.text_tower is None or loaded.tokenizer is None:
        raise ModelError("The network has a text tower but no tokenizer.")
    tokenizer = loaded.tokenizer
    tokenizer.save(str(folder / tower.tokenizer))
    cleaned = [clean_text(text, tower.clean) for text in TEXTS]
    ids = np.array([tokenizer.encode(text).ids for text in cleaned], dtype=np.int64)
    samples = torch.from_numpy(ids)
    graph = folder / tower.file
    export_onnx(
        loaded.text_tower,
        samples[:2],
        graph,
        input_name=tower.input,
        output_name=tower.output,
        half_weights=half_weights,
    )
    return check_parity(graph, loaded.text_tower, samples)
