"""`Shop`: every change of the catalogue, and recognition, search and duplicates over it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from kiosk.catalog import (
    CatalogReader,
    CatalogStore,
    CodeRequestRepository,
    Database,
    KeyValueRepository,
    PhotoHit,
    ProductFilter,
    TapRepository,
    open_catalogue,
)
from kiosk.catalog.sync import SyncReport, sync_pictures
from kiosk.catalog.transfer import ImportReport, import_catalog
from kiosk.domain import (
    Candidate,
    Decision,
    Evidence,
    Gallery,
    Image,
    Photo,
    Product,
    Recognition,
    Scan,
    Vectors,
)
from kiosk.fitting import Fitting, decode_fitted
from kiosk.inference import automatic_threads
from kiosk.pictures import fit_within, read_bytes, read_picture
from kiosk.progress import Progress, no_progress
from kiosk.recognition import ConfidenceParameters, ConfusablePair, MetricParameters, Rehearsal
from kiosk.recognition.evidence import (
    DetailExtractor,
    LabelText,
    WordIndex,
    can_read_labels,
    open_label_reader,
)
from kiosk.settings import Settings
from kiosk.shop.codes import find_code
from kiosk.shop.duplicates import (
    DuplicateReport,
    PhotoName,
    catalogue_duplicates,
    folder_duplicates,
    linked_photos,
)
from kiosk.shop.encoding import Decode, encode_images
from kiosk.shop.enrolment import Enrolment, enrolment_of
from kiosk.shop.features import FEATURE_SIDE, FeatureBuilder
from kiosk.shop.index_manager import IndexFacts, IndexManager, first_model
from kiosk.shop.label_words import LabelExtractor, LabelWords
from kiosk.shop.product_index import ProductIndex
from kiosk.shop.product_search import ProductSearch, SearchResult, scanned_first
from kiosk.shop.second_look import SecondLook
from kiosk.shop.snapshot import Snapshot
from kiosk.vectors import l2_normalise
from kiosk.vision.encoders import Encoder, LazyEncoder, TextEncoder, load_encoder

SURE = 0.95  # confidence of the glance from which nobody looks again; chosen by eye
Picture = Image | bytes
"""RGB pixels, or the bytes of a picture file (a JPEG is stored without its metadata)."""


class Shop:
    """Catalogue, encoder and index of one shop; every method may be called from any thread.

    All changes of products and photos go through here: a change is in the index when its
    method returns. The metric is refitted in the background afterwards, and recognition
    goes on meanwhile. `catalog` is for reading. With `keeps_products`, off at first, searches
    take the products from memory; `on_server` says that the database searches.
    """

    def __init__(self, settings: Settings, store: CatalogStore, manager: IndexManager) -> None:
        self.settings = settings
        self._in_store_layout = settings.in_store_layout
        self._store = store
        self._manager = manager
        self.on_server = manager.on_server
        self.keeps_products = False
        self._products = Snapshot(lambda: {each.sku: each for each in store.products()})
        manager.on_change(self._products.forget)
        self._label_reader = open_label_reader()
        self._words = LabelWords(store)
        self._features = FeatureBuilder(
            store,
            [DetailExtractor(), *([LabelExtractor()] if can_read_labels() else [])],
            self._stored_picture,
            is_busy=lambda: manager.is_behind,
            on_built=self._words.refresh,
        )
        self._second_look = SecondLook(store)

    @classmethod
    def open(
        cls,
        settings: Settings,
        *,
        encoder: Encoder | None = None,
        background: bool = True,
        lazy: bool = False,
        on_server: bool = False,
    ) -> Shop:
        """Open the catalogue and load the index.

        With `on_server`, a catalogue on a PostgreSQL server that has pgvector is searched
        there: nothing of it is copied, and no vectors are held. Otherwise, and always where
        there is no such server, the shop works on a copy, also while the server is away.

        With `background`, a thread encodes photos without vectors, follows other processes'
        changes, refits, and changes to `settings.model` while the model that served last
        goes on serving. Without, `refresh` does it when it is called. With `lazy`, the network
        is loaded by `preload`, or else at the first picture.

        Raises:
            ModelError: the model folder is missing or damaged.
            StorageError, CatalogError: the database cannot be opened.
        """
        store, on_server = _open_store(settings.db, on_server=on_server)
        try:
            requested = encoder.model_id if encoder else settings.model
            if encoder is None:
                model_id = first_model(settings, store) if background else requested
                load = LazyEncoder if lazy else load_encoder
                encoder = load(model_id, runtime=settings.runtime, threads=settings.threads)
            manager = IndexManager(settings, store, encoder, on_server=on_server)
            manager.load()
        except BaseException:
            store.close()
            raise
        if background:
            manager.request_model(requested)
            manager.reindexer.start()
        shop = cls(settings, store, manager)
        if background:
            manager.on_change(shop._features.wake)
            shop._features.start()
        return shop

    def close(self) -> None:
        """Join the background threads and close everything."""
        self._features.stop()
        self._manager.reindexer.stop()
        self._manager.serving.encoder.close()
        self._store.close()

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
    def catalog(self) -> CatalogReader:
        """The products and photos that are stored."""
        return self._store

    @property
    def values(self) -> KeyValueRepository:
        """Small values that are stored beside the products, as the PIN's hash."""
        return self._store

    @property
    def taps(self) -> TapRepository:
        """The corrections by customers."""
        return self._store

    @property
    def code_requests(self) -> CodeRequestRepository:
        """The numbers that customers asked for and no product has."""
        return self._store

    @property
    def database(self) -> Database:
        """The connections, for tables that stand beside the catalogue's own."""
        return self._store.database

    @property
    def index(self) -> IndexFacts:
        """Which model serves, and how much is in its index, at this moment."""
        return self._manager.serving.facts

    @property
    def text_encoder(self) -> TextEncoder | None:
        """What puts words into the encoder's space; None where the model reads none."""
        return self._manager.text_encoder()

    # Recognition

    def preload(self) -> None:
        """Begin to load the network, in the background."""
        self._manager.serving.encoder.preload()

    def embed(self, image: Image) -> Vectors:
        """Return the embedding of one picture: float32 (1, dimension), L2 norm 1."""
        return self.encode([image])

    def encode(self, images: Sequence[Image]) -> Vectors:
        """Return the embeddings of pictures: float32 (n, dimension), L2 norm 1."""
        return self._manager.serving.encoder.encode(images)

    def recognise(
        self, vectors: Vectors, weights: NDArray[np.float32] | None = None
    ) -> Recognition:
        """Return the answer for several frames (n, dimension) of one presentation."""
        return self._index.recognise(vectors, weights)

    def recognise_with(
        self,
        vectors: Vectors,
        weights: NDArray[np.float32] | None,
        evidence: Mapping[str, Evidence],
    ) -> Recognition:
        """As `recognise`, with what second looks said, by SKU."""
        return self._index.recognise(vectors, weights, evidence)

    def needs_evidence(self, recognition: Recognition) -> bool:
        """Whether a second look may change the answer: it names nothing, or not for sure."""
        best = recognition.best
        if best is None:
            return False
        return recognition.decision is not Decision.NAMED or best.confidence < SURE

    def gather_evidence(
        self,
        image: Image,
        vectors: Vectors,
        weights: NDArray[np.float32] | None = None,
        *,
        mask: NDArray[np.bool_] | None = None,
    ) -> dict[str, Evidence]:
        """Compare the details of a picture with the photos of the first candidates, by SKU.

        `vectors` (n, dimension) and `weights` choose the candidates, as in `recognise`. Of the
        picture only `mask`, of any size, is compared where it is given.
        """
        photos = self._index.shortlist(vectors, weights)
        return self._second_look.compare(image, photos, mask=mask)

    def find_code(self, text: str) -> Scan | None:
        """Return what the text of a barcode stands for, as `codes.find_code`."""
        return find_code(self._store, text, self._in_store_layout)

    def has_barcode(self, sku: str) -> bool:
        """Whether the catalogue knows a barcode of the product."""
        product = self._store.existing([sku]).get(sku)
        return product is not None and product.barcode != ""

    @property
    def in_store_layout(self) -> str:
        """How codes that the shop prints itself are read; empty: not at all."""
        return self._in_store_layout

    @in_store_layout.setter
    def in_store_layout(self, layout: str) -> None:
        self._in_store_layout = layout
        self._manager.announce()

    def read_label(self, image: Image) -> LabelText:
        """Return the text on a pack; it takes some 0.2 s, and one picture waits for another.

        Raises:
            ModelError: the library that reads labels is not installed.
        """
        return self._label_reader.read(image)

    @property
    def words(self) -> WordIndex:
        """The words on the photos and in the names, as far as they have been read."""
        return self._words.index if self._features.is_running else self._words.refresh()

    def build_features(self, on_progress: Progress = no_progress) -> int:
        """Read now what `open` otherwise reads in the background; return how many photos."""
        number = self._features.build(on_progress)
        self._words.refresh()
        return number

    def look_alikes(self, vectors: Vectors, top: int = 3) -> list[Candidate]:
        """Return the products nearest to the mean of `vectors`, best first."""
        mean = vectors.mean(axis=0, keepdims=True)
        return self._index.nearest(l2_normalise(mean), top)

    def rehearse(self, sku: str) -> Rehearsal:
        """Count how often each photo of `sku` is recognised from the others."""
        return self._index.rehearse(sku)

    def nearest_photos(self, vector: Vectors, top: int) -> list[PhotoHit]:
        """Return the photos nearest to a vector (1, dimension) by the plain cosine."""
        return self._index.nearest_photos(vector, top)

    def confusables(self, top: int = 20) -> list[ConfusablePair]:
        """Return the pairs of products that are most easily taken for each other."""
        return self._index.confusables(top)

    @property
    def error_budget(self) -> float:
        """Accepted share of customers who are told a wrong name, above 0."""
        return self._manager.error_budget

    @error_budget.setter
    def error_budget(self, share: float) -> None:
        self._manager.error_budget = share

    def gallery(self, skus: Sequence[str] | None = None) -> Gallery:
        """Return the stored vectors of the model in use; of all active products by default."""
        return self._store.gallery(self.index.fingerprint, skus)

    @property
    def parameters(self) -> tuple[MetricParameters | None, ConfidenceParameters]:
        """What answers are computed with: the metric (None: plain cosine) and the confidence."""
        return self._index.parameters

    # Changes by staff

    def enrol(
        self,
        product: Product,
        pictures: Sequence[Picture],
        *,
        must_be_new: bool = False,
        max_products: int = 0,
    ) -> Enrolment:
        """Store a product with its photos, durably, all or nothing of it, and rehearse it.

        An empty SKU becomes the barcode, or else the next free number.

        Raises:
            ProductExistsError: `must_be_new`, and a product has the SKU; nothing is stored.
            CatalogFullError: `max_products`, where it is not 0, are there already.
        """
        with self._manager.lock:
            with self._store.keeping(pictures) as kept:
                saved = self._store.enrol(
                    product, kept, must_be_new=must_be_new, max_products=max_products
                )
            self._manager.reindex(saved.sku)
        return enrolment_of(self._store, saved, self.rehearse(saved.sku))

    def save_product(
        self, product: Product, *, must_be_new: bool = False, max_products: int = 0
    ) -> Product:
        """Store a product without photos; arguments and errors as `enrol`."""
        with self._manager.lock:
            saved = self._store.enrol(product, must_be_new=must_be_new, max_products=max_products)
            self._manager.reindex(saved.sku)
        return saved

    def enrol_again(self, sku: str, pictures: Sequence[Picture]) -> Enrolment:
        """Add photos to a product that is stored, and rehearse it; its other data stay.

        Raises:
            UnknownProductError: no product has the SKU; nothing is stored.
        """
        with self._manager.lock:
            product = self._store.product(sku)
            self._add_photos(sku, pictures)
        return enrolment_of(self._store, product, self.rehearse(sku))

    def add_photos(self, sku: str, pictures: Sequence[Picture]) -> list[Photo]:
        """Add photos to a product, all or none; return them as stored."""
        with self._manager.lock:
            return self._add_photos(sku, pictures)

    def remove_photo(self, sku: str, sha256: str) -> None:
        """Take a photo from a product."""
        with self._change(sku):
            self._store.remove_photo(sku, sha256)

    def set_cover(self, sku: str, sha256: str) -> None:
        """Make one of the product's photos its cover; the index does not change."""
        self._store.set_cover(sku, sha256)

    def retire(self, sku: str) -> None:
        """Take a product from the index, and keep everything of it."""
        with self._change(sku):
            self._store.retire(sku)

    def restore(self, sku: str) -> None:
        """Undo `retire`."""
        with self._change(sku):
            self._store.restore(sku)

    def delete(self, sku: str) -> None:
        """Delete a product; `undo_delete` brings it back with its photos."""
        with self._change(sku):
            self._store.delete(sku)

    def undo_delete(self, sku: str) -> None:
        """Bring a deleted product back with its photos."""
        with self._change(sku):
            self._store.undo_delete(sku)

    def import_files(
        self,
        products_file: Path | None,
        photos_file: Path | None = None,
        *,
        on_progress: Progress = no_progress,
    ) -> ImportReport:
        """Run `import_catalog` on the catalogue; `refresh` brings it into the index."""
        return import_catalog(
            self._store,
            products_file,
            photos_file,
            currency=self.settings.currency,
            on_progress=on_progress,
        )

    # Search

    def search(
        self,
        *,
        image: Image | None = None,
        vector: Vectors | None = None,
        evidence: Mapping[str, Evidence] | None = None,
        text: str = "",
        barcode: str = "",
        top: int = 5,
        filters: ProductFilter | None = None,
        threshold: float | None = None,
        image_weight: float | None = None,
    ) -> SearchResult:
        """Find products by picture, by words ("oat drink -sugar"), or by both.

        `vector`, float32 (1, dimension), stands for a picture that is encoded already, and
        `evidence` is what `gather_evidence` said of it; at an `image` alone the shop looks again
        itself where the glance is not sure.
        `threshold` is the least cosine. The product of `barcode`, or else of a code in the
        picture where no words are given, comes first if `filters` let it.
        """
        serving = self._manager.serving
        search = ProductSearch(self._store, serving.index, self.text_encoder, self.products)
        if vector is None and image is not None:
            vector = serving.encoder.encode([image])
            is_alone = evidence is None and not text.strip()
            if is_alone and self.needs_evidence(self.recognise(vector)):
                evidence = self.gather_evidence(image, vector)
        found = search.find(
            vector,
            text,
            evidence=evidence,
            image_weight=self.settings.image_weight if image_weight is None else image_weight,
            top=top,
            filters=filters or ProductFilter(),
            threshold=threshold,
        )
        scan = self._scan(barcode, image if not text.strip() else None)
        product = self.product(scan.sku) if scan and scan.sku else None
        if scan is None or product is None:
            return replace(found, scan=scan)
        is_wanted = filters is None or filters.match(product)
        return scanned_first(found, scan, product, top) if is_wanted else found

    def _scan(self, barcode: str, image: Image | None) -> Scan | None:
        """What the code that is given stands for, or else one in the picture."""
        if barcode.strip():
            return self.find_code(barcode.strip()) or Scan(barcode.strip())
        if image is None:
            return None
        from kiosk.recognition.evidence import read_barcode  # OpenCV: most services never need it

        code = read_barcode(image)
        return self.find_code(code) if code else None

    def product(self, sku: str) -> Product | None:
        """Return an active product, from memory with `keeps_products`; None for any other SKU."""
        return self.products([sku]).get(sku)

    def products(self, skus: Sequence[str]) -> dict[str, Product]:
        """Return the active ones of these products, from memory with `keeps_products`."""
        known = self._products.get() if self.keeps_products else self._store.existing(skus)
        found = {sku: known[sku] for sku in skus if sku in known}
        return {sku: product for sku, product in found.items() if product.active}

    def duplicates(self, threshold: float) -> DuplicateReport:
        """Group equal and similar photos of the catalogue, as `catalogue_duplicates`."""
        return catalogue_duplicates(self.gallery(), threshold, self.unreadable_photos)

    def duplicates_in(
        self, folder: Path, threshold: float, *, on_progress: Progress = no_progress
    ) -> DuplicateReport:
        """Group equal and similar pictures of a folder, as `folder_duplicates`."""
        encoder = self._manager.serving.encoder
        return folder_duplicates(encoder, folder, threshold, on_progress=on_progress)

    def linked_photos(self, threshold: float) -> list[tuple[PhotoName, ...]]:
        """Group photos that a cosine of at least `threshold` links, whatever their files."""
        return linked_photos(self.gallery(), threshold)

    def thumbnail(self, sku: str, side: int) -> Image | None:
        """Return the cover photo, longest side at most `side` pixels; None without one."""
        cover = self._store.cover(sku)
        if cover is None:
            return None
        return fit_within(read_picture(self._store.photo_path(cover.sha256)), side)

    # Keeping in step

    def switch_model(
        self,
        model_id: str,
        *,
        on_progress: Progress = no_progress,
        encoder: Encoder | None = None,
    ) -> None:
        """Encode the catalogue with another model, then let it serve in place of the old one.

        The old model answers until the new one is complete. Killed in the middle, the next
        call goes on where this one ended. `encoder` is for callers that hold it already.

        Raises:
            ModelError: the model folder is missing or damaged; the old one goes on serving.
        """
        self._manager.switch_model(model_id, on_progress=on_progress, encoder=encoder)

    def sync_folder(
        self,
        folder: Path,
        *,
        full: bool = False,
        accept_loss: bool = False,
        batch: int = 0,
        workers: int = 0,
        max_products: int = 0,
        on_progress: Progress = no_progress,
        stopping: Callable[[], bool] = lambda: False,
    ) -> SyncReport:
        """`sync_pictures` with the encoder in use; `refresh` brings it into the index.

        `batch` is how many pictures are encoded at once (0: as they come), `workers` how
        many are decoded at once (0: automatic).

        Raises:
            StorageError: the folder cannot be read, or the disk is full.
            CatalogError: another sync is running.
        """
        encoder, decode = self._manager.serving.encoder, self._manager.decode
        return sync_pictures(
            self._store,
            folder,
            model_id=encoder.fingerprint,
            encode=lambda images: encode_images(encoder, images, batch),
            decode=lambda data: decode(data, encoder.fitting),
            workers=workers or automatic_threads(),
            max_products=max_products,
            currency=self.settings.currency,
            full=full,
            accept_loss=accept_loss,
            on_progress=on_progress,
            stopping=stopping,
        )

    def refresh(self, on_progress: Progress = no_progress) -> None:
        """Encode every photo that has no vector yet, load the index and refit, now.

        Details are extracted too, as they take no longer than vectors; what takes longer is for
        `build_features` and the background.
        """
        self._manager.refresh(on_progress)
        self._features.build(on_progress, kinds=(DetailExtractor.kind,))

    def decode_with(self, decode: Decode | None) -> None:
        """Decode stored and synced pictures by `decode`; None: in this process."""
        self._manager.decode = decode or decode_fitted

    def on_change(self, callback: Callable[[], None]) -> None:
        """Call `callback`, from any thread, whenever the index has changed."""
        self._manager.on_change(callback)

    @property
    def fault(self) -> str:
        """Why the index or a server's copy is not up to date, in a sentence; empty if both are."""
        return self._manager.reindexer.fault or self._store.fault

    @property
    def unreadable_photos(self) -> dict[str, str]:
        """A sentence for each stored photo (SHA-256) that could not be read."""
        return dict(self._manager.unreadable)

    def _stored_picture(self, sha256: str) -> Image:
        data = read_bytes(self._store.photo_path(sha256))
        return self._manager.decode(data, Fitting(FEATURE_SIDE, FEATURE_SIDE)).image

    @property
    def _index(self) -> ProductIndex:
        return self._manager.serving.index

    @contextmanager
    def _change(self, sku: str) -> Iterator[None]:
        with self._manager.lock:
            yield
            self._manager.reindex(sku)

    def _add_photos(self, sku: str, pictures: Sequence[Picture]) -> list[Photo]:
        with self._store.keeping(pictures) as kept:
            self._store.link_photos([replace(photo, sku=sku) for photo in kept])
        self._manager.reindex(sku)
        stored = {photo.sha256: photo for photo in self._store.photos(sku)}
        return [stored[photo.sha256] for photo in kept if photo.sha256 in stored]


def _open_store(db: str, *, on_server: bool) -> tuple[CatalogStore, bool]:
    """Open the catalogue; return it, and whether it is on a server that searches it."""
    if on_server and "://" in db:
        store = CatalogStore.open(db)
        if store.prepare_search():
            return store, True
        store.close()
    return open_catalogue(db), False
