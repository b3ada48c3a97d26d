"""An encoder that loads its network at the first picture (LAZY_LOAD_MODEL)."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from kiosk.domain import Image, Vectors
from kiosk.vision.encoders import Encoder, fitting_of, load_encoder
from kiosk.vision.models import find_model


class LazyEncoder(Encoder):
    """Knows its model's card at once, and the network when it is needed."""

    def __init__(self, model_id: str, runtime: str, threads: int) -> None:
        card = find_model(model_id).card
        self.model_id = card.id
        self.fingerprint = card.fingerprint
        self.dimension = card.dimension
        self.fitting = fitting_of(card)
        self._runtime = runtime
        self._threads = threads
        self._lock = threading.Lock()
        self._encoder: Encoder | None = None

    @property
    def is_loaded(self) -> bool:
        return self._encoder is not None

    def encode(self, images: Sequence[Image]) -> Vectors:
        """See `Encoder.encode`."""
        with self._lock:
            if self._encoder is None:
                self._encoder = load_encoder(
                    self.model_id, runtime=self._runtime, threads=self._threads
                )
        return self._encoder.encode(images)

    def close(self) -> None:
        with self._lock:
            if self._encoder is not None:
                self._encoder.close()
