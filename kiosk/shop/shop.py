"""`Shop`: the facade on which window, command line and API stand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from kiosk.catalog import CatalogStore, open_catalogue
from kiosk.catalog.sync import SyncReport, sync_pictures
from kiosk.domain import Candidate, Image, Photo, Product, Recognition, Vectors
from kiosk.pictures import fit_within, read_picture
from kiosk.recognition import Rehearsal, SearchEngine
from kiosk.settings import Settings
from kiosk.shop.encoding import Decode, Progress, decode_here, encode_images, needed_side
from kiosk.shop.index_manager import IndexManager, model_to_start_with
from kiosk.shop.product_search import Finder, SearchHit
from kiosk.vectors import l2_normalise
from kiosk.vision.encoders import Encoder, TextEncoder, automatic_threads, load_encoder

Picture = Image | bytes
"""RGB pixels, or the bytes of a picture file (a JPEG is stored as it is)."""


class Shop:
    """Catalogue, encoder and index of one shop; every method may be called from any thread.

    A change is in the index when its method returns. The metric is refitted in the
    background afterwards, and recognition goes on meanwhile.
    """

    def __init__(self, settings: Settings, store: CatalogStore, keeper: IndexManager) -> None:
        self.settings = settings
        self.store = store
        self._keeper = keeper

    @classmethod
    def open(
        cls, settings: Settings, *, encoder: Encoder | None = None, upkeep: bool = True
    ) -> Shop:
        """Open the catalogue and load the index.

        With `upkeep`, a background thread encodes photos without vectors, follows other
        processes' changes, refits, and changes to `settings.model` while the model that
        served last goes on serving. Without, `refresh` does it when it is called.

        Raises:
            ModelError: the model folder is missing or damaged.
            StorageError, CatalogError: the database cannot be opened.
        """
        store = open_catalogue(settings.db)
        try:
            wanted = encoder.model_id if encoder else settings.model
            if encoder is None:
                model_id = model_to_start_with(settings, store) if upkeep else wanted
                encoder = load_encoder(model_id, runtime=settings.runtime, threads=settings.threads)
            keeper = IndexManager(settings, store, encoder)
            keeper.load()
        except BaseException:
            store.close()
            raise
        if upkeep:
            keeper.want_model(wanted)
            keeper.upkeep.start()
        return cls(settings, store, keeper)

    def close(self) -> None:
        """Join the background thread and close everything."""
        self._keeper.upkeep.stop()
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

    @property
    def encoder(self) -> Encoder:
        return self._keeper.brain.encoder

    @property
    def text_encoder(self) -> TextEncoder | None:
        """What puts words into the encoder's space; None where the model reads none."""
        return self._keeper.text_encoder()

    @property
    def engine(self) -> SearchEngine:
        return self._keeper.brain.engine

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
        return self.engine.nearest(l2_normalise(mean), top)

    def rehearse(self, sku: str) -> Rehearsal:
        """How often each photo of `sku` is recognised from the others."""
        return self.engine.rehearse(sku)

    # Changes by staff

    def enrol(self, product: Product, pictures: Sequence[Picture]) -> Rehearsal:
        """Store a product with its photos and rehearse it. Durable when it returns."""
        with self._keeper.lock:
            self.store.put_product(product)
            self._add_photos(product.sku, pictures)
        return self.engine.rehearse(product.sku)

    def add_photos(self, sku: str, pictures: Sequence[Picture]) -> list[Photo]:
        with self._keeper.lock:
            return self._add_photos(sku, pictures)

    def remove_photo(self, sku: str, sha256: str) -> None:
        with self._keeper.lock:
            self.store.remove_photo(sku, sha256)
            self._keeper.reindex(sku)

    def save_product(self, product: Product) -> Product:
        with self._keeper.lock:
            saved = self.store.put_product(product)
            self._keeper.reindex(product.sku)
        return saved

    def retire(self, sku: str) -> None:
        with self._keeper.lock:
            self.store.retire(sku)
            self._keeper.take_out(sku)

    def restore(self, sku: str) -> None:
        with self._keeper.lock:
            self.store.restore(sku)
            self._keeper.reindex(sku)

    def delete(self, sku: str) -> None:
        """Delete a product; `undo_delete` brings it back with its photos."""
        with self._keeper.lock:
            self.store.delete(sku)
            self._keeper.take_out(sku)

    def undo_delete(self, sku: str) -> None:
        with self._keeper.lock:
            self.store.undo_delete(sku)
            self._keeper.reindex(sku)

    # Search

    def search(
        self,
        *,
        image: Image | None = None,
        vector: Vectors | None = None,
        text: str = "",
        top: int = 5,
        category: str = "",
        image_weight: float | None = None,
    ) -> list[SearchHit]:
        """Products by picture, by words ("oat drink -sugar"), or by both, best first.

        `vector`, float32 (1, dimension), stands for a picture that is encoded already.
        """
        brain = self._keeper.brain
        finder = Finder(self.store, brain.engine, self.text_encoder)
        return finder.find(
            brain.encoder.encode([image]) if vector is None and image is not None else vector,
            text,
            image_weight=self.settings.image_weight if image_weight is None else image_weight,
            top=top,
            category=category,
        )

    def thumbnail(self, sku: str, side: int) -> Image | None:
        """The product's cover photo, longest side at most `side` pixels; None without one."""
        cover = self.store.cover(sku)
        return (
            None
            if cover is None
            else fit_within(read_picture(self.store.photo_path(cover.sha256)), side)
        )

    # Keeping in step

    def switch_model(
        self,
        model_id: str,
        *,
        on_progress: Progress | None = None,
        encoder: Encoder | None = None,
    ) -> None:
        """Encode the catalogue with another model, then let it serve in place of the old one.

        The old model answers until the new one is complete. Killed in the middle, the next
        call goes on where this one ended. `encoder` is for callers that hold it already.

        Raises:
            ModelError: the model folder is missing or damaged; the old one goes on serving.
        """
        self._keeper.switch_model(model_id, on_progress=on_progress, encoder=encoder)

    def sync_folder(
        self,
        folder: Path,
        *,
        full: bool = False,
        accept_loss: bool = False,
        batch: int = 0,
        workers: int = 0,
        max_products: int = 0,
        on_progress: Progress | None = None,
        stopping: Callable[[], bool] = lambda: False,
    ) -> SyncReport:
        """`sync_pictures` with the encoder in use; `refresh` brings it into the index.

        `batch` is how many pictures are encoded at once (0: as they come), `workers` how
        many are decoded at once (0: automatic).

        Raises:
            StorageError: the folder cannot be read, or the disk is full.
            CatalogError: another sync is running.
        """
        encoder, decode = self.encoder, self._keeper.decode
        side = needed_side(encoder)
        return sync_pictures(
            self.store,
            folder,
            model_id=encoder.fingerprint,
            encode=lambda images: encode_images(encoder, images, batch),
            decode=lambda data: decode(data, shortest=side),
            workers=workers or automatic_threads(),
            max_products=max_products,
            currency=self.settings.currency,
            full=full,
            accept_loss=accept_loss,
            on_progress=on_progress,
            stopping=stopping,
        )

    def refresh(self, on_progress: Progress | None = None) -> None:
        """Encode every photo that has no vector yet, load the index and refit, now."""
        self._keeper.refresh(on_progress)

    def decode_with(self, decode: Decode | None) -> None:
        """Have the files of stored and synced pictures decoded by `decode`; None: here."""
        self._keeper.decode = decode or decode_here

    def on_change(self, callback: Callable[[], None]) -> None:
        """Call `callback`, from any thread, whenever the index has changed."""
        self._keeper.on_change(callback)

    def wait_until_tuned(self, timeout_s: float) -> bool:
        """Wait until the background has caught up with every change made so far."""
        return self._keeper.upkeep.wait_idle(timeout_s)

    @property
    def fault(self) -> str:
        """What keeps the index from being up to date, in a sentence; empty when all is well."""
        return self._keeper.upkeep.fault

    @property
    def unreadable_photos(self) -> dict[str, str]:
        """A sentence for each stored photo (SHA-256) that could not be read."""
        return dict(self._keeper.unreadable)

    def _add_photos(self, sku: str, pictures: Sequence[Picture]) -> list[Photo]:
        try:
            return [self._add_photo(sku, picture) for picture in pictures]
        finally:
            self._keeper.reindex(sku)

    def _add_photo(self, sku: str, picture: Picture) -> Photo:
        if isinstance(picture, bytes):
            return self.store.add_photo_bytes(sku, picture)
        return self.store.add_photo(sku, picture)
