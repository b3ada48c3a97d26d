"""Pictures that customers' corrections propose: kept aside until staff accept or reject them.

Only written while staff have turned this on. Nothing here is in the catalogue.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from pathlib import Path

from kiosk.domain import Image
from kiosk.errors import PictureError
from kiosk.files import storage_errors, write_durably
from kiosk.pictures import encode_jpeg, read_picture

MAX_PER_PRODUCT = 5  # as many as stand in one row of the editor
_NAME = re.compile(r"[0-9a-f]{32}-[0-9a-f]{8}\.jpg")


class ProposalFolder:
    """At most five pictures a product; the oldest gives way. Not for the GUI thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, sku: str, picture: Image) -> None:
        """Raises StorageError where the disk refuses."""
        path = self._folder / f"{_prefix(sku)}-{secrets.token_hex(4)}.jpg"
        with storage_errors("A proposed picture was not kept"):
            self._folder.mkdir(parents=True, exist_ok=True)
            write_durably(path, encode_jpeg(picture), private=True)
        for old in self._paths(sku)[:-MAX_PER_PRODUCT]:
            old.unlink(missing_ok=True)

    def names(self, sku: str) -> list[str]:
        """The product's proposals, the oldest first."""
        return [path.name for path in self._paths(sku)]

    def picture(self, name: str) -> Image | None:
        if not _NAME.fullmatch(name):
            return None
        try:
            return read_picture(self._folder / name)
        except PictureError:
            return None

    def remove(self, name: str) -> None:
        if _NAME.fullmatch(name):
            (self._folder / name).unlink(missing_ok=True)

    def clear(self) -> None:
        """Forget all of them: staff turned the keeping off."""
        for path in self._folder.glob("*.jpg"):
            path.unlink(missing_ok=True)

    def _paths(self, sku: str) -> list[Path]:
        found = self._folder.glob(f"{_prefix(sku)}-*.jpg") if self._folder.is_dir() else ()
        return sorted(found, key=lambda path: (path.stat().st_mtime_ns, path.name))


def _prefix(sku: str) -> str:
    """A file name that no SKU can escape from."""
    return hashlib.sha256(sku.encode()).hexdigest()[:32]
