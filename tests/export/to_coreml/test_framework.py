"""On a Mac, packages run on Core ML itself and answer as their networks do."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Picture

from export.to_coreml.options import ExportOptions, TowerNames
from export.to_coreml.package import export_tower
from export.to_coreml.tools import coremltools
from export.towers import load_towers
from kiosk.vision.encoders import load_encoder

MODEL = "efficientnet_lite0"
pytestmark = [
    pytest.mark.skipif(sys.platform != "darwin", reason="Core ML runs on macOS alone"),
    pytest.mark.timeout(1800),
]


def test_core_ml_answers_as_the_kiosks_encoder(tmp_path: Path) -> None:
    names = TowerNames.default(MODEL, "image")
    report = export_tower(load_towers(MODEL)[0], tmp_path, names, ExportOptions())
    package = coremltools().models.MLModel(str(report.package))
    encoder = load_encoder(MODEL, runtime="onnxruntime")
    for seed in range(4):
        pixels = np.random.default_rng(seed).integers(0, 256, (640, 640, 3), np.uint8)
        answer = package.predict({names.input: Picture.fromarray(pixels)})[names.output]
        (expected,) = encoder.encode([pixels])
        vector = np.asarray(answer, np.float32).reshape(-1)
        assert float(vector @ expected) >= 0.999
