"""Networks without words: each family's official checkpoint goes in and serves."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from export.load.model import load_model
from kiosk.errors import ModelError
from kiosk.vision.encoders import load_encoder, preprocess_batch
from kiosk.vision.models import add_model, find_model
from tests.export import checkpoint_makers as makers
from tests.export.families import goes_in_serves_and_comes_out, shapes

pytestmark = [pytest.mark.timeout(600), pytest.mark.usefixtures("convert_here")]
FAMILIES = {
    "dinov2_small": makers.dinov2,
    "resnet18": makers.resnet18,
    "resnet50_places365": makers.places365,
    "efficientnet_b0": makers.efficientnet_b0,
    "mobilenet_v4_small": makers.mobilenet_v4,
    "vit_s16": makers.vit_s16,
}


@pytest.mark.parametrize("model_id", FAMILIES)
def test_official_checkpoint_is_added_serves_a_search_and_is_removed(
    model_id: str, tmp_path: Path
) -> None:
    goes_in_serves_and_comes_out(model_id, FAMILIES[model_id], tmp_path, words=False)


def test_gray_padded_places_network_takes_its_own_preprocessing() -> None:
    card = load_model("resnet50_places365", random_weights=True).card
    assert (card.colour, card.resize, card.dimension) == ("gray", "longest_pad", 2048)


def test_checkpoint_of_another_model_is_refused_and_nothing_stays(tmp_path: Path) -> None:
    checkpoint = makers.resnet18(tmp_path)
    with pytest.raises(ModelError, match="does not fit"):
        add_model(checkpoint, as_id="vit_s16", root=tmp_path / "models")
    assert list((tmp_path / "models").glob("*")) == []


def test_text_named_pt_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mobileclip_s0.pt").write_text("not weights")
    with pytest.raises(ModelError, match=r"not a PyTorch checkpoint|more than plain tensors"):
        add_model(tmp_path / "mobileclip_s0.pt", root=tmp_path / "models")


def test_shipped_encoder_comes_from_the_package_that_carries_its_weights() -> None:
    loaded = load_model("efficientnet_lite0")
    folder = find_model("efficientnet_lite0")
    assert folder.card.source.sha256 == loaded.card.source.sha256
    pictures = shapes()
    with torch.no_grad():
        wanted = loaded.image_tower(torch.from_numpy(preprocess_batch(pictures, folder.card)))
    vectors = load_encoder("efficientnet_lite0", runtime="onnxruntime").encode(pictures)
    assert np.sum(vectors * wanted.numpy(), axis=1).min() >= 0.9999
