"""The words on the stored photos and in the products' names, kept in step with the catalogue."""

from __future__ import annotations

import threading

from kiosk.catalog import CatalogStore
from kiosk.domain import Image, Product
from kiosk.recognition.evidence import LabelText, ProductWords, WordIndex, open_label_reader

KIND = "words"


class LabelExtractor:
    """Reads the text on photos with one thread, for it is in no hurry."""

    kind = KIND

    def __init__(self) -> None:
        self._reader = open_label_reader(threads=1)
        self.version = self._reader.version

    def extract(self, image: Image) -> bytes:
        """See `FeatureExtractor.extract`."""
        text = self._reader.read(image)
        return text.to_bytes() if text.lines else b""

    def close(self) -> None:
        """See `FeatureExtractor.close`."""
        self._reader.close()


class LabelWords:
    """The `WordIndex` of a catalogue; products that did not change are not counted again."""

    def __init__(self, store: CatalogStore) -> None:
        self._store = store
        self._version = open_label_reader().version
        self._lock = threading.Lock()
        self._known: dict[str, tuple[tuple[str, ...], ProductWords]] = {}
        self._index: WordIndex | None = None

    @property
    def index(self) -> WordIndex:
        """The index of the last `refresh`; the first call makes one."""
        return self._index or self.refresh()

    def refresh(self) -> WordIndex:
        """Take over names, photos and their text as they are stored now."""
        with self._lock:
            pictures = self._store.pictures_with_features(KIND, self._version)
            self._known = {
                product.sku: self._words(product, pictures.get(product.sku, ()))
                for product in self._store.products()
            }
            self._index = WordIndex.of(words for _, words in self._known.values())
            return self._index

    def _words(
        self, product: Product, pictures: tuple[str, ...]
    ) -> tuple[tuple[str, ...], ProductWords]:
        name = f"{product.name} {product.description}"
        made_of = (name, *pictures)
        known = self._known.get(product.sku)
        if known is not None and known[0] == made_of:
            return known
        stored = self._store.features(KIND, self._version, pictures) if pictures else {}
        texts = [LabelText.of_bytes(data) for data in stored.values() if data]
        return made_of, ProductWords.of(product.sku, name, texts)
