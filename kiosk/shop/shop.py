"""`Shop`: the facade on which window, command line and API stand."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from kiosk.catalog.store import CatalogStore
from kiosk.config import Settings
from kiosk.domain import Candidate, Image, Photo, Product, Recognition, Vectors
from kiosk.pictures import fit_within, read_picture
from kiosk.search.engine import SearchEngine
from kiosk.search.rehearsal import Rehearsal
from kiosk.shop.finding import SearchHit, fuse_ranks
from kiosk.shop.upkeep import Upkeep
from kiosk.vision.encoder import Encoder, load_encoder

ENCODE_BATCH = 16
Progress = Callable[[int, int], None]


class Shop:
    """Catalogue, encoder and index of one shop; every method may be called from any thread.

    A change is in the index when its method returns. The metric is refitted in the
    background afterwards, and recognition goes on meanwhile.
    """

    def __init__(
        self, settings: Settings, store: CatalogStore, encoder: Encoder, engine: SearchEngine
    ) -> None:
        self.settings = settings
        self.store = store
        self.encoder = encoder
        self.engine = engine
        self._change = threading.RLock()
        self._listeners: list[Callable[[], None]] = []
        self._revision = -1
        self._upkeep = Upkeep(self._is_behind, self._catch_up)

    @classmethod
    def open(
        cls, settings: Settings, *, encoder: Encoder | None = None, upkeep: bool = True
    ) -> Shop:
        """Open the catalogue and load the index; photos without vectors follow in the background.

        Raises:
            ModelError: the model folder is missing or damaged.
            StorageError, CatalogError: the database cannot be opened.
        """
        store = CatalogStore.open(settings.db)
        try:
            encoder = encoder or load_encoder(
                settings.model, runtime=settings.runtime, threads=settings.threads
            )
            engine = SearchEngine(error_budget=settings.error_budget, metric=settings.metric)
            shop = cls(settings, store, encoder, engine)
            shop._load_index()
        except BaseException:
            store.close()
            raise
        if upkeep:
            shop._upkeep.start()
            shop._upkeep.nudge()
        return shop

    def close(self) -> None:
        self._upkeep.stop()
        self.encoder.close()
        self.store.close()

    def __enter__(self) -> Shop:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # Recognition

    def embed(self, image: Image) -> Vectors:
        """The embedding of one picture: float32 (1, dimension), L2 norm 1."""
        return self.encoder.encode([image])

    def recognise(
        self, vectors: Vectors, weights: NDArray[np.float32] | None = None
    ) -> Recognition:
        """The answer for several frames (n, dimension) of one presentation."""
        return self.engine.recognise(vectors, weights)

    def look_alikes(self, vectors: Vectors, top: int = 3) -> list[Candidate]:
        """The products nearest to the mean of `vectors`, best first."""
        mean = vectors.mean(axis=0, keepdims=True)
        return self.engine.nearest(mean / max(float(np.linalg.norm(mean)), 1e-12), top)

    def rehearse(self, sku: str) -> Rehearsal:
        """How often each photo of `sku` is recognised from the others."""
        return self.engine.rehearse(sku)

    # Changes by staff

    def enrol(self, product: Product, pictures: Sequence[Image]) -> Rehearsal:
        """Store a product with its photos and rehearse it. Durable when it returns."""
        with self._change:
            self.store.put_product(product)
            self._store_photos(product.sku, pictures)
            self._reindex(product.sku)
        return self.engine.rehearse(product.sku)

    def add_photos(self, sku: str, pictures: Sequence[Image]) -> list[Photo]:
        with self._change:
            photos = self._store_photos(sku, pictures)
            self._reindex(sku)
        return photos

    def remove_photo(self, sku: str, sha256: str) -> None:
        with self._change:
            self.store.remove_photo(sku, sha256)
            self._reindex(sku)

    def save_product(self, product: Product) -> Product:
        with self._change:
            saved = self.store.put_product(product)
            self._reindex(product.sku)
        return saved

    def retire(self, sku: str) -> None:
        self._take_out(sku, self.store.retire)

    def delete(self, sku: str) -> None:
        """Delete a product; `undo_delete` brings it back with its photos."""
        self._take_out(sku, self.store.delete)

    def restore(self, sku: str) -> None:
        with self._change:
            self.store.restore(sku)
            self._reindex(sku)

    def undo_delete(self, sku: str) -> None:
        with self._change:
            self.store.undo_delete(sku)
            self._reindex(sku)

    # Search

    def search(
        self, *, image: Image | None = None, text: str = "", top: int = 5, category: str = ""
    ) -> list[SearchHit]:
        """Products by picture, by words, or by both (fused by rank), best first."""
        seen = self._candidates(image, max(top, 20)) if image is not None else {}
        words = [sku for sku, _ in self.store.find_text(text, limit=max(top * 4, 50))] if text else []
        weight = self.settings.image_weight
        order = fuse_ranks([(weight, list(seen)), (1 - weight, words)]) if seen and words else (
            list(seen) or words
        )
        hits = []
        for sku in order:
            product = self.store.product(sku)
            if product.active and (not category or product.category == category):
                found = seen.get(sku)
                hits.append(
                    SearchHit(
                        product,
                        found.similarity if found else None,
                        found.confidence if found else None,
                    )
                )
            if len(hits) == top:
                break
        return hits

    def thumbnail(self, sku: str, side: int) -> Image | None:
        """The product's cover photo, longest side at most `side` pixels; None without one."""
        cover = self.store.cover(sku)
        return None if cover is None else fit_within(self._photo(cover.sha256), side)

    # Keeping in step

    def refresh(self, on_progress: Progress | None = None) -> None:
        """Encode every photo that has no vector yet, reload the index and refit, now."""
        self._encode_missing(on_progress)
        with self._change:
            self._load_index()
        self._refit()

    def on_change(self, callback: Callable[[], None]) -> None:
        """Call `callback`, from any thread, whenever the index has changed."""
        self._listeners.append(callback)

    def wait_until_tuned(self, timeout_s: float) -> bool:
        """Wait until the background has caught up with every change made so far."""
        return self._upkeep.wait_idle(timeout_s)

    @property
    def fault(self) -> str:
        """What keeps the index from being up to date, in a sentence; empty when all is well."""
        return self._upkeep.fault

    def _candidates(self, image: Image, top: int) -> dict[str, Candidate]:
        vector = self.embed(image)
        best = self.engine.recognise(vector).candidates
        found = {candidate.sku: candidate for candidate in best}
        for candidate in self.engine.nearest(vector, top):
            found.setdefault(candidate.sku, candidate)
        return found

    def _store_photos(self, sku: str, pictures: Sequence[Image]) -> list[Photo]:
        return [self.store.add_photo(sku, picture) for picture in pictures]

    def _take_out(self, sku: str, change: Callable[[str], None]) -> None:
        with self._change:
            change(sku)
            self.engine.remove(sku)
        self._changed()

    def _reindex(self, sku: str) -> None:
        product = self.store.product(sku)
        photos, vectors = self._vectors_of(sku)
        if product.active and len(photos):
            self.engine.upsert(sku, product.price.minor, photos, vectors)
        else:
            self.engine.remove(sku)
        self._changed()

    def _vectors_of(self, sku: str) -> tuple[tuple[str, ...], Vectors]:
        known = self.store.product_vectors(self.encoder.model_id, sku)
        names = tuple(photo.sha256 for photo in self.store.photos(sku))
        missing = [name for name in names if name not in known]
        if missing:
            fresh = dict(zip(missing, self._encode(missing), strict=True))
            self.store.put_vectors(self.encoder.model_id, fresh)
            known = known | fresh
        rows = [known[name] for name in names]
        empty = np.empty((0, self.encoder.dimension), np.float32)
        return names, np.stack(rows) if rows else empty

    def _encode(self, names: Sequence[str]) -> Vectors:
        return self.encoder.encode([self._photo(name) for name in names])

    def _photo(self, sha256: str) -> Image:
        return read_picture(self.store.photo_path(sha256))

    def _encode_missing(self, on_progress: Progress | None = None) -> None:
        names = [photo.sha256 for photo in self.store.missing_vectors(self.encoder.model_id)]
        for start in range(0, len(names), ENCODE_BATCH):
            if self._upkeep.stopping:
                return
            batch = names[start : start + ENCODE_BATCH]
            vectors = self._encode(batch)
            self.store.put_vectors(self.encoder.model_id, dict(zip(batch, vectors, strict=True)))
            if on_progress:
                on_progress(min(start + ENCODE_BATCH, len(names)), len(names))

    def _load_index(self) -> None:
        self._revision = self.store.revision()
        gallery = self.store.gallery(self.encoder.model_id)
        self.engine.replace(gallery)
        self.engine.load(self._fit_path)

    def _is_behind(self) -> bool:
        return self.store.revision() != self._revision or not self.engine.is_fitted

    def _catch_up(self) -> None:
        self._encode_missing()
        with self._change:
            self._load_index()
        self._refit()
        self._announce()

    def _refit(self) -> None:
        if not self.engine.is_fitted:
            self.engine.refit()
            self.engine.save(self._fit_path)

    @property
    def _fit_path(self) -> Path:
        return self.settings.data_dir / f"metric-{self.encoder.model_id}.npz"

    def _changed(self) -> None:
        self._announce()
        self._upkeep.nudge()

    def _announce(self) -> None:
        for listener in self._listeners:
            listener()
