"""A checkpoint to a model folder of the kiosk: convert, compare with torch, write at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import nn

from export.load.model import LoadedModel, load_model
from export.parity import SAMPLE_TEXTS, sample_pixels
from export.to_onnx.graph import check_parity, export_onnx
from kiosk.vision.models import ModelFolder, write_folder

IMAGES = 4  # pictures compared; chosen: a wrong graph shows on one
EXTREME_TEXTS = ("x" * 400, "")  # one word that is cut off; no words at all


def convert(
    model: str | Path,
    root: Path,
    *,
    as_id: str | None = None,
    half_weights: bool = False,
    tokenizer: Path | None = None,
    on_step: Callable[[str], None] = lambda _step: None,
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
            cosine = min(cosine, _convert_text(loaded, loaded.text_tower, folder, half_weights))
        return {"parity": {"cosine_min": round(cosine, 6), "images": IMAGES}}

    return write_folder(root, card, fill)


def _convert_image(loaded: LoadedModel, folder: Path, half_weights: bool) -> float:
    card, tower = loaded.card, loaded.card.image
    pixels = torch.from_numpy(sample_pixels(IMAGES, card.input.height, card.input.width))
    mean, std = (torch.tensor(value).reshape(3, 1, 1) for value in (card.mean, card.std))
    names = (tower.input, tower.output)
    samples = (pixels - mean) / std
    return _convert(loaded.image_tower, samples, folder / tower.file, names, half_weights)


def _convert_text(
    loaded: LoadedModel, network: nn.Module, folder: Path, half_weights: bool
) -> float:
    tower, tokenizer = loaded.card.text, loaded.tokenizer
    assert tower is not None
    assert tokenizer is not None
    tokenizer.save(str(folder / tower.tokenizer))
    ids = torch.from_numpy(loaded.token_ids((*SAMPLE_TEXTS, *EXTREME_TEXTS))).long()
    return _convert(network, ids, folder / tower.file, (tower.input, tower.output), half_weights)


def _convert(
    network: nn.Module,
    samples: torch.Tensor,
    graph: Path,
    names: tuple[str, str],
    half_weights: bool,
) -> float:
    """Write `graph`; return the smallest cosine of its embeddings to the network's."""
    input_name, output_name = names
    export_onnx(
        network,
        samples[:2],
        graph,
        input_name=input_name,
        output_name=output_name,
        half_weights=half_weights,
    )
    with torch.no_grad():
        wanted = network(samples).float().numpy()
    return check_parity(graph, samples, wanted).cosine_min
