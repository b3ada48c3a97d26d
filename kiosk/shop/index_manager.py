"""Keep the index of the serving encoder in step with the catalogue, and change models."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kiosk.catalog import CatalogStore
from kiosk.domain import Gallery, Vectors
from kiosk.errors import ModelError, StorageError
from kiosk.fitting import Fitting, decode_fitted
from kiosk.progress import Progress, no_progress
from kiosk.recognition import MetricName, SearchEngine
from kiosk.settings import Settings
from kiosk.shop.encoding import Decode, encode_photos
from kiosk.shop.reindexer import BackgroundReindexer
from kiosk.vision.encoders import Encoder, TextEncoder, load_encoder, load_text_encoder
from kiosk.vision.models import list_models

log = logging.getLogger(__name__)

SERVING_MODEL = "serving_model"


@dataclass(frozen=True, slots=True)
class IndexFacts:
    """The model that serves and the size of its index.

    `fitting` is what the encoder takes of a picture, `batch_size` how many it takes at once.
    `is_encoder_loaded` is False until a lazy encoder was used first.
    """

    model_id: str
    fingerprint: str
    dimension: int
    fitting: Fitting
    batch_size: int
    is_encoder_loaded: bool
    products: int
    photos: int
    metric: MetricName

    @property
    def size_bytes(self) -> int:
        """Size in memory, roughly: the vectors."""
        return self.photos * self.dimension * 4


@dataclass(frozen=True, slots=True)
class ServingModel:
    """An encoder and the index of its vectors: they are only ever exchanged together."""

    encoder: Encoder
    engine: SearchEngine

    @property
    def facts(self) -> IndexFacts:
        """What may be known of it outside."""
        return IndexFacts(
            self.encoder.model_id,
            self.encoder.fingerprint,
            self.encoder.dimension,
            self.encoder.fitting,
            self.encoder.batch_size,
            self.encoder.is_loaded,
            self.engine.products,
            self.engine.photos,
            self.engine.metric_name,
        )


class IndexManager:
    """Owns the `ServingModel` in use; thread-safe.

    Hold `lock` around a change of the catalogue and the call that brings it into the index.
    `unreadable` has a sentence for each stored photo (SHA-256) that could not be read.
    """

    def __init__(self, settings: Settings, store: CatalogStore, encoder: Encoder) -> None:
        self._settings = settings
        self._store = store
        self._error_budget = settings.error_budget
        self.serving = ServingModel(encoder, self._new_engine())
        self.unreadable: dict[str, str] = {}
        self.decode: Decode = decode_fitted
        self.lock = threading.RLock()
        self._requested_model = encoder.model_id
        self._revision = -1
        self._text_lock = threading.Lock()
        self._text_of = ""
        self._text: TextEncoder | None = None
        self._listeners: list[Callable[[], None]] = []
        self.reindexer = BackgroundReindexer(lambda: self.is_behind, self._catch_up, self._tidy)

    def text_encoder(self) -> TextEncoder | None:
        """Return the text tower of the model in use, loaded at the first call, or None."""
        encoder = self.serving.encoder
        with self._text_lock:
            if self._text_of != encoder.fingerprint:
                self._text = self._load_text(encoder.model_id)
                self._text_of = encoder.fingerprint
            return self._text

    def on_change(self, callback: Callable[[], None]) -> None:
        """Call `callback`, from any thread, whenever the index has changed."""
        self._listeners.append(callback)

    @property
    def error_budget(self) -> float:
        """That of the engine, kept when the model changes."""
        return self._error_budget

    @error_budget.setter
    def error_budget(self, share: float) -> None:
        self._error_budget = self.serving.engine.error_budget = share

    def request_model(self, model_id: str) -> None:
        """Change to this model in the background."""
        self._requested_model = model_id
        self.reindexer.request_refresh()

    def load(self) -> None:
        """Bring the index to the catalogue's revision: what changed, or else everything."""
        encoder, engine = self.serving.encoder, self.serving.engine
        with self.lock:
            changes = self._store.changes_since(self._revision) if self._revision >= 0 else None
            if changes is None:
                revision = self._store.revision()
                engine.replace(self._store.gallery(encoder.fingerprint))
                engine.load(self._fit_path)
                self._revision = revision
            elif changes.revision != self._revision:
                self._apply(self._store.gallery(encoder.fingerprint, changes.skus), changes.skus)
                self._revision = changes.revision

    def reindex(self, sku: str) -> None:
        """Bring one product into the index, or out of it, as the catalogue has it.

        Where the disk refuses the vectors of new photos, they follow in the background: what
        was changed is stored, and stays.
        """
        encoder = self.serving.encoder
        product = self._store.existing([sku]).get(sku)
        if product is not None and product.active:
            known = set(self._store.gallery(encoder.fingerprint, [sku]).photos)
            missing = [p.sha256 for p in self._store.photos(sku) if p.sha256 not in known]
            try:
                self.unreadable |= encode_photos(self._store, encoder, missing, decode=self.decode)
            except StorageError as error:
                log.warning("the vectors of %s follow later: %s", sku, error)
        self._apply(self._store.gallery(encoder.fingerprint, [sku]), [sku])
        self.announce()
        self.reindexer.request_refresh()

    def refresh(self, on_progress: Progress = no_progress) -> None:
        """Encode what has no vector, load the index and refit, before returning."""
        self._encode_missing(self.serving.encoder, on_progress)
        self.load()
        self._refit()
        self.announce()

    def switch_model(
        self,
        model_id: str,
        *,
        on_progress: Progress = no_progress,
        encoder: Encoder | None = None,
    ) -> None:
        """See `Shop.switch_model`."""
        encoder = encoder or load_encoder(
            model_id, runtime=self._settings.runtime, threads=self._settings.threads
        )
        self._encode_missing(encoder, on_progress)
        if self.reindexer.stopping:
            encoder.close()
            return
        with self.lock:
            self._encode_missing(encoder)
            self.serving = ServingModel(encoder, self._new_engine())
            self._revision = -1
            self._requested_model = model_id
            self.load()
        self._refit()
        self._record_serving_model()
        self.announce()

    def _load_text(self, model_id: str) -> TextEncoder | None:
        try:
            return load_text_encoder(
                model_id, runtime=self._settings.runtime, threads=self._settings.threads
            )
        except ModelError as error:
            log.warning("no search by meaning: %s", error)
            return None

    def _new_engine(self) -> SearchEngine:
        return SearchEngine(error_budget=self._error_budget, metric=self._settings.metric)

    def _apply(self, gallery: Gallery, skus: Iterable[str]) -> None:
        engine, present = self.serving.engine, set(gallery.skus)
        for sku, photos, vectors in _by_product(gallery):
            engine.upsert(sku, gallery.prices[sku], photos, vectors)
        for sku in set(skus) - present:
            engine.remove(sku)

    def _encode_missing(self, encoder: Encoder, on_progress: Progress = no_progress) -> None:
        missing = self._store.missing_vectors(encoder.fingerprint)
        self.unreadable = encode_photos(
            self._store,
            encoder,
            [photo.sha256 for photo in missing],
            decode=self.decode,
            on_progress=on_progress,
            stopping=lambda: self.reindexer.stopping,
        )

    @property
    def is_behind(self) -> bool:
        """Whether vectors, index or metric wait to be brought up to date."""
        return (
            self._store.revision() != self._revision
            or not self.serving.engine.is_fitted
            or self._requested_model != self.serving.encoder.model_id
        )

    def _catch_up(self) -> None:
        if self._requested_model != self.serving.encoder.model_id:
            self.switch_model(self._requested_model)
            return
        self.refresh()
        self._record_serving_model()

    def _tidy(self) -> None:
        purged = self._store.purge_deleted()
        if purged:
            log.info("%d products deleted over 30 days ago are gone for good", purged)

    def _refit(self) -> None:
        if not self.serving.engine.is_fitted:
            self.serving.engine.refit()
            self.serving.engine.save(self._fit_path)

    def _record_serving_model(self) -> None:
        if self._store.value(SERVING_MODEL) != self.serving.encoder.model_id:
            self._store.put_value(SERVING_MODEL, self.serving.encoder.model_id)

    @property
    def _fit_path(self) -> Path:
        return self._settings.data_dir / f"metric-{self.serving.encoder.model_id}.npz"

    def announce(self) -> None:
        """Tell everyone who asked by `on_change`."""
        for listener in self._listeners:
            listener()


def first_model(settings: Settings, store: CatalogStore) -> str:
    """Return the model that served last, or that of the settings if it is gone."""
    last = store.value(SERVING_MODEL)
    if last and last != settings.model and any(m.card.id == last for m in list_models()):
        return last
    return settings.model


def _by_product(gallery: Gallery) -> Iterator[tuple[str, list[str], Vectors]]:
    skus = np.array(gallery.skus, dtype=object)
    for sku in dict.fromkeys(gallery.skus):
        rows = np.flatnonzero(skus == sku)
        yield sku, [gallery.photos[row] for row in rows], gallery.vectors[rows]
