"""Zero-shot classification: which of given labels fits a picture best."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kiosk.domain import Image, Vectors
from kiosk.errors import ConfigError, ModelError
from kiosk.settings import Settings
from kiosk.vectors import l2_normalise
from kiosk.vision.encoders import TextEncoder, load_encoder, load_text_encoder

PROMPTS = ("a photo of {}", "a photo of a {}, a product", "a close-up photo of {}")
TEMPERATURE = 0.01  # that of CLIP's training, exp(4.6) as scale


def classify(
    settings: Settings,
    images: Sequence[Image],
    labels: Sequence[str],
    temperature: float = TEMPERATURE,
) -> Vectors:
    """Encode pictures and labels with the model of `settings`; return their `label_shares`.

    Raises:
        ConfigError: no label was given.
        ModelError: the model is not installed, or reads no words.
    """
    if not labels:
        raise ConfigError("There are no labels.", next_step='Give some: --labels "apple,milk".')
    words = load_text_encoder(settings.model, runtime=settings.runtime, threads=settings.threads)
    if words is None:
        raise ModelError(
            f"The model {settings.model!r} reads no words, so it cannot choose among labels.",
            next_step="Choose one that does with --model; `kiosk models list` shows which.",
        )
    encoder = load_encoder(settings.model, runtime=settings.runtime, threads=settings.threads)
    try:
        return label_shares(encoder.encode(images), label_vectors(words, labels), temperature)
    finally:
        encoder.close()


def label_vectors(
    encoder: TextEncoder, labels: Sequence[str], prompts: Sequence[str] = PROMPTS
) -> Vectors:
    """Encode labels, float32 (labels, dimension): the normalised mean over the prompts.

    Source: prompt ensembling, Radford et al., "Learning Transferable Visual Models From
    Natural Language Supervision", 2021, section 3.1.4.
    """
    texts = [prompt.format(label) for label in labels for prompt in prompts]
    vectors = encoder.encode(texts).reshape(len(labels), len(prompts), -1).mean(axis=1)
    return l2_normalise(vectors)


def label_shares(images: Vectors, labels: Vectors, temperature: float = TEMPERATURE) -> Vectors:
    """Softmax over labels of cosine / temperature: float32 (images, labels), rows sum to 1.

    The shares compare the given labels with each other; they are not the probability that
    one of them is right.
    """
    logits = (images @ labels.T) / temperature
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float32)
