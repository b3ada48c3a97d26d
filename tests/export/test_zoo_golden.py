"""MobileCLIP v1 in Apple's format gives Apple's own embeddings."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import torch

from kiosk.vision.encoders import open_graph
from kiosk.vision.encoders.text_encoder import OnnxTextEncoder
from kiosk.vision.models import add_model, find_model

pytestmark = [pytest.mark.timeout(900), pytest.mark.usefixtures("convert_here")]


def _stand_in_weights(folder: Path) -> ModuleType:
    path = folder / "mobileclip" / "weights.py"
    if not path.is_file():
        pytest.skip(f"no stand-in weights at {path}; set SHELFLENS_BENCH_DATA")
    spec = importlib.util.spec_from_file_location("stand_in_weights", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    "model_id", ["mobileclip_s0", "mobileclip_s1", "mobileclip_s2", "mobileclip_b"]
)
def test_apples_checkpoint_gives_apples_embeddings(
    model_id: str, bench_data: Path, tmp_path: Path
) -> None:
    """The checkpoint with stand-in weights goes through `add`; the ONNX towers are compared."""
    weights = _stand_in_weights(bench_data)
    golden = json.loads((bench_data / "mobileclip" / "golden.json").read_text())[model_id]
    checkpoint = tmp_path / f"{model_id}.pt"
    torch.save(weights.state_dict(model_id), checkpoint)

    add_model(checkpoint, root=tmp_path / "models")

    folder = find_model(model_id, roots=[tmp_path / "models"])
    assert folder.card.mean == (0, 0, 0)
    assert folder.card.std == (1, 1, 1)
    assert folder.card.licence.commercial_use == "no"
    graph = open_graph(folder.file("image.onnx"), runtime="onnxruntime")
    picture = weights.image(golden["image_size"]).numpy()
    image = graph.run(picture, input_name="image", output_name="embedding")[0]
    assert float(image @ np.array(golden["image"])) >= 0.9999

    text = OnnxTextEncoder(folder, runtime="onnxruntime")
    assert text.token_ids(golden["texts"]).tolist() == golden["tokens"]
    cosines = np.sum(text.encode(golden["texts"]) * np.array(golden["text"]), axis=1)
    assert cosines.min() >= 0.9999
