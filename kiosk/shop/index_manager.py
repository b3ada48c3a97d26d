"""Keep the index of the serving encoder in step with the catalogue, and change models."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from kiosk.catalog import CatalogStore
from kiosk.errors import ModelError, StorageError
from kiosk.fitting import Fitting, decode_fitted
from kiosk.progress import Progress, no_progress
from kiosk.recognition import MetricName
from kiosk.settings import Settings
from kiosk.shop.camera_views import encode_views
from kiosk.shop.database_index import DatabaseIndex
from kiosk.shop.encoding import Decode, encode_photos
from kiosk.shop.product_index import MemoryIndex, ProductIndex
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
    index: ProductIndex

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
            self.index.products,
            self.index.photos,
            self.index.metric_name,
        )


class IndexManager:
    """Owns the `ServingModel` in use; thread-safe.

    Hold `lock` around a change of the catalogue and the call that brings it into the index.
    `unreadable` has a sentence for each stored photo (SHA-256) that could not be read.
    """

    def __init__(
        self,
        settings: Settings,
        store: CatalogStore,
        encoder: Encoder,
        *,
        on_server: bool = False,
    ) -> None:
        """With `on_server`, the database searches, and no vectors are held here."""
        self._settings = settings
        self._store = store
        self.on_server = on_server
        self._error_budget = settings.error_budget
        self.serving = ServingModel(encoder, self._new_index(encoder))
        self.unreadable: dict[str, str] = {}
        self.decode: Decode = decode_fitted
        self.lock = threading.RLock()
        self._requested_model = encoder.model_id
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
        """That of the index, kept when the model changes."""
        return self._error_budget

    @error_budget.setter
    def error_budget(self, share: float) -> None:
        self._error_budget = self.serving.index.error_budget = share

    def request_model(self, model_id: str) -> None:
        """Change to this model in the background."""
        self._requested_model = model_id
        self.reindexer.request_refresh()

    def load(self) -> None:
        """Bring the index to the catalogue's revision."""
        with self.lock:
            self.serving.index.follow()

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
        self.serving.index.update(sku)
        self.announce()
        self.reindexer.request_refresh()

    def refresh(self, on_progress: Progress = no_progress) -> None:
        """Encode what has no vector, load the index and refit, before returning."""
        self._encode_missing(self.serving.encoder, on_progress)
        self._follow_and_refit()

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
            index = self._new_index(encoder)
            index.follow()
            self.serving = ServingModel(encoder, index)
            self._requested_model = model_id
        self._follow_and_refit()
        self._record_serving_model()

    def _load_text(self, model_id: str) -> TextEncoder | None:
        try:
            return load_text_encoder(
                model_id, runtime=self._settings.runtime, threads=self._settings.threads
            )
        except ModelError as error:
            log.warning("no search by meaning: %s", error)
            return None

    def _new_index(self, encoder: Encoder) -> ProductIndex:
        budget, metric = self._error_budget, self._settings.metric
        if self.on_server:
            return DatabaseIndex(
                self._store, encoder.fingerprint, error_budget=budget, metric=metric
            )
        return MemoryIndex(
            self._store,
            encoder.fingerprint,
            self._settings.data_dir / f"metric-{encoder.model_id}.npz",
            error_budget=budget,
            metric=metric,
        )

    def _follow_and_refit(self) -> None:
        self.load()
        self.serving.index.refit()
        self.announce()

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
        if not self.on_server:
            encode_views(
                self._store,
                encoder,
                decode=self.decode,
                on_progress=on_progress,
                stopping=lambda: self.reindexer.stopping,
            )

    @property
    def is_behind(self) -> bool:
        """Whether vectors, index or metric wait to be brought up to date."""
        return (
            self._requested_model != self.serving.encoder.model_id or self.serving.index.is_behind()
        )

    def _catch_up(self) -> None:
        if self._requested_model != self.serving.encoder.model_id:
            self.switch_model(self._requested_model)
            return
        if self._store.missing_vectors(self.serving.encoder.fingerprint):
            with self._store.database.alone() as mine:
                if mine:
                    self._encode_missing(self.serving.encoder)
        self._follow_and_refit()
        self._record_serving_model()

    def _tidy(self) -> None:
        purged = self._store.purge_deleted()
        if purged:
            log.info("%d products deleted over 30 days ago are gone for good", purged)

    def _record_serving_model(self) -> None:
        if self._store.value(SERVING_MODEL) != self.serving.encoder.model_id:
            self._store.put_value(SERVING_MODEL, self.serving.encoder.model_id)

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
