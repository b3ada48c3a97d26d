"""Small pictures in memory for QML, loaded by a worker, never by the GUI thread."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage

from kiosk.domain import Image
from kiosk.errors import KnownError
from kiosk.gui.camera.frame_item import to_qimage
from kiosk.gui.task_runner import TaskRunner
from kiosk.gui.widgets.picture_key import PictureKey, PictureKind

LOADED_SIDE = 400  # pixels; sharp in the largest tile, chosen by eye
MOST_BYTES = 24_000_000  # about forty pictures of that side


class PictureCache(QObject):
    """Pictures by key, the latest used kept. `arrived` tells that a key has a new picture."""

    arrived = Signal(object)

    def __init__(self, load: Callable[[PictureKey, int], Image | None], tasks: TaskRunner) -> None:
        super().__init__()
        self._load = load
        self._tasks = tasks
        self._images: OrderedDict[PictureKey, QImage] = OrderedDict()
        self._asked: set[PictureKey] = set()

    @Slot(str, result=str)
    def ofProduct(self, sku: str) -> str:
        """The key of a product's cover, as QML hands it on; empty without a SKU."""
        return str(PictureKey(PictureKind.PRODUCT, sku)) if sku else ""

    def get(self, key: PictureKey) -> QImage | None:
        """The picture if it is here; else None, and `arrived` follows once it is loaded."""
        image = self._images.get(key)
        if image is not None:
            self._images.move_to_end(key)
            return image
        if key not in self._asked:
            self._asked.add(key)
            self._tasks.run(
                lambda: self._loaded(key),
                lambda fresh: self._keep(key, fresh),
                lambda error: self._miss(key, error),
            )
        return None

    def put(self, key: PictureKey, image: Image) -> None:
        """Show a picture that is in memory already, as a capture is."""
        self._keep(key, to_qimage(image))

    def forget(self, key: PictureKey) -> None:
        """Load one picture again, also one that was missing; what is on screen stays until then."""
        is_known = key in self._images or key in self._asked
        self._asked.discard(key)
        self._images.pop(key, None)
        if is_known:
            self.arrived.emit(key)

    def forget_all(self, kind: PictureKind) -> None:
        """Load every picture of a kind again."""
        for key in [key for key in {*self._images, *self._asked} if key.kind is kind]:
            self.forget(key)

    def drop_all(self, kind: PictureKind) -> None:
        """Let the pictures of a kind go; nothing on screen asks for them again."""
        for key in [key for key in self._images if key.kind is kind]:
            del self._images[key]

    def _loaded(self, key: PictureKey) -> QImage | None:
        image = self._load(key, LOADED_SIDE)
        return None if image is None else to_qimage(image)

    def _keep(self, key: PictureKey, image: QImage | None) -> None:
        # A key without a picture stays asked for: a missing photo is not loaded for ever.
        if image is None:
            return
        self._asked.discard(key)
        self._images[key] = image
        while len(self._images) > 1 and self._bytes() > MOST_BYTES:
            self._images.popitem(last=False)
        self.arrived.emit(key)

    def _bytes(self) -> int:
        return sum(image.sizeInBytes() for image in self._images.values())

    def _miss(self, key: PictureKey, error: KnownError) -> None:
        """A broken picture shows as an empty frame; Health and `doctor` name it."""
