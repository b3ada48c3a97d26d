"""Encoders: pictures in, L2-normalised embeddings out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from kiosk.domain import Image, Vectors
from kiosk.errors import BugError, ModelError
from kiosk.fitting import WHOLE, Fitting
from kiosk.vectors import l2_normalise
from kiosk.vision.encoders.preprocessing import fitting_of, preprocess_batch
from kiosk.vision.encoders.runtimes import Graph, Shape, open_graph
from kiosk.vision.models.cards import ModelFolder, Tower, find_model

# A CPU gains nothing from larger batches and pays for them in memory; a GPU gains.
BATCH_SIZES = {"cuda": 16, "directml": 16, "coreml": 8}


class Encoder(Protocol):
    """Turns pictures into embeddings; safe to call from several threads at once.

    `fingerprint` names what the vectors depend on (model id, graph and preprocessing):
    only vectors with the same fingerprint may be compared. `batch_size` pictures go
    through the network at once: where it is 1, callers gain by several threads.
    `fitting` is what the network takes of a picture: callers that decode may fit it already.
    """

    model_id: str
    fingerprint: str
    dimension: int
    batch_size: int = 1
    fitting: Fitting = WHOLE

    @property
    def is_loaded(self) -> bool:
        """Whether the network is in memory."""
        return True

    def preload(self) -> None:
        """Make ready in the background what the first picture would have to wait for."""
        return

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
        runtime: a name that `kiosk.settings.Settings.runtime` takes.
        threads: for one picture; 0 = automatic.
        roots: folders to look in instead of the usual ones.

    Raises:
        ModelError: unknown model, damaged file, or a graph that does not fit its card.
    """
    return OnnxEncoder(find_model(model_id, roots=roots), runtime=runtime, threads=threads)


class OnnxEncoder(Encoder):
    """The image tower of a model folder."""

    def __init__(self, folder: ModelFolder, *, runtime: str = "auto", threads: int = 0) -> None:
        self.card = folder.card
        self.model_id = folder.card.id
        self.fingerprint = folder.card.fingerprint
        self.dimension = folder.card.dimension
        path = folder.file(folder.card.image.file)
        if folder.card.precision == "int8":
            # Runtimes round integers differently: OpenVINO's vectors are cosine .998 to these.
            runtime = "onnxruntime"
        graph = open_graph(path, runtime=runtime, threads=threads, model_id=self.model_id)
        size = self.card.input
        self.fitting = fitting_of(self.card)
        check_tower(path, graph, self.card.image, (3, size.height, size.width), self.dimension)
        self.runtime = graph.runtime
        self.batch_size = BATCH_SIZES.get(graph.runtime, 1)
        self._graph: Graph | None = graph

    def encode(self, images: Sequence[Image]) -> Vectors:
        """See `Encoder.encode`; memory is bounded by `batch_size` pictures."""
        graph, tower = self._graph, self.card.image
        if graph is None:
            raise BugError(f"The encoder {self.model_id!r} is closed.")
        vectors = np.empty((len(images), self.dimension), dtype=np.float32)
        for start in range(0, len(images), self.batch_size):
            part = slice(start, start + self.batch_size)
            batch = preprocess_batch(images[part], self.card)
            vectors[part] = graph.run(batch, input_name=tower.input, output_name=tower.output)
        return l2_normalise(vectors)

    def close(self) -> None:
        self._graph = None


def check_tower(
    path: Path, graph: Graph, tower: Tower, wanted: tuple[int, ...], dimension: int
) -> None:
    """Compare a graph with its card: names, input shape, dimension.

    Raises:
        ModelError: they differ.
    """
    if tower.input not in graph.inputs or tower.output not in graph.outputs:
        raise ModelError(
            f"{path} should have the input {tower.input!r} and the output {tower.output!r}; "
            f"it has {sorted(graph.inputs)} and {sorted(graph.outputs)}.",
            next_step="Correct model.json, or add the model again.",
        )
    _check_shape(path, graph.inputs[tower.input], wanted)
    _check_shape(path, graph.outputs[tower.output], (dimension,))


def _check_shape(path: Path, got: Shape, wanted: tuple[int, ...]) -> None:
    fits = len(got) == len(wanted) + 1 and all(
        not isinstance(axis, int) or axis == want
        for axis, want in zip(got[1:], wanted, strict=True)
    )
    if not fits:
        raise ModelError(
            f"{path} takes or gives the shape {list(got)}; "
            f"model.json says (n, {', '.join(map(str, wanted))}).",
            next_step="Correct model.json, or add the model again.",
        )
