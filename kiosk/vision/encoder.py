"""Encoders: pictures in, L2-normalised embeddings out, through ONNX Runtime."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import onnxruntime as ort

from kiosk.domain import Image, Vectors
from kiosk.errors import BugError, ModelError
from kiosk.vision.models import ModelFolder, find_model
from kiosk.vision.preprocess import preprocess_batch

BATCH = 16
_MAX_AUTOMATIC_THREADS = 4


class Encoder(Protocol):
    """Turns pictures into embeddings; safe to call from several threads at once.

    `fingerprint` names what the vectors depend on (model id, graph and preprocessing):
    only vectors with the same fingerprint may be compared.
    """

    model_id: str
    fingerprint: str
    dimension: int

    def encode(self, images: Sequence[Image]) -> Vectors:
        """Encode RGB pictures, uint8 (h, w, 3): float32 (n, dimension), rows of norm 1."""
        ...

    def close(self) -> None:
        """Free the network; encoding afterwards is an error."""
        ...


def load_encoder(
    model_id: str,
    *,
    runtime: str = "auto",
    threads: int = 0,
    roots: Sequence[Path] | None = None,
) -> Encoder:
    """Load the image tower of an installed model.

    Args:
        model_id: name of a folder under `checkpoints/`.
        runtime: a name that `kiosk.config.Settings.runtime` takes.
        threads: for one picture; 0 = automatic.
        roots: folders to look in instead of the usual ones.

    Raises:
        ModelError: unknown model, damaged file, or a graph that does not fit its card.
    """
    if runtime not in ("auto", "onnxruntime"):
        raise ModelError(f"The runtime {runtime!r} is not installed.", next_step="Set it to auto.")
    return OnnxEncoder(find_model(model_id, roots=roots), threads=threads)


class OnnxEncoder:
    """An image tower in ONNX Runtime."""

    def __init__(self, folder: ModelFolder, *, threads: int = 0) -> None:
        self.card = folder.card
        self.model_id = folder.card.id
        self.fingerprint = folder.card.fingerprint
        self.dimension = folder.card.dimension
        self._session: ort.InferenceSession | None = open_session(
            folder.file(folder.card.image.file), threads
        )
        _check_graph(self._session, folder)

    def encode(self, images: Sequence[Image]) -> Vectors:
        """See `Encoder.encode`; runs in batches of at most 16, so memory is bounded."""
        session = self._session
        if session is None:
            raise BugError(f"The encoder {self.model_id!r} is closed.")
        vectors = np.empty((len(images), self.dimension), dtype=np.float32)
        for start in range(0, len(images), BATCH):
            batch = preprocess_batch(images[start : start + BATCH], self.card)
            output = session.run([self.card.image.output], {self.card.image.input: batch})[0]
            vectors[start : start + BATCH] = output
        return normalise(vectors)

    def close(self) -> None:
        self._session = None


def open_session(path: Path, threads: int = 0) -> ort.InferenceSession:
    """Open an ONNX file with bounded threads that sleep while they wait.

    Raises:
        ModelError: the file is no ONNX graph that this ONNX Runtime can run.
    """
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads or automatic_threads()
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # the arena keeps the largest batch's memory for ever
    options.log_severity_level = 3
    # Spinning threads would take a core from the screen and the camera.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.inter_op.allow_spinning", "0")
    try:
        return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime's errors share no other base
        raise ModelError(
            f"{path} cannot be loaded: {str(error).splitlines()[0]}",
            next_step="Add the model again.",
        ) from error


def automatic_threads() -> int:
    """One thread for each core that this process may use, at most four."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, min(_MAX_AUTOMATIC_THREADS, len(os.sched_getaffinity(0))))
    return max(1, min(_MAX_AUTOMATIC_THREADS, os.cpu_count() or 1))


def normalise(vectors: Vectors) -> Vectors:
    """Scale each row to L2 norm 1; a zero row stays zero."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-12), dtype=np.float32)


def _check_graph(session: ort.InferenceSession, folder: ModelFolder) -> None:
    card = folder.card
    inputs = {node.name: node.shape for node in session.get_inputs()}
    outputs = {node.name: node.shape for node in session.get_outputs()}
    where = folder.file(card.image.file)
    if card.image.input not in inputs or card.image.output not in outputs:
        raise ModelError(
            f"{where} should have the input {card.image.input!r} and the output "
            f"{card.image.output!r}; it has {sorted(inputs)} and {sorted(outputs)}.",
            next_step="Correct model.json, or add the model again.",
        )
    _check_shape(where, inputs[card.image.input], (3, card.input.height, card.input.width))
    _check_shape(where, outputs[card.image.output], (card.dimension,))


def _check_shape(where: Path, got: Sequence[int | str | None], wanted: tuple[int, ...]) -> None:
    fits = len(got) == len(wanted) + 1 and all(
        not isinstance(axis, int) or axis == want
        for axis, want in zip(got[1:], wanted, strict=True)
    )
    if not fits:
        raise ModelError(
            f"{where} takes or gives the shape {list(got)}; "
            f"model.json says (n, {', '.join(map(str, wanted))}).",
            next_step="Correct model.json, or add the model again.",
        )
