"""The slow half of import and export: reads and writes disk and catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kiosk.catalog.transfer import backup, export_catalog
from kiosk.gui.transfer.places import Importable, Place, find_importable, find_places
from kiosk.progress import Progress
from kiosk.shop import Shop

PROBLEMS_SHOWN = 6  # as many as fit under the buttons, by eye


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did; `problems` are ready sentences, without the `more_problems` last."""

    added: int
    updated: int
    unchanged: int
    photos: int
    problems: tuple[str, ...] = ()
    more_problems: int = 0


class TransferWork:
    """Imports, exports and backs up; no method is for the GUI thread."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def look_around(self) -> tuple[list[Place], list[Importable]]:
        """Where can be written to, and what can be imported from there."""
        places = find_places(self._shop.settings.data_dir)
        return places, find_importable(places)

    def load(self, source: Importable, on_progress: Progress) -> Imported:
        report = self._shop.import_files(source.products, source.photos, on_progress=on_progress)
        self._shop.refresh()
        problems = [f"{Path(p.file).name}, {p.line}: {p.reason}" for p in report.problems]
        return Imported(
            report.added,
            report.updated,
            report.unchanged,
            report.photos_added,
            tuple(problems[:PROBLEMS_SHOWN]),
            max(0, len(problems) - PROBLEMS_SHOWN),
        )

    def export(self, folder: Path) -> None:
        export_catalog(self._shop.catalog, folder)

    def back_up(self, file: Path) -> None:
        backup(self._shop.catalog, file)
