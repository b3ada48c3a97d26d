"""Zero-shot labels: which of some words fits a picture best."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kiosk.domain import Vectors
from kiosk.vision.text import TextEncoder

PROMPTS = ("a photo of {}", "a photo of a {}, a product", "a close-up photo of {}")
TEMPERATURE = 0.01


def label_vectors(
    encoder: TextEncoder, labels: Sequence[str], prompts: Sequence[str] = PROMPTS
) -> Vectors:
    """One vector a label, float32 (labels, dimension): the normalised mean over the prompts.

    Source: prompt ensembling, Radford et al., "Learning Transferable Visual Models From
    Natural Language Supervision", 2021, section 3.1.4.
    """
    texts = [prompt.format(label) for label in labels for prompt in prompts]
    vectors = encoder.encode(texts).reshape(len(labels), len(prompts), -1).mean(axis=1)
    return np.asarray(
        vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12), np.float32
    )


def label_shares(images: Vectors, labels: Vectors, temperature: float = TEMPERATURE) -> Vectors:
    """Softmax over labels of cosine / temperature: float32 (images, labels), rows sum to 1.

    The shares compare the given labels with each other; they are no probability that
    any of them is right.
    """
    logits = (images @ labels.T) / temperature
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float32)
