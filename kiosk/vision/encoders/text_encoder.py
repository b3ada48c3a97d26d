"""Text encoders: words in, embeddings in the same space as the pictures' out."""

from __future__ import annotations

import html
import os
import string
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from kiosk.domain import Vectors
from kiosk.errors import ModelError
from kiosk.vectors import l2_normalise
from kiosk.vision.encoders.image_encoder import check_tower
from kiosk.vision.encoders.runtimes import open_graph
from kiosk.vision.models.cards import ModelFolder, find_model

BATCH_SIZE = 32  # chosen by eye
_NO_PUNCTUATION = str.maketrans("", "", string.punctuation)


class TextEncoder(Protocol):
    """Turns texts into embeddings; safe to call from several threads at once."""

    model_id: str
    dimension: int

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode texts of any length and script: float32 (n, dimension), rows of norm 1.

        What exceeds the network's context is cut off.
        """
        ...


def load_text_encoder(
    model_id: str,
    *,
    runtime: str = "auto",
    threads: int = 0,
    roots: Sequence[Path] | None = None,
) -> TextEncoder | None:
    """Load the text tower of an installed model; None where it reads no words.

    Raises:
        ModelError: unknown model, damaged file, a graph or tokenizer that does not fit.
    """
    folder = find_model(model_id, roots=roots)
    if folder.card.text is None:
        return None
    return OnnxTextEncoder(folder, runtime=runtime, threads=threads)


class OnnxTextEncoder:
    """The text tower of a model folder."""

    def __init__(self, folder: ModelFolder, *, runtime: str = "auto", threads: int = 0) -> None:
        tower = folder.card.text
        if tower is None:
            raise ModelError(
                f"The model {folder.card.id!r} reads no words.",
                next_step="Choose one with a text tower: `kiosk models list`.",
            )
        self.model_id = folder.card.id
        self.dimension = folder.card.dimension
        self._tower = tower
        path = folder.file(tower.file)
        self._graph = open_graph(path, runtime=runtime, threads=threads, model_id=self.model_id)
        check_tower(path, self._graph, tower, (tower.context_length,), self.dimension)
        self._tokenizer = _Tokenizer(folder.file(tower.tokenizer), tower.context_length)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """See `TextEncoder.encode`."""
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(texts), BATCH_SIZE):
            vectors[start : start + BATCH_SIZE] = self._graph.run(
                self.token_ids(texts[start : start + BATCH_SIZE]),
                input_name=self._tower.input,
                output_name=self._tower.output,
            )
        return l2_normalise(vectors)

    def token_ids(self, texts: Sequence[str]) -> NDArray[np.int64]:
        """Token ids as the network takes them: int64 (n, context_length), padded."""
        return self._tokenizer.ids([clean_text(text, self._tower.clean) for text in texts])


class _Tokenizer:
    """The `tokenizers` library; its files carry their own padding and length."""

    def __init__(self, path: Path, context_length: int) -> None:
        # Its own thread pool would take the camera's cores, and complains after a fork.
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        import tokenizers

        try:
            self._tokenizer = tokenizers.Tokenizer.from_file(str(path))
        except Exception as error:  # the library raises bare exceptions only
            raise ModelError(
                f"{path} is not a tokenizer: {error}.", next_step="Add the model again."
            ) from error
        self._context_length = context_length
        length = len(self._tokenizer.encode("").ids)
        if length != context_length:
            raise ModelError(
                f"{path} gives {length} ids a text; model.json says {context_length}.",
                next_step="Add the model again.",
            )

    def ids(self, texts: Sequence[str]) -> NDArray[np.int64]:
        rows = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        return np.array(rows, dtype=np.int64).reshape(len(rows), self._context_length)


def clean_text(text: str, how: str) -> str:
    """Clean a text as CLIP's own code does before it is split into tokens.

    Mojibake and typographic quotes are repaired and HTML entities resolved; `lower`
    joins white space and lower-cases; `canonicalize` also drops punctuation
    (SigLIP); `none` leaves the text alone.
    """
    if how == "none":
        return text
    import ftfy

    text = html.unescape(html.unescape(ftfy.fix_text(text))).strip()
    if how == "canonicalize":
        text = text.replace("_", " ").translate(_NO_PUNCTUATION)
    return " ".join(text.split()).lower()
