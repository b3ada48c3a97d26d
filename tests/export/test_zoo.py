"""Each family's official checkpoint goes in, serves a search and comes out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from export.load.model import load_model
from kiosk.domain import Gallery, Image
from kiosk.errors import ModelError
from kiosk.recognition import SearchEngine
from kiosk.vision.encoders import load_encoder, load_text_encoder, preprocess_batch
from kiosk.vision.models import add_model, find_model, list_models, remove_model
from tests.export import checkpoint_makers as makers

pytestmark = [pytest.mark.timeout(600), pytest.mark.usefixtures("convert_here")]
PICTURES_ONLY: dict[str, makers.Maker] = {
    "dinov2_small": makers.dinov2,
    "resnet18": makers.resnet18,
    "resnet50_places365": makers.places365,
    "efficientnet_b0": makers.efficientnet_b0,
    "mobilenet_v4_small": makers.mobilenet_v4,
    "vit_s16": makers.vit_s16,
}
READS_WORDS: dict[str, makers.Maker] = {
    "mobileclip2_s0": makers.mobileclip2_s0,
    "openclip_vit_b32_256": makers.openclip_vit,
    "siglip2_base": makers.siglip2,
    "tinyclip_vit_8m16": makers.tinyclip,
}
FAMILIES = PICTURES_ONLY | READS_WORDS
TEXTS = ["a carton of milk", "紅茶", "nước mắm", ""]


def shapes() -> list[Image]:
    """Five pictures of waves, each of another colour."""
    rng = np.random.default_rng(4)
    ys, xs = np.mgrid[0:90, 0:120]
    waves = [np.sin(xs / f) * np.cos(ys / g) for f, g in rng.uniform(3, 30, (5, 2))]
    tints = rng.uniform(0.2, 1, (5, 3))
    return [
        ((shape[..., None] * 0.5 + 0.5) * tint * 255).astype(np.uint8)
        for shape, tint in zip(waves, tints, strict=True)
    ]


@pytest.mark.parametrize("model_id", FAMILIES)
def test_official_checkpoint_is_added_serves_a_search_and_is_removed(
    model_id: str, tmp_path: Path
) -> None:
    root, published = tmp_path / "models", tmp_path / "published"
    published.mkdir()
    checkpoint = FAMILIES[model_id](published)

    steps: list[str] = []
    folder = add_model(
        checkpoint, as_id=model_id, root=root, on_step=lambda step, _share: steps.append(step)
    )
    assert folder.card.id == model_id
    assert folder.card.parity.cosine_min >= 0.9999
    assert steps[0] == "load"

    loaded = load_model(checkpoint, as_id=model_id, reparameterise=False)
    pictures = shapes()
    encoder = load_encoder(model_id, runtime="onnxruntime", roots=[root])
    vectors = encoder.encode(pictures)
    with torch.no_grad():
        wanted = loaded.image_tower(torch.from_numpy(preprocess_batch(pictures, folder.card)))
    assert np.sum(vectors * wanted.numpy(), axis=1).min() >= 0.9999
    assert np.linalg.matrix_rank(vectors, tol=1e-4) > 1  # the pictures are told apart

    text = load_text_encoder(model_id, runtime="onnxruntime", roots=[root])
    words = model_id in READS_WORDS
    assert [text is not None, loaded.text_tower is not None] == [words, words]
    if text is not None and loaded.text_tower is not None:
        ids = torch.from_numpy(text.token_ids(TEXTS))  # type: ignore[attr-defined]
        with torch.no_grad():
            told = loaded.text_tower(ids).numpy()
        assert np.sum(text.encode(TEXTS) * told, axis=1).min() >= 0.9999

    engine = SearchEngine()
    skus = tuple(f"P{number}" for number in range(len(pictures)))
    engine.replace(Gallery(encoder.fingerprint, vectors, skus, skus, dict.fromkeys(skus, 100)))
    assert engine.nearest(vectors[2], top=1)[0].sku == "P2"

    encoder.close()
    remove_model(model_id, roots=[root])
    assert list_models(roots=[root]) == []
    assert list(root.iterdir()) == []


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
