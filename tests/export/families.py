"""What is asked of every family: its official format goes in, serves a search, comes out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from export.load.model import load_model
from kiosk.domain import Gallery, Image
from kiosk.recognition import SearchEngine
from kiosk.vision.encoders import load_encoder, load_text_encoder, preprocess_batch
from kiosk.vision.models import add_model, list_models, remove_model
from tests.export.checkpoint_makers import Maker

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


def goes_in_serves_and_comes_out(
    model_id: str, make: Maker, tmp_path: Path, *, words: bool
) -> None:
    """The checkpoint that `make` writes: added, at parity, searched with, removed."""
    root, published = tmp_path / "models", tmp_path / "published"
    published.mkdir()
    checkpoint = make(published)

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
