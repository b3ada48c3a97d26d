"""TinyCLIP's format: what the transformers library itself computes is the measure.

`transformers_clip.json` was recorded with that library: the names and shapes of the entries
that it saves, its `config.json`, and the embeddings that it computes with the weights below.
"""

from __future__ import annotations

import copy
import json
import math
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from export.load.model import LoadedModel, load_model
from kiosk.errors import ModelError

RECORDED: dict[str, Any] = json.loads(
    Path(__file__).with_name("transformers_clip.json").read_text("utf-8")
)
MODEL = "tinyclip_vit_8m16"
# Of older checkpoints: buffers that the library does not save any more.
POSITIONS = ("text_model.embeddings.position_ids", "vision_model.embeddings.position_ids")


def weights(name: str, shape: list[int]) -> torch.Tensor:
    """The numbers with which the embeddings were recorded."""
    values = np.random.RandomState(zlib.crc32(name.encode())).standard_normal(shape)
    if name.endswith("bias"):
        values = values * 0.05
    elif len(shape) >= 2:
        values = values * (1.4 / math.sqrt(math.prod(shape[1:])))
    elif "norm" in name or "layrnorm" in name:
        values = 1 + 0.1 * values
    return torch.from_numpy(np.asarray(values, np.float32))


def published(folder: Path, config: dict[str, Any], *, older: bool = False) -> Path:
    entries = {name: weights(name, shape) for name, shape in RECORDED["shapes"].items()}
    if older:
        entries |= {name: torch.arange(5)[None] for name in POSITIONS}
    save_file(entries, folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
    return folder / "model.safetensors"


def config_with(activation: str) -> dict[str, Any]:
    config: dict[str, Any] = copy.deepcopy(RECORDED["config"])
    for tower in ("vision_config", "text_config"):
        config[tower]["hidden_act"] = activation
    return config


def image_cosines(loaded: LoadedModel, activation: str) -> np.ndarray[Any, Any]:
    pixels = np.random.RandomState(5).uniform(-1.5, 1.5, (2, 3, 32, 32)).astype(np.float32)
    with torch.no_grad():
        ours = loaded.image_tower(torch.from_numpy(pixels)).numpy()
    theirs = np.array(RECORDED["embeddings"][activation]["image"])
    return np.asarray(np.sum(ours * theirs, axis=1))


def text_cosines(loaded: LoadedModel, activation: str) -> np.ndarray[Any, Any]:
    assert loaded.text_tower is not None
    ids = torch.from_numpy(loaded.token_ids(RECORDED["texts"]))
    with torch.no_grad():
        ours = loaded.text_tower(ids).numpy()
    theirs = np.array(RECORDED["embeddings"][activation]["text"])
    return np.asarray(np.sum(ours * theirs, axis=1))


@pytest.mark.parametrize("older", [False, True], ids=["of today", "of 2023"])
@pytest.mark.parametrize("activation", ["gelu", "quick_gelu"])
def test_checkpoint_gives_the_embeddings_of_the_library_that_saved_it(
    activation: str, older: bool, tmp_path: Path
) -> None:
    loaded = load_model(published(tmp_path, config_with(activation), older=older), as_id=MODEL)
    assert (loaded.card.dimension, loaded.card.input.width) == (24, 32)
    assert image_cosines(loaded, activation).min() > 0.99999
    assert text_cosines(loaded, activation).min() > 0.99999


def test_activation_of_the_configuration_matters(tmp_path: Path) -> None:
    loaded = load_model(published(tmp_path, config_with("quick_gelu")), as_id=MODEL)
    assert image_cosines(loaded, "gelu").max() < 0.99999


def test_configuration_may_leave_out_what_is_the_librarys_default(tmp_path: Path) -> None:
    config = config_with("quick_gelu")
    for tower in ("vision_config", "text_config"):
        del config[tower]["hidden_act"]
    del config["text_config"]["max_position_embeddings"]
    loaded = load_model(published(tmp_path, config), as_id=MODEL)
    assert image_cosines(loaded, "quick_gelu").min() > 0.99999
    assert text_cosines(loaded, "quick_gelu").min() > 0.99999


def test_configuration_of_another_size_is_refused(tmp_path: Path) -> None:
    config = config_with("gelu")
    del config["vision_config"]["hidden_size"]  # the default is 768
    with pytest.raises(ModelError, match="does not fit"):
        load_model(published(tmp_path, config), as_id=MODEL)


@pytest.mark.parametrize("left", ["text_config", "vision_config"])
def test_configuration_without_a_tower_is_refused(left: str, tmp_path: Path) -> None:
    config = config_with("gelu")
    del config[left]
    with pytest.raises(ModelError, match=left):
        load_model(published(tmp_path, config), as_id=MODEL)
