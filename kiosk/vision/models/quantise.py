"""An int8 twin of a model, calibrated on the shop's own pictures, kept only if as accurate.

Post-training static quantisation: weights per channel, activations per tensor, in
QDQ form (Jacob et al., "Quantization and Training of Neural Networks for Efficient
Integer-Arithmetic-Only Inference", CVPR 2018). Needs the package `onnx`.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from kiosk.domain import Image
from kiosk.errors import ModelError
from kiosk.files import scratch_folder
from kiosk.resources import models_dir
from kiosk.vectors import l2_normalise
from kiosk.vision.encoders.image_encoder import Encoder, OnnxEncoder
from kiosk.vision.encoders.preprocessing import preprocess
from kiosk.vision.models.cards import ModelFolder, find_model
from kiosk.vision.models.writing import remove_folder, write_folder

SUFFIX = "_int8"
MIN_PICTURES = 8  # chosen by eye
PARITY_PICTURES = 16  # chosen by eye
# With Clip and Relu, whose bounds then become the range of the integers.
_INTEGER_OPERATORS = ["Conv", "MatMul", "Gemm", "Clip", "Relu"]


@dataclass(frozen=True, slots=True)
class Quantised:
    """`folder` is None where the twin lost more recall than the bound and was deleted."""

    folder: ModelFolder | None
    recall_before: float
    recall_after: float
    cosine_min: float


def quantise_model(
    model_id: str,
    calibration: Sequence[Image],
    recall: Callable[[Encoder], float],
    *,
    bound: float = 0.01,
    root: Path | None = None,
    roots: Sequence[Path] | None = None,
    on_step: Callable[[str], None] = lambda _step: None,
) -> Quantised:
    """Make `<id>_int8` and keep it if its recall is at most `bound` lower.

    Args:
        calibration: RGB pictures like those that the kiosk will see; 100 to 500 are plenty.
        recall: the share of right answers on the catalogue with an encoder, 0 to 1.
        bound: how much recall may be lost.
        root: where the twin is written; `roots` is where the model is looked for.

    Raises:
        ModelError: too few pictures, already int8, or `onnx` is not installed.
        StorageError: the folder cannot be written.
    """
    source = find_model(model_id, roots=roots)
    if source.card.precision == "int8":
        raise ModelError(f"The model {model_id!r} is int8 already.")
    if len(calibration) < MIN_PICTURES:
        raise ModelError(
            f"Quantising needs at least {MIN_PICTURES} pictures to calibrate on; "
            f"got {len(calibration)}.",
            next_step="Photograph more products first.",
        )
    before = OnnxEncoder(source, runtime="onnxruntime")
    on_step("measure the original")
    recall_before = recall(before)
    on_step("quantise")
    twin = write_twin(source, calibration, root or models_dir(), before)
    after = OnnxEncoder(twin, runtime="onnxruntime")
    on_step("measure the twin")
    recall_after = recall(after)
    cosine = twin.card.parity.cosine_min
    if recall_after < recall_before - bound:
        remove_folder(twin)
        return Quantised(None, recall_before, recall_after, cosine)
    return Quantised(twin, recall_before, recall_after, cosine)


def write_twin(
    source: ModelFolder, calibration: Sequence[Image], root: Path, before: Encoder
) -> ModelFolder:
    """Write `<id>_int8`, calibrated on RGB pictures; `before` is the encoder of `source`."""
    card = source.card.model_dump(mode="json") | {
        "id": source.card.id + SUFFIX,
        "title": f"{source.card.title} int8",
        "precision": "int8",
    }

    def fill(folder: Path) -> dict[str, Any]:
        name = source.card.image.file
        batches = (preprocess(image, source.card)[None] for image in calibration)
        quantise_graph(source.file(name), folder / name, source.card.image.input, batches)
        if source.card.text is not None:
            for part in (source.card.text.file, source.card.text.tokenizer):
                shutil.copyfile(source.file(part), folder / part)
        images = list(calibration[:PARITY_PICTURES])
        cosines = np.sum(_encode(folder / name, source, images) * before.encode(images), axis=1)
        return {"parity": {"cosine_min": round(float(cosines.min()), 6), "images": len(images)}}

    return write_folder(root, card, fill)


def quantise_graph(
    source: Path, target: Path, input_name: str, batches: Iterable[NDArray[np.float32]]
) -> None:
    """Quantise an ONNX file with the given inputs, each float32 (n, 3, height, width).

    Raises:
        ModelError: the package `onnx` is not installed.
    """
    try:
        from onnxruntime import quantization
    except ImportError as error:
        raise ModelError(
            "Quantising needs the package onnx.",
            next_step="Install the extra: pip install 'shelflens[export]'.",
        ) from error
    with scratch_folder("shelflens-quantise-") as scratch, _quiet():
        folded = scratch / "folded.onnx"
        _fold(source, folded)
        quantization.quantize_static(
            str(folded),
            str(target),
            _CalibrationReader(input_name, batches),
            quant_format=quantization.QuantFormat.QDQ,
            per_channel=True,
            weight_type=quantization.QuantType.QInt8,
            activation_type=quantization.QuantType.QUInt8,
            op_types_to_quantize=_INTEGER_OPERATORS,
        )


def _fold(source: Path, target: Path) -> None:
    """Fold constants and batch norms first: the quantiser wants plain weights."""
    options = ort.SessionOptions()
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.optimized_model_filepath = str(target)
    options.log_severity_level = 3
    ort.InferenceSession(str(source), options, providers=["CPUExecutionProvider"])


class _CalibrationReader:
    """The quantiser's `CalibrationDataReader`, whose import would need the package `onnx`."""

    def __init__(self, input_name: str, batches: Iterable[NDArray[np.float32]]) -> None:
        self._inputs = ({input_name: batch} for batch in batches)

    def get_next(self) -> dict[str, NDArray[np.float32]] | None:
        return next(self._inputs, None)


@contextmanager
def _quiet() -> Iterator[None]:
    """Silence the quantiser's advice on the root logger, which is followed already."""
    logger = logging.getLogger()
    level = logger.level
    logger.setLevel(logging.ERROR)
    yield
    logger.setLevel(level)


def _encode(graph: Path, source: ModelFolder, images: Sequence[Image]) -> NDArray[np.float32]:
    from kiosk.vision.encoders.preprocessing import preprocess_batch
    from kiosk.vision.encoders.runtimes import open_graph

    tower = source.card.image
    vectors = open_graph(graph, runtime="onnxruntime").run(
        preprocess_batch(images, source.card), input_name=tower.input, output_name=tower.output
    )
    return l2_normalise(vectors)
