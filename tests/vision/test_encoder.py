"""The image tower: unit vectors, the same from every thread, clear refusals."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from kiosk.errors import BugError, ModelError
from kiosk.vision.encoders import load_encoder
from kiosk.vision.models import sha256_of
from tests.vision.conftest import MakeModel, tiny_graph


def _pictures(count: int, side: int = 40) -> list[np.ndarray]:
    rng = np.random.default_rng(5)
    return [rng.integers(0, 255, (side, side + i, 3), dtype=np.uint8) for i in range(count)]


def test_rows_have_norm_one(make_model: MakeModel) -> None:
    encoder = load_encoder("tiny", roots=[make_model()])
    vectors = encoder.encode(_pictures(3))
    assert vectors.shape == (3, 12)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)


def test_shipped_encoder_tells_pictures_apart_and_knows_one_again() -> None:
    encoder = load_encoder("efficientnet_lite0", threads=1)
    plain = np.full((200, 200, 3), 200, np.uint8)
    ramp = np.tile(np.linspace(0, 255, 200).astype(np.uint8)[None, :, None], (200, 1, 3))
    checks = ((np.indices((200, 200)) // 20).sum(axis=0) % 2 * 255).astype(np.uint8)
    board = np.repeat(checks[..., None], 3, axis=2)
    vectors = encoder.encode([board, ramp, plain, np.roll(board, 3, axis=1)])
    assert vectors.shape == (4, encoder.dimension)
    similar = vectors @ vectors[0]
    assert similar[3] > 0.9
    assert max(similar[1:3]) < similar[3]


def test_no_pictures_give_no_rows(make_model: MakeModel) -> None:
    assert load_encoder("tiny", roots=[make_model()]).encode([]).shape == (0, 12)


def test_more_pictures_than_a_batch_equal_single_runs(make_model: MakeModel) -> None:
    encoder = load_encoder("tiny", roots=[make_model()])
    pictures = _pictures(37, side=12)
    alone = np.concatenate([encoder.encode([picture]) for picture in pictures])
    assert np.allclose(encoder.encode(pictures), alone, atol=1e-6)


def test_threads_get_the_same_vectors_at_once(make_model: MakeModel) -> None:
    encoder = load_encoder("tiny", roots=[make_model()])
    pictures = _pictures(8)
    wanted = encoder.encode(pictures)
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _: encoder.encode(pictures), range(32)))
    assert all(np.array_equal(result, wanted) for result in results)


def test_closed_encoder_says_so(make_model: MakeModel) -> None:
    encoder = load_encoder("tiny", roots=[make_model()])
    encoder.close()
    with pytest.raises(BugError, match="closed"):
        encoder.encode(_pictures(1))


def _spoil(root: Path, **changes: object) -> Path:
    path = root / "tiny" / "model.json"
    card = json.loads(path.read_text()) | changes
    path.write_text(json.dumps(card))
    return root


def test_graph_of_another_input_size_is_refused(make_model: MakeModel) -> None:
    root = _spoil(make_model(), input={"width": 16, "height": 16})
    with pytest.raises(ModelError, match=r"3, 16, 16"):
        load_encoder("tiny", roots=[root])


def test_graph_of_another_dimension_is_refused(make_model: MakeModel) -> None:
    root = _spoil(make_model(), dimension=512)
    with pytest.raises(ModelError, match=r"model\.json says \(n, 512\)"):
        load_encoder("tiny", roots=[root])


def test_graph_with_other_names_is_refused(make_model: MakeModel) -> None:
    tower = {"file": "image.onnx", "input": "pixels", "output": "embedding"}
    root = _spoil(make_model(), image=tower)
    with pytest.raises(ModelError, match="should have the input 'pixels'"):
        load_encoder("tiny", roots=[root])


def test_file_that_is_no_graph_is_refused(make_model: MakeModel) -> None:
    root = make_model()
    path = root / "tiny" / "image.onnx"
    path.write_bytes(b"not a graph")
    _spoil(root, files={"image.onnx": sha256_of(path)})
    with pytest.raises(ModelError, match="cannot be loaded"):
        load_encoder("tiny", roots=[root])


def test_runtime_that_is_not_installed_is_refused(make_model: MakeModel) -> None:
    with pytest.raises(ModelError, match="directml"):
        load_encoder("tiny", runtime="directml", roots=[make_model()])


def test_smaller_output_than_the_card_says_is_noticed_at_load(make_model: MakeModel) -> None:
    root = make_model()
    path = root / "tiny" / "image.onnx"
    tiny_graph(path, dimension=6)
    _spoil(root, files={"image.onnx": sha256_of(path)})
    with pytest.raises(ModelError, match="takes or gives the shape"):
        load_encoder("tiny", roots=[root])
