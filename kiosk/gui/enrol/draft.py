"""A product that is being enrolled: kept on disk from the first picture, until it is saved."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from kiosk.domain import Image
from kiosk.errors import PictureError
from kiosk.files import storage_errors, write_durably
from kiosk.gui.products.form import ProductForm
from kiosk.pictures import encode_jpeg, read_picture

FORM_NAME = "form.json"


@dataclass(frozen=True, slots=True)
class Draft:
    """The form, the angles that are photographed, and the SKU when one is photographed anew."""

    form: ProductForm = field(default_factory=ProductForm)
    angles: tuple[str, ...] = ()
    existing_sku: str = ""

    @property
    def is_empty(self) -> bool:
        return not self.angles and self.form == ProductForm() and not self.existing_sku


class DraftFolder:
    """Reads and writes one draft; each write is complete on disk when it returns.

    Raises StorageError where the disk refuses. Not for the GUI thread.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self) -> Draft:
        """The draft as it was left; what cannot be read counts as not there."""
        stored = self._read_form()
        known = {each.name for each in fields(ProductForm)}
        values = stored.get("form", {})
        form = ProductForm(**{k: str(v) for k, v in values.items() if k in known})
        order = [str(angle) for angle in stored.get("angles", [])]
        angles = tuple(angle for angle in order if self._picture_path(angle).is_file())
        return Draft(form, angles, str(stored.get("existing_sku", "")))

    def save(self, draft: Draft) -> None:
        content = {
            "form": asdict(draft.form),
            "angles": list(draft.angles),
            "existing_sku": draft.existing_sku,
        }
        self._write(self._folder / FORM_NAME, json.dumps(content).encode())

    def save_picture(self, angle: str, picture: Image) -> None:
        self._write(self._picture_path(angle), encode_jpeg(picture))

    def pictures(self, angles: tuple[str, ...]) -> list[Image]:
        """The pictures of `angles`, those that can be read."""
        found = (self.picture(angle) for angle in angles)
        return [picture for picture in found if picture is not None]

    def picture(self, angle: str) -> Image | None:
        try:
            return read_picture(self._picture_path(angle))
        except PictureError:
            return None

    def discard(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    def _picture_path(self, angle: str) -> Path:
        return self._folder / f"{''.join(c for c in angle if c.isalnum())}.jpg"

    def _read_form(self) -> dict[str, Any]:
        try:
            content = json.loads((self._folder / FORM_NAME).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return content if isinstance(content, dict) else {}

    def _write(self, path: Path, data: bytes) -> None:
        with storage_errors("The unfinished product could not be kept"):
            self._folder.mkdir(parents=True, exist_ok=True)
            write_durably(path, data, private=True)
