"""An encoder that loads its network when it is needed, or meanwhile."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence

from kiosk.domain import Image, Vectors
from kiosk.errors import ModelError
from kiosk.vision.encoders.image_encoder import Encoder, load_encoder
from kiosk.vision.encoders.preprocessing import fitting_of
from kiosk.vision.models.cards import find_model

log = logging.getLogger(__name__)


class LazyEncoder(Encoder):
    """Knows its model's card at once, and loads the network at the first picture.

    Raises:
        ModelError: there is no such model; of a damaged one, at the first picture.
    """

    def __init__(self, model_id: str, *, runtime: str = "auto", threads: int = 0) -> None:
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

    def preload(self) -> None:
        """Begin to load the network in a thread; the first picture waits for it."""
        threading.Thread(target=self._preload, name="model", daemon=True).start()

    def encode(self, images: Sequence[Image]) -> Vectors:
        """See `Encoder.encode`."""
        return self._loaded().encode(images)

    def close(self) -> None:
        with self._lock:
            if self._encoder is not None:
                self._encoder.close()

    def _loaded(self) -> Encoder:
        with self._lock:
            if self._encoder is None:
                self._encoder = load_encoder(
                    self.model_id, runtime=self._runtime, threads=self._threads
                )
            return self._encoder

    def _preload(self) -> None:
        try:
            self._loaded()
        except ModelError as error:  # raised again for the first picture
            log.warning("the model is not ready: %s", error)
