"""Towers from the models that `export.load` knows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from export.coreml.tower import ImageTower, TextTower, Tokens
from export.load import LoadedModel, load_model
from kiosk.vision.encoders import clean_text

_SEED = 20
RANDOM_VERSION = "random weights"


def load_towers(
    model: str | Path, *, as_id: str | None = None, random_weights: bool = False
) -> tuple[ImageTower, TextTower | None]:
    """The towers of a model, its training branches folded; None where it reads no words.

    Random weights are the same every time, so that verify can build them again.

    Raises:
        ModelError: unknown model, no checkpoint found, or one that does not fit.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(_SEED)
        loaded = load_model(model, as_id=as_id, random_weights=random_weights)
    return ImageTower(loaded.image_tower, loaded.card), _text_tower(loaded)


def _text_tower(loaded: LoadedModel) -> TextTower | None:
    text, tokenizer = loaded.card.text, loaded.tokenizer
    if loaded.text_tower is None or tokenizer is None or text is None:
        return None

    def tokenize(texts: Sequence[str]) -> Tokens:
        return _tokenize(tokenizer, [clean_text(one, text.clean) for one in texts])

    return TextTower(
        loaded.text_tower, loaded.card, text.context_length, tokenize, tokenizer.to_str()
    )


def _tokenize(tokenizer: Tokenizer, texts: Sequence[str]) -> Tokens:
    return np.array([found.ids for found in tokenizer.encode_batch(list(texts))], np.int32)
