"""Take an existing ONNX file as a model: no torch, and nothing is converted."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np

from kiosk.errors import ModelError
from kiosk.vision.encoders.image_encoder import check_tower
from kiosk.vision.encoders.runtimes import Graph, open_graph
from kiosk.vision.models.cards import ModelFolder, TextTower, Tower, sha256_of
from kiosk.vision.models.registry import RegistryEntry
from kiosk.vision.models.writing import write_folder


def import_onnx(
    file: Path, known: RegistryEntry, root: Path, *, tokenizer: Path | None = None
) -> ModelFolder:
    """Copy an ONNX image tower, and `text.onnx` with its tokenizer if they lie beside it.

    `tokenizer` is the text tower's tokenizer, by default `tokenizer.json` beside the file.

    Size and dimension are read from the graph, the rest from the registry. Nothing
    is there to compare it with: the card says so with 0 images of parity.

    Raises:
        ModelError: the graph does not take one batch of pictures to one embedding each.
        StorageError: the folder cannot be written.
    """
    words = tokenizer or file.with_name("tokenizer.json")
    graph = open_graph(file, runtime="onnxruntime")
    name, shape = _only(file, graph.inputs)
    output, result = _only(file, graph.outputs)
    if len(shape) != 4 or shape[1] not in (3, None) or len(result) != 2:
        raise ModelError(
            f"{file} should take (n, 3, height, width) and give (n, dimension); "
            f"it takes {list(shape)} and gives {list(result)}.",
            next_step="Export the image tower with pooled features.",
        )
    height, width = (axis if isinstance(axis, int) else known.input for axis in shape[2:])
    dimension = _try(file, graph, (3, height, width), name, output)
    card: dict[str, Any] = {
        "id": known.id,
        "title": known.title,
        "family": known.family,
        "dimension": dimension,
        "input": {"width": width, "height": height},
        **known.preprocess.model_dump(mode="json"),
        "image": {"file": "image.onnx", "input": name, "output": output},
        "text": _text_card(file, known, words),
        "precision": "fp32",
        "parameters": known.parameters,
        "licence": known.licence.model_dump(mode="json"),
        "source": {"name": "ONNX file", "version": file.name, "sha256": sha256_of(file)},
        "parity": {"cosine_min": 0.0, "images": 0},
    }

    def fill(folder: Path) -> None:
        _copy(file, folder / "image.onnx")
        if card["text"] is not None:
            _copy(file.with_name("text.onnx"), folder / "text.onnx")
            shutil.copyfile(words, folder / "tokenizer.json")

    return write_folder(root, card, fill)


def _copy(file: Path, target: Path) -> None:
    """Copy a graph, which must load without what lies beside `file`. Raises ModelError."""
    shutil.copyfile(file, target)
    try:
        open_graph(target, runtime="onnxruntime")
    except ModelError as error:
        raise ModelError(
            f"{file} keeps its weights in files beside it.",
            next_step="Save it again as one file: onnx.save_model(onnx.load(FILE), OTHER).",
        ) from error


def _only(file: Path, nodes: dict[str, Any]) -> tuple[str, tuple[Any, ...]]:
    if len(nodes) != 1:
        raise ModelError(
            f"{file} should have one input and one output; it has {sorted(nodes)}.",
            next_step="Export the image tower alone.",
        )
    return next(iter(nodes.items()))


def _try(file: Path, graph: Graph, shape: tuple[int, ...], name: str, output: str) -> int:
    grey = np.full((1, *shape), 0.5, dtype=np.float32)
    try:
        vector = graph.run(grey, input_name=name, output_name=output)
    except Exception as error:  # ONNX Runtime's errors share no narrower base
        raise ModelError(
            f"{file} cannot be run: {(str(error).splitlines() or ['?'])[0][:200]}",
            next_step="Check how it was exported.",
        ) from error
    if vector.shape[0] != 1 or not np.isfinite(vector).all() or not vector.any():
        raise ModelError(
            f"{file} gives no usable embedding for a grey picture.",
            next_step="Check how it was exported.",
        )
    dimension = int(vector.shape[1])
    tower = Tower(file="image.onnx", input=name, output=output)
    check_tower(file, graph, tower, shape, dimension)
    return dimension


def _text_card(file: Path, known: RegistryEntry, tokenizer: Path) -> dict[str, Any] | None:
    text = file.with_name("text.onnx")
    if not (text.is_file() and tokenizer.is_file()):
        return None
    graph = open_graph(text, runtime="onnxruntime")
    name, shape = _only(text, graph.inputs)
    output, _ = _only(text, graph.outputs)
    length = shape[1] if len(shape) == 2 and isinstance(shape[1], int) else 77
    tower = TextTower(
        file="text.onnx",
        input=name,
        output=output,
        context_length=length,
        tokenizer="tokenizer.json",
        clean=known.clean,
    )
    return tower.model_dump(mode="json")
